"""Final marks for Gradescope, PrairieLearn and a spreadsheet, read back as those would."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.report.exports.exported import decimal_text
from grader.report.exports.gradescope import gradescope_results, results_of
from grader.report.exports.prairielearn import prairielearn_csv
from grader.report.exports.spreadsheet import spreadsheet_csv
from tests.grades import grade_of
from tests.some import some

NASTY = st.text(st.sampled_from("=+-@\t\r\n\0\x1b<>\"',;é\ud800") | st.characters())
#: What Gradescope's format of 2025-01 knows.
TOP = {
    "score",
    "output",
    "output_format",
    "test_output_format",
    "test_name_format",
    "visibility",
    "stdout_visibility",
    "tests",
}
TEST = {"score", "max_score", "status", "name", "number", "output", "visibility"}


def as_gradescope_reads(content: bytes) -> dict[str, Any]:
    def no_number(name: str) -> None:
        raise AssertionError(name)

    document: dict[str, Any] = json.loads(content.decode("utf-8"), parse_constant=no_number)
    assert document.keys() <= TOP
    assert type(document["score"]) in (int, float)
    for test in document["tests"]:
        assert test.keys() <= TEST
        assert ("score" in test) == ("max_score" in test)
        assert test.get("status", "passed") in ("passed", "failed")
        assert isinstance(test["number"], str)
        assert "\r" not in test["output"]
    for name in ("output_format", "test_output_format", "test_name_format"):
        assert document[name] == "text"
    return document


@settings(max_examples=some(60))
@given(st.fractions(0, 12, max_denominator=9), st.lists(NASTY, max_size=3), NASTY)
def test_gradescope_reads_the_mark(points: Fraction, feedback: list[str], name: str) -> None:
    grade = grade_of("k", str(points), feedback=feedback, name=name, steps=[name])
    read = as_gradescope_reads(results_of(grade))
    assert abs(Fraction(read["score"]) - points) < Fraction(1, 1_000_000)
    (test,) = read["tests"]
    assert (test["status"] == "passed") == (points >= 10)


def test_the_total_after_all_rules_goes_before_the_sum() -> None:
    grade = replace(grade_of("ada", 8), points=Fraction(6))
    assert as_gradescope_reads(results_of(grade))["score"] == 6


def test_what_waits_has_no_score_of_its_own_and_the_total_says_so() -> None:
    read = as_gradescope_reads(results_of(grade_of("ada", None)))
    assert "score" not in read["tests"][0]
    assert read["output"].startswith("Not final: q1 is still to be marked.")


def test_results_are_written_of_final_marks_only() -> None:
    made = gradescope_results(
        [
            grade_of("ada", 1),
            grade_of("ben", None),
            grade_of("cy", 0, attempt=None),
            grade_of("dee", 3, excused=True),
        ]
    )
    assert [*made.files] == ["ada/results.json"]
    assert made.written == 1
    assert {one.what: [*one.who] for one in made.left_out} == {
        "no final mark yet": ["ben: q1"],
        "excused": ["dee"],
        "nothing handed in, so no feedback": ["cy"],
    }


def rows(content: bytes, encoding: str = "utf-8") -> list[dict[str, str]]:
    text = io.StringIO(content.decode(encoding), newline="")
    return [*csv.DictReader(text, strict=True)]


def test_prairielearn_reads_totals() -> None:
    made = prairielearn_csv(
        [
            grade_of("ada", "7.5", email="ada@x.edu"),
            grade_of("ben@x.edu", 0),
            grade_of("cy", 3),
            grade_of("dee", None, email="dee@x.edu"),
            grade_of("ed", 3, ids={"prairielearn": "ed@y.edu"}, email="ed@x.edu"),
        ],
        "scores.csv",
        title="A",
    )
    assert made.files["scores.csv"].decode() == (
        "uid,instance,score_perc\nada@x.edu,1,75\nben@x.edu,1,0\ned@y.edu,1,30\n"
    )
    assert {one.what: [*one.who] for one in made.left_out} == {
        "no final mark yet": ["dee: q1"],
        "no e-mail address, by which PrairieLearn knows people": ["cy"],
    }


@settings(max_examples=some(60))
@given(st.fractions(0, 12, max_denominator=9), st.lists(NASTY, max_size=4))
def test_prairielearn_reads_a_question_with_feedback(points: Fraction, feedback: list[str]) -> None:
    grade = grade_of("k@x.edu", str(points), feedback=feedback)
    made = prairielearn_csv([grade], "s.csv", title="A", qid="hw/one", instance=2)
    (row,) = rows(made.files["s.csv"])
    assert (row["uid"], row["instance"], row["qid"]) == ("k@x.edu", "2", "hw/one")
    assert abs(Fraction(row["score_perc"]) - 10 * points) < Fraction(1, 10_000)
    assert row["feedback"].startswith("# A\n")


def test_a_row_of_prairielearn_is_never_too_long() -> None:
    grade = grade_of("k@x.edu", 1, feedback=['a "quoted" word'] * 2000)
    content = prairielearn_csv([grade], "s.csv", title="A", qid="q").files["s.csv"]
    assert len(content) < 10_000
    assert rows(content)[0]["feedback"].endswith("… and more\n")


def test_a_spreadsheet_shows_who_and_how() -> None:
    grade = replace(
        grade_of("ada", "-1.5", name="Ada", number="0042", steps=["late: 1 day"]),
        handed_in=datetime(2027, 3, 1, 23, 59, tzinfo=UTC),
    )
    content = spreadsheet_csv([grade, grade_of("ben", None), grade_of("=x", 3)], "m.csv")
    first, second, third = rows(content.files["m.csv"], "utf-8-sig")
    assert first == {
        "key": "ada",
        "name": "Ada",
        "number": "0042",
        "email": "",
        "section": "",
        "attempt": "1",
        "handed_in": "2027-03-01T23:59:00+00:00",
        "q1": "-1.5",
        "points": "-1.5",
        "max_points": "10",
        "state": "final",
        "how": "late: 1 day: -1.5",
    }
    assert (second["points"], second["q1"], second["state"]) == ("", "", "waits for q1")
    assert third["key"] == "'=x"
    assert content.written == 2


@settings(max_examples=some(80))
@given(st.lists(st.tuples(NASTY, NASTY, st.fractions(-3, 9, max_denominator=7)), max_size=4))
def test_no_text_of_a_spreadsheet_is_a_formula(people: list[tuple[str, str, Fraction]]) -> None:
    grades = [grade_of(k, str(p), name=name, steps=[name]) for k, name, p in people]
    read = rows(spreadsheet_csv(grades, "m.csv").files["m.csv"], "utf-8-sig")
    assert len(read) == len(people)
    for row, (_, _, points) in zip(read, people, strict=True):
        assert abs(Fraction(row["points"]) - points) <= Fraction(1, 200_000)
        for name in ("key", "name", "number", "email", "section", "state", "how"):
            assert not row[name].startswith(("=", "+", "-", "@", "\t", "\r", "\0"))


def test_numbers_are_written_as_people_write_them() -> None:
    numbers = {"1/3": "0.33333", "2/3": "0.66667", "10": "10", "-3/2": "-1.5", "1/10000000": "0"}
    assert {text: decimal_text(Fraction(text)) for text in numbers} == numbers
    assert decimal_text(Fraction(-1, 10**7)) == "0"
    assert decimal_text(Fraction(15, 2), mark=",") == "7,5"


def test_with_semicolons_decimals_have_a_comma() -> None:
    """To a spreadsheet that wants semicolons 2.5 is a day in May."""
    text = spreadsheet_csv([grade_of("ada", 2.5)], "m.csv", ";").files["m.csv"].decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    assert (row["points"], row["q1"], row["max_points"]) == ("2,5", "2,5", "10")
