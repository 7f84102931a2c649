"""A class that stops and goes on: nothing is lost, and nothing is done twice."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from grader.checks.prepare import prepare
from grader.gradebook.batch import grade_class
from grader.gradebook.book import Gradebook, open_gradebook
from grader.gradebook.keeping import Moved
from grader.model.course_rules import Attempts
from grader.model.graded import Graded
from grader.model.person import Person
from grader.sandbox.contract import Job
from grader.submissions.submission import Delivery, Submission
from tests.unit.gradebook.small import Reads, course, dump, handed_in, mark, text

CLASS = [handed_in("ann"), handed_in("ben", start=7), handed_in("cy", code="x + 1")]


def attempts_and(graded: Graded, what: str) -> list[tuple[int | None, object]]:
    return [(one.attempt, getattr(one, what)) for one in graded.submissions]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return course(tmp_path)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    with open_gradebook(tmp_path / "book.db") as opened:
        yield opened


def test_the_results_are_those_without_a_gradebook(folder: Path, book: Gradebook) -> None:
    plain = grade_class(prepare(folder), CLASS, Reads(), workers=1)
    kept = text(mark(book, folder, CLASS, Reads()))
    assert kept.replace('"attempt": 1,', '"attempt": null,') == text(plain)
    assert stat.S_IMODE(book.path.stat().st_mode) == 0o600


def test_a_second_run_runs_only_what_is_new(folder: Path, book: Gradebook) -> None:
    first, second = Reads(), Reads()
    before = text(mark(book, folder, CLASS[:2], first))
    after = text(mark(book, folder, CLASS, second))
    assert (len(first.jobs), len(second.jobs)) == (2, 1)
    both = [json.loads(one)["submissions"] for one in (before, after)]
    assert both[0] == both[1][:2]


def test_again_runs_all_of_them(folder: Path, book: Gradebook) -> None:
    before = text(mark(book, folder, CLASS, Reads()))
    again = Reads()
    assert text(mark(book, folder, CLASS, again, again=True)) == before
    assert len(again.jobs) == len(CLASS)


class Stopped(BaseException):
    """As a KeyboardInterrupt, which would end the tests."""


@pytest.mark.parametrize("count", range(len(CLASS)))
def test_a_class_that_was_stopped_goes_on(folder: Path, tmp_path: Path, count: int) -> None:
    """Its gradebook is then that of a class which was not."""
    prepared = prepare(folder)
    with open_gradebook(tmp_path / "whole.db") as whole:
        wanted = text(mark(whole, folder, CLASS, Reads(), prepared=prepared))
        expected = dump(whole)
    sandbox = Reads()

    def stopping(_job: Job) -> None:
        if len(sandbox.jobs) == count:
            raise Stopped

    sandbox.before = stopping
    with open_gradebook(tmp_path / "stopped.db") as stopped:
        with pytest.raises(Stopped):
            mark(stopped, folder, CLASS, sandbox, prepared=prepared, workers=1)
        row = stopped.row("SELECT count(*) FROM marked")
        assert row is not None
        assert row[0] == count
        again = Reads()
        assert text(mark(stopped, folder, CLASS, again, prepared=prepared)) == wanted
        assert dump(stopped) == expected
        assert len(again.jobs) == len(CLASS) - count


def test_faults_of_ours_are_tried_again(folder: Path, book: Gradebook) -> None:
    sandbox = Reads()
    sandbox.faulty.add(b"x + 1")
    graded = mark(book, folder, CLASS, sandbox)
    reasons = [[outcome.reason for outcome in one.outcomes] for one in graded.submissions]
    assert reasons[2] == ["machine_busy"] * 3
    assert graded.submissions[2].final is None
    assert [tuple(row) for row in book.rows("SELECT state, reason FROM job ORDER BY state")] == [
        ("done", ""),
        ("done", ""),
        ("fault", "machine_busy"),
    ]
    other = Reads()
    graded = mark(book, folder, CLASS, other)
    assert len(other.jobs) == 1
    assert graded.submissions[2].score == 5


def test_changed_files_are_a_new_attempt(folder: Path, book: Gradebook) -> None:
    mark(book, folder, [handed_in("ann", start=7)], Reads())
    graded = mark(book, folder, [handed_in("ann", start=1.5)], Reads())
    assert attempts_and(graded, "score") == [(2, 7)]
    graded = mark(book, folder, [handed_in("ann", start=1.5)], Reads())
    assert [one.attempt for one in graded.submissions] == [2]


def test_correct_replaces_the_last_attempt_and_keeps_it(folder: Path, book: Gradebook) -> None:
    mark(book, folder, [handed_in("ann", start=7)], Reads())
    graded = mark(book, folder, [handed_in("ann")], Reads(), correct=True)
    assert attempts_and(graded, "score") == [(1, 7)]
    (kept,) = book.rows("SELECT count(*) FROM correction JOIN source ON digest = source")
    assert kept[0] == 1


@pytest.mark.parametrize(
    ("rule", "attempt", "final"),
    [(Attempts.LAST, 2, 5), (Attempts.BEST, 1, 7), (Attempts.AVERAGE, 2, 6)],
)
def test_the_rule_says_which_attempt_counts(
    folder: Path, book: Gradebook, rule: Attempts, attempt: int, final: int
) -> None:
    mark(book, folder, [handed_in("ann")], Reads(), attempts=rule)
    sandbox = Reads()
    graded = mark(book, folder, [handed_in("ann", start=7)], sandbox)
    assert attempts_and(graded, "final") == [(attempt, final)]
    assert len(sandbox.jobs) == 1  # the attempt before is judged from what is kept


def test_files_that_cannot_be_read_are_no_attempt(folder: Path, book: Gradebook) -> None:
    closed = Submission(id="ann", unreadable="code.py cannot be read")
    graded = mark(book, folder, [closed], Reads())
    assert attempts_and(graded, "final") == [(1, None)]
    for given, score in ((handed_in("ann"), Fraction(7)), (closed, 0), (handed_in("ann"), 7)):
        graded = mark(book, folder, [given], Reads())
        assert attempts_and(graded, "score") == [(1, score)]


def test_how_far_it_is_counts_what_is_kept(folder: Path, book: Gradebook) -> None:
    told: list[Moved] = []

    def tell(moved: Moved) -> None:
        told.append(moved)
        row = book.row("SELECT count(*) FROM marked")
        assert row is not None
        assert row[0] == moved.done

    mark(book, folder, CLASS, Reads(), tell=tell)
    assert told[0] == Moved(total=3, done=0, held=0, again=0)
    assert told[-1] == Moved(total=3, done=3, held=0, again=0)


def test_two_with_the_same_files_share_a_job(folder: Path, book: Gradebook) -> None:
    graded = mark(book, folder, [handed_in("ann"), handed_in("ben")], Reads())
    assert [one.score for one in graded.submissions] == [7, 7]
    (jobs,) = book.rows(
        "SELECT count(*) AS jobs, (SELECT count(DISTINCT job) FROM marked) FROM job"
    )
    assert tuple(jobs) == (1, 1)


def test_names_stand_in_one_table_only(folder: Path, book: Gradebook) -> None:
    mark(book, folder, [handed_in("Ann-Of-Green-Gables")], Reads())
    tables = [row["name"] for row in book.rows("SELECT name FROM sqlite_schema WHERE type='table'")]
    holding = [
        table
        for table in tables
        for row in list(book.rows(f"SELECT * FROM {table}"))
        if any("Ann-Of-Green-Gables" in str(value) for value in tuple(row))
    ]
    assert holding == ["student"]


def test_what_a_group_handed_in_is_run_once_and_counts_for_each(
    folder: Path, book: Gradebook
) -> None:
    """Who has no group, or another one, is run by themselves, the same files or not."""

    def of_group(name: str, group: str) -> Submission:
        person = Person(key=name)
        delivery = Delivery(platform="canvas", person=person, place=name, group=group)
        return replace(handed_in(name), delivery=delivery)

    groups = {"ann": "a", "ben": "a", "cy": "b", "dee": "", "eve": ""}
    sandbox = Reads()
    graded = mark(book, folder, [of_group(*one) for one in groups.items()], sandbox)
    assert [(one.submission, one.score) for one in graded.submissions] == [
        (name, Fraction(7)) for name in groups
    ]
    assert len(sandbox.jobs) == 4
