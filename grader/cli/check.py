"""`grader check`: a student's own view."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from grader.cli.assignments import assignment_path
from grader.cli.exits import bad_spec, usage_error
from grader.cli.walls import LimitOption, PythonOption, SandboxOption, Wanted, load_options, walls

__all__ = ["check"]


def check(
    assignment: Annotated[str, typer.Argument(help="Folder or slug of the assignment.")],
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="What to check: files or a folder (default: the current folder)."),
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
    from grader.course.load import load
    from grader.model.verdict import Audience
    from grader.report.text import submission_page
    from grader.spec.load import SpecFault
    from grader.submissions.find import SubmissionFault

    options = load_options(limit, python)
    path = assignment_path(assignment)
    try:
        prepared = load(path, options)
        submission = find_one(prepared, files or [Path()])
    except SpecFault as fault:
        bad_spec(fault.diagnostics)
    except SubmissionFault as fault:
        usage_error(str(fault))
    with walls(sandbox, prepared.assignment, python_given=bool(python), must=False) as behind:
        graded = grade(prepared, [submission], behind)
    page = submission_page(
        graded.assignment, graded.submissions[0], Audience.STUDENT, tier=graded.tier
    )
    sys.stdout.write(page)
