"""Which edit changed a mark: each is tried alone, on the answers of which something else came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from grader.course.editions import open_edition
from grader.course.options import LoadOptions
from grader.course.watched import CourseFault, WatchedCourse
from grader.gradebook.book import Gradebook
from grader.gradebook.changes import Changes, Given, run_before
from grader.gradebook.edits import Edit
from grader.gradebook.jobs import collected_of
from grader.model.assignment import Assignment
from grader.model.response import Response
from grader.model.value import Value
from grader.plan.variant import variant_from
from grader.spec.load import SpecFault

__all__ = ["Attribution", "attributed"]

_MOST_EDITS = 20  # each is a course to be prepared anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """The edits between two editions, and what each of them does by itself."""

    edits: tuple[str, ...] = ()
    #: submission and question → the edits that suffice alone; none: only several together do
    by: Mapping[tuple[int, str], tuple[str, ...]] = field(default_factory=dict)
    not_tried: bool = False  #: there were too many


def attributed(
    book: Gradebook,
    changes: Changes,
    run: int,
    edits: Sequence[Edit],
    now: Assignment,
    options: LoadOptions,
) -> Attribution:
    """Judge by the old edition with each edit alone, where there are several.

    One that makes no sound assignment alone, or whose calls were not made, suffices for nothing.
    """
    names = tuple(edit.name for edit in edits)
    wanted = {
        (one.submission, one.question): one.after
        for student in changes.students
        for one in student.questions
    }
    if len(edits) == 1:
        return Attribution(edits=names, by=dict.fromkeys(wanted, names))
    if len(edits) > _MOST_EDITS:
        return Attribution(edits=names, not_tried=True)
    by: dict[tuple[int, str], tuple[str, ...]] = {}
    submissions = sorted({submission for submission, _ in wanted})
    for edit in edits:
        if edit.alone is None or not wanted:
            continue
        try:
            with open_edition(edit.alone(), now, options) as course:
                for submission in submissions:
                    givens = _givens(book, submission, course.assignment)
                    got = _judged(course, _responses(book, run, submission), givens)
                    for place in wanted:
                        if place[0] == submission and got.get(place[1]) == wanted[place]:
                            by[place] = (*by.get(place, ()), edit.name)
        except (SpecFault, CourseFault):
            continue
    return Attribution(edits=names, by=by)


def _responses(book: Gradebook, run: int, submission: int) -> Mapping[str, Response]:
    """What a submission gave, for the calls of both editions."""
    found: dict[str, Response] = {}
    for one in (run_before(book, run, submission), run):
        row = book.row("SELECT job FROM marked WHERE run = ? AND submission = ?", one, submission)
        if row is not None and row["job"] is not None:
            found |= collected_of(book, row["job"]).responses
    return found


def _givens(book: Gradebook, submission: int, assignment: Assignment) -> Mapping[str, Value] | None:
    """The variant that it answered, as far as this edition has its givens; None where it has
    none."""
    row = book.row("SELECT variant FROM submission WHERE id = ?", submission)
    if row is None or not row["variant"]:
        return None
    kept = variant_from(row["variant"])
    return {name: value for name, value in kept.items() if name in assignment.givens}


def _judged(
    course: WatchedCourse,
    responses: Mapping[str, Response],
    givens: Mapping[str, Value] | None,
) -> dict[str, Given]:
    try:
        judged = course.judge(responses, givens)
    except Exception:  # noqa: BLE001 - such as a call that was not made: this edit explains nothing
        return {}
    return {
        one.question: Given(
            verdict=one.verdict.value,
            reason=None if one.reason is None else one.reason.value,
            score=one.score,
        )
        for one in judged.outcomes
    }
