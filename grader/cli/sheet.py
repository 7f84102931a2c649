"""`grader sheet`: the answer sheet to fill in."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from grader.cli.assignments import assignment_path, is_release
from grader.cli.courses import course_of, refuse_course
from grader.cli.exits import note, usage_error
from grader.cli.outputs import check_outputs, print_report, write_all
from grader.cli.walls import load_options

__all__ = ["sheet"]


class SheetFormat(StrEnum):
    """What the sheet is written in."""

    YAML = "yaml"
    JSON = "json"
    MARKDOWN = "markdown"
    LATEX = "latex"


def sheet(
    assignment: Annotated[
        str, typer.Argument(help="Folder or slug of the assignment, or the folder of a release.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A new file to write; without it, it is printed."),
    ] = None,
    form: Annotated[
        SheetFormat, typer.Option("--format", help="For a sheet, or for a report that holds it.")
    ] = SheetFormat.YAML,
) -> None:
    """Write the sheet to fill in: every question, what is asked and in which form. Shows no key.

    \b
    grader sheet ecs289-homework -o answers.yaml
    grader sheet ecs289-homework --format latex -o report.tex
    """
    from grader.checks.released import ReleaseFault
    from grader.course.asked import wanted_of
    from grader.course.release import open_release
    from grader.course.watched import CourseFault
    from grader.report.answer_sheet import answer_sheet

    path = assignment_path(assignment, release=True)
    if output is not None:
        check_outputs([output])
        if output.is_file():
            usage_error(f"{output} is there already, and is not written over; name another file")
    if is_release(path):
        try:
            released = open_release(path)
        except ReleaseFault as fault:
            usage_error(f"{path}: {fault}")
        text = answer_sheet(released.assignment, released.wanted, form.value)
    else:
        with course_of(path, load_options(None, None)) as course:
            try:
                wanted = wanted_of(course)
            except CourseFault as fault:
                refuse_course(fault)
            if course.assignment.variants is not None:
                note(
                    "its numbers are those of the examples: `grader variant` writes each student's"
                )
            text = answer_sheet(course.assignment, wanted, form.value)
    write_all(partial(print_report, {"sheet": text.encode()}, output))
