"""`grader grade`: mark submissions."""

from __future__ import annotations

import contextlib
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from grader.cli.assignments import assignment_path
from grader.cli.courses import course_of, note_printed
from grader.cli.exits import Exit, note, usage_error
from grader.cli.outputs import (
    check_outputs,
    is_printed,
    print_report,
    record_path,
    write_all,
    write_output,
)
from grader.cli.paths import given_path
from grader.cli.walls import LimitOption, PythonOption, SandboxOption, Wanted, load_options, walls

__all__ = ["grade"]


def grade(
    assignment: Annotated[str, typer.Argument(help="Folder or slug of the assignment.")],
    submissions: Annotated[
        list[Path],
        typer.Argument(
            help="Files, folders, or folders of students' folders.",
            parser=given_path,
            metavar="submissions...",
        ),
    ],
    format: Annotated[
        str,
        typer.Option("--format", "-f", help="text, json, junit, or a report of another package."),
    ] = "text",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Write there instead of printing (-: print).",
            parser=given_path,
            metavar="<path>",
        ),
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option(
            "--results",
            help="Also write the results as JSON, and a run record.",
            parser=given_path,
            metavar="<path>",
        ),
    ] = None,
    fail_under: Annotated[
        float | None,
        typer.Option(
            "--fail-under", min=0, max=100, help="Exit 1 if anybody has less than this per cent."
        ),
    ] = None,
    details: Annotated[
        bool, typer.Option("--details", help="A page for every submission, with the numbers.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", "-j", min=1, max=256, help="Submissions at a time.")
    ] = None,
    sandbox: SandboxOption = Wanted.AUTO,
    limit: LimitOption = None,
    python: PythonOption = None,
) -> None:
    """Mark one file, one folder, or a folder of students.

    \b
    grader grade assignments/ecs289-homework submissions/
    grader grade ecs289-homework answers.yaml optimizers.py --details
    grader grade ecs289-homework . --format junit --output report.xml --fail-under 60
    grader grade ecs289-homework submissions/ --sandbox full --limit wall=2s --limit memory=1GiB
    """
    from grader.course.collect import find
    from grader.course.judge import grade as grade_class
    from grader.course.options import RunOptions
    from grader.gradebook.batch import default_workers
    from grader.report.reports import RenderOptions, ReportFault, find_report
    from grader.report.results_json import results_json
    from grader.report.run_record import start_record
    from grader.report.words import below, has_faults
    from grader.submissions.find import SubmissionFault, passed_over

    record_file = results and record_path(results)
    check_outputs([path for path in (output, results, record_file) if path])
    options = load_options(limit, python)
    path = assignment_path(assignment)
    with contextlib.ExitStack() as stack:
        try:
            report = find_report(format)
            course = stack.enter_context(course_of(path, options))
            found = find(course, submissions)
        except (ReportFault, SubmissionFault) as fault:
            usage_error(str(fault))
        if not found:
            usage_error("there is no submission in what was given")
        for path in passed_over(submissions, course.assignment.files):
            note(f"{path} lies beside the students' folders and was passed over")
        behind = stack.enter_context(
            walls(sandbox, course.assignment, python_given=bool(python), must=True)
        )
        record = start_record(
            course.assignment,
            tier=behind.tier,
            workers=workers or default_workers(),
            submissions=len(found),
        )
        graded = grade_class(course, found, behind, RunOptions(workers=workers))
        note_printed(course.printed.text)
    rendered = report.render(graded, RenderOptions(details=details))
    printed = results is not None and is_printed(results)
    writing = [partial(print_report, rendered, output, instead=printed)]
    # The results first: they are what cannot be had again without marking again.
    if record_file is not None:
        writing.insert(0, partial(write_output, record_file, record.finish().encode()))
    if results is not None:
        writing.insert(0, partial(write_output, results, results_json(graded).encode()))
    write_all(*writing)
    held = [item.submission for item in graded.submissions if has_faults(item)]
    if held:
        note(f"not everything could be marked: {', '.join(held[:5])}")
        raise typer.Exit(Exit.OUR_FAULT)
    if fail_under is not None and any(below(item, fail_under) for item in graded.submissions):
        raise typer.Exit(Exit.BELOW)
