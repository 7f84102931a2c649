"""`grader stats`: what a class shows."""

from __future__ import annotations

import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from grader.cli.books import (
    AnyBookOption,
    book_to_read,
    faults_of_books,
    gradebook_path,
    the_gradebook,
)
from grader.cli.exits import usage_error
from grader.cli.outputs import check_outputs, write_all, write_output

__all__ = ["StatsFormat", "stats"]


class StatsFormat(StrEnum):
    """How it is written."""

    TEXT = "text"
    JSON = "json"


def stats(
    assignment: Annotated[
        str, typer.Argument(help="Slug of the assignment (default: the only one).")
    ] = "",
    gradebook: AnyBookOption = None,
    results: Annotated[
        Path | None, typer.Option("--results", help="The results that the gradebook lies beside.")
    ] = None,
    question: Annotated[
        str, typer.Option("--question", "-q", help="Only this question, and all of it.")
    ] = "",
    format: Annotated[
        StatsFormat, typer.Option("--format", "-f", help="text, or json for programs.")
    ] = StatsFormat.TEXT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write there instead of printing.")
    ] = None,
) -> None:
    """What a class shows: where it first goes wrong, why, and what that costs.

    No code is run: it reads what stands in the gradebook. It is for staff, and has names.

    \b
    grader stats ecs289-homework --gradebook course.db
    grader stats ecs289-homework --results r.json --question nesterov_points
    grader stats ecs289-homework -g course.db --format json --output stats.json
    """
    path = gradebook_path(results, gradebook) or the_gradebook(None)
    check_outputs([output] if output else [])
    from grader.course.statistics import run_of, statistics_of
    from grader.report.stats_json import stats_json
    from grader.report.stats_question_text import question_stats_page
    from grader.report.stats_text import class_stats_page
    from grader.spec.load import SpecFault
    from grader.spec.problems import did_you_mean

    with book_to_read(path) as book, faults_of_books():
        last = run_of(book, Path(assignment).name)
        try:
            shown = statistics_of(book, last)
        except SpecFault as fault:
            usage_error(f"the assignment of this run cannot be read any more: {fault}")
    known = [one.figures.question for one in shown.questions]
    if question and question not in known:
        near = did_you_mean(question, known)
        usage_error(f"there is no question {question!r}; {near}".rstrip("; "))
    if format is StatsFormat.JSON:
        text = stats_json(shown, complete=last.complete, question=question)
    elif question:
        text = question_stats_page(shown, question)
    else:
        text = class_stats_page(shown, complete=last.complete)
    if output is None:
        sys.stdout.write(text)
    else:
        write_all(partial(write_output, output, text.encode()))
