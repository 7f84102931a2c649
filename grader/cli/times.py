"""`grader gradebook times`: when a class handed in, by a table."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from grader.cli.books import AnyBookOption, book_to_write, the_gradebook
from grader.cli.exits import note, usage_error
from grader.cli.paths import given_path

__all__ = ["times"]


def times(
    table: Annotated[
        Path, typer.Argument(help="A CSV: who, and handed_in.", parser=given_path, metavar="TABLE")
    ],
    gradebook: AnyBookOption = None,
    assignment: Annotated[
        str, typer.Option("--assignment", help="The assignment (default: the only one).")
    ] = "",
    by: Annotated[
        str, typer.Option("--by", help="Who says so (default: the name of this account).")
    ] = "",
) -> None:
    """Say when last attempts were handed in, where their download did not: Canvas and Moodle.

    A grading worksheet of Moodle will do as it is. Otherwise a roster's columns say who, and one
    called handed_in says when: 2027-03-01 23:59, by the clocks of the course.

    \b
    grader gradebook times worksheet.csv -g course.db
    """
    from grader.course.by_hand import MarkFault
    from grader.course.hand_marks import assignment_for
    from grader.course.handing_in import take_times
    from grader.gradebook.roster_csv import RosterFault, read_roster
    from grader.submissions.notes import listed

    who = by or os.environ.get("GRADER_MARKER", "") or getpass.getuser()
    try:
        read = read_roster(table)
        if not (read.handed_in or read.notes):
            usage_error(f"{table} has no column handed_in, or nothing stands in it")
        with book_to_write(the_gradebook(gradebook), make=False) as book:
            slug = assignment_for(book, assignment, "")
            taken = take_times(book, slug, read, f"{who}, by {table.name}")
    except (MarkFault, RosterFault) as fault:
        usage_error(str(fault).replace("the roster ", ""))
    told = taken.told
    sys.stdout.write(f"{slug}: {len(told.kept)} of {len(read.handed_in)} times are new\n")
    for text in taken.notes:
        note(text)
    for what, names in (
        ("another time than was known", told.instead),
        ("the time of an earlier attempt, which was left out", told.of_earlier),
        (f"in {table.name}, and not in the gradebook", taken.unknown),
        (f"in {table.name}, and handed in nothing that is in the gradebook", told.without_work),
        ("still not known when they handed in", taken.missing),
    ):
        if names:
            note(f"{what}: {listed(names)}")
