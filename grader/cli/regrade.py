"""`grader regrade`: mark a class again from what is kept of it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.assignments import assignment_path
from grader.cli.books import book_to_write, gradebook_path
from grader.cli.code_options import LimitOption, PythonOption, SandboxOption
from grader.cli.courses import course_of, note_printed
from grader.cli.exits import Exit, note, refuse, usage_error
from grader.cli.outputs import (
    check_outputs,
    is_printed,
    record_path,
    write_all,
    write_output,
    wrote,
)
from grader.cli.paths import given_path
from grader.cli.progress import WantedProgress
from grader.cli.progress import progress as progress_bar
from grader.cli.walls import Wanted, expect_drivers, load_options, walls
from grader.model.course_rules import Attempts

if TYPE_CHECKING:
    from grader.course.again import Regraded
    from grader.gradebook.keeping import Moved
    from grader.sandbox.contract import Sandbox

__all__ = ["RegradeFormat", "regrade"]


class RegradeFormat(StrEnum):
    """How it is told what changed."""

    TEXT = "text"
    JSON = "json"


def regrade(
    assignment: Annotated[str, typer.Argument(help="Folder or slug of the assignment.")],
    gradebook: Annotated[
        Path | None, typer.Option("--gradebook", "-g", help="The gradebook that `grade` keeps.")
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option(
            "--results",
            help="The results to write anew, with a run record; the gradebook is beside them.",
            parser=given_path,
            metavar="<path>",
        ),
    ] = None,
    format: Annotated[
        RegradeFormat,
        typer.Option("--format", "-f", help="What changed, as text, or as json for programs."),
    ] = RegradeFormat.TEXT,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would change, and change no mark.")
    ] = False,
    never_lower: Annotated[
        bool | None,
        typer.Option(
            "--never-lower/--may-lower",
            help="From now on nobody gets less than before, or so no longer.",
        ),
    ] = None,
    attempts: Annotated[
        Attempts | None, typer.Option("--attempts", help="Which attempt counts from now on.")
    ] = None,
    show_all: Annotated[bool, typer.Option("--all", help="Show every student.")] = False,
    progress: Annotated[
        WantedProgress, typer.Option("--progress", help="A bar while it runs, on a terminal.")
    ] = WantedProgress.AUTO,
    sandbox: SandboxOption = Wanted.AUTO,
    limit: LimitOption = None,
    python: PythonOption = None,
) -> None:
    """Mark a class again, from what is kept of it: who gains, who loses, and by which edit.

    Students' code is run only for calls that were never made before.

    \b
    grader regrade ecs289-homework --results r.json --dry-run
    grader regrade ecs289-homework --gradebook course.db --never-lower
    """
    record_file = results and record_path(results)
    path_of_book = gradebook_path(results if record_file else None, gradebook)
    if path_of_book is None:
        usage_error("say which gradebook: by --gradebook, or --results that it lies beside")
    check_outputs([path for path in (results, record_file, path_of_book) if path])
    from grader.course.again import AT_ONCE, AgainOptions
    from grader.course.again import regrade as mark_again
    from grader.gradebook.keeping import now
    from grader.gradebook.people import note_export
    from grader.report.results_json import results_parts
    from grader.report.run_record import start_record
    from grader.sandbox.contract import SandboxFault

    options = load_options(limit, python)
    path = assignment_path(assignment)
    with contextlib.ExitStack() as stack:
        course = stack.enter_context(course_of(path, options))
        book = stack.enter_context(book_to_write(path_of_book, make=False))

        @contextlib.contextmanager
        def behind() -> Iterator[Sandbox]:
            with walls(sandbox, course.assignment, python_given=bool(python), must=True) as opened:
                expect_drivers(course, opened)
                yield opened

        record = start_record(course.assignment, tier="", workers=AT_ONCE, submissions=0)
        with progress_bar(progress) as tell, _told_when_stopped():

            def moving(moved: Moved) -> None:
                tell(moved.total, moved.done, moved.held)

            again = AgainOptions(
                dry_run=dry_run,
                never_lower=never_lower,
                attempts=attempts,
                load=options,
                tell=moving,
            )
            try:
                regraded = mark_again(book, path, course, behind, again)
            except SandboxFault as fault:
                refuse(str(fault))
        if not dry_run:
            wrote(path_of_book)
        note_printed(course.printed.text)
        printed = results is not None and is_printed(results)
        stream = sys.stderr if printed else sys.stdout
        if format is RegradeFormat.JSON:
            stream.write(_document(regraded, course.assignment.slug, dry_run))
        else:
            stream.write(_page(regraded, course.assignment.slug, dry_run, show_all))
        if results is not None and regraded.graded is not None:
            parts = (one.encode() for one in results_parts(regraded.graded))
            writing = [partial(write_output, results, parts)]
            if record_file is not None:
                record = replace(
                    record,
                    tier=regraded.graded.tier,
                    submissions=len(regraded.graded.submissions),
                )
                writing.append(partial(write_output, record_file, record.finish().encode()))
            write_all(*writing)
            if record_file is not None:
                note_export(book, course.assignment.slug, results, now=now())


def _page(regraded: Regraded, slug: str, dry_run: bool, show_all: bool) -> str:
    from grader.gradebook.changes_text import changes_page

    how = "would be marked again (nothing was changed)" if dry_run else "was marked again"
    code = "no code was run"
    if regraded.run_code:
        calls, people = regraded.new_calls, regraded.run_code
        code = (
            f"code of {people} submission{'s' * (people != 1)} was run, for up to {calls} "
            f"call{'s' * (calls != 1)} that had not been made"
        )
    return changes_page(
        regraded.changes,
        heading=f"{slug} {how}: {regraded.changes.total} students; {code}",
        edits=regraded.attribution.edits,
        by=regraded.attribution.by,
        all_students=show_all,
    )


def _document(regraded: Regraded, slug: str, dry_run: bool) -> str:
    from grader.gradebook.changes_json import changes_json

    return changes_json(
        regraded.changes,
        assignment=slug,
        dry_run=dry_run,
        code_run_of=regraded.run_code,
        edits=regraded.attribution.edits,
        by=regraded.attribution.by,
        not_tried=regraded.attribution.not_tried,
    )


@contextlib.contextmanager
def _told_when_stopped() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        note("stopped: no mark was changed; the same command begins anew")
        raise typer.Exit(Exit.STOPPED) from None
