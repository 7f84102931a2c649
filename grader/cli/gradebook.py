"""`grader gradebook`: look into a gradebook, check it, take somebody out."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from grader.cli.books import (
    AnyBookOption,
    BookOption,
    book_to_read,
    book_to_write,
    faults_of_books,
    the_gradebook,
)
from grader.cli.exits import Exit, note, usage_error
from grader.cli.outputs import check_outputs, write_all, write_output
from grader.cli.times import times

__all__ = ["gradebook"]

gradebook = typer.Typer(
    name="gradebook",
    help="Look into a gradebook, check it, export marks, take somebody out.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
gradebook.command()(times)


@gradebook.command()
def show(
    student: Annotated[str, typer.Argument(help="One student (default: everybody).")] = "",
    gradebook: AnyBookOption = None,
    assignment: Annotated[str, typer.Option("--assignment", help="Only of this one.")] = "",
) -> None:
    """The marks that count; of one student also every question, attempt and earlier run.

    \b
    grader gradebook show -g course.db
    grader gradebook show amber -g course.db
    """
    from grader.course.look import last_runs, outcomes_of
    from grader.gradebook.pages import class_page, runs_page, student_page
    from grader.gradebook.people import expect_student

    with book_to_read(the_gradebook(gradebook)) as book, faults_of_books():
        if student:
            expect_student(book, student)
        shown = last_runs(book, assignment)
        if not shown:
            sys.stdout.write(runs_page(()))
        for last in shown:
            outcomes = outcomes_of(book, last)
            if student:
                page = student_page(book, last.assignment, student, outcomes)
            else:
                page = class_page(last.assignment, last.run, outcomes, complete=last.complete)
            sys.stdout.write(page)


@gradebook.command()
def runs(gradebook: AnyBookOption = None) -> None:
    """Every run: when a class was marked, under which edition, and how far it came.

    \b
    grader gradebook runs -g course.db
    """
    from grader.course.look import all_runs
    from grader.gradebook.pages import runs_page

    with book_to_read(the_gradebook(gradebook)) as book:
        sys.stdout.write(runs_page(all_runs(book)))


@gradebook.command()
def check(gradebook: AnyBookOption = None) -> None:
    """Read all of it, and compute every digest anew. Ends with 1 where something is wrong.

    \b
    grader gradebook check -g course.db
    """
    from grader.gradebook.check import problems_of

    path = the_gradebook(gradebook)
    with book_to_read(path) as book:
        found = list(problems_of(book))
    for problem in found:
        sys.stdout.write(f"{problem}\n")
    if found:
        raise typer.Exit(Exit.HOLE)
    sys.stdout.write(f"{path} is whole\n")


@gradebook.command()
def forget(
    students: Annotated[
        list[str],
        typer.Argument(help="Whom, as the table names them.", metavar="student..."),
    ],
    gradebook: BookOption,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take out students with all that they handed in and got, for good.

    Says which files still hold something of theirs: results that were written, and backups.

    \b
    grader gradebook forget amber -g course.db
    """
    from grader.gradebook.people import expect_student
    from grader.gradebook.people import forget as take_out

    with book_to_write(gradebook, make=False) as book:
        for student in students:
            expect_student(book, student)
        who = ", ".join(students[:5]) + f" and {len(students) - 5} more" * (len(students) > 5)
        if not yes and not typer.confirm(f"Take {who} out of {gradebook} for good?"):
            usage_error("nothing was changed")
        left = take_out(book, *students)
    sys.stdout.write(f"{who} {'is' if len(students) == 1 else 'are'} out of {gradebook}\n")
    for path in left.exported:
        note(f"{path} was written from it, and may still hold {who}: write or delete it anew")
    for path in left.backups:
        note(f"{path} is a copy from before, and may still hold {who}")


@gradebook.command()
def export(
    gradebook: AnyBookOption = None,
    assignment: Annotated[
        str, typer.Option("--assignment", help="The assignment (default: the only one).")
    ] = "",
    run: Annotated[
        int | None, typer.Option("--run", help="The number of the run (default: the last).")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write there instead of printing.")
    ] = None,
) -> None:
    """The results of a class as JSON, just as `grade --results` writes them.

    \b
    grader gradebook export -g course.db --output r.json
    """
    from dataclasses import replace

    from grader.course.look import graded_in, last_runs
    from grader.gradebook.keeping import now
    from grader.gradebook.people import note_export
    from grader.report.results_json import results_json
    from grader.spec.load import SpecFault

    check_outputs([output] if output else [])
    opening = partial(book_to_write, make=False) if output else book_to_read
    with opening(the_gradebook(gradebook)) as book:
        found = last_runs(book, assignment)
        if len(found) != 1:
            names = ", ".join(one.assignment for one in found) or "none"
            usage_error(f"say which with --assignment: there is {names}")
        last = found[0] if run is None else replace(found[0], run=run)
        row = book.row("SELECT assignment FROM run WHERE id = ?", last.run)
        if row is None or row["assignment"] != last.assignment:
            usage_error(f"there is no run {run} of {last.assignment}: `grader gradebook runs`")
        try:
            text = results_json(graded_in(book, last))
        except SpecFault as fault:
            usage_error(f"the assignment of this run cannot be read any more: {fault}")
        if output is None:
            sys.stdout.write(text)
            return
        write_all(partial(write_output, output, text.encode()))
        note_export(book, last.assignment, output, now=now())
