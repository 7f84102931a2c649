"""Marks of people by a table: what `grader mark --export` writes, and `--import` takes."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import typer

from grader.cli.books import book_to_write
from grader.cli.exits import Exit, note, usage_error, warn
from grader.cli.exporting import SEPARATORS, Separator
from grader.cli.outputs import make_folder, write_all, write_output

__all__ = ["export_marks", "import_marks"]


def export_marks(
    path: Path,
    output: Path,
    assignment: str,
    question: str,
    separator: Separator | None,
    *,
    every: bool,
    absent: bool,
) -> None:
    """Write what waits into a table, and figures into a folder beside it."""
    from grader.course.final import find_course_file, rules_for
    from grader.course.hand_marks import assignment_for
    from grader.course.marks_table import marks_table
    from grader.gradebook.grades import assignments_in
    from grader.gradebook.keeping import now
    from grader.gradebook.people import note_export

    with book_to_write(path, make=False) as book:
        slugs = [assignment_for(book, assignment, "")] if assignment else assignments_in(book)
        folder = output.with_name(f"{output.stem}-figures")
        table = marks_table(
            book,
            slugs,
            question=question,
            every=every,
            absent=absent,
            rules=rules_for(find_course_file(Path.cwd()), book).rules,
            figures_in=folder.name,
            separator=SEPARATORS[separator or Separator.COMMA],
        )
        content = b"\xef\xbb\xbf" + table.text.encode("utf-8", "replace")
        if table.figures:
            make_folder(folder)
        files = table.figures.items()
        figures = [partial(write_output, folder / name, figure) for name, figure in files]
        write_all(partial(write_output, output, content), *figures)
        for slug in slugs:
            for written in (output, *([folder] if table.figures else [])):
                note_export(book, slug, written, now=now())
    answers = f"{table.count} answer{'s' * (table.count != 1)}"
    figures_told = f", {len(table.figures)} of them in {folder}" if table.figures else ""
    sys.stdout.write(f"{output}: {answers} to mark{figures_told}\n")
    if separator is None and table.count:
        note("a spreadsheet that shows all of it in one column wants --separator semicolon")


def import_marks(path: Path, table: Path, by: str, *, beyond: bool) -> None:
    """Take the marks of a table that was filled in, and say what was not taken."""
    from grader.course.marks_table import take_marks
    from grader.gradebook.keeping import now

    try:
        content = table.read_bytes()
    except OSError as error:
        usage_error(f"{table} cannot be read: {error.strerror}")
    with book_to_write(path, make=False) as book:
        taken = take_marks(book, content, by=by, now=now(), beyond=beyond)
    parts = [f"{len(taken.given)} marked by {by}"]
    parts += [f"{taken.there_already} as they were"] * (taken.there_already > 0)
    parts += [f"{taken.empty} not filled in"] * (taken.empty > 0)
    sys.stdout.write(f"{table}: {', '.join(parts)}\n")
    for one, more, lines in (
        ("conflict", "conflicts", taken.conflicts),
        ("was not taken", "were not taken", taken.refused),
    ):
        if lines:
            what = one if len(lines) == 1 else more
            warn(f"{len(lines)} {what}; nothing there was changed", *lines)
    if taken.conflicts or taken.refused:
        raise typer.Exit(Exit.HOLE)
