"""What floating point may decide beyond doubt, before exact arithmetic looks at the rest.

A difference of two floats is rounded once, and so is a bound: both are right to about 1e-16 of
their size. What lies a billionth inside its bound is therefore inside, and what lies a billionth
outside, with twice the allowance for rounding, is outside. The rest is left undecided.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.model.tolerance import Tolerance

__all__ = ["Floats", "beyond_doubt", "bounds", "inside", "outside", "plain_bound", "size_in_floats"]

Floats: TypeAlias = NDArray[np.float64]

_INSIDE, _OUTSIDE = 1 - 1e-9, 1 + 1e-9
_SLACK_ULP = 8  # twice what exact arithmetic allows


def size_in_floats(number: Any) -> float:
    """A bound of a tolerance as a float: an infinity where it is too large, 0 for None."""
    try:
        return float(number or 0)
    except OverflowError:
        return math.inf


def beyond_doubt(s: float, e: float, tolerance: Tolerance, size: float) -> bool | None:
    """Whether s is right beside e, or None where exact arithmetic must tell."""
    bound = plain_bound(tolerance, size)
    distance = abs(s - e)
    if bound is None or not (distance < math.inf and bound < math.inf):
        return None  # another mode, not finite, or too large to be told here
    if distance <= bound * _INSIDE:
        return True
    slack = _SLACK_ULP * math.ulp(max(abs(s), abs(e)))
    return False if distance > (bound + slack) * _OUTSIDE else None


def plain_bound(tolerance: Tolerance, size: float) -> float | None:
    """The bound of rtol and atol, or of decimals; None of any other mode."""
    if tolerance.rtol is not None or tolerance.atol is not None:
        return max(size_in_floats(tolerance.atol), size_in_floats(tolerance.rtol) * size)
    return None if tolerance.decimals is None else 0.5 * 10.0**-tolerance.decimals


def bounds(e: Floats, tolerance: Tolerance, size: Floats | float) -> Floats | None:
    """The bound of every entry, or None where it depends on more than the key.

    `size` is what rtol is taken of. Call it with numpy's overflow warnings off.
    """
    if tolerance.rtol is not None or tolerance.atol is not None:
        rtol, atol = size_in_floats(tolerance.rtol), size_in_floats(tolerance.atol)
        bound: Floats = np.maximum(atol, rtol * size) + np.zeros_like(e)
        return bound
    if tolerance.decimals is not None:
        return np.full(e.shape, 0.5 * 10.0**-tolerance.decimals)
    if tolerance.ulp is not None:
        if tolerance.dtype == "float64":
            return tolerance.ulp * np.spacing(np.abs(e))
        # Where this is not finite, as beside the largest number, exact arithmetic must tell.
        return tolerance.ulp * np.spacing(np.abs(e.astype(np.float32))).astype(np.float64)
    return None


def inside(distance: Floats, bound: Floats) -> NDArray[np.bool_]:
    """Which entries are right beyond doubt; none where the bound is too large to be told."""
    clear: NDArray[np.bool_] = (distance <= bound * _INSIDE) & (bound < math.inf)
    return clear


def outside(s: Floats, e: Floats, distance: Floats, bound: Floats) -> NDArray[np.bool_]:
    """Which entries are finite and wrong beyond doubt."""
    slack = _SLACK_ULP * np.spacing(np.maximum(np.abs(s), np.abs(e)))
    wrong: NDArray[np.bool_] = (distance < math.inf) & (distance > (bound + slack) * _OUTSIDE)
    return wrong
