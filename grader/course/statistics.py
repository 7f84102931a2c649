"""What a class shows, from the last run that a gradebook has of an assignment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from grader.course.editions import assignment_of
from grader.course.look import LastRun, last_runs, outcomes_of
from grader.gradebook.book import Gradebook, GradebookFault
from grader.gradebook.edition import kept_edition
from grader.gradebook.marks import marks_in_run
from grader.gradebook.results import counted_in
from grader.gradebook.rules import rules_of
from grader.model.outcome import SubmissionOutcome
from grader.model.person_mark import PersonMark
from grader.solver.needs import needs_of
from grader.stats.shown import ClassShown, class_shown

__all__ = ["run_of", "statistics_of"]


def run_of(book: Gradebook, slug: str = "") -> LastRun:
    """The run that says what counts of an assignment now, or of the only one that there is.

    Raises GradebookFault.
    """
    found: Sequence[LastRun] = last_runs(book, slug)
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.assignment for one in found)
    msg = f"say which assignment: there is {names}" if found else f"{book.path} has no run yet"
    raise GradebookFault(msg)


def statistics_of(book: Gradebook, last: LastRun) -> ClassShown:
    """By the edition of that run, of which no code is run. Raises SpecFault where this version
    cannot read it any more."""
    row = book.row("SELECT edition FROM run WHERE id = ?", last.run)
    assert row is not None
    edition = kept_edition(book, row["edition"])
    return class_shown(
        assignment_of(edition), needs_of(edition.reference), _as_they_count(book, last)
    )


def _as_they_count(book: Gradebook, last: LastRun) -> Iterator[SubmissionOutcome]:
    """The outcomes with the points that people gave in the place of those that were judged."""
    marks = marks_in_run(book, last.run)
    rules = rules_of(book, last.assignment)
    shown = [submission for _, submission, *_ in counted_in(book, last.run, rules)]
    for submission, outcome in zip(shown, outcomes_of(book, last), strict=True):
        by_people = marks.get(submission)
        yield outcome if by_people is None else _marked(outcome, by_people)


def _marked(outcome: SubmissionOutcome, marks: Mapping[str, PersonMark]) -> SubmissionOutcome:
    outcomes = tuple(
        replace(one, score=marks[one.question].over(one.score, one.max_score))
        if one.question in marks
        else one
        for one in outcome.outcomes
    )
    return replace(outcome, outcomes=outcomes, counts=None)
