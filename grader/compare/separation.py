"""How far apart two values are, in tolerances: fast, for values that were computed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from grader.compare.bound import bound_of
from grader.compare.comparison import Comparison
from grader.compare.complexes import (
    Number,
    nearest,
    number_is_finite,
    parts_of,
)
from grader.compare.digits import last_unit
from grader.compare.entries import Entries, like_keys, outline, read_entries
from grader.compare.matching import matched
from grader.compare.nested import is_one_array
from grader.compare.norm import float_norm
from grader.compare.number import as_float, exact
from grader.compare.proportional import on_the_scale_of
from grader.compare.scale import Scale, scale_of
from grader.compare.screen import Floats, ForEach, plain_bound
from grader.compare.sign import opposite
from grader.compare.unordered import MOST_UNORDERED
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText, Value

__all__ = ["tolerances_apart"]


def tolerances_apart(actual: Value, other: Value, tolerance: Tolerance) -> float:
    """How many tolerances `actual` lies from `other`, which is taken as the expected value.

    The largest of |difference| / bound over the entries: 0 where the two are equal, and at most 1,
    but for rounding, where `compare` accepts `actual`. An infinity where shapes or types differ, a
    number is NaN or an infinity that the other is not, or the bound is zero and they differ. For a
    norm it is the ratio of norms; in any order, that of the best pairing's worst pair; up to sign
    or a multiple, that of the nearest of them. For `interval` it is the distance from the middle
    in half widths. Floating point only: no allowance for rounding is made.
    """
    if type(actual) in _FLOATS and type(other) in _FLOATS and not tolerance.judges_whole:
        bound = plain_bound(tolerance, abs(other))
        if bound is not None:
            return _ratio(float(actual), float(other), bound)
    if isinstance(other, Mapping):
        if not isinstance(actual, Mapping) or any(key not in actual for key in other):
            return math.inf
        apart = (tolerances_apart(actual[key], other[key], tolerance) for key in other)
        return max(apart, default=0.0)
    if is_one_array(other, tolerance):
        return _arrays_apart(actual, other, tolerance)
    if isinstance(other, list | tuple):
        is_list = isinstance(actual, list | tuple) or (
            isinstance(actual, np.ndarray) and actual.ndim > 0
        )
        if not is_list or len(actual) != len(other):
            return math.inf
        pairs = zip(actual, other, strict=True)
        return max((tolerances_apart(a, e, tolerance) for a, e in pairs), default=0.0)
    if isinstance(other, np.ndarray) or isinstance(actual, np.ndarray):
        same = type(actual) is type(other) and actual.dtype.kind == other.dtype.kind
        return 0.0 if same and np.array_equal(actual, other) else math.inf
    return 0.0 if type(actual) is type(other) and actual == other else math.inf


_FLOATS = (float, np.float64)


def _ratio(s: float, e: float, bound: float) -> float:
    if s == e:
        return 0.0
    distance = abs(s - e)
    if not distance < math.inf or not bound > 0.0:
        return math.inf
    return distance / bound


def _arrays_apart(actual: Value, other: Value, tolerance: Tolerance) -> float:
    given, keys = _entries(actual), _entries(other)
    if given is None or keys is None or given.shape != keys.shape:
        return math.inf
    alike = like_keys(given, keys)
    if isinstance(alike, Comparison):
        return math.inf
    given = alike
    if not len(keys):
        return 0.0
    scale = scale_of(keys, tolerance, None)
    with np.errstate(all="ignore"):
        if not tolerance.up_to_sign:
            return _apart(given, keys, tolerance, scale)
        return min(_apart(given, side, tolerance, scale) for side in (keys, opposite(keys)))


def _entries(value: Value) -> Entries | None:
    found = outline(value)
    entries = None if found.shape is None else read_entries(found)
    return None if isinstance(entries, Comparison) else entries


def _apart(given: Entries, keys: Entries, tolerance: Tolerance, scale: Scale) -> float:
    if tolerance.proportional:
        if not (np.isfinite(_floats(given)).all() and np.isfinite(_floats(keys)).all()):
            return math.inf
        try:
            scaled = on_the_scale_of(keys, given)
        except ValueError:
            return math.inf
        if scaled is None:
            return math.inf
        given = scaled
    if tolerance.norm is not None:
        s, e = _floats(given), _floats(keys)
        bound = plain_bound(tolerance, float_norm(e, tolerance.norm)) or 0.0
        apart = float_norm(s - e, tolerance.norm)
        return _ratio(apart, 0.0, bound) if not math.isnan(apart) else math.inf
    if tolerance.unordered and keys.shape:
        return _pairs_apart(given, keys, tolerance, scale)
    return float(_ratios(given, keys, tolerance, scale).max())


def _ratios(given: Entries, keys: Entries, tolerance: Tolerance, scale: Scale) -> Floats:
    """|difference| / bound of every entry."""
    s, e = _floats(given), _floats(keys)
    distance, same = np.abs(s - e), (s == e) | _are_nan(given, keys)
    if keys.are_complex and not tolerance.is_distance:
        # Digits and last places hold for each part, in units of the larger one.
        distance = np.maximum(np.abs((s - e).real), np.abs((s - e).imag))
        s, e = (np.maximum(np.abs(one.real), np.abs(one.imag)) for one in (s, e))
    elif given.floats is None and keys.floats is None and not keys.are_complex:
        # Neither was computed: whole numbers beyond 2^53, or typed ones, may differ by less.
        for position in np.flatnonzero(distance < math.inf).tolist():
            s1, e1 = given[position], keys[position]
            if number_is_finite(s1) and number_is_finite(e1):
                apart = abs(exact(s1) - exact(e1))  # type: ignore[arg-type]  # they are real
                distance[position], same[position] = as_float(apart), not apart
    if tolerance.interval is not None:
        low, high = map(as_float, tolerance.interval)
        distance, bound = np.abs(s - (low + high) / 2), np.full(e.shape, (high - low) / 2)
    else:
        bound = bound_of(tolerance, _WithDigits(s, e, keys, scale))
    ratios: Floats = np.where(bound > 0, distance / np.where(bound > 0, bound, 1.0), math.inf)
    return np.where(same, 0.0, np.where(np.isnan(ratios), math.inf, ratios))


def _are_nan(given: Entries, keys: Entries) -> NDArray[np.bool_] | bool:
    """Where NaN was typed as the key, and given."""
    if isinstance(keys.items, np.ndarray) or not any(isinstance(k, NumberText) for k in keys.items):
        return False
    typed = np.array([isinstance(key, NumberText) for key in keys.items])
    return typed & np.isnan(_floats(given)) & np.isnan(_floats(keys))


class _WithDigits(ForEach):
    """The parts of the bounds of all entries, also of those that look at digits."""

    def __init__(self, s: Floats, e: Floats, keys: Entries, scale: Scale) -> None:
        super().__init__(e, scale.sizes(e))
        self._s = s
        self._keys = keys

    def unit_of_figures(self, figures: int) -> Floats:
        s, e = self._s, self._e
        places = np.minimum(_exponents(np.where(s == 0, e, s)), _exponents(e))
        return np.where(e == 0, 0.0, 10.0 ** (places - figures + 1))

    def unit_as_typed(self) -> Floats:
        return np.array([_unit_as_typed(self._keys[n]) for n in range(len(self._keys))])


def _exponents(numbers: Floats) -> Floats:
    """The k with 10^k <= |x| < 10^(k+1), also beside powers of ten."""
    sizes = np.abs(numbers)
    guess: Floats = np.floor(np.log10(np.where(sizes > 0, sizes, 1.0)))
    return guess + (10.0 ** (guess + 1) <= sizes) - (10.0**guess > sizes)


def _unit_as_typed(key: Number) -> float:
    units = [last_unit(part) for part in parts_of(key) if isinstance(part, NumberText)]
    return as_float(max(filter(None, units), default=Fraction(0)))


def _pairs_apart(given: Entries, keys: Entries, tolerance: Tolerance, scale: Scale) -> float:
    """The least t for which all elements can be paired within t tolerances (a bottleneck)."""
    count = keys.shape[0]
    width = len(keys) // count
    if count > MOST_UNORDERED:
        return math.inf
    every = np.arange(len(keys))
    worst = np.empty((count, count))
    for shift in range(count):
        # Each answer beside the key that stands `shift` places further on.
        mine = given.reordered(np.roll(every, shift * width), keys.shape)
        ratios = _ratios(mine, keys, tolerance, scale).reshape(count, width).max(axis=1)
        answers = np.roll(np.arange(count), shift)
        worst[answers, np.arange(count)] = ratios
    return _bottleneck(worst)


def _bottleneck(worst: NDArray[np.float64]) -> float:
    limits = np.unique(worst)
    low, high = 0, len(limits) - 1
    while low < high:
        middle = (low + high) // 2
        if None in matched([_bits(row <= limits[middle]) for row in worst]):
            low = middle + 1
        else:
            high = middle
    return float(limits[low])


def _bits(allowed: NDArray[np.bool_]) -> int:
    return int.from_bytes(np.packbits(allowed, bitorder="little").tobytes(), "little")


def _floats(entries: Entries) -> Floats:
    if entries.floats is not None:
        return entries.floats
    return np.array([nearest(entries[position]) for position in range(len(entries))])
