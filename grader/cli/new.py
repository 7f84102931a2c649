"""`grader new`: begin an assignment."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.exits import usage_error

if TYPE_CHECKING:
    from grader.course.new import New

__all__ = ["new"]


def new(
    slug: Annotated[str, typer.Argument(help="Name of the assignment, such as week-3.")],
    like: Annotated[
        str,
        typer.Option(help="Template: optimizer, backprop, lab, statistics or linear-algebra."),
    ] = "optimizer",
    course: Annotated[
        Path | None,
        typer.Option(help="Folder of the course (default: here, or the course around it)."),
    ] = None,
) -> None:
    """Write a small assignment that works, to be changed into yours.

    In a folder that belongs to no course it makes one around it. No file is written over.

    \b
    grader new week-1
    grader new regression --like statistics
    """
    from grader.course.new import NewFault, new_assignment

    root = _course_around(Path.cwd()) if course is None else course
    try:
        made = new_assignment(slug, like=like, course=root)
    except NewFault as fault:
        usage_error(str(fault))
    sys.stdout.write(_page(slug, made))


def _course_around(here: Path) -> Path:
    """This folder; where it is not empty and has no assignments/, one above that has both an
    assignments/ and a reference/."""
    if (here / "assignments").is_dir() or not any(here.iterdir()):
        return Path()
    for folder in here.parents:
        if (folder / "assignments").is_dir() and (folder / "reference").is_dir():
            return Path(os.path.relpath(folder))
    return Path()


def _page(slug: str, made: New) -> str:
    head = f"✓ {slug}"
    if made.makes_course:
        head += ", and a course around it"
    lines = [head, *(f"  {made.course / path}" for path in made.written)]
    lines += [f"  {made.course / path} was there and is as it was" for path in made.kept]
    folder = shlex.quote(str(made.course / "assignments" / slug))
    lines += [
        f"next: grader verify --audit {folder}",
        "      then change the questions, the reference and the examples into yours",
    ]
    return "\n".join(lines) + "\n"
