"""`grader release`: what students get of an assignment."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from grader.cli.assignments import assignment_path
from grader.cli.courses import course_of, note_printed, refuse_course
from grader.cli.exits import note, refuse, usage_error
from grader.cli.outputs import wrote
from grader.cli.release_variants import release_variants
from grader.cli.walls import load_options

__all__ = ["release"]


def release(
    assignment: Annotated[str, typer.Argument(help="Folder or slug of the assignment.")],
    to: Annotated[
        Path | None,
        typer.Option("--to", help="A new folder to write (default: release/SLUG)."),
    ] = None,
    student: Annotated[
        str | None,
        typer.Option("--student", metavar="KEY", help="Whose, where there are variants."),
    ] = None,
    everybody: Annotated[
        Path | None,
        typer.Option("--all", metavar="DIR", help="Those of everybody on the roster."),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option("--roster", metavar="FILE", help="Who they are: a CSV, as for `grade`."),
    ] = None,
) -> None:
    """Write what students get: handout, starter, sheet to fill in, data, and a spec without keys.

    With it they check their own work, by `grader check FOLDER`, without the right answers.

    \b
    grader release ecs289-homework
    grader release ecs289-homework --to ../handed-out/ecs289-homework
    grader release with-variants --all releases --roster roster.csv
    """
    from grader.course.asked import wanted_of
    from grader.course.release import edition_digest, write_release
    from grader.course.watched import CourseFault

    path = assignment_path(assignment)
    with course_of(path, load_options(None, None)) as course:
        if course.assignment.variants is not None:
            release_variants(course, student=student, everybody=everybody, roster=roster, to=to)
            note_printed(course.printed.text)
            return
        if student is not None or everybody is not None or roster is not None:
            usage_error(f"{course.assignment.slug} has no `variants:`: all get the same release")
        folder = to or Path("release") / course.assignment.slug
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            usage_error(f"{folder} is there already, and is not written over; name a new folder")
        try:
            names = write_release(course, wanted_of(course), folder)
            wrote(folder)
        except CourseFault as fault:
            refuse_course(fault)
        except OSError as error:
            refuse(f"{error.filename or folder} cannot be written: {error.strerror}")
        note_printed(course.printed.text)
        edition = edition_digest(course.assignment)
    lines = [f"✓ {folder}, edition {edition}", *(f"  {name}" for name in names)]
    lines.append(f"students check their work with: grader check {folder}")
    sys.stdout.write("\n".join(lines) + "\n")
    if "handout.md" not in names:
        note("there is no handout.md beside the spec: students read the prompts alone")
