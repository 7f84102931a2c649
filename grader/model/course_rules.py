"""The rules of a course: when work is due, what lateness costs, which attempt counts, rounding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from fractions import Fraction

__all__ = [
    "AssignmentRules",
    "Attempts",
    "CourseRules",
    "Deduction",
    "LateRule",
    "Of",
    "Per",
    "RoundMode",
    "Rounding",
]


class Attempts(StrEnum):
    """Which attempt counts."""

    LAST = "last"
    BEST = "best"
    AVERAGE = "average"


class Per(StrEnum):
    """The unit in which lateness is counted; one that has begun counts whole."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


class Of(StrEnum):
    """What a deduction in per cent is taken of."""

    MAX = "max"
    SCORE = "score"


class RoundMode(StrEnum):
    """Where a number goes that lies between two steps; the first two differ only in the middle."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """Points, or a share of what the rule says."""

    amount: Fraction
    is_share: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRule:
    """What lateness costs. It is counted from the end of the grace."""

    grace: timedelta = timedelta(0)
    per: Per = Per.DAY
    deduct: Deduction
    of: Of = Of.MAX
    most: Deduction | None = None  #: not more than this in all


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """To the nearest multiple of `to`, by `mode`."""

    to: Fraction
    mode: RoundMode = RoundMode.HALF_UP


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRules:
    """Those of one assignment."""

    due: datetime | None = None  #: with its zone; None: it is never late
    weight: Fraction = Fraction(1)
    drop: frozenset[str] = frozenset()  #: questions that count for nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRules:
    """Those of a course. Without any, marks are what was judged and what people gave."""

    zone: tzinfo | None = None  #: of times that say none; None: UTC
    assignments: Mapping[str, AssignmentRules] = field(default_factory=dict)
    late: LateRule | None = None
    late_by_platform: bool = False  #: the platform deducts itself, so nothing is deducted here
    attempts: Attempts | None = None  #: None: as it was set in the gradebook
    most_attempts: int | None = None  #: later ones count for nothing
    rounding: Rounding | None = None

    def of(self, assignment: str) -> AssignmentRules:
        """The rules of an assignment, which may be none."""
        return self.assignments.get(assignment, AssignmentRules())
