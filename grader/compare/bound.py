"""How far a number may lie from the key: the rule of each tolerance, stated once.

The rule is the same in exact arithmetic and in floating point, for one number, for each entry of an
array and for a norm. Whoever needs a bound says how its parts are computed there: see `Sides`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from grader.model.tolerance import Tolerance

__all__ = ["Sides", "bound_of", "is_of_key_alone"]

#: exact, in floating point, or in floating point for each entry
N = TypeVar("N", Fraction, float, NDArray[np.float64])


class Sides(Generic[N]):
    """The key, and the answer beside it, in one kind of arithmetic.

    It gives those parts of a bound that its user's tolerances are made of.
    """

    __slots__ = ()

    def number(self, given: Fraction | None) -> N:
        """A number that an author gave; 0 for None."""
        raise NotImplementedError

    def size(self) -> N:
        """What rtol is taken of."""
        raise NotImplementedError

    def larger(self, one: N, other: N) -> N:
        """The larger of two numbers."""
        raise NotImplementedError

    def half_of_ten_to(self, power: int) -> N:
        """Half of a power of ten."""
        raise NotImplementedError

    def unit_of_figures(self, figures: int) -> N:
        """One unit of the last of so many significant figures; 0 beside a key of 0.

        Of the key and the answer the one with the finer unit counts: 9.5 is not 10 to two figures.
        """
        raise NotImplementedError

    def unit_as_typed(self) -> N:
        """One unit of the last digit that the key was typed with; 0 where none was typed."""
        raise NotImplementedError

    def last_place(self, dtype: str) -> N:
        """One unit in the last place of that type, at the key."""
        raise NotImplementedError


def bound_of(tolerance: Tolerance, sides: Sides[N]) -> N:
    """How far away the tolerance allows a number to be.

    max(atol, rtol·size) is that of PEP 485 with the key known. Half units follow ISO 80000-1
    rounding, with ties accepted either way. `interval` and `exact` leave no distance.
    """
    if tolerance.rtol is not None or tolerance.atol is not None:
        return sides.larger(
            sides.number(tolerance.atol), sides.number(tolerance.rtol) * sides.size()
        )
    if tolerance.decimals is not None:
        return sides.half_of_ten_to(-tolerance.decimals)
    if tolerance.sigfigs is not None:
        return sides.unit_of_figures(tolerance.sigfigs) / 2
    if tolerance.published:
        return sides.unit_as_typed() / 2
    if tolerance.ulp is not None:
        return tolerance.ulp * sides.last_place(tolerance.dtype)
    return sides.number(None)


def is_of_key_alone(tolerance: Tolerance) -> bool:
    """Whether the bound is told by the key and its size, and tells alone what is right."""
    return not (
        tolerance.sigfigs is not None
        or tolerance.published
        or tolerance.interval is not None
        or tolerance.exact
    )
