"""Marks put into a table of a platform's, in one column: what Canvas and Moodle have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from grader.model.grade import Grade
from grader.report.exports.exported import ExportFault, LeftOut, decimal_text, title_of
from grader.report.exports.table import Table
from grader.spec.problems import did_you_mean

__all__ = ["Marks", "column_named", "number_in", "other_maximum", "written"]

_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_COLUMNS_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Where marks are put, and how."""

    column: int
    excused: str = ""  #: what stands for an excused one; "" leaves the cell alone
    maximum: Fraction | None = None  #: the platform's, where it says one
    scale: bool = False  #: to that maximum
    #: why the platform would not take a number in a row, or ""
    refused: Callable[[int, Fraction], str] = lambda _row, _points: ""


def written(
    table: Table, pairs: Iterable[tuple[int, Grade]], marks: Marks
) -> tuple[Mapping[int, Grade], Sequence[LeftOut]]:
    """Put every final mark into its row: whose stands where, and what should not be overlooked.

    Where there is no final mark the cell stays as it is: empty, or with what the platform has. So
    does the cell of somebody whom the platform excuses: a mark there would end the excuse.
    """
    done: dict[int, Grade] = {}
    kept: list[str] = []
    excused: list[str] = []
    refused: dict[str, list[str]] = {}
    decimals = table.decimal_mark
    for row, grade in pairs:
        there = table.get(row, marks.column)
        points = None if grade.excused else _scaled(grade, marks)
        if grade.excused and marks.excused:
            table.set(row, marks.column, marks.excused)
        elif points is None:
            if there:
                kept.append(f"{title_of(grade)}: {there}")
        elif marks.excused and there.strip().casefold() == marks.excused.casefold():
            excused.append(f"{title_of(grade)}: {decimal_text(points)}")
        elif why := marks.refused(row, points):
            refused.setdefault(why, []).append(f"{title_of(grade)}: {decimal_text(points)}")
        else:
            text = decimal_text(points, mark=decimals)
            if number_in(there) != number_in(text):
                table.set(row, marks.column, text)
            done[row] = grade
    left = [LeftOut(what=why, who=tuple(who)) for why, who in refused.items()]
    if excused:
        left.append(LeftOut(what="excused in the file, so not written", who=tuple(excused)))
    if kept:
        left.append(LeftOut(what="no mark to export, and the file has one", who=tuple(kept)))
    return done, left


def _scaled(grade: Grade, marks: Marks) -> Fraction | None:
    if grade.points is None or not marks.scale or marks.maximum is None or not grade.max_points:
        return grade.points
    return grade.points * marks.maximum / grade.max_points


def other_maximum(grades: Sequence[Grade], marks: Marks, platform: str) -> Sequence[str]:
    """A warning where a platform's maximum is not that of the marks, and nothing was scaled."""
    of_marks = {grade.max_points for grade in grades if not grade.excused}
    if marks.maximum is None or marks.scale or of_marks <= {marks.maximum}:
        return ()
    shown = ", ".join(map(decimal_text, sorted(of_marks)))
    theirs = decimal_text(marks.maximum)
    return (f"the maximum is {theirs} in {platform} and {shown} here: --scale multiplies to it",)


def number_in(text: str) -> Fraction | None:
    """The number that a cell holds, with a point or a comma; None where it holds none."""
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Fraction(Decimal(text.replace(",", ".")))
    except (InvalidOperation, ValueError):
        return None


def column_named(wanted: str, columns: Sequence[str], places: Sequence[int], file: str) -> int:
    """The place of the only column of this name among these. Raises ExportFault."""
    found = [place for place in places if columns[place].casefold() == wanted.strip().casefold()]
    if len(found) == 1:
        return found[0]
    names = [columns[place] for place in places]
    if found:
        msg = f"{file} has {len(found)} columns {wanted!r}"
        raise ExportFault(msg)
    shown = ", ".join(map(repr, names[:_COLUMNS_SHOWN])) + ", …" * (len(names) > _COLUMNS_SHOWN)
    near = did_you_mean(wanted, names) or (f"there are {shown}" if names else "there are none")
    msg = f"{file} has no column {wanted!r} for marks; {near}"
    raise ExportFault(msg)
