"""Mark a class into a gradebook, and read from it what came of it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.checks.prepare import Prepared
from grader.course.options import RunOptions
from grader.course.watch import watch
from grader.course.watched import WatchedCourse
from grader.gradebook.batch import default_workers
from grader.gradebook.book import Gradebook, GradebookFault
from grader.gradebook.class_run import ClassRun
from grader.gradebook.edition import edition_of
from grader.gradebook.jobs import asked_of
from grader.gradebook.keeping import Moved, now
from grader.gradebook.results import StoredOutcomes
from grader.gradebook.rules import rules_of, set_rule
from grader.gradebook.setting import machine_of
from grader.model.course_rules import Attempts
from grader.model.graded import Graded
from grader.plan import Plan, make_plan
from grader.report.words import has_faults
from grader.sandbox.contract import Sandbox
from grader.sandbox.ulimits import expect_ulimits
from grader.submissions.each import EachOpened
from grader.submissions.submission import Submission

__all__ = ["KeepOptions", "faulty", "grade_into", "judging", "planned", "spec_file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepOptions:
    """How a class is marked into a gradebook."""

    again: bool = False  #: run the code of those too whose responses are kept
    correct: bool = False  #: changed files take the place of the last attempt
    attempts: Attempts | None = None  #: which of them counts, from now on; None: as before
    tell: Callable[[Moved], None] = lambda _moved: None  #: how far it is


def grade_into(
    book: Gradebook,
    path: Path,
    course: Prepared | WatchedCourse,
    submissions: Sequence[Submission],
    sandbox: Sandbox,
    *,
    run: RunOptions | None = None,
    keep: KeepOptions | None = None,
) -> Graded:
    """Collect and judge what is not kept yet; the outcomes are read from the gradebook.

    `path` is the assignment's folder or file. Raises GradebookFault, and UlimitsTooLow as `grade`.
    """
    assignment = course.assignment
    expect_ulimits(assignment.limits)
    keep = keep or KeepOptions()
    run = run or RunOptions()
    plan = planned(course)
    with judging(course, run) as marker:
        if keep.attempts is not None:
            with book.writing():
                set_rule(book, assignment.slug, "attempts", keep.attempts.value, now=now())
        class_run = ClassRun(
            book=book,
            marker=marker,
            plan=plan,
            asked=asked_of(plan, machine_of(sandbox.tier, assignment.python)),
            edition=edition_of(spec_file(path), assignment, plan.setting.data),
            sandbox=sandbox,
            workers=run.workers or default_workers(),
            again=keep.again,
            correct=keep.correct,
            attempts=rules_of(book, assignment.slug).attempts,
            tell=keep.tell,
        )
        number = class_run.mark(submissions, _names(submissions))
    outcomes = StoredOutcomes(book, number, rules_of(book, assignment.slug))
    return Graded(assignment=assignment, submissions=outcomes, tier=sandbox.tier)


def faulty(graded: Graded) -> list[str]:
    """Whose submissions could not be marked wholly, through no fault of theirs."""
    submissions = graded.submissions
    if isinstance(submissions, StoredOutcomes):
        return submissions.held()
    return [one.submission for one in submissions if has_faults(one)]


def _names(submissions: Sequence[Submission]) -> Sequence[str]:
    if isinstance(submissions, EachOpened):
        return submissions.names
    return [one.id for one in submissions]


def spec_file(path: Path) -> Path:
    """The file of an assignment that is given by its folder or its file."""
    return path / "assignment.yaml" if path.is_dir() else path


def planned(course: Prepared | WatchedCourse) -> Plan:
    """What is asked. Raises GradebookFault where the data of the assignment are gone."""
    try:
        return make_plan(course.assignment)
    except OSError as error:
        msg = f"the data of the assignment cannot be read: {error.strerror}"
        raise GradebookFault(msg) from error


@contextlib.contextmanager
def judging(
    course: Prepared | WatchedCourse, options: RunOptions
) -> Iterator[Prepared | WatchedCourse]:
    """What judges: the course's code in a process of its own, unless the options say otherwise."""
    if isinstance(course, WatchedCourse) or not options.watched:
        yield course
        return
    with watch(course) as watched:
        yield watched
