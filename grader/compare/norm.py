"""Is an array right as a whole? The norm of the difference, beside the norm of the key."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from grader.compare.bound import Sides, bound_of
from grader.compare.comparison import Comparison
from grader.compare.complexes import Number, parts_of, room, root
from grader.compare.entries import Entries
from grader.compare.number import as_float, exact
from grader.compare.screen import Floats, plain_bound
from grader.model.tolerance import Tolerance
from grader.model.value import Value
from grader.model.verdict import Reason, Verdict

__all__ = ["compare_norm", "float_norm"]

_MOST_EXACT = 100_000  # entries; of more of them, floating point decides at the bound too
_SURE = 1e-9


def float_norm(values: Floats, norm: str) -> float:
    """The norm of a vector, at any size that a float can have; 0 of an empty one."""
    sizes = np.abs(values)
    largest = float(sizes.max(initial=0.0))
    if norm == "inf" or largest == 0.0 or not largest < math.inf:
        return largest
    scaled = sizes / largest
    total = float(np.sum(scaled)) if norm == "1" else math.sqrt(float(np.sum(scaled * scaled)))
    return largest * total


def compare_norm(given: Entries, keys: Entries, tolerance: Tolerance, actual: Value) -> Comparison:
    """Whether ‖actual − expected‖ ≤ max(atol, rtol·‖expected‖); all numbers must be finite.

    The norm is that of the entries in a row (of a matrix: the Frobenius norm for 2, not the
    spectral one). Squares are compared rather than roots, so that typed numbers are exact also
    here; where numbers were computed, the bound is wider by the norm of the 4 ulp of each.
    """
    norm = tolerance.norm or "2"
    if given.floats is not None and keys.floats is not None:
        with np.errstate(over="ignore", under="ignore"):
            decided = _in_floats(given.floats, keys.floats, norm, tolerance)
        sure, distance, bound = decided
        if sure is None and len(keys) > _MOST_EXACT:
            sure = distance <= bound * (1 + 1e-15)
        if sure is not None:
            return _result(sure, distance, bound, actual)
    pairs = [(given[i], keys[i]) for i in range(len(keys))]
    distance_power = _power((_gap(s, e) for s, e in pairs), norm)
    key_power = _power((_gap(e, 0) for _, e in pairs), norm)
    slack_power = _power(((room(s, e),) for s, e in pairs), norm)
    bound_power = bound_of(tolerance, _Powers(key_power, 2 if norm == "2" else 1))
    if norm == "2":
        if not slack_power:
            accepted = distance_power <= bound_power
        else:
            accepted = root(distance_power) <= root(bound_power) + root(slack_power)
        exact_distance, exact_bound = root(distance_power), root(bound_power)
    else:
        exact_distance, exact_bound = distance_power, bound_power
        accepted = exact_distance <= exact_bound + slack_power
    return _result(accepted, as_float(exact_distance), as_float(exact_bound), actual)


def _in_floats(
    s: Floats, e: Floats, norm: str, tolerance: Tolerance
) -> tuple[bool | None, float, float]:
    """Whether floating point tells, the distance and the bound."""
    distance = float_norm(s - e, norm)
    bound = plain_bound(tolerance, float_norm(e, norm)) or 0.0
    slack_norm = float_norm(8 * np.spacing(np.maximum(np.abs(s), np.abs(e))), norm)
    if not (distance < math.inf and bound < math.inf):
        return None, distance, bound
    if distance <= bound * (1 - _SURE):
        return True, distance, bound
    return False if distance > (bound + slack_norm) * (1 + _SURE) else None, distance, bound


@dataclass(frozen=True, slots=True)
class _Powers(Sides[Fraction]):
    """The parts of the bound of a norm, all raised to the same power: squares stay rational."""

    norm_power: Fraction
    power: int

    def number(self, given: Fraction | None) -> Fraction:
        return (given or Fraction(0)) ** self.power

    def size(self) -> Fraction:
        return self.norm_power

    def larger(self, one: Fraction, other: Fraction) -> Fraction:
        return max(one, other)


def _gap(one: Number, other: Number) -> tuple[Fraction, ...]:
    """The parts of the difference of two numbers."""
    return tuple(exact(a) - exact(b) for a, b in zip(parts_of(one), parts_of(other), strict=True))


def _power(numbers: Iterable[tuple[Fraction, ...]], norm: str) -> Fraction:
    """The norm, or the square of norm 2, which is rational too, of numbers made of their parts."""
    if norm == "2":
        return sum((part * part for parts in numbers for part in parts), Fraction(0))
    sizes = map(_size, numbers)
    return sum(sizes, Fraction(0)) if norm == "1" else max(sizes, default=Fraction(0))


def _size(parts: tuple[Fraction, ...]) -> Fraction:
    if not any(parts[1:]):
        return abs(parts[0])
    return root(sum((part * part for part in parts), Fraction(0)))


def _result(accepted: bool, distance: float, bound: float, actual: Value) -> Comparison:
    if accepted:
        return Comparison.correct()
    return Comparison(
        verdict=Verdict.INCORRECT,
        reason=Reason.WRONG_VALUE,
        actual=actual,
        difference=distance,
        allowed=bound,
        wrong=1,
    )
