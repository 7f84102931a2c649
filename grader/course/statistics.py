"""What a class shows, from the last run that a gradebook has of an assignment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader.course.editions import assignment_of
from grader.course.look import LastRun, last_runs, outcomes_of
from grader.gradebook.book import Gradebook, GradebookFault
from grader.gradebook.edition import kept_edition
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
    # Without the marks: they are in the scores then, and would be put on top once more.
    outcomes = (replace(one.as_marked, marks={}) for one in outcomes_of(book, last))
    return class_shown(assignment_of(edition), needs_of(edition.reference), outcomes)
