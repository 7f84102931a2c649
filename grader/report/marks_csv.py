"""Answers for a person to mark, as a table for a spreadsheet, and the table filled in again.

Spreadsheets change what they save: separators, quotes, the byte order mark, decimal commas, leading
zeros. So columns are found by their names, and a row by a text that no spreadsheet takes for a
number or a date.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.model.number_text import points_text, read_points
from grader.report.cells import guarded, unguarded
from grader.sandbox.text import clean_text
from grader.spec.tables import TableFault, decoded_table, rows_of_table

__all__ = ["FilledRow", "MarkRow", "MarksTableFault", "marks_csv", "read_lines", "read_marks"]

_COLUMNS = (
    "row",
    "student",
    "question",
    "attempt",
    "answer",
    "rubric",
    "max_points",
    "lines",
    "points",
    "comment",
    "also",
    "version",
)
_NEEDED = ("row", "version", "points", "lines", "comment")
_LONGEST = 30_000  # characters: a cell of a spreadsheet holds 32,767
_LARGEST_BYTES = 64 << 20


class MarksTableFault(Exception):
    """The file is not a table of marks; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRow:
    """One answer as it is written; `points`, `lines` and `comment` are of a mark that is there."""

    row: str
    student: str
    question: str
    attempt: int
    answer: str
    rubric: Sequence[tuple[str, Fraction | None]]
    max_points: Fraction
    version: str
    points: Fraction | None = None
    lines: Sequence[int] = ()
    comment: str = ""
    also: Sequence[str] = ()  #: who handed it in together with the student


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledRow:
    """One row as it came back. `wrong` says what cannot be read of it, "" for nothing."""

    number: int  #: of the line in the file, from 1
    row: str
    student: str
    version: str
    points: Fraction | None
    lines: tuple[int, ...] | None  #: None: none were given; () for "none"
    comment: str
    also: tuple[str, ...] = ()  #: who gets the same
    wrong: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nobody filled it in."""
        return self.points is None and self.lines is None and not self.comment and not self.wrong


def marks_csv(rows: Iterable[MarkRow], separator: str = ",") -> str:
    """The table; no text of a student's is a formula in it.

    Semicolons are for spreadsheets whose decimals have a comma: to them 2.5 is a day in May.
    """
    mark = "," if separator == ";" else "."
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for one in rows:
        cells = (
            one.row,
            guarded(one.student),
            one.question,
            str(one.attempt),
            guarded(_cut(one.answer)),
            guarded(_rubric(one.rubric)),
            points_text(one.max_points).replace(".", mark),
            " ".join(map(str, one.lines)),
            "" if one.points is None or one.lines else points_text(one.points).replace(".", mark),
            guarded(clean_text(one.comment, limit=_LONGEST)),
            guarded("; ".join(one.also)),
            one.version,
        )
        writer.writerow(cells)
    return text.getvalue()


def _cut(answer: str) -> str:
    text = clean_text(answer, limit=2 * _LONGEST)
    more = len(text) - _LONGEST
    return text if more <= 0 else f"{text[:_LONGEST]}… and {more} more characters"


def _rubric(lines: Sequence[tuple[str, Fraction | None]]) -> str:
    told = []
    for number, (text, points) in enumerate(lines, 1):
        worth = "" if points is None else f" [{points_text(points)}]"
        told.append(f"{number}: {text}{worth}")
    return "\n".join(told)


def read_marks(content: bytes) -> list[FilledRow]:
    """The rows of a table that a person filled in. Raises MarksTableFault."""
    if len(content) > _LARGEST_BYTES:
        msg = "it is larger than 64 MiB"
        raise MarksTableFault(msg)
    try:
        text, _ = decoded_table(content)
        _, rows = rows_of_table(text, lambda titles: len({*map(str.lower, titles)} & {*_COLUMNS}))
        names = [name.strip().lower() for name in next(rows, (0, []))[1]]
        missing = [name for name in _NEEDED if name not in names]
        if missing:
            msg = f"its first line has no column {', '.join(missing)}: export the table anew"
            raise MarksTableFault(msg)
        return [
            _row(number, dict(zip(names, cells, strict=False)), cells[len(names) :])
            for number, cells in rows
        ]
    except TableFault as fault:
        msg = f"it cannot be read as a table: {fault}"
        raise MarksTableFault(msg) from fault


def _row(number: int, cells: Mapping[str, str], beyond: Sequence[str]) -> FilledRow:
    wrong: list[str] = []
    if any(beyond):
        wrong.append("there are more cells than columns: is a text with the separator not quoted?")
    points = lines = None
    written = cells.get("points", "").strip()
    if written:
        points = read_points(unguarded(written))
        if points is None:
            wrong.append(f"{written!r} is not a number of points")
    chosen = cells.get("lines", "").strip()
    if chosen:
        lines = read_lines(unguarded(chosen))
        if lines is None:
            wrong.append(f"expected numbers of lines, such as 1 3, got {chosen!r}")
    return FilledRow(
        number=number,
        row=cells.get("row", "").strip(),
        student=unguarded(cells.get("student", "").strip()),
        version=cells.get("version", "").strip(),
        points=points,
        lines=lines,
        comment=unguarded(cells.get("comment", "").strip()),
        also=tuple(filter(None, map(str.strip, unguarded(cells.get("also", "")).split(";")))),
        wrong="; ".join(wrong),
    )


def read_lines(text: str) -> tuple[int, ...] | None:
    """`1 3`, with any separator; `none` chooses none of them."""
    if text.lower() in ("none", "0", "-"):
        return ()
    if not re.fullmatch(r"\d{1,3}([\s,;.+/]+\d{1,3})*", text, re.ASCII):
        return None
    return tuple(sorted({int(number) for number in re.findall(r"\d+", text)}))
