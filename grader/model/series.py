"""A question that is answered with a table or a training log, and what is demanded of it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from grader.model.assignment import Question

__all__ = ["Criterion", "SeriesQuestion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One demand on a series. `rule` names the strategy in `judge/mark/series.py`."""

    label: str
    share: Fraction = Fraction(1)
    column: str
    rule: str
    low: float | None = None
    high: float | None = None
    lowest: bool = False  #: `best` and `states_best`: the smallest cell is the best
    direction: str = ""  #: `monotone`: increasing or decreasing
    slack: float = 0.0
    strictly: bool = False  #: `monotone`: no two cells alike
    #: `states_best`: the columns that the answer's `best` must name; `rows_differ`: those compared
    names: tuple[str, ...] = ()
    required: bool = False  #: nothing is earned without it


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesQuestion(Question):
    columns: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    gaps: bool = False
