"""Look into a gradebook: what came of a class in a run, without the assignment's files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.course.editions import assignment_of
from grader.gradebook.book import Gradebook, GradebookFault
from grader.gradebook.edition import kept_edition
from grader.gradebook.results import StoredOutcomes
from grader.gradebook.rules import rules_of
from grader.model.graded import Graded
from grader.model.outcome import SubmissionOutcome

__all__ = ["LastRun", "all_runs", "graded_in", "last_runs", "outcomes_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The run that says what counts of an assignment now."""

    assignment: str
    run: int
    complete: bool


def last_runs(book: Gradebook, assignment: str = "") -> Sequence[LastRun]:
    """Of every assignment the last run that was not a trial, or of one. Raises GradebookFault."""
    rows = book.rows(
        "SELECT assignment, max(id) AS run, complete FROM run WHERE (complete OR kind = 'grade')"
        " AND ? IN ('', assignment) GROUP BY assignment ORDER BY assignment",
        assignment,
    )
    found = [
        LastRun(assignment=row["assignment"], run=row["run"], complete=bool(row["complete"]))
        for row in rows
    ]
    if assignment and not found:
        msg = f"the gradebook {book.path} has no submission to {assignment}"
        raise GradebookFault(msg)
    return found


def outcomes_of(book: Gradebook, last: LastRun) -> Sequence[SubmissionOutcome]:
    """What counts of everybody in a run, one read after another."""
    return StoredOutcomes(book, last.run, rules_of(book, last.assignment))


def graded_in(book: Gradebook, last: LastRun) -> Graded:
    """The class of a run, with the assignment as it was then. Raises SpecFault where that cannot
    be read by this version any more."""
    row = book.row("SELECT edition FROM run WHERE id = ?", last.run)
    assert row is not None
    assignment = assignment_of(kept_edition(book, row["edition"]))
    return Graded(assignment=assignment, submissions=outcomes_of(book, last))


def all_runs(book: Gradebook) -> Iterator[sqlite3.Row]:
    """Every run with how many submissions it marked, and how many of them it could not."""
    return book.rows(
        "SELECT run.*, (SELECT count(*) FROM marked WHERE run = run.id) AS marked,"
        " (SELECT count(*) FROM marked WHERE run = run.id AND held) AS held FROM run ORDER BY id"
    )
