"""`grader check`: a student's own view."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from grader.cli.assignments import assignment_path, is_release
from grader.cli.courses import course_of
from grader.cli.exits import Exit, note, usage_error
from grader.cli.paths import given_path
from grader.cli.variant import of_student
from grader.cli.walls import LimitOption, PythonOption, SandboxOption, Wanted, load_options, walls

if TYPE_CHECKING:
    from grader.checks.wanted import WantedQuestion
    from grader.course.collect import OfAssignment
    from grader.course.options import LoadOptions
    from grader.course.watched import WatchedCourse
    from grader.model.assignment import Assignment
    from grader.sandbox.contract import Sandbox
    from grader.submissions.submission import Submission

__all__ = ["check"]


def check(
    assignment: Annotated[
        str, typer.Argument(help="Folder or slug of the assignment, or the folder of a release.")
    ],
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="What to check: files or a folder (default: the current folder).",
            parser=given_path,
            metavar="files...",
        ),
    ] = None,
    question: Annotated[
        str | None, typer.Option("--question", "-q", help="Only this question.")
    ] = None,
    student: Annotated[
        str | None,
        typer.Option("--student", metavar="KEY", help="Whose variant, where there are variants."),
    ] = None,
    sandbox: SandboxOption = Wanted.AUTO,
    limit: LimitOption = None,
    python: PythonOption = None,
) -> None:
    """See what is right, what is not and why, before handing in. Shows nothing of the key.

    Of a release, which holds no right answers, see whether all is there and of the form asked for.

    \b
    grader check ecs289-homework
    grader check ecs289-homework answers.yaml optimizers.py
    grader check ecs289-homework -q gradient
    """
    options = load_options(limit, python)
    path = assignment_path(assignment)
    if is_release(path):
        _of_release(path, files, question or "", sandbox, options)
        return
    with course_of(path, options) as opened:
        course = of_student(opened, student)
        submission = _opened(course, files or [Path()], question or "")
        if _is_empty(submission):
            from grader.course.asked import wanted_of

            sys.stdout.write(_asked(course.assignment, wanted_of(course), question or ""))
            return
        runs = bool(submission.modules)
        with walls(
            sandbox, course.assignment, python_given=bool(python), must=False, runs=runs
        ) as behind:
            # What the course's code prints may be of the key, so nothing is said of it here.
            if course.assignment.self_check == "full":
                page, has_faults = _in_full(course, submission, behind, question or "")
            else:
                page, has_faults = _without_key(course, submission, behind, question or ""), False
    sys.stdout.write(page)
    if has_faults:
        note("not everything could be marked, through no fault of yours")
        raise typer.Exit(Exit.OUR_FAULT)


def _in_full(
    course: WatchedCourse, submission: Submission, behind: Sandbox, question: str
) -> tuple[str, bool]:
    """The page with verdicts and points, and whether something could not be marked."""
    from grader.course.judge import grade
    from grader.model.verdict import Audience
    from grader.report.text import submission_page
    from grader.report.words import has_faults

    graded = grade(course, [submission], behind)
    assignment, outcome = graded.assignment, graded.submissions[0]
    if question:
        asked = tuple(one for one in assignment.questions if one.id == question)
        got = tuple(one for one in outcome.outcomes if one.question == question)
        assignment = replace(assignment, questions=asked)
        outcome = replace(outcome, outcomes=got, diagnosis=())
    page = submission_page(assignment, outcome, Audience.STUDENT, tier=graded.tier)
    return page, has_faults(outcome)


def _without_key(
    course: WatchedCourse, submission: Submission, behind: Sandbox, question: str
) -> str:
    """What the author's policy lets a student see, though the whole assignment is at hand."""
    from grader.course.release import read_own
    from grader.course.self_check import self_check_text

    form_only = course.assignment.self_check == "format"
    return self_check_text(
        read_own(course), submission, behind, form_only=form_only, question=question
    )


def _of_release(
    folder: Path,
    files: list[Path] | None,
    question: str,
    sandbox: Wanted,
    options: LoadOptions,
) -> None:
    from grader.checks.released import ReleaseFault
    from grader.course.release import handed_in_beside, open_release
    from grader.course.self_check import self_check_text

    try:
        released = open_release(folder)
    except ReleaseFault as fault:
        usage_error(f"{folder}: {fault}")
    changes: dict[str, Any] = {**options.limits}
    limits = replace(released.assignment.limits, **changes)
    assignment = replace(released.assignment, limits=limits, python=options.python)
    released = replace(released, assignment=assignment)
    if files:
        submission = _opened(released, files, question)
    else:
        _expect_question(assignment, question)
        submission = handed_in_beside(released, folder)
    if _is_empty(submission):
        sys.stdout.write(_asked(assignment, released.wanted, question))
        return
    given = bool(options.python)
    with walls(
        sandbox, assignment, python_given=given, must=False, runs=bool(submission.modules)
    ) as behind:
        page = self_check_text(released, submission, behind, question=question)
    sys.stdout.write(page)


def _opened(course: OfAssignment, files: list[Path], question: str) -> Submission:
    """What is checked; the command ends where a question or a file is not there."""
    from grader.course.collect import find_one
    from grader.submissions.find import SubmissionFault

    _expect_question(course.assignment, question)
    try:
        return find_one(course, files)
    except SubmissionFault as fault:
        usage_error(str(fault))


def _expect_question(assignment: Assignment, question: str) -> None:
    from grader.spec.problems import did_you_mean

    names = [one.id for one in assignment.questions]
    if question and question not in names:
        near = did_you_mean(question, names) or f"there are {', '.join(names)}"
        usage_error(f"there is no question {question!r}; {near}")


def _is_empty(submission: Submission) -> bool:
    """Whether nothing is written yet; a fault of reading is told by the page."""
    return not (submission.modules or submission.sheets or submission.unreadable)


def _asked(assignment: Assignment, wanted: Sequence[WantedQuestion], question: str) -> str:
    from grader.report.asked_text import asked_page

    shown = [one for one in wanted if question in ("", one.question.id)]
    return asked_page(assignment, shown)
