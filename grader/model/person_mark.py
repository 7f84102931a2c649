"""What people made of one answer: the last mark, adjustments on top, and other markers' marks."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Adjustment", "OtherMark", "PersonMark", "RubricChoice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricChoice:
    """One line of a rubric that was chosen, with the words and points that it had then."""

    line: int  #: from 1
    text: str
    points: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """Points that a person added or took away, and why."""

    points: Fraction
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherMark:
    """The last mark of another marker, which does not count since somebody marked after them."""

    points: Fraction
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMark:
    """What counts of people's events about one question of one attempt."""

    by: str  #: who spoke last
    points: Fraction | None = None  #: of the last mark; None: there are only adjustments
    comment: str = ""
    rubric: tuple[RubricChoice, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    others: tuple[OtherMark, ...] = ()  #: that differ from the last
    beyond: bool = False  #: whether it may lie outside of 0 to what the question is worth
    worth: Fraction = Fraction(0)  #: what the question was worth when it was marked last
    source: str = ""  #: digest of the files that were marked last

    def over(self, score: Fraction | None, max_points: Fraction) -> Fraction | None:
        """The points that count: the mark, else the score, and the adjustments; None: neither."""
        base = score if self.points is None else self.points
        if base is None:
            return None
        total = base + sum((one.points for one in self.adjustments), Fraction(0))
        return total if self.beyond else min(max(total, Fraction(0)), max_points)
