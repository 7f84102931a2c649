"""series: a table or a training log, held against criteria."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from grader.compare.number import as_float, as_real
from grader.judge.mark.series_table import Cells, NoSuchTable, SeriesTable, decimal, read_table
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
)
from grader.model.outcome import Outcome, PartOutcome
from grader.model.response import Response
from grader.model.series import (
    Criterion,
    SeriesQuestion,
)
from grader.model.verdict import Reason, Verdict

__all__ = ["judge_series"]


def judge_series(question: SeriesQuestion, response: Response, limits: Limits) -> Outcome:
    """Read the table, then hold it against each criterion."""
    if response.failure is not None:
        failure = response.failure
        facts = Facts.of(Failed(failure=failure, entry=question.entry, limits=limits))
        return whole(question, failure.verdict, failure.reason, facts=facts)
    try:
        table = read_table(question, response.value)
    except NoSuchTable as fault:
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


def _judge(criterion: Criterion, table: SeriesTable) -> PartOutcome:
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


# -- rules: each returns what misses the demand, or None -------------------------------------------


def _readable(cells: Cells) -> list[tuple[int, Fraction]]:
    return [(row, cell) for row, cell in enumerate(cells, start=1) if cell is not None]


def _outside(criterion: Criterion, number: Fraction | int) -> bool:
    low, high = criterion.low, criterion.high
    return (low is not None and number < decimal(low)) or (
        high is not None and number > decimal(high)
    )


def _missed(criterion: Criterion, **found: Any) -> CriterionMissed:
    return CriterionMissed(rule=criterion.rule, column=criterion.column, **found)


def _count(criterion: Criterion, cells: Cells, _table: SeriesTable) -> CriterionMissed | None:
    return _missed(criterion, rows=len(cells)) if _outside(criterion, len(cells)) else None


def _range(criterion: Criterion, cells: Cells, _table: SeriesTable) -> CriterionMissed | None:
    bad = [(row, cell) for row, cell in _readable(cells) if _outside(criterion, cell)]
    return _missed(criterion, row=bad[0][0], number=as_float(bad[0][1])) if bad else None


def _final(criterion: Criterion, cells: Cells, _table: SeriesTable) -> CriterionMissed | None:
    row, last = _readable(cells)[-1]
    if not _outside(criterion, last):
        return None
    return _missed(criterion, row=row, number=float(last))


def _best_cell(criterion: Criterion, cells: Cells) -> Fraction:
    return (min if criterion.lowest else max)(cell for _, cell in _readable(cells))


def _best(criterion: Criterion, cells: Cells, _table: SeriesTable) -> CriterionMissed | None:
    best = _best_cell(criterion, cells)
    if not _outside(criterion, best):
        return None
    return _missed(criterion, number=float(best), direction=_which(criterion))


def _which(criterion: Criterion) -> str:
    return "lowest" if criterion.lowest else "highest"


def _monotone(criterion: Criterion, cells: Cells, _table: SeriesTable) -> CriterionMissed | None:
    sign = 1 if criterion.direction == "increasing" else -1
    slack = decimal(criterion.slack)
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


def _distinct(criterion: Criterion, cells: Cells, _table: SeriesTable) -> CriterionMissed | None:
    values = len({cell for _, cell in _readable(cells)})
    return _missed(criterion, rows=values) if _outside(criterion, values) else None


def _rows_differ(criterion: Criterion, _cells: Cells, table: SeriesTable) -> CriterionMissed | None:
    columns = [table.columns[name] for name in criterion.names if name in table.columns]
    first: dict[tuple[Fraction | None, ...], int] = {}
    for row, values in enumerate(zip(*columns, strict=True), start=1):
        if first.setdefault(values, row) != row:
            return _missed(criterion, row=row, like=first[values], names=criterion.names)
    return None


def _integers(criterion: Criterion, cells: Cells, _table: SeriesTable) -> CriterionMissed | None:
    for row, cell in _readable(cells):
        if cell.denominator != 1:
            return _missed(criterion, row=row, number=float(cell))
    return None


def _states_best(criterion: Criterion, cells: Cells, table: SeriesTable) -> CriterionMissed | None:
    if not table.best:
        return _missed(criterion, names=criterion.names)
    best = _best_cell(criterion, cells)
    rows = [row for row, cell in _readable(cells) if cell == best]
    if any(_names_row(criterion.names, table, row) for row in rows):
        return None
    return _missed(criterion, names=criterion.names, stated=True, direction=_which(criterion))


def _names_row(names: Sequence[str], table: SeriesTable, row: int) -> bool:
    for name in names:
        stated = as_real(table.best.get(name))
        cells = table.columns.get(name)
        if stated is None or cells is None or not math.isfinite(as_float(stated)):
            return False
        if cells[row - 1] != decimal(stated):
            return False
    return True


_RULES: Mapping[str, Callable[[Criterion, Cells, SeriesTable], CriterionMissed | None]] = {
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
