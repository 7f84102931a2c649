"""series: a table or a training log, held against criteria."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

from grader.compare.array import is_numeric
from grader.compare.number import Real, as_float, as_real
from grader.judge.scoring import combine, whole
from grader.judge.words import about_failure, shown, staff, student
from grader.model.assignment import Criterion, Limits, SeriesQuestion
from grader.model.outcome import Outcome, PartOutcome
from grader.model.response import Response
from grader.model.value import NumberText, Value
from grader.model.verdict import Reason, Verdict

__all__ = ["judge_series"]

Cells: TypeAlias = tuple[Fraction | None, ...]
_MAX_ROWS = 100_000


class _TableFault(Exception):
    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    columns: Mapping[str, Cells]
    best: Mapping[str, Value]


def judge_series(question: SeriesQuestion, response: Response, limits: Limits) -> Outcome:
    """Read the table, then hold it against each criterion."""
    if response.failure is not None:
        failure = response.failure
        words = about_failure(failure, question.entry, limits)
        return whole(question, failure.verdict, failure.reason, feedback=words)
    try:
        table = _read_table(question, response.value)
    except _TableFault as fault:
        return whole(question, Verdict.INVALID, fault.reason, feedback=(student(str(fault)),))
    return combine(question, [_judge(criterion, table) for criterion in question.criteria])


def _judge(criterion: Criterion, table: _Table) -> PartOutcome:
    cells = table.columns.get(criterion.column)
    if cells is None:
        return PartOutcome(
            label=criterion.label,
            verdict=Verdict.MISSING,
            reason=Reason.NOT_ANSWERED,
            share=criterion.share,
            feedback=(student(f"the column {criterion.column} is missing"),),
        )
    if criterion.rule != "count" and not _readable(cells):
        complaint = f"the column {criterion.column} is empty"
    else:
        complaint = _RULES[criterion.rule](criterion, cells, table)
    verdict = Verdict.INCORRECT if complaint else Verdict.CORRECT
    wanted = _wanted(criterion) if complaint else ""
    return PartOutcome(
        label=criterion.label,
        verdict=verdict,
        reason=Reason.CRITERION_FAILED if complaint else None,
        share=criterion.share,
        credit=Fraction(0 if complaint else 1),
        feedback=(
            *((student(complaint),) if complaint else ()),
            *((staff(f"wanted: {wanted}"),) if wanted else ()),
        ),
    )


def _wanted(criterion: Criterion) -> str:
    """The bounds of a criterion, which are for staff; "" where it has none."""
    low, high = criterion.low, criterion.high
    if low is not None and high is not None:
        return f"{low:.10g}" if low == high else f"from {low:.10g} to {high:.10g}"
    if low is not None or high is not None:
        return f"at least {low:.10g}" if high is None else f"at most {high:.10g}"
    return f"no step back by more than {criterion.slack:.10g}" if criterion.slack else ""


# -- reading -------------------------------------------------------------------------------------


def _read_table(question: SeriesQuestion, value: Value) -> _Table:
    """Columns by name, or a list of rows (also as `rows:`); beside them the row stated as best."""
    best: Mapping[str, Value] = {}
    if isinstance(value, Mapping):
        value = dict(value)
        stated = value.pop("best", None) if "best" not in question.columns else None
        best = stated if isinstance(stated, Mapping) else {}
        if set(value) == {"rows"} and "rows" not in question.columns:
            value = value["rows"]
    columns = value if isinstance(value, Mapping) else _by_column(question, value)
    return _Table(columns=_cells(question, columns), best=best)


def _by_column(question: SeriesQuestion, value: Value) -> Mapping[str, Value]:
    if not isinstance(value, list | tuple) or not all(isinstance(row, Mapping) for row in value):
        msg = "a table is columns of numbers, or a list of rows that name their columns"
        raise _TableFault(Reason.NOT_A_TABLE, msg)
    names: dict[str, None] = {}
    for row in value:
        for name in row:
            _expect_column(question, name)
            names[str(name)] = None
    return {name: tuple(row.get(name) for row in value) for name in names}


def _expect_column(question: SeriesQuestion, name: Value) -> None:
    if name not in question.columns:
        msg = f"there is no column {shown(name)}; the columns are {', '.join(question.columns)}"
        raise _TableFault(Reason.UNKNOWN_LABEL, msg)


def _cells(question: SeriesQuestion, columns: Mapping[str, Value]) -> Mapping[str, Cells]:
    read: dict[str, Cells] = {}
    for name, cells in columns.items():
        _expect_column(question, name)
        items = cells.tolist() if hasattr(cells, "tolist") else cells
        if not isinstance(items, list | tuple) or len(items) > _MAX_ROWS:
            msg = f"the column {name} is not a list of numbers"
            raise _TableFault(Reason.NOT_A_TABLE, msg)
        read[name] = tuple(
            _cell(question, name, row, cell) for row, cell in enumerate(items, start=1)
        )
    if len({len(cells) for cells in read.values()}) > 1:
        lengths = ", ".join(f"{name}: {len(cells)}" for name, cells in read.items())
        msg = f"the columns have different lengths ({lengths})"
        raise _TableFault(Reason.WRONG_LENGTH, msg)
    return read


def _cell(question: SeriesQuestion, column: str, row: int, cell: Value) -> Fraction | None:
    if cell is None and question.gaps:
        return None
    number = as_real(cell) if is_numeric(cell) else None
    if number is None:
        msg = f"row {row} of the column {column} is no number: {shown(cell)}"
        raise _TableFault(Reason.NOT_A_NUMBER, msg)
    if not math.isfinite(as_float(number)):
        msg = f"row {row} of the column {column} is not finite"
        raise _TableFault(Reason.NOT_FINITE, msg)
    return _decimal(number)


def _decimal(number: Real) -> Fraction:
    """The number as a person wrote it: a step from 0.8 to 0.7 is a tenth, not a little more."""
    return number.exact if isinstance(number, NumberText) else Fraction(repr(number))


# -- rules: each returns a complaint for the student, or "" ---------------------------------------


def _readable(cells: Cells) -> list[tuple[int, Fraction]]:
    return [(row, cell) for row, cell in enumerate(cells, start=1) if cell is not None]


def _outside(criterion: Criterion, number: Fraction | int) -> bool:
    low, high = criterion.low, criterion.high
    return (low is not None and number < _decimal(low)) or (
        high is not None and number > _decimal(high)
    )


def _count(criterion: Criterion, cells: Cells, _table: _Table) -> str:
    return f"there are {len(cells)} rows" if _outside(criterion, len(cells)) else ""


def _range(criterion: Criterion, cells: Cells, _table: _Table) -> str:
    bad = [row for row, cell in _readable(cells) if _outside(criterion, cell)]
    return f"row {bad[0]} of {criterion.column} cannot be right" if bad else ""


def _final(criterion: Criterion, cells: Cells, _table: _Table) -> str:
    last = _readable(cells)[-1][1]
    return (
        f"the last {criterion.column}, {float(last):g}, is out of bounds"
        if _outside(criterion, last)
        else ""
    )


def _best_cell(criterion: Criterion, cells: Cells) -> Fraction:
    return (min if criterion.lowest else max)(cell for _, cell in _readable(cells))


def _best(criterion: Criterion, cells: Cells, _table: _Table) -> str:
    best = _best_cell(criterion, cells)
    return (
        f"the best {criterion.column}, {float(best):g}, is out of bounds"
        if _outside(criterion, best)
        else ""
    )


def _monotone(criterion: Criterion, cells: Cells, _table: _Table) -> str:
    sign = 1 if criterion.direction == "increasing" else -1
    slack = _decimal(criterion.slack)
    readable = _readable(cells)
    if len(readable) < 2:
        return f"one {criterion.column} shows no trend"
    for (_, before), (row, now) in pairwise(readable):
        if sign * (now - before) < -slack or (criterion.strictly and now == before):
            change = f"row {row} is {float(now):g} after {float(before):g}"
            return f"{criterion.column} is not {criterion.direction}: {change}"
    return ""


def _integers(criterion: Criterion, cells: Cells, _table: _Table) -> str:
    for row, cell in _readable(cells):
        if cell.denominator != 1:
            return f"row {row} of {criterion.column}, {float(cell):g}, is no whole number"
    return ""


def _states_best(criterion: Criterion, cells: Cells, table: _Table) -> str:
    if not table.best:
        return f"the answer does not name the best row: best: {{{', '.join(criterion.names)}}}"
    best = _best_cell(criterion, cells)
    rows = [row for row, cell in _readable(cells) if cell == best]
    if any(_names_row(criterion.names, table, row) for row in rows):
        return ""
    return f"the row stated as best is not the one with the best {criterion.column} of the table"


def _names_row(names: Sequence[str], table: _Table, row: int) -> bool:
    for name in names:
        stated = as_real(table.best.get(name))
        cells = table.columns.get(name)
        if stated is None or cells is None or not math.isfinite(as_float(stated)):
            return False
        if cells[row - 1] != _decimal(stated):
            return False
    return True


_RULES: Mapping[str, Callable[[Criterion, Cells, _Table], str]] = {
    "count": _count,
    "range": _range,
    "final": _final,
    "best": _best,
    "monotone": _monotone,
    "integers": _integers,
    "states_best": _states_best,
}
