"""`grader grade`: mark submissions."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.assignments import assignment_path, slugs_beside
from grader.cli.books import book_to_write, faults_of_books, gradebook_path, note_results
from grader.cli.code_options import LimitOption, PythonOption, SandboxOption
from grader.cli.courses import course_of, note_printed
from grader.cli.exits import Exit, note, usage_error
from grader.cli.outputs import (
    check_outputs,
    is_printed,
    print_report,
    record_path,
    write_all,
    write_output,
    wrote,
)
from grader.cli.paths import given_path
from grader.cli.progress import Tell, WantedProgress
from grader.cli.progress import progress as progress_bar
from grader.cli.variant import expect_students, refuse_variant, secret_for
from grader.cli.walls import Wanted, expect_drivers, load_options, walls
from grader.model.course_rules import Attempts

if TYPE_CHECKING:
    from grader.gradebook.keeping import Moved
    from grader.model.outcome import SubmissionOutcome

__all__ = ["grade"]


def grade(
    assignment: Annotated[str, typer.Argument(help="Folder or slug of the assignment.")],
    submissions: Annotated[
        list[Path],
        typer.Argument(
            help="Files, folders, folders of students' folders, or a platform's download.",
            parser=given_path,
            metavar="submissions...",
        ),
    ],
    format: Annotated[
        str,
        typer.Option(
            "--format", "-f", help="text, json, junit, gradescope, or one of another package."
        ),
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
            help="Also write the results as JSON, a run record, and a gradebook beside them (.db).",
            parser=given_path,
            metavar="<path>",
        ),
    ] = None,
    gradebook: Annotated[
        Path | None,
        typer.Option("--gradebook", "-g", help="Keep what is handed in and its marks there."),
    ] = None,
    no_gradebook: Annotated[
        bool,
        typer.Option("--no-gradebook", help="Keep no gradebook, even with --results."),
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Run the code again of those who were marked before.")
    ] = False,
    correct: Annotated[
        bool,
        typer.Option(
            "--correct", help="Changed files replace the last attempt, and are not a new one."
        ),
    ] = False,
    attempts: Annotated[
        Attempts | None,
        typer.Option("--attempts", help="Which attempt counts from now on (at first: the last)."),
    ] = None,
    new_variants: Annotated[
        bool,
        typer.Option(
            "--new-variants", help="Mark by the variants drawn now, whatever was answered before."
        ),
    ] = False,
    progress: Annotated[
        WantedProgress, typer.Option("--progress", help="A bar while it runs, on a terminal.")
    ] = WantedProgress.AUTO,
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
    kind: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="What was handed in, where it is not recognised: canvas, moodle, gradescope,"
            " nbgrader, github, folders, archive.",
            metavar="<platform>",
        ),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option(
            "--roster",
            help="A CSV of the class: who handed in nothing is in the table too.",
            parser=given_path,
            metavar="<path>",
        ),
    ] = None,
    groups: Annotated[
        bool, typer.Option("--groups", help="What one of a group hands in counts for all of it.")
    ] = False,
    sandbox: SandboxOption = Wanted.AUTO,
    limit: LimitOption = None,
    python: PythonOption = None,
) -> None:
    """Mark one file, one folder, or a folder of students.

    \b
    grader grade assignments/ecs289-homework submissions/
    grader grade ecs289-homework answers.yaml optimizers.py --details
    grader grade ecs289-homework . --format junit -o report.xml --fail-under 60
    grader grade ecs289-homework submissions/ --results r.json  (again: goes on)
    grader grade ecs289-homework canvas.zip --roster roster.csv --results r.json
    grader grade ecs289-homework submissions/ --sandbox full --limit memory=1GiB
    """
    from grader.course.class_list import class_list, keep_class, with_absent
    from grader.course.collect import find
    from grader.course.handing_in import keep_roster_times
    from grader.course.judge import grade as grade_class
    from grader.course.keep import KeepOptions, faulty, grade_into
    from grader.course.options import RunOptions
    from grader.course.variants import names_of
    from grader.gradebook.batch import default_workers
    from grader.gradebook.roster_csv import RosterFault, read_roster
    from grader.report.reports import RenderOptions, ReportFault, find_report
    from grader.report.results_json import results_parts
    from grader.report.run_record import start_record
    from grader.report.words import below
    from grader.submissions.find import SubmissionFault

    record_file = results and record_path(results)
    # What is not a file of its own has nothing beside it.
    kept = gradebook_path(results if record_file else None, gradebook, none=no_gradebook)
    _check_kept(kept, again=again, correct=correct, attempts=attempts, new_variants=new_variants)
    check_outputs([path for path in (output, results, record_file, kept) if path])
    options = load_options(limit, python)
    path = assignment_path(assignment)
    with contextlib.ExitStack() as stack:
        try:
            report = find_report(format)
            course = stack.enter_context(course_of(path, options))
            slug = course.assignment.slug
            listed = read_roster(roster, {slug, *slugs_beside(path)}) if roster else None
            found = find(course, submissions, kind=kind, tell=note)
        except (ReportFault, RosterFault, SubmissionFault) as fault:
            usage_error(str(fault))
        if not found:
            usage_error("there is no submission in what was given")
        secret = secret_for(course.assignment)
        behind = stack.enter_context(
            walls(sandbox, course.assignment, python_given=bool(python), must=True)
        )
        expect_drivers(course, behind)
        book = stack.enter_context(book_to_write(kept, make=True)) if kept else None
        with faults_of_books():
            people = class_list(found, listed, book, slug, note, groups=groups)
            found = people.submissions
            if secret:
                expect_students(course.assignment, names_of(found))
            if book is not None:
                keep_class(book, people, note)
        record = start_record(
            course.assignment,
            tier=behind.tier,
            workers=workers or default_workers(),
            submissions=len(found),
        )
        run = RunOptions(workers=workers, secret=secret)
        with progress_bar(progress) as tell, refuse_variant():
            if kept is None or book is None:
                graded = grade_class(course, found, behind, run, tell=_counting(len(found), tell))
            else:
                with _told_when_stopped(kept, tell) as keeping:
                    keep = KeepOptions(
                        again=again,
                        correct=correct,
                        attempts=attempts,
                        new_variants=new_variants,
                        tell=keeping,
                    )
                    graded = grade_into(book, path, course, found, behind, run=run, keep=keep)
                    keep_roster_times(book, slug, people.handed_in, note)
        held = faulty(graded)
        graded = with_absent(graded, people.absent, course, behind)
        note_printed(course.printed.text)
        rendered = report.render(graded, RenderOptions(details=details))
        printed = results is not None and is_printed(results)
        writing = [partial(print_report, rendered, output, instead=printed)]
        # The results first: they are what cannot be had again without marking again.
        if record_file is not None:
            writing.insert(0, partial(write_output, record_file, record.finish().encode()))
        if results is not None:
            parts = (one.encode() for one in results_parts(graded))
            writing.insert(0, partial(write_output, results, parts))
        if results is not None and record_file is not None:
            writing.append(partial(note_results, book, slug, results))
        write_all(*writing)
        if held:
            note(f"not everything could be marked: {', '.join(held[:5])}")
            raise typer.Exit(Exit.OUR_FAULT)
        excused = people.excused(slug)
        counted = (one for one in graded.submissions if one.submission not in excused)
        if fail_under is not None and any(below(one.as_marked, fail_under) for one in counted):
            raise typer.Exit(Exit.BELOW)


def _check_kept(
    kept: Path | None,
    *,
    again: bool,
    correct: bool,
    attempts: Attempts | None,
    new_variants: bool,
) -> None:
    """End as a wrong call where an option speaks of a gradebook, and there is none."""
    given = {
        "--again": again,
        "--correct": correct,
        "--attempts": attempts is not None,
        "--new-variants": new_variants,
    }
    asking = [name for name, value in given.items() if value]
    if kept is None and asking:
        usage_error(f"{asking[0]} needs a gradebook: name one by --gradebook, or --results")


def _counting(total: int, tell: Tell) -> Callable[[SubmissionOutcome], None]:
    """Tells how many there are at each, from whichever thread."""
    from grader.report.words import has_faults

    lock = threading.Lock()
    count = {"done": 0, "held": 0}

    def one(outcome: SubmissionOutcome) -> None:
        with lock:
            count["done"] += 1
            count["held"] += has_faults(outcome)
            tell(total, count["done"], count["held"])

    return one


@contextlib.contextmanager
def _told_when_stopped(kept: Path, tell: Tell) -> Iterator[Callable[[Moved], None]]:
    """Say what is kept, and how to go on, where it is stopped in between."""
    last: list[Moved] = []

    def keeping(moved: Moved) -> None:
        last[:] = [moved]
        tell(moved.total, moved.done, moved.held)

    try:
        yield keeping
    except KeyboardInterrupt:
        done = f"{last[0].done} of {last[0].total}" if last else "none"
        note(f"stopped: {done} are marked and kept in {kept}; the same command goes on from there")
        raise typer.Exit(Exit.STOPPED) from None
    wrote(kept)
    if last and last[0].again:
        note(f"{last[0].again} of {last[0].total} were not run again: they stand in {kept}")
