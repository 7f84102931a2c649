"""The result of one comparison, as a value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from grader.model.value import Value
from grader.model.verdict import Reason, Verdict

__all__ = ["Comparison"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """Whether an actual value is accepted, and the numbers that explain it.

    `path` leads to the worst place, such as `[1].m[0, 2]`. `difference` and `allowed` are absolute
    and belong to that place; they, and `expected`, are for staff: together they give the key away.
    """

    verdict: Verdict
    reason: Reason | None = None
    credit: Fraction = Fraction(0)
    path: str = ""
    actual: Value = None
    expected: Value = None
    difference: float | None = None
    allowed: float | None = None
    wrong: int = 0  #: how many numbers differ
    total: int = 1
    detail: str = ""

    @property
    def accepted(self) -> bool:
        return self.verdict is Verdict.CORRECT

    def inside(self, prefix: str) -> Comparison:
        """The same comparison seen from one level further out."""
        return replace(self, path=prefix + self.path)

    @classmethod
    def correct(cls, *, total: int = 1) -> Comparison:
        return cls(verdict=Verdict.CORRECT, credit=Fraction(1), total=total)

    @classmethod
    def invalid(cls, reason: Reason, *, actual: Value = None, detail: str = "") -> Comparison:
        return cls(verdict=Verdict.INVALID, reason=reason, actual=actual, detail=detail, wrong=1)
