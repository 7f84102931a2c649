"""What floating point may decide beyond doubt, before exact arithmetic looks at the rest.

A difference of two floats is rounded once, and so is a bound: both are right to about 1e-16 of
their size. What lies a billionth inside its bound is therefore inside, and what lies a billionth
outside, with twice the allowance for rounding, is outside. The rest is left undecided.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.compare.bound import Sides, bound_of, is_of_key_alone
from grader.model.tolerance import Tolerance

__all__ = [
    "Floats",
    "ForEach",
    "beyond_doubt",
    "bounds",
    "doubtless",
    "inside",
    "outside",
    "plain_bound",
    "plain_bounds",
    "plainly_right",
]

Floats: TypeAlias = NDArray[np.float64]

_INSIDE, _OUTSIDE = 1 - 1e-9, 1 + 1e-9
_SLACK_ULP = 8  # twice what exact arithmetic allows


def beyond_doubt(s: float, e: float, tolerance: Tolerance, size: float) -> bool | None:
    """Whether s is right where e is expected; None where only exact arithmetic can tell."""
    return doubtless(s, e, plain_bound(tolerance, size))


def doubtless(s: float, e: float, bound: float | None) -> bool | None:
    """As `beyond_doubt`, with the bound as `plain_bound` gives it."""
    distance = abs(s - e)
    if bound is None or not (distance < math.inf and bound < math.inf):
        return None  # another mode, not finite, or too large to be told here
    if distance <= bound * _INSIDE:
        return True
    slack = _SLACK_ULP * math.ulp(max(abs(s), abs(e)))
    return False if distance > (bound + slack) * _OUTSIDE else None


def plain_bound(tolerance: Tolerance, size: float) -> float | None:
    """The bound of rtol and atol, or of decimals; None of any other mode."""
    if tolerance.ulp is not None or not is_of_key_alone(tolerance):
        return None
    return bound_of(tolerance, _InFloats(size))


def plain_bounds(tolerance: Tolerance, sizes: Sequence[float]) -> list[float | None]:
    """As `plain_bound`, of each size."""
    if len(sizes) < 2 or not tolerance.is_distance:
        return [plain_bound(tolerance, size) for size in sizes]
    least, share = _nearest(tolerance.atol), _nearest(tolerance.rtol)
    return [max(least, share * size) for size in sizes]


def plainly_right(s: Floats, e: Floats, tolerance: Tolerance) -> bool:
    """Whether every s is right beyond doubt if rtol is taken of the size of its own e alone."""
    least, share = _nearest(tolerance.atol), _nearest(tolerance.rtol)
    return all(
        (distance := abs(number - key)) < math.inf
        and distance <= max(least, share * abs(key)) * _INSIDE
        for number, key in zip(s.tolist(), e.tolist(), strict=True)
    )


def bounds(e: Floats, tolerance: Tolerance, size: Floats | float) -> Floats | None:
    """The bound of every entry, or None where it depends on more than the key.

    `size` is what rtol is taken of. Call it with numpy's overflow warnings off.
    """
    return bound_of(tolerance, ForEach(e, size)) if is_of_key_alone(tolerance) else None


class _InFloats(Sides[float]):
    """The parts of a plain bound in floating point, of a number whose size is known."""

    __slots__ = ("_size",)

    def __init__(self, size: float) -> None:
        self._size = size

    def number(self, given: Fraction | None) -> float:
        """An infinity where it is too large."""
        return _nearest(given)

    def size(self) -> float:
        return self._size

    def larger(self, one: float, other: float) -> float:
        return max(one, other)

    def half_of_ten_to(self, power: int) -> float:
        return 0.5 * 10.0**power


class ForEach(Sides[Floats]):
    """The parts of the bounds of all entries e in floating point, without the digits typed."""

    def __init__(self, e: Floats, size: Floats | float) -> None:
        self._e = e
        self._size = size

    def number(self, given: Fraction | None) -> Floats:
        """One for all entries."""
        return np.asarray(_nearest(given))

    def size(self) -> Floats:
        size = self._size
        return np.full(self._e.shape, size) if isinstance(size, float) else size

    def larger(self, one: Floats, other: Floats) -> Floats:
        return np.maximum(one, other)

    def half_of_ten_to(self, power: int) -> Floats:
        return np.full(self._e.shape, 0.5 * 10.0**power)

    def last_place(self, dtype: str) -> Floats:
        if dtype == "float64":
            return np.spacing(np.abs(self._e))
        # Where this is not finite, as beside the largest number, exact arithmetic must tell.
        return np.spacing(np.abs(self._e.astype(np.float32))).astype(np.float64)


def _nearest(number: Fraction | None) -> float:
    if number is None:
        return 0.0
    try:
        return number.numerator / number.denominator
    except OverflowError:
        return math.inf


def inside(distance: Floats, bound: Floats) -> NDArray[np.bool_]:
    """Which entries are right beyond doubt; none where the bound is too large to be told."""
    clear: NDArray[np.bool_] = (distance <= bound * _INSIDE) & (bound < math.inf)
    return clear


def outside(s: Floats, e: Floats, distance: Floats, bound: Floats) -> NDArray[np.bool_]:
    """Which entries are finite and wrong beyond doubt."""
    slack = _SLACK_ULP * np.spacing(np.maximum(np.abs(s), np.abs(e)))
    wrong: NDArray[np.bool_] = (distance < math.inf) & (distance > (bound + slack) * _OUTSIDE)
    return wrong
