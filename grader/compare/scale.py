"""What `rtol` is taken of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from grader.compare.complexes import modulus, nearest, number_is_finite
from grader.compare.entries import Entries
from grader.compare.number import as_float
from grader.compare.screen import Floats
from grader.model.tolerance import Tolerance

__all__ = ["Scale", "scale_of"]

_FLOOR = 0.01  # of the root mean square: entries near zero need not be right to their own size


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """The size of an entry e is max(|e|, floor), or `size` for all of them."""

    floor: float | Floats = 0.0  #: one for all entries, or one for each
    size: Fraction | None = None

    def floor_at(self, position: int) -> float:
        return self.floor if isinstance(self.floor, float) else float(self.floor[position])

    def float_size(self, key: float, position: int) -> float:
        """The size of one entry in floating point."""
        if self.size is not None:
            return as_float(self.size)
        return max(abs(key), self.floor_at(position))

    def sizes(self, e: Floats) -> Floats | float:
        """The sizes of the entries e in floating point."""
        if self.size is not None:
            return as_float(self.size)
        return np.maximum(np.abs(e), self.floor)

    def rows(self, positions: slice) -> Scale:
        """The scale of these entries alone."""
        return self if isinstance(self.floor, float) else Scale(self.floor[positions], self.size)


def scale_of(keys: Entries, tolerance: Tolerance, floor: float | Floats | None) -> Scale:
    """The scale that a tolerance asks for; `floor`, where it is given, replaces 0.01·rms(keys).

    A single number has no neighbours: its size is its own.
    """
    if tolerance.rtol is None:
        return Scale()
    if tolerance.scale is None:
        if floor is None:
            floor = _FLOOR * _rms(keys) if keys.shape else 0.0
        return Scale(floor)
    if tolerance.scale == "entry" or not keys.shape:
        return Scale()
    if tolerance.scale == "rms":
        return Scale(size=Fraction(_rms(keys)))
    numbers = (keys[position] for position in range(len(keys)))
    return Scale(size=max(map(modulus, filter(number_is_finite, numbers)), default=Fraction(0)))


def _rms(keys: Entries) -> float:
    """The root mean square of the finite entries, at any size that a float can have."""
    floats = keys.floats
    if floats is None:
        floats = np.array([nearest(keys[position]) for position in range(len(keys))])
    sizes = [size for number in floats.tolist() if (size := abs(number)) < math.inf]
    largest = max(sizes, default=0.0)
    if largest == 0.0:
        return 0.0
    ratios = [size / largest for size in sizes]
    mean = math.fsum(ratio * ratio for ratio in ratios) / len(ratios)
    return largest * math.sqrt(mean)
