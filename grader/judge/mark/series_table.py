"""The table of a series, as columns of numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from grader.compare.array import is_numeric
from grader.compare.number import Real, as_float, as_real
from grader.model.fact_series import TableUnreadable
from grader.model.series import SeriesQuestion
from grader.model.value import NumberText, Value
from grader.model.verdict import Reason
from grader.submissions.meant import parts_meant

__all__ = ["Cells", "NoSuchTable", "SeriesTable", "decimal", "read_table"]

Cells: TypeAlias = tuple[Fraction | None, ...]
_MAX_ROWS = 100_000
_GAPS = ("", "-", "–", "—", "?", "/", "n/a", "na", "none", "null")


class NoSuchTable(Exception):
    """The answer is not such a table; the fact says why."""

    def __init__(self, fact: TableUnreadable) -> None:
        super().__init__(fact.reason.value)
        self.fact = fact


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesTable:
    """Columns of equal length by name, and the row that is stated as the best."""

    columns: Mapping[str, Cells]
    best: Mapping[str, Value]


def read_table(question: SeriesQuestion, value: Value) -> SeriesTable:
    """Columns by name, or a list of rows (also as `rows:`); beside them the row stated as best."""
    best: Mapping[str, Value] = {}
    if isinstance(value, Mapping):
        value = _filled(value)
        stated = value.pop("best", None) if "best" not in question.columns else None
        best = _renamed(question, _filled(stated)) if isinstance(stated, Mapping) else {}
        if set(value) == {"rows"} and "rows" not in question.columns:
            value = value["rows"]
    columns = _renamed(question, value if isinstance(value, Mapping) else _by_column(value))
    return SeriesTable(columns=_cells(question, columns), best=best)


def _renamed(question: SeriesQuestion, columns: Mapping[str, Value]) -> Mapping[str, Value]:
    """By the names of the columns that are meant; a name that is meant for none stays."""
    found = parts_meant([str(name) for name in columns], question.columns)
    return {found.get(str(name), name): cells for name, cells in columns.items()}


def _filled(named: Mapping[str, Value]) -> dict[str, Value]:
    """Without the names that nothing was written to."""
    return {name: value for name, value in named.items() if value is not None}


def _by_column(value: Value) -> Mapping[str, Value]:
    if not isinstance(value, list | tuple) or not all(isinstance(row, Mapping) for row in value):
        raise NoSuchTable(TableUnreadable(reason=Reason.NOT_A_TABLE))
    names: dict[str, None] = {}
    for row in value:
        for name in row:
            names[str(name)] = None
    return {name: tuple(row.get(name) for row in value) for name in names}


def _expect_column(question: SeriesQuestion, name: Value) -> None:
    if name not in question.columns:
        raise NoSuchTable(
            TableUnreadable(reason=Reason.UNKNOWN_LABEL, column=name, columns=question.columns)
        )


def _cells(question: SeriesQuestion, columns: Mapping[str, Value]) -> Mapping[str, Cells]:
    read: dict[str, Cells] = {}
    for name, cells in columns.items():
        _expect_column(question, name)
        items = cells.tolist() if hasattr(cells, "tolist") else cells
        if not isinstance(items, list | tuple) or len(items) > _MAX_ROWS:
            raise NoSuchTable(TableUnreadable(reason=Reason.NOT_A_TABLE, column=name))
        read[name] = tuple(
            _cell(question, name, row, cell) for row, cell in enumerate(items, start=1)
        )
    if len({len(cells) for cells in read.values()}) > 1:
        lengths = {name: len(cells) for name, cells in read.items()}
        raise NoSuchTable(TableUnreadable(reason=Reason.WRONG_LENGTH, lengths=lengths))
    return read


def _cell(question: SeriesQuestion, column: str, row: int, cell: Value) -> Fraction | None:
    if question.gaps and (cell is None or _is_gap(cell)):
        return None
    number = as_real(cell) if is_numeric(cell) else None
    if number is None:
        raise NoSuchTable(
            TableUnreadable(reason=Reason.NOT_A_NUMBER, column=column, row=row, cell=cell)
        )
    if not math.isfinite(as_float(number)):
        raise NoSuchTable(TableUnreadable(reason=Reason.NOT_FINITE, column=column, row=row))
    return decimal(number)


def _is_gap(cell: Value) -> bool:
    return isinstance(cell, str) and cell.strip().casefold() in _GAPS


def decimal(number: Real) -> Fraction:
    """The number as a person wrote it: a step from 0.8 to 0.7 is a tenth, not a little more."""
    return number.exact if isinstance(number, NumberText) else Fraction(repr(number))
