"""`grader check`: a student's own view."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli.checking import CheckAsked, check_work
from grader.cli.code_options import LimitOption, PythonOption, SandboxOption
from grader.cli.paths import given_path
from grader.cli.walls import Wanted, load_options

__all__ = ["check"]


def check(
    assignment: Annotated[
        str,
        typer.Argument(
            help="Folder or slug of the assignment, or the folder of a release.",
            show_default="the current folder",
        ),
    ] = ".",
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
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again whenever a file is saved, until Ctrl-C.")
    ] = False,
    sandbox: SandboxOption = Wanted.AUTO,
    limit: LimitOption = None,
    python: PythonOption = None,
) -> None:
    """See what is right, what is not and why, before handing in. Shows nothing of the key.

    Of a release, which holds no right answers, see whether all is there and of the form asked for.

    \b
    grader check
    grader check ecs289-homework
    grader check ecs289-homework answers.yaml optimizers.py
    grader check ecs289-homework -q gradient --watch
    """
    check_work(
        CheckAsked(
            assignment=assignment,
            files=tuple(files or ()),
            question=question or "",
            student=student,
            sandbox=sandbox,
            options=load_options(limit, python, thorough=False),
            watch=watch,
        )
    )
