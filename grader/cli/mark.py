"""`grader mark`: marks of people, one at a time or by a table."""

from __future__ import annotations

import contextlib
import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.books import AnyBookOption, book_to_read, book_to_write, the_gradebook
from grader.cli.exits import bad_spec, note, usage_error
from grader.cli.exporting import SeparatorOption
from grader.cli.mark_table import export_marks, import_marks
from grader.cli.outputs import check_outputs
from grader.sandbox.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from grader.course.by_hand import HandAnswer
    from grader.gradebook.book import Gradebook

__all__ = ["mark"]


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
        Path | None, typer.Option("--import", help="Take the marks from such a table, filled in.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Export what was marked by a person too.")
    ] = False,
    absent: Annotated[
        bool,
        typer.Option("--absent", help="Export every question of those who handed in nothing too."),
    ] = False,
    separator: SeparatorOption = None,
    by: Annotated[
        str, typer.Option("--by", help="Who marks (default: the name of this account).")
    ] = "",
    beyond: Annotated[
        bool,
        typer.Option(
            "--beyond", help="Allow more points than the question is worth, or fewer than 0."
        ),
    ] = False,
    group: Annotated[
        bool, typer.Option("--group", help="The same mark for all who handed it in together.")
    ] = False,
    assignment: Annotated[
        str, typer.Option("--assignment", help="The assignment (default: the only one).")
    ] = "",
    attempt: Annotated[
        int,
        typer.Option(
            "--attempt", min=0, show_default=False, help="Which attempt (default: the last)."
        ),
    ] = 0,
    gradebook: AnyBookOption = None,
) -> None:
    """Mark an answer that waits for a person, or any other. What was judged stays beside it.

    \b
    grader mark amber contour_plot --rubric 1,3 --comment "Downhill?" -g course.db
    grader mark amber sgd_points --adjust --points +1 --reason typo -g course.db
    grader mark amber contour_plot --undo -g course.db
    grader mark amber oral --points 2 --group -g course.db   (for all of a group)
    grader mark --export pending.csv -g course.db      (fill in lines or points)
    grader mark --import pending.csv -g course.db
    """
    table = [one for one in (export, take) if one is not None]
    if len(table) + adjust + undo + history > 1:
        usage_error("only one of --export, --import, --adjust, --undo and --history can be given")
    if separator is not None and export is None:
        usage_error("--separator goes with --export")
    if absent and export is None:
        usage_error("--absent goes with --export")
    if group and (table or history):
        usage_error("--group marks one answer: in a table the column `also` says who gets the same")
    from grader.course.by_hand import MarkFault
    from grader.report.marks_csv import MarksTableFault
    from grader.spec.load import SpecFault

    marker = clean_text(by or os.environ.get("GRADER_MARKER", "") or getpass.getuser(), limit=200)
    check_outputs([export] if export else [])
    path = the_gradebook(gradebook)
    try:
        if export is not None:
            of = student or question
            export_marks(path, export, assignment, of, separator, every=every, absent=absent)
            return
        if take is not None:
            import_marks(path, take, marker, beyond=beyond)
            return
        if not student or (not question and not history):
            usage_error("say whose answer to which question: grader mark STUDENT QUESTION …")
        if history:
            with book_to_read(path) as book:
                sys.stdout.write(_history(book, student, question, assignment))
            return
        with (
            book_to_write(path, make=False) as book,
            _answers(book, student, question, assignment, attempt, whole_group=group) as answers,
        ):
            also = [one.student for one in answers]
            for answer in answers:
                if undo:
                    _undo(book, answer, marker, reason)
                elif adjust:
                    _adjust(book, answer, marker, _points(points), reason, beyond=beyond)
                else:
                    _give(book, answer, marker, points, rubric, comment, also, beyond=beyond)
    except SpecFault as fault:
        bad_spec(fault.diagnostics)
    except (MarkFault, MarksTableFault) as fault:
        where = f"{take}: " if take is not None else ""
        usage_error(f"{where}{fault}")


@contextlib.contextmanager
def _answers(
    book: Gradebook,
    student: str,
    question: str,
    assignment: str,
    attempt: int,
    *,
    whole_group: bool,
) -> Iterator[list[HandAnswer]]:
    """What is to be marked: one answer, or those of a group."""
    from grader.course.hand_marks import assignment_for
    from grader.course.together import answer_to_mark, together_with
    from grader.gradebook.keeping import now
    from grader.gradebook.people import expect_student

    expect_student(book, student)
    slug = assignment_for(book, assignment, question)
    with answer_to_mark(book, slug, student, question, attempt, now=now()) as answer:
        others = together_with(book, answer) if whole_group else []
        if whole_group and not others:
            usage_error(f"nobody handed this in together with {student}: leave out --group")
        yield [answer, *others]


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
    also: list[str],
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
        book,
        answer,
        _points(points),
        lines,
        comment=comment,
        by=by,
        now=now(),
        beyond=beyond,
        also=also,
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
