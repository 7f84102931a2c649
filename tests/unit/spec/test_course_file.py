"""course.yaml: every mistake is told with its place, and what is right means what it says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from grader.model.course_rules import Attempts, CourseRules, Of, Per, Rounding, RoundMode
from grader.model.diagnostic import Diagnostic
from grader.spec.course_file import LoadedCourse, load_course
from grader.spec.load import SpecFault

KNOWN = {"hw1": ["q1", "q2", "q3"], "hw2": ["gradient"]}
WHOLE = """\
schema: 1
timezone: Europe/Vienna
assignments:
  hw1: {due: 2027-03-01T23:59, weight: 2, drop: [q3]}
  hw2:
late: {grace: 15min, per: day, deduct: 10%, of: max, most: 50%}
attempts: {count: best, most: 3}
rounding: {to: 0.5, mode: half_up}
"""


def loaded(tmp_path: Path, text: str) -> LoadedCourse:
    path = tmp_path / "course.yaml"
    path.write_text(text, encoding="utf-8")
    return load_course(path, KNOWN)


def problems(tmp_path: Path, text: str) -> list[Diagnostic]:
    with pytest.raises(SpecFault) as fault:
        loaded(tmp_path, text)
    return list(fault.value.diagnostics)


def test_everything_that_may_stand_there(tmp_path: Path) -> None:
    course = loaded(tmp_path, WHOLE)
    rules = course.rules
    assert not course.warnings
    due = rules.of("hw1").due
    assert due is not None
    assert due.astimezone(UTC) == datetime(2027, 3, 1, 22, 59, tzinfo=UTC)
    assert [rules.of(slug).weight for slug in KNOWN] == [2, 1]
    assert rules.of("hw1").drop == {"q3"}
    late = rules.late
    assert late is not None
    assert (late.grace, late.per, late.of) == (timedelta(minutes=15), Per.DAY, Of.MAX)
    assert (late.deduct.amount, late.deduct.is_share) == (Fraction(1, 10), True)
    assert late.most is not None
    assert late.most.amount == Fraction(1, 2)
    assert (rules.attempts, rules.most_attempts) == (Attempts.BEST, 3)
    assert rules.rounding == Rounding(to=Fraction(1, 2), mode=RoundMode.HALF_UP)


def test_nothing_but_the_version(tmp_path: Path) -> None:
    assert loaded(tmp_path, "schema: 1\n").rules == CourseRules()


def test_the_platform_deducts(tmp_path: Path) -> None:
    text = "schema: 1\nassignments: {hw1: {due: 2027-03-01T23:59Z}}\nlate: lms\n"
    rules = loaded(tmp_path, text).rules
    assert (rules.late, rules.late_by_platform) == (None, True)


def test_points_are_deducted_too(tmp_path: Path) -> None:
    text = "schema: 1\nassignments: {hw1: {due: 2027-03-01 12:00 +02:00}}\nlate: {deduct: 0.25}\n"
    late = loaded(tmp_path, text).rules.late
    assert late is not None
    assert (late.deduct.amount, late.deduct.is_share) == (Fraction(1, 4), False)


ZONED = "schema: 1\ntimezone: Europe/Vienna\nassignments: {hw1: {due: 2027-03-01T12:00}}\n"


@pytest.mark.parametrize(
    ("text", "place", "code", "said"),
    [
        ("schema: 2\n", "1:9", "S104", "must be 1"),
        ("schema: 1\nroundin: {to: 1}\n", "2:1", "S102", "'rounding'"),
        ("schema: 1\nattempts: {count: bets}\n", "2:19", "S104", "'best'"),
        ("schema: 1\nattempts: {most: 0}\n", "2:18", "S104", "at least 1"),
        ("schema: 1\nrounding: {mode: up}\n", "2:1", "S101", "'to'"),
        ("schema: 1\nrounding: {to: 0}\n", "2:16", "S104", "more than 0"),
        ("schema: 1\ntimezone: Europe/Vienne\n", "2:11", "S501", "'Europe/Vienna'"),
        ("schema: 1\nassignments: {hw11: {}}\n", "2:15", "S502", "'hw1'"),
        ("schema: 1\nassignments: {HW1: {}}\n", "2:15", "S104", "HW1"),
        ("schema: 1\nassignments: {hw1: {drop: [q4]}}\n", "2:28", "S502", "no question 'q4'"),
        ("schema: 1\nassignments: {hw1: {weight: -1}}\n", "2:29", "S104", "at least 0"),
        ("schema: 1\nassignments: {hw1: {weight: 0}}\n", "2:1", "S503", "weight"),
        ("schema: 1\nassignments: {hw1: {due: 2027-03-01T12:00}}\n", "2:26", "S501", "zone"),
        ("schema: 1\nassignments: {hw1: {due: 2027-03-01}}\n", "2:26", "S501", "time of day"),
        ("schema: 1\nassignments: {hw1: {due: 2027-02-30T12:00Z}}\n", "2:26", "S501", "no time"),
        ("schema: 1\nassignments: {hw1: {due: 2027-03-01T24:30Z}}\n", "2:26", "S501", "no time"),
        ("schema: 1\nassignments: {hw1: {due: 0027-03-01T12:00Z}}\n", "2:26", "S501", "year 27"),
        ("schema: 1\nassignments: {hw1: {due: 5}}\n", "2:26", "S103", "a text"),
        (f"{ZONED}late: lsm\n", "4:7", "S104", "'lms'"),
        (f"{ZONED}late: 5\n", "4:7", "S103", "a mapping"),
        (f"{ZONED}late: {{per: day}}\n", "4:1", "S101", "'deduct'"),
        (f"{ZONED}late: {{deduct: 110%}}\n", "4:16", "S104", "'110%'"),
        (f"{ZONED}late: {{deduct: ten}}\n", "4:16", "S104", "'ten'"),
        (f"{ZONED}late: {{deduct: 1, of: max}}\n", "4:19", "S503", "per cent"),
        (f"{ZONED}late: {{deduct: 1, grace: 15m}}\n", "4:26", "S501", "15min"),
        (f"{ZONED}late: {{deduct: 1, per: month}}\n", "4:24", "S104", "day"),
        ("schema: [\n", "2:1", "S002", "YAML"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, text: str, place: str, code: str, said: str) -> None:
    found = problems(tmp_path, text)
    assert any(
        str(one.place).endswith(f":{place}") and one.code == code and said in str(one)
        for one in found
    ), "\n".join(map(str, found))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("schema: 1\nassignments: {exam: {}}\n", "no assignment 'exam' yet"),
        ("schema: 1\nlate: {deduct: 1}\n", "no assignment is due"),
        (ZONED.replace("03-01T12:00", "10-31T02:30"), "clocks show 02:30 twice"),
        (ZONED.replace("03-01T12:00", "03-28T02:30"), "never show 02:30 that night: 03:30 counts"),
    ],
)
def test_what_stops_nothing_is_told_as_well(tmp_path: Path, text: str, said: str) -> None:
    (warning,) = loaded(tmp_path, text).warnings
    assert said in warning.message
    assert not warning.stops


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    assert [one.code for one in problems(tmp_path, "")] == ["S103"]
    assert problems(tmp_path, "")[0].help == ""  # `grader new` writes an assignment, not this


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = WHOLE.replace("Vienna", "Wien").replace("q3", "q9").replace("15min", "soon")
    assert [one.code for one in problems(tmp_path, text)] == ["S501", "S502", "S501"]
