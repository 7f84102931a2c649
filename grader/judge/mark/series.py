"""series: a table or a training log, held against criteria."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias

from grader.compare.array import is_numeric
from grader.compare.number import Real, as_float, as_real
from grader.judge.scoring import combine, whole
from grader.model.assignment import (
    Limits,
)
from grader.model.fact import Facts
from grader.model.fact_marking import (
    Failed,
)
from grader.model.fact_series import (
    CriterionMissed,
    TableUnreadable,
)
from grader.model.outcome import Outcome, PartOutcome
from grader.model.response import Response
from grader.model.series import (
    Criterion,
    SeriesQuestion,
)
from grader.model.value import NumberText, Value
from grader.model.verdict import Reason, Verdict

__all__ = ["judge_series"]

Cells: TypeAlias = tuple[Fraction | None, ...]
_MAX_ROWS = 100_000


class _TableFault(Exception):
    def __init__(self, fact: TableUnreadable) -> None:
        super().__init__(fact.reason.value)
        self.fact = fact


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    columns: Mapping[str, Cells]
    best: Mapping[str, Value]


def judge_series(question: SeriesQuestion, response: Response, limits: Limits) -> Outcome:
    """Read the table, then hold it against each criterion."""
    if response.failure is not None:
        failure = response.failure
        facts = Facts.of(Failed(failure=failure, entry=question.entry, limits=limits))
        return whole(question, failure.verdict, failure.reason, facts=facts)
    try:
        table = _read_table(question, response.value)
    except _TableFault as fault:
        return whole(question, Verdict.INVALID, fault.fact.reason, facts=Facts.of(fault.fact))
    parts = [_judge(criterion, table) for criterion in question.criteria]
    outcome = combine(question, parts)
    if all(
        part.credit or not criterion.required
        for criterion, part in zip(question.criteria, parts, strict=True)
    ):
        return outcome
    nothing, reason = Verdict.INCORRECT, Reason.CRITERION_FAILED
    return replace(outcome, verdict=nothing, reason=reason, score=Fraction(0))


def _judge(criterion: Criterion, table: _Table) -> PartOutcome:
    cells = table.columns.get(criterion.column)
    if cells is None:
        return PartOutcome(
            label=criterion.label,
            verdict=Verdict.MISSING,
            reason=Reason.NOT_ANSWERED,
            share=criterion.share,
            facts=Facts.of(CriterionMissed(rule="missing", column=criterion.column)),
        )
    if criterion.rule != "count" and not _readable(cells):
        missed: CriterionMissed | None = CriterionMissed(rule="empty", column=criterion.column)
    else:
        missed = _RULES[criterion.rule](criterion, cells, table)
    if missed is None:
        return PartOutcome(
            label=criterion.label,
            verdict=Verdict.CORRECT,
            share=criterion.share,
            credit=Fraction(1),
        )
    bounds = replace(missed, low=criterion.low, high=criterion.high, slack=criterion.slack)
    return PartOutcome(
        label=criterion.label,
        verdict=Verdict.INCORRECT,
        reason=Reason.CRITERION_FAILED,
        share=criterion.share,
        facts=Facts.of(bounds),
    )


# -- reading -------------------------------------------------------------------------------------


def _read_table(question: SeriesQuestion, value: Value) -> _Table:
    """Columns by name, or a list of rows (also as `rows:`); beside them the row stated as best."""
    best: Mapping[str, Value] = {}
    if isinstance(value, Mapping):
        value = _filled(value)
        stated = value.pop("best", None) if "best" not in question.columns else None
        best = _filled(stated) if isinstance(stated, Mapping) else {}
        if set(value) == {"rows"} and "rows" not in question.columns:
            value = value["rows"]
    columns = value if isinstance(value, Mapping) else _by_column(question, value)
    return _Table(columns=_cells(question, columns), best=best)


def _filled(named: Mapping[str, Value]) -> dict[str, Value]:
    """Without the names that nothing was written to."""
    return {name: value for name, value in named.items() if value is not None}


def _by_column(question: SeriesQuestion, value: Value) -> Mapping[str, Value]:
    if not isinstance(value, list | tuple) or not all(isinstance(row, Mapping) for row in value):
        raise _TableFault(TableUnreadable(reason=Reason.NOT_A_TABLE))
    names: dict[str, None] = {}
    for row in value:
        for name in row:
            _expect_column(question, name)
            names[str(name)] = None
    return {name: tuple(row.get(name) for row in value) for name in names}


def _expect_column(question: SeriesQuestion, name: Value) -> None:
    if name not in question.columns:
        raise _TableFault(
            TableUnreadable(reason=Reason.UNKNOWN_LABEL, column=name, columns=question.columns)
        )


def _cells(question: SeriesQuestion, columns: Mapping[str, Value]) -> Mapping[str, Cells]:
    read: dict[str, Cells] = {}
    for name, cells in columns.items():
        _expect_column(question, name)
        items = cells.tolist() if hasattr(cells, "tolist") else cells
        if not isinstance(items, list | tuple) or len(items) > _MAX_ROWS:
            raise _TableFault(TableUnreadable(reason=Reason.NOT_A_TABLE, column=name))
        read[name] = tuple(
            _cell(question, name, row, cell) for row, cell in enumerate(items, start=1)
        )
    if len({len(cells) for cells in read.values()}) > 1:
        lengths = {name: len(cells) for name, cells in read.items()}
        raise _TableFault(TableUnreadable(reason=Reason.WRONG_LENGTH, lengths=lengths))
    return read


def _cell(question: SeriesQuestion, column: str, row: int, cell: Value) -> Fraction | None:
    if cell is None and question.gaps:
        return None
    number = as_real(cell) if is_numeric(cell) else None
    if number is None:
        raise _TableFault(
            TableUnreadable(reason=Reason.NOT_A_NUMBER, column=column, row=row, cell=cell)
        )
    if not math.isfinite(as_float(number)):
        raise _TableFault(TableUnreadable(reason=Reason.NOT_FINITE, column=column, row=row))
    return _decimal(number)


def _decimal(number: Real) -> Fraction:
    """The number as a person wrote it: a step from 0.8 to 0.7 is a tenth, not a little more."""
    return number.exact if isinstance(number, NumberText) else Fraction(repr(number))


# -- rules: each returns what misses the demand, or None -------------------------------------------


def _readable(cells: Cells) -> list[tuple[int, Fraction]]:
    return [(row, cell) for row, cell in enumerate(cells, start=1) if cell is not None]


def _outside(criterion: Criterion, number: Fraction | int) -> bool:
    low, high = criterion.low, criterion.high
    return (low is not None and number < _decimal(low)) or (
        high is not None and number > _decimal(high)
    )


def _missed(criterion: Criterion, **found: Any) -> CriterionMissed:
    return CriterionMissed(rule=criterion.rule, column=criterion.column, **found)


def _count(criterion: Criterion, cells: Cells, _table: _Table) -> CriterionMissed | None:
    return _missed(criterion, rows=len(cells)) if _outside(criterion, len(cells)) else None


def _range(criterion: Criterion, cells: Cells, _table: _Table) -> CriterionMissed | None:
    bad = [(row, cell) for row, cell in _readable(cells) if _outside(criterion, cell)]
    return _missed(criterion, row=bad[0][0], number=as_float(bad[0][1])) if bad else None


def _final(criterion: Criterion, cells: Cells, _table: _Table) -> CriterionMissed | None:
    row, last = _readable(cells)[-1]
    if not _outside(criterion, last):
        return None
    return _missed(criterion, row=row, number=float(last))


def _best_cell(criterion: Criterion, cells: Cells) -> Fraction:
    return (min if criterion.lowest else max)(cell for _, cell in _readable(cells))


def _best(criterion: Criterion, cells: Cells, _table: _Table) -> CriterionMissed | None:
    best = _best_cell(criterion, cells)
    if not _outside(criterion, best):
        return None
    return _missed(criterion, number=float(best), direction=_which(criterion))


def _which(criterion: Criterion) -> str:
    return "lowest" if criterion.lowest else "highest"


def _monotone(criterion: Criterion, cells: Cells, _table: _Table) -> CriterionMissed | None:
    sign = 1 if criterion.direction == "increasing" else -1
    slack = _decimal(criterion.slack)
    readable = _readable(cells)
    if len(readable) < 2:
        return _missed(criterion)
    for (_, before), (row, now) in pairwise(readable):
        if sign * (now - before) < -slack or (criterion.strictly and now == before):
            return _missed(
                criterion,
                row=row,
                number=float(now),
                before=float(before),
                direction=criterion.direction,
            )
    return None


def _distinct(criterion: Criterion, cells: Cells, _table: _Table) -> CriterionMissed | None:
    values = len({cell for _, cell in _readable(cells)})
    return _missed(criterion, rows=values) if _outside(criterion, values) else None


def _rows_differ(criterion: Criterion, _cells: Cells, table: _Table) -> CriterionMissed | None:
    columns = [table.columns[name] for name in criterion.names if name in table.columns]
    first: dict[tuple[Fraction | None, ...], int] = {}
    for row, values in enumerate(zip(*columns, strict=True), start=1):
        if first.setdefault(values, row) != row:
            return _missed(criterion, row=row, like=first[values], names=criterion.names)
    return None


def _integers(criterion: Criterion, cells: Cells, _table: _Table) -> CriterionMissed | None:
    for row, cell in _readable(cells):
        if cell.denominator != 1:
            return _missed(criterion, row=row, number=float(cell))
    return None


def _states_best(criterion: Criterion, cells: Cells, table: _Table) -> CriterionMissed | None:
    if not table.best:
        return _missed(criterion, names=criterion.names)
    best = _best_cell(criterion, cells)
    rows = [row for row, cell in _readable(cells) if cell == best]
    if any(_names_row(criterion.names, table, row) for row in rows):
        return None
    return _missed(criterion, names=criterion.names, stated=True, direction=_which(criterion))


def _names_row(names: Sequence[str], table: _Table, row: int) -> bool:
    for name in names:
        stated = as_real(table.best.get(name))
        cells = table.columns.get(name)
        if stated is None or cells is None or not math.isfinite(as_float(stated)):
            return False
        if cells[row - 1] != _decimal(stated):
            return False
    return True


_RULES: Mapping[str, Callable[[Criterion, Cells, _Table], CriterionMissed | None]] = {
    "count": _count,
    "range": _range,
    "final": _final,
    "best": _best,
    "monotone": _monotone,
    "distinct": _distinct,
    "rows_differ": _rows_differ,
    "integers": _integers,
    "states_best": _states_best,
}
