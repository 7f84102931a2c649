"""The result of one comparison, as a value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from grader.model.fact_marking import Detail, Path
from grader.model.value import Value
from grader.model.verdict import Reason, Verdict

__all__ = ["Comparison", "path_text"]

_ALL = Fraction(1)
_NO_DETAIL = Detail()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """Whether an actual value is accepted, and the numbers that explain it.

    `path` leads to the worst place, such as (1, "m", (0, 2)). `difference` and `allowed` are
    absolute and belong to that place; they, and `expected`, are for staff: together they give the
    key away.
    """

    verdict: Verdict
    reason: Reason | None = None
    credit: Fraction = Fraction(0)
    path: Path = ()
    actual: Value = None
    expected: Value = None
    difference: float | None = None
    allowed: float | None = None
    wrong: int = 0  #: how many numbers differ
    total: int = 1
    detail: Detail = _NO_DETAIL

    @property
    def accepted(self) -> bool:
        return self.verdict is Verdict.CORRECT

    def inside(self, *steps: str | int | tuple[int, ...]) -> Comparison:
        """The same comparison seen from further out: `steps` lead to where it was made."""
        return replace(self, path=steps + self.path)

    @classmethod
    def correct(cls, *, total: int = 1) -> Comparison:
        return cls(verdict=Verdict.CORRECT, credit=_ALL, total=total)

    @classmethod
    def invalid(
        cls, reason: Reason, *, actual: Value = None, detail: Detail | None = None
    ) -> Comparison:
        found = detail or Detail()
        return cls(verdict=Verdict.INVALID, reason=reason, actual=actual, detail=found, wrong=1)


def path_text(path: Path) -> str:
    """A path as Python writes it: `[1].m[0, 2]`."""
    return "".join(
        f".{step}"
        if isinstance(step, str)
        else f"[{step}]"
        if isinstance(step, int)
        # An index as a whole: one pair of brackets.
        else f"[{', '.join(map(str, step))}]"
        for step in path
    )
