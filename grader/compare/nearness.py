"""How far an answer is from the key, in tolerances: whose mark hangs on how wide they are."""

from __future__ import annotations

import math

import numpy as np

from grader.compare.entries import Entries, is_numeric, outline, read_entries
from grader.compare.number import as_float, as_real, bound_at, is_finite
from grader.compare.scale import Scale, scale_of
from grader.compare.screen import Floats, bounds, plain_bounds
from grader.model.tolerance import Tolerance
from grader.model.value import Value

__all__ = ["FARTHEST", "NEAREST", "distance_of"]

NEAREST, FARTHEST = 0.001, 10.0  #: what is nearer or farther is of no interest
_DIGITS = 4
_SHORT = 6  # below this an array is looked at faster one by one
_MOST = 100_000


def distance_of(actual: Value, expected: Value, tolerance: Tolerance) -> float | None:
    """The largest distance of a number from the key's in what the tolerance allows it: at most 1 is
    right, but for rounding. It has four decimals, and rounding it never leads from above 1 to 1.

    None where it is below 0.001 or above 10, where the tolerance allows no distance or is of the
    array as a whole, and where the values are not real numbers, as many of them.
    """
    if tolerance.judges_whole or tolerance.strict or tolerance.exact or tolerance.interval:
        return None
    if type(actual) is np.ndarray and type(expected) is np.ndarray and actual.dtype == np.float64:
        if actual.shape == expected.shape and (actual == expected).all():
            return None  # the most frequent case by far
    elif type(actual) is float and isinstance(expected, float) and actual == expected:
        return None
    given, keys = _numbers(actual), _numbers(expected)
    if given is None or keys is None or len(given) != len(keys) or not len(keys):
        return None
    found = _largest(given, keys, tolerance)
    if not NEAREST <= found <= FARTHEST:
        return None
    rounded = round(found, _DIGITS)
    return max(rounded, 1 + 10.0**-_DIGITS) if found > 1 else rounded


def _numbers(value: Value) -> Entries | None:
    if type(value) is np.ndarray and value.dtype == np.float64 and value.size <= _MOST:
        flat = value.ravel()
        return Entries(value.shape, flat, flat)
    if not is_numeric(value):
        return None
    found = outline(value)
    if found.shape is None or math.prod(found.shape) > _MOST:
        return None
    entries = read_entries(found)
    return entries if isinstance(entries, Entries) and not entries.are_complex else None


def _largest(given: Entries, keys: Entries, tolerance: Tolerance) -> float:
    """0 where nothing is allowed, or where something is not finite."""
    scale = scale_of(keys, tolerance, None)
    one, other = _floats(given), _floats(keys)
    if len(keys) < _SHORT:
        numbers = other.tolist()
        sizes = [scale.float_size(key, position) for position, key in enumerate(numbers)]
        found = 0.0
        plain = plain_bounds(tolerance, sizes)
        for position, (number, key) in enumerate(zip(one.tolist(), numbers, strict=True)):
            bound = plain[position]
            if bound is None:
                bound = _exact_bound(given, keys, position, tolerance, scale)
            if not 0 < bound < math.inf or not math.isfinite(number):
                return 0.0
            found = max(found, abs(number - key) / bound)
        return found
    with np.errstate(all="ignore"):
        allowed = bounds(other, tolerance, scale.sizes(other))
        if allowed is None or not np.all(allowed > 0) or not np.all(np.isfinite(one)):
            return 0.0
        return float(np.max(np.abs(one - other) / allowed))


def _floats(entries: Entries) -> Floats:
    if entries.floats is not None:
        return entries.floats
    reals = (as_real(entries[position]) for position in range(len(entries)))
    return np.array([math.nan if real is None else as_float(real) for real in reals])


def _exact_bound(
    given: Entries, keys: Entries, position: int, tolerance: Tolerance, scale: Scale
) -> float:
    """Where it depends on the digits that were typed."""
    number, key = as_real(given[position]), as_real(keys[position])
    if number is None or key is None or not (is_finite(number) and is_finite(key)):
        return 0.0
    return as_float(bound_at(number, key, tolerance, scale.floor_at(position), scale.size))
