"""The sentences about a table: why it cannot be read, and which criterion it misses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from grader.judge.words.values import shown
from grader.model.fact_series import (
    CriterionMissed,
    TableUnreadable,
)
from grader.model.verdict import Reason

__all__ = ["criterion_missed", "criterion_missed_for_staff", "table_unreadable"]


def table_unreadable(fact: TableUnreadable) -> Iterator[str]:
    yield _TABLE[fact.reason](fact)


def _no_table(fact: TableUnreadable) -> str:
    if fact.column is not None:
        return f"the column {fact.column} is not a list of numbers"
    return "expected a table: columns of numbers, or a list of rows that name their columns"


def _no_column(fact: TableUnreadable) -> str:
    columns = ", ".join(fact.columns)
    return f"there is no column {shown(fact.column)}; the columns are {columns}"


def _lengths(fact: TableUnreadable) -> str:
    lengths = ", ".join(f"{name}: {count}" for name, count in fact.lengths.items())
    return f"the columns have different lengths ({lengths})"


def _no_number(fact: TableUnreadable) -> str:
    why = getattr(fact.cell, "why", "")
    words = f"row {fact.row} of the column {fact.column} is not a number: {shown(fact.cell)}"
    return f"{words}: {why}" if why else words


_TABLE: Mapping[Reason, Callable[[TableUnreadable], str]] = {
    Reason.NOT_A_TABLE: _no_table,
    Reason.UNKNOWN_LABEL: _no_column,
    Reason.WRONG_LENGTH: _lengths,
    Reason.NOT_A_NUMBER: _no_number,
    Reason.NOT_FINITE: lambda fact: f"row {fact.row} of the column {fact.column} is not finite",
}


def criterion_missed(fact: CriterionMissed) -> Iterator[str]:
    """What misses the criterion."""
    yield _MISSED[fact.rule](fact)


def criterion_missed_for_staff(fact: CriterionMissed) -> Iterator[str]:
    """What a student reads, and the bounds."""
    yield from criterion_missed(fact)
    wanted = _wanted(fact)
    if wanted:
        yield f"expected: {wanted}"


def _monotone(fact: CriterionMissed) -> str:
    if fact.number is None or fact.before is None:
        return f"one row of {fact.column} is not enough to show a trend"
    change = f"row {fact.row} is {fact.number:g}, and the row before is {fact.before:g}"
    return f"{fact.column} is not {fact.direction}: {change}"


def _states_best(fact: CriterionMissed) -> str:
    if not fact.stated:
        return f"the answer does not say which row is best; add best: {{{', '.join(fact.names)}}}"
    return f"the row given as best is not the one with the {fact.direction} {fact.column}"


_MISSED: Mapping[str, Callable[[CriterionMissed], str]] = {
    "missing": lambda fact: f"the column {fact.column} is missing",
    "empty": lambda fact: f"the column {fact.column} is empty",
    "count": lambda fact: f"there are {fact.rows} rows",
    "range": lambda fact: f"row {fact.row} of {fact.column} is outside the possible range",
    "final": lambda fact: f"the last {fact.column}, {fact.number:g}, is outside the expected range",
    "best": lambda fact: (
        f"the {fact.direction} {fact.column}, {fact.number:g}, is outside the expected range"
    ),
    "monotone": _monotone,
    "integers": lambda fact: (
        f"row {fact.row} of {fact.column}, {fact.number:g}, is not a whole number"
    ),
    "distinct": lambda fact: (
        f"there are {fact.rows} different numbers in {fact.column}"
        if fact.rows != 1
        else f"all numbers in {fact.column} are the same"
    ),
    "rows_differ": lambda fact: (
        f"row {fact.row} is the same as row {fact.like} in {', '.join(fact.names)}"
    ),
    "states_best": _states_best,
}


def _wanted(fact: CriterionMissed) -> str:
    """The bounds of a criterion; "" where it has none."""
    low, high = fact.low, fact.high
    if low is not None and high is not None:
        return f"{low:.10g}" if low == high else f"from {low:.10g} to {high:.10g}"
    if low is not None or high is not None:
        return f"at least {low:.10g}" if high is None else f"at most {high:.10g}"
    return f"no step back by more than {fact.slack:.10g}" if fact.slack else ""
