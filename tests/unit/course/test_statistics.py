"""Statistics of a class as its gradebook has it: one counted attempt a student."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from grader.course.statistics import run_of, statistics_of
from grader.gradebook.book import Gradebook, GradebookFault, open_gradebook
from grader.gradebook.marks import EventKind, NewEvent, add_event
from grader.model.course_rules import Attempts
from grader.stats.shown import QuestionShown
from tests.unit.gradebook.small import SPEC, Reads, course, handed_in, mark


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    with open_gradebook(tmp_path / "c.db") as opened:
        yield opened


def question(book: Gradebook, name: str) -> QuestionShown:
    shown = statistics_of(book, run_of(book, "small"))
    return next(one for one in shown.questions if one.figures.question == name)


def test_a_class_that_is_kept(tmp_path: Path, book: Gradebook) -> None:
    folder = course(tmp_path)
    starts = (1.5, 1.5, 1.59, 1.61, 7, 7, 7)
    members = [
        handed_in(f"s{n}", start, "x + 1" if n > 4 else "2 * x") for n, start in enumerate(starts)
    ]
    mark(book, folder, members, Reads())
    shown = statistics_of(book, run_of(book))
    assert shown.students == 7
    start, twice = question(book, "start"), question(book, "twice")
    assert start.figures.facility == pytest.approx(3 / 7)
    assert start.first.students == ("s3", "s4", "s5", "s6")
    assert start.edge is not None
    assert (start.edge.just_right, start.edge.just_wrong) == (("s2",), ("s3",))
    assert [(one.label, one.caught, one.alone) for one in twice.cases] == [
        ("twice(1)", (), ()),
        ("twice(3)", ("s5", "s6"), ("s5", "s6")),
    ]
    (cluster,) = shown.clusters
    assert (cluster.question, cluster.value, cluster.students) == ("start", "7", ("s4", "s5", "s6"))


def test_each_student_counts_once(tmp_path: Path, book: Gradebook) -> None:
    folder = course(tmp_path)
    mark(book, folder, [handed_in("ann", 1.5), handed_in("ben", 1.5)], Reads())
    mark(book, folder, [handed_in("ann", 7), handed_in("ben", 1.5)], Reads())
    assert question(book, "start").figures.facility == 0.5
    mark(
        book,
        folder,
        [handed_in("ann", 7), handed_in("ben", 1.5)],
        Reads(),
        attempts=Attempts.BEST,
    )
    assert question(book, "start").figures.facility == 1
    assert statistics_of(book, run_of(book)).students == 2


def test_which_assignment(tmp_path: Path, book: Gradebook) -> None:
    with pytest.raises(GradebookFault, match="no run yet"):
        run_of(book)
    mark(book, course(tmp_path), [handed_in("ann")], Reads())
    with pytest.raises(GradebookFault, match="has no submission to other"):
        run_of(book, "other")
    folder = course(tmp_path / "b", SPEC.replace("slug: small", "slug: smaller"))
    mark(book, folder.rename(folder.with_name("smaller")), [handed_in("ann")], Reads())
    with pytest.raises(GradebookFault, match="say which assignment: there is small, smaller"):
        run_of(book)


def test_marks_of_people_count(tmp_path: Path, book: Gradebook) -> None:
    """A mark counts in the place of what was judged, and an adjustment on top of it."""
    mark(book, course(tmp_path), [handed_in("ann", 7), handed_in("ben", 7)], Reads())
    row = book.row(
        "SELECT submission.id FROM submission JOIN student ON student.id = submission.student"
        " WHERE key = 'ann'"
    )
    assert row is not None
    given = NewEvent(submission=row["id"], question="start", by="kim", points=Fraction(1))
    with book.writing():
        add_event(book, given, now="2026-11-01T00:00:00+00:00")
        more = replace(given, kind=EventKind.ADJUST, points=Fraction(1, 2), reason="clear")
        add_event(book, more, now="2026-11-01T00:00:01+00:00")
    assert question(book, "start").figures.facility == 1.5 / 2 / 2
    shown = statistics_of(book, run_of(book))
    assert shown.distribution.most == pytest.approx(100 * 6.5 / 7)
    assert shown.lost.total == Fraction(5, 2)


def test_an_adjustment_alone_counts_once(tmp_path: Path, book: Gradebook) -> None:
    mark(book, course(tmp_path), [handed_in("ann", 7)], Reads())
    row = book.row("SELECT id FROM submission")
    assert row is not None
    more = NewEvent(
        submission=row["id"],
        question="start",
        by="kim",
        kind=EventKind.ADJUST,
        points=Fraction(1, 2),
        reason="clear",
    )
    with book.writing():
        add_event(book, more, now="2026-11-01T00:00:00+00:00")
    assert statistics_of(book, run_of(book)).distribution.most == pytest.approx(100 * 5.5 / 7)
