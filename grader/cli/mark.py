"""`grader mark`: marks of people, one at a time or by a table."""

from __future__ import annotations

import getpass
import os
import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.books import AnyBookOption, book_to_read, book_to_write, the_gradebook
from grader.cli.exits import Exit, bad_spec, note, usage_error, warn
from grader.cli.outputs import check_outputs, make_folder, write_all, write_output

if TYPE_CHECKING:
    from fractions import Fraction

    from grader.course.by_hand import HandAnswer
    from grader.gradebook.book import Gradebook

__all__ = ["mark"]


class Separator(StrEnum):
    """What stands between the cells of a table: the one that the spreadsheet here expects."""

    COMMA = "comma"
    SEMICOLON = "semicolon"
    TAB = "tab"


_SEPARATORS = {Separator.COMMA: ",", Separator.SEMICOLON: ";", Separator.TAB: "\t"}


def mark(
    student: Annotated[str, typer.Argument(help="As the table of the class names them.")] = "",
    question: Annotated[str, typer.Argument(help="The id of the question.")] = "",
    points: Annotated[
        str, typer.Option("--points", help="What is given; with --adjust what is added: +1, -0.5.")
    ] = "",
    rubric: Annotated[
        str, typer.Option("--rubric", help="Lines of the rubric: 1,3 (or none).")
    ] = "",
    comment: Annotated[str, typer.Option("--comment", help="What the student reads.")] = "",
    adjust: Annotated[
        bool, typer.Option("--adjust", help="Add points to what there is, with a --reason.")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why it is adjusted or undone.")] = "",
    undo: Annotated[
        bool, typer.Option("--undo", help="Take back the last mark or adjustment.")
    ] = False,
    history: Annotated[
        bool, typer.Option("--history", help="Show what was marked, by whom and when.")
    ] = False,
    export: Annotated[
        Path | None,
        typer.Option("--export", help="Write the answers that wait into this table (CSV)."),
    ] = None,
    take: Annotated[
        Path | None, typer.Option("--import", help="Take the marks of a table filled in.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Export what was marked by a person too.")
    ] = False,
    separator: Annotated[
        Separator | None,
        typer.Option("--separator", help="Of the cells of --export: comma, semicolon or tab."),
    ] = None,
    by: Annotated[
        str, typer.Option("--by", help="Who marks (default: the name of this account).")
    ] = "",
    beyond: Annotated[
        bool, typer.Option("--beyond", help="More than the question is worth, or less than 0.")
    ] = False,
    assignment: Annotated[
        str, typer.Option("--assignment", help="Which (default: the only one).")
    ] = "",
    attempt: Annotated[
        int, typer.Option("--attempt", min=0, help="Which attempt (default: the last).")
    ] = 0,
    gradebook: AnyBookOption = None,
) -> None:
    """Mark an answer that waits for a person, or any other. What was judged stays beside it.

    \b
    grader mark amber contour_plot --rubric 1,3 --comment "Which way is downhill?" -g course.db
    grader mark amber sgd_points --adjust --points +1 --reason "typo in the sheet" -g course.db
    grader mark amber contour_plot --undo -g course.db
    grader mark --export pending.csv -g course.db      (fill in lines or points)
    grader mark --import pending.csv -g course.db
    """
    table = [one for one in (export, take) if one is not None]
    if len(table) + adjust + undo + history > 1:
        usage_error("only one of --export, --import, --adjust, --undo and --history can be given")
    from grader.course.by_hand import MarkFault
    from grader.report.marks_csv import MarksTableFault
    from grader.spec.load import SpecFault

    marker = by or os.environ.get("GRADER_MARKER", "") or getpass.getuser()
    check_outputs([export] if export else [])
    path = the_gradebook(gradebook)
    try:
        if export is not None:
            _export(path, export, assignment, student or question, separator, every=every)
            return
        if take is not None:
            _import(path, take, marker, beyond=beyond)
            return
        if not student or (not question and not history):
            usage_error("say whose answer to which question: grader mark STUDENT QUESTION …")
        if history:
            with book_to_read(path) as book:
                sys.stdout.write(_history(book, student, question, assignment))
            return
        with book_to_write(path, make=False) as book:
            answer = _answer(book, student, question, assignment, attempt)
            if undo:
                _undo(book, answer, marker, reason)
            elif adjust:
                _adjust(book, answer, marker, _points(points), reason, beyond=beyond)
            else:
                _give(book, answer, marker, points, rubric, comment, beyond=beyond)
    except SpecFault as fault:
        bad_spec(fault.diagnostics)
    except (MarkFault, MarksTableFault) as fault:
        where = f"{take}: " if take is not None else ""
        usage_error(f"{where}{fault}")


def _answer(
    book: Gradebook, student: str, question: str, assignment: str, attempt: int
) -> HandAnswer:
    from grader.course.by_hand import find_answer
    from grader.course.hand_marks import assignment_for
    from grader.gradebook.people import expect_student

    expect_student(book, student)
    slug = assignment_for(book, assignment, question)
    return find_answer(book, slug, student, question, attempt)


def _points(text: str) -> Fraction | None:
    from grader.model.number_text import read_points

    if not text:
        return None
    number = read_points(text)
    if number is None:
        usage_error(f"--points is a number such as 2, 2.5 or 5/2, not {text!r}")
    return number


def _give(
    book: Gradebook,
    answer: HandAnswer,
    by: str,
    points: str,
    rubric: str,
    comment: str,
    *,
    beyond: bool,
) -> None:
    from grader.course.hand_marks import give_mark
    from grader.gradebook.keeping import now
    from grader.report.marks_csv import read_lines

    lines = read_lines(rubric.strip()) if rubric.strip() else None
    if rubric.strip() and lines is None:
        usage_error(f"--rubric is numbers of lines such as 1,3, or none; not {rubric!r}")
    told = give_mark(
        book, answer, _points(points), lines, comment=comment, by=by, now=now(), beyond=beyond
    )
    _say(told)


def _adjust(
    book: Gradebook,
    answer: HandAnswer,
    by: str,
    points: Fraction | None,
    reason: str,
    *,
    beyond: bool,
) -> None:
    from grader.course.hand_marks import adjust_mark
    from grader.gradebook.keeping import now

    if points is None or points == 0:
        usage_error("--adjust needs the --points to add, such as +1 or -0.5")
    if not reason.strip():
        usage_error("--adjust needs a --reason")
    _say(adjust_mark(book, answer, points, reason=reason.strip(), by=by, now=now(), beyond=beyond))


def _undo(book: Gradebook, answer: HandAnswer, by: str, reason: str) -> None:
    from grader.course.hand_marks import undo_mark
    from grader.gradebook.keeping import now

    _say(undo_mark(book, answer, by=by, reason=reason.strip(), now=now()))


def _say(told: list[str]) -> None:
    first, *notes = told
    sys.stdout.write(f"{first}\n")
    for one in notes:
        note(one)


def _history(book: Gradebook, student: str, question: str, assignment: str) -> str:
    from grader.gradebook.pages import history_page
    from grader.gradebook.people import expect_student

    expect_student(book, student)
    return history_page(book, student, assignment=assignment, question=question)


def _export(
    path: Path,
    output: Path,
    assignment: str,
    question: str,
    separator: Separator | None,
    *,
    every: bool,
) -> None:
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
            figures_in=folder.name,
            separator=_SEPARATORS[separator or Separator.COMMA],
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


def _import(path: Path, table: Path, by: str, *, beyond: bool) -> None:
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
    for what, lines in (("conflicts", taken.conflicts), ("were not taken", taken.refused)):
        if lines:
            warn(f"{len(lines)} {what}; nothing there was changed", *lines)
    if taken.conflicts or taken.refused:
        raise typer.Exit(Exit.HOLE)
