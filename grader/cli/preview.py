"""`grader preview`: an assignment as its students read it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from grader.cli.assignments import assignment_path
from grader.cli.courses import course_of, refuse_course
from grader.cli.screen import columns_of
from grader.cli.walls import load_options

__all__ = ["preview"]


def preview(
    assignment: Annotated[str, typer.Argument(help="Folder or slug of the assignment.")],
) -> None:
    """Print how an assignment reads to a student: prompts, points, forms, starter signatures.

    \b
    grader preview ecs289-homework
    """
    from grader.checks.starter import read_starter
    from grader.course.asked import wanted_of
    from grader.course.watched import CourseFault
    from grader.report.preview_text import preview_page

    with course_of(assignment_path(assignment), load_options(None, None)) as course:
        try:
            wanted = wanted_of(course)
        except CourseFault as fault:
            refuse_course(fault)
        made = course.assignment
    sys.stdout.write(
        preview_page(made, wanted, read_starter(made.folder), width=columns_of(sys.stdout))
    )
