"""A class of 300 with late work, groups, extensions, excuses, attempts, pending, held, marked and
adjusted answers: each final mark against a plain recomputation from the same tables of numbers."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from grader.gradebook.book import Gradebook, open_gradebook
from grader.gradebook.grades import course_total, grades
from grader.gradebook.marks import EventKind, NewEvent, add_event
from grader.model.course_rules import (
    AssignmentRules,
    Attempts,
    CourseRules,
    Deduction,
    LateRule,
    Rounding,
)

NOW = "2027-04-01T12:00:00+00:00"
DUE = datetime(2027, 1, 11, 23, 59, tzinfo=UTC)
POINTS: Mapping[str, int] = {"q1": 4, "q2": 3, "q3": 2, "why": 5, "extra": 1}
QUESTIONS = list(POINTS)
COUNTS = list(Attempts)


@dataclass
class Work:
    """One attempt, in numbers that both sides are made from."""

    late: float  #: hours after DUE
    scores: dict[str, Fraction | None]
    marks: dict[str, Fraction] = field(default_factory=dict)
    adjustments: dict[str, Fraction] = field(default_factory=dict)


@dataclass
class Somebody:
    key: str
    works: list[Work] = field(default_factory=list)
    more_days: int = 0
    excused: bool = False


def a_class(seed: int, count: int) -> list[Somebody]:
    chance = random.Random(seed)
    people: list[Somebody] = []
    for number in range(count):
        one = Somebody(f"s{number:03}")
        one.excused = chance.random() < 0.05
        one.more_days = chance.choice([0, 0, 0, 2])
        if number % 10 == 9 and people[-1].works:  # the second of a group: the same work
            one.works = people[-1].works
        else:
            attempts = chance.choice([0, 1, 1, 1, 2, 4])
            one.works = [_work(chance) for _ in range(attempts)]
        people.append(one)
    return people


def _work(chance: random.Random) -> Work:
    scores: dict[str, Fraction | None] = {
        name: Fraction(chance.randint(0, 12 * worth), 12) for name, worth in POINTS.items()
    }
    scores["why"] = None
    if chance.random() < 0.1:
        scores[chance.choice(QUESTIONS[:2])] = None  # held
    work = Work(late=chance.choice([-5, 0, 0.2, 0.3, 30, 24.2, 400]), scores=scores)
    for name, score in scores.items():
        if (score is None and chance.random() < 0.9) or chance.random() < 0.05:
            work.marks[name] = Fraction(chance.randint(0, 2 * POINTS[name]), 2)
        if chance.random() < 0.05:
            work.adjustments[name] = Fraction(chance.choice([-1, 1]), 2)
    return work


# -- the gradebook -------------------------------------------------------------------------------


def fill(book: Gradebook, people: list[Somebody], slug: str = "hw") -> None:
    """Put the class of one assignment into a gradebook. Extensions and excuses are those of the
    assignment that is put in first."""
    with book.writing():
        edition = "INSERT INTO edition VALUES (?, ?, '', '', '', '{}', '{}', '1', '2')"
        book.run(edition, slug, slug)
        run = book.run(
            "INSERT INTO run (assignment, edition, started, kind, options, complete)"
            " VALUES (?, ?, ?, 'grade', '{}', 1)",
            slug,
            slug,
            NOW,
        )
        for place, one in enumerate(people):
            extensions = {slug: f"+{one.more_days}d"} if one.more_days else {}
            book.run(
                "INSERT OR IGNORE INTO student (key, extensions, excused) VALUES (?, ?, ?)",
                one.key,
                json.dumps(extensions),
                json.dumps([slug] if one.excused else []),
            )
            row = book.row("SELECT id FROM student WHERE key = ?", one.key)
            assert row is not None
            for number, work in enumerate(one.works, 1):
                _hand_in(book, run, row["id"], place, number, work)


def _hand_in(book: Gradebook, run: int, student: int, place: int, number: int, work: Work) -> None:
    source = f"source-{id(work)}"
    book.run("INSERT OR IGNORE INTO source VALUES (?, ?, '', x'00')", source, source)
    submission = book.run(
        "INSERT INTO submission (student, assignment, attempt, source, seen, handed_in)"
        " SELECT ?, assignment, ?, ?, ?, ? FROM run WHERE id = ?",
        student,
        number,
        source,
        NOW,
        (DUE + timedelta(hours=work.late)).isoformat(),
        run,
    )
    book.run("INSERT INTO marked VALUES (?, ?, ?, ?, NULL, 0, '')", run, submission, place, source)
    rows: list[tuple[Any, ...]] = []
    for position, (name, score) in enumerate(work.scores.items()):
        ratio = (None, None) if score is None else score.as_integer_ratio()
        verdict = "pending" if score is None else "partial"
        bonus = int(name == "extra")
        rows.append(
            (run, submission, position, name, verdict, None, *ratio, POINTS[name], 1, bonus, "")
        )
    book.run_each("INSERT INTO outcome VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    for name, points in work.marks.items():
        worth = Fraction(POINTS[name])
        new = NewEvent(submission=submission, question=name, by="bea", points=points, worth=worth)
        add_event(book, new, now=NOW)
    for name, points in work.adjustments.items():
        change = NewEvent(
            submission=submission,
            question=name,
            by="cem",
            kind=EventKind.ADJUST,
            points=points,
            worth=Fraction(POINTS[name]),
            reason="why not",
        )
        add_event(book, change, now=NOW)


# -- the plain recomputation ---------------------------------------------------------------------

MOST = 4 + 3 + 5  # q3 is dropped, extra is bonus


def plain(one: Somebody, counts: Attempts) -> Fraction | None:
    """In twelfths of points and with no code of ours: half points, 15 minutes of grace, a tenth of
    the maximum a day up to a half, three attempts, rounded half up to halves."""
    if not one.works:
        return Fraction(0)
    values = [plain_work(work, one.more_days) for work in one.works[:3]]
    if counts is Attempts.LAST:
        values = values[-1:]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    number = sum(known) / len(known) if counts is Attempts.AVERAGE else max(known)
    rounded = Fraction(int(2 * number + Fraction(1, 2)), 2)
    return min(rounded, Fraction(MOST)) if number <= MOST else rounded


def plain_work(work: Work, more_days: int) -> Fraction | None:
    total = Fraction(0)
    for name, score in work.scores.items():
        if name == "q3":
            continue
        points = work.marks.get(name, score)
        if points is None:
            return None
        if name in work.marks or name in work.adjustments:
            changed = max(points + work.adjustments.get(name, 0), Fraction(0))
            points = min(changed, Fraction(POINTS[name]))
        total += points
    minutes = round(work.late * 60) - 15 - more_days * 24 * 60
    days = max(0, ceil(minutes / (24 * 60)))
    return max(Fraction(0), total - min(Fraction(days, 10), Fraction(1, 2)) * MOST)


@pytest.mark.slow
@pytest.mark.parametrize("counts", COUNTS)
def test_every_final_mark_is_that_of_a_plain_recomputation(
    tmp_path: Path, counts: Attempts
) -> None:
    check_class(tmp_path, counts, count=300)


@pytest.mark.parametrize("counts", COUNTS)
def test_and_so_it_is_in_a_small_class(tmp_path: Path, counts: Attempts) -> None:
    check_class(tmp_path, counts, count=40)


def check_class(tmp_path: Path, counts: Attempts, *, count: int) -> None:
    people = a_class(count, count)
    rules = CourseRules(
        assignments={"hw": AssignmentRules(due=DUE, drop=frozenset({"q3"}))},
        late=LateRule(
            grace=timedelta(minutes=15),
            deduct=Deduction(amount=Fraction(1, 10), is_share=True),
            most=Deduction(amount=Fraction(1, 2), is_share=True),
        ),
        attempts=counts,
        most_attempts=3,
        rounding=Rounding(to=Fraction(1, 2)),
    )
    with open_gradebook(tmp_path / "book.db") as book:
        fill(book, people)
        found = grades(book, rules)
    assert [one.person.key for one in found] == [one.key for one in people]
    for one, grade in zip(people, found, strict=True):
        if one.excused:
            assert grade.excused
            assert grade.points is None
            assert course_total([grade], rules).per_cent is None
        else:
            assert grade.points == plain(one, counts), one
            assert bool(grade.waiting) == (grade.points is None)
            assert grade.max_points == MOST
    finals = [one.points for one in found]
    assert None in finals  # what waits is in it
    assert any(step.text.startswith("late: ") for one in found for step in one.steps)
