"""`grader check`: a student's own view."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from grader.cli.assignments import assignment_path
from grader.cli.courses import course_of
from grader.cli.exits import Exit, note, usage_error
from grader.cli.paths import given_path
from grader.cli.walls import LimitOption, PythonOption, SandboxOption, Wanted, load_options, walls

__all__ = ["check"]


def check(
    assignment: Annotated[str, typer.Argument(help="Folder or slug of the assignment.")],
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="What to check: files or a folder (default: the current folder).",
            parser=given_path,
            metavar="files...",
        ),
    ] = None,
    sandbox: SandboxOption = Wanted.AUTO,
    limit: LimitOption = None,
    python: PythonOption = None,
) -> None:
    """See what is right, what is not and why, before handing in. Shows nothing of the key.

    \b
    grader check ecs289-homework
    grader check ecs289-homework answers.yaml optimizers.py
    """
    from grader.course.collect import find_one
    from grader.course.judge import grade
    from grader.model.verdict import Audience
    from grader.report.text import submission_page
    from grader.report.words import has_faults
    from grader.submissions.find import SubmissionFault

    options = load_options(limit, python)
    path = assignment_path(assignment)
    with course_of(path, options) as course:
        try:
            submission = find_one(course, files or [Path()])
        except SubmissionFault as fault:
            usage_error(str(fault))
        with walls(sandbox, course.assignment, python_given=bool(python), must=False) as behind:
            # What the course's code prints may be of the key, so nothing is said of it here.
            graded = grade(course, [submission], behind)
    page = submission_page(
        graded.assignment, graded.submissions[0], Audience.STUDENT, tier=graded.tier
    )
    sys.stdout.write(page)
    if has_faults(graded.submissions[0]):
        note("not everything could be marked, through no fault of yours")
        raise typer.Exit(Exit.OUR_FAULT)
