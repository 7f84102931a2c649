"""The facts of tables and training logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from grader.model.fact import Fact, OpenFact
from grader.model.value import Value
from grader.model.verdict import Reason

__all__ = ["CriterionMissed", "TableUnreadable"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TableUnreadable(OpenFact):
    """Why an answer is not the table of numbers that was expected; a reason uses some of these."""

    reason: Reason
    column: Value = None
    columns: tuple[str, ...] = ()
    lengths: Mapping[str, int] = field(default_factory=dict)
    row: int = 0
    cell: Value = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CriterionMissed(Fact):
    """One demand on a series, the place that misses it, and the bounds."""

    rule: str  #: as in the spec, or `missing` or `empty`: of the column
    column: str
    row: int = 0
    like: int = 0  #: the row before it that is the same
    number: float | None = None  #: what stands there
    before: float | None = None  #: what stands before it
    rows: int = 0  #: how many there are
    direction: str = ""
    names: tuple[str, ...] = ()  #: the columns that `best` must name, or that were compared
    stated: bool = False  #: the answer names a best row
    low: float | None = None
    high: float | None = None
    slack: float = 0.0

    def for_student(self) -> CriterionMissed:
        return replace(self, low=None, high=None, slack=0.0)
