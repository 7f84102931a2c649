"""Are all numbers of an array right? Shape first, then finite, then the values."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from grader.compare.comparison import Comparison, path_text
from grader.compare.complexes import nearest, number_is_finite
from grader.compare.elements import are_plainly_right, compare_elements
from grader.compare.entries import (
    Entries,
    Outline,
    is_numeric,
    like_keys,
    outline,
    place,
    read_entries,
)
from grader.compare.norm import compare_norm
from grader.compare.number import as_real, compare_number
from grader.compare.proportional import not_a_multiple, on_the_scale_of
from grader.compare.refusal import no_number
from grader.compare.scale import Scale, scale_of
from grader.compare.screen import Floats
from grader.compare.sign import compare_up_to_sign
from grader.compare.unordered import compare_unordered
from grader.model.fact_marking import Detail
from grader.model.tolerance import Tolerance
from grader.model.value import Value
from grader.model.verdict import Reason

__all__ = ["MAX_ENTRIES", "compare_array", "is_numeric"]

MAX_ENTRIES = 10_000_000


def compare_array(
    *,
    actual: Value,
    expected: Value,
    tolerance: Tolerance,
    floor: float | Floats | None = None,
) -> Comparison:
    """Compare numbers, arrays and nested sequences of numbers.

    The shapes must be equal: nothing is broadcast, and empty equals only empty. `rtol` of an entry
    is taken of max(|entry|, floor), where `floor` is 0.01·rms(expected) unless it is given (for
    all entries, or one for each in C order), so that entries near zero are judged at the size of
    their neighbours while one wrong small entry is still seen. `scale` of the tolerance takes it
    of something else. Raises ValueError where the key is ragged, or senseless beside a tolerance
    for whole arrays: not finite, without direction, or too long to be compared in any order.
    """
    if floor is None and not tolerance.judges_whole:
        key = as_real(expected)
        if key is not None and (number := as_real(actual)) is not None:
            return compare_number(actual=number, expected=key, tolerance=tolerance)
    if _are_doubles(actual, expected):  # the most frequent case by far, read as below
        one, other = actual.ravel(), expected.ravel()
        shape = expected.shape
        same = Entries(shape, one, one), Entries(shape, other, other)
        return _compare(*same, tolerance, floor, actual)
    wanted = outline(expected)
    if wanted.shape is None:
        msg = "the expected rows have different lengths"
        raise ValueError(msg)
    actual = _base_array(actual)
    if not isinstance(actual, list | tuple) and not is_numeric(actual):
        return no_number(actual, of_list=wanted.shape != ())
    found = outline(actual)
    if found.shape is None:
        return Comparison.invalid(Reason.RAGGED, actual=actual)
    if found.shape != wanted.shape:
        return _misshapen(actual, found, wanted, tolerance)
    if math.prod(found.shape) > MAX_ENTRIES:
        return Comparison.invalid(Reason.TOO_LONG, detail=Detail(numbers=math.prod(found.shape)))
    keys = _key_entries(wanted)
    given = _beside(keys, found)
    if isinstance(given, Comparison):
        return given
    return _compare(given, keys, tolerance, floor, actual)


def _are_doubles(one: Value, other: Value) -> bool:
    """Whether both are arrays of float64, of one shape, and not too long."""
    if not type(one) is type(other) is np.ndarray or one.dtype != np.float64:
        return False
    same = one.dtype == other.dtype and one.shape == other.shape
    return same and one.size <= MAX_ENTRIES


def _base_array(value: Value) -> Value:
    """An array of a derived class as the plain array that it is; a masked one is refused."""
    derived = type(value) is not np.ndarray and isinstance(value, np.ndarray)
    return (
        np.ndarray.view(value, np.ndarray)
        if derived and not isinstance(value, np.ma.MaskedArray)
        else value
    )


def _beside(keys: Entries, found: Outline) -> Entries | Comparison:
    given = read_entries(found)
    return given if isinstance(given, Comparison) else like_keys(given, keys)


def _key_entries(wanted: Outline) -> Entries:
    keys = read_entries(wanted)
    if isinstance(keys, Comparison):
        where = f" at {path_text(keys.path)}" if keys.path else ""
        msg = f"the expected value is not made of numbers{where}"
        raise TypeError(msg)
    return keys


def _compare(
    given: Entries,
    keys: Entries,
    tolerance: Tolerance,
    floor: float | Floats | None,
    actual: Value,
) -> Comparison:
    """Compare entries of the same shape in the way that the tolerance asks for."""
    if not tolerance.judges_whole or not len(keys):
        if floor is None and are_plainly_right(given, keys, tolerance):
            return Comparison.correct(total=len(keys))
        return compare_elements(given, keys, tolerance, scale_of(keys, tolerance, floor))
    if _first_infinite(keys) is not None:
        msg = "an expected array that is not finite cannot be judged as a whole"
        raise ValueError(msg)
    bad = _first_infinite(given)
    if bad is not None:
        number = given[bad]
        reason = Reason.NAN_AT if np.isnan(nearest(number)) else Reason.NOT_FINITE
        return Comparison.invalid(reason, actual=number).inside(*place(bad, given.shape))
    scale = scale_of(keys, tolerance, floor)
    if tolerance.up_to_sign:
        return compare_up_to_sign(
            given, keys, lambda a, e: _in_one_way(a, e, tolerance, scale, actual)
        )
    if not tolerance.proportional:
        return _in_one_way(given, keys, tolerance, scale, actual)
    scaled = on_the_scale_of(keys, given)
    compared = None if scaled is None else _in_one_way(scaled, keys, tolerance, scale, actual)
    if compared is not None and compared.accepted:
        return compared
    return not_a_multiple(given, actual, compared)


def _in_one_way(
    given: Entries, keys: Entries, tolerance: Tolerance, scale: Scale, actual: Value
) -> Comparison:
    if tolerance.norm is not None:
        return compare_norm(given, keys, tolerance, actual)
    if tolerance.unordered and keys.shape:
        return compare_unordered(given, keys, tolerance, scale, actual)
    return compare_elements(given, keys, tolerance, scale)


def _first_infinite(entries: Entries) -> int | None:
    if entries.floats is not None:
        infinite = np.flatnonzero(~np.isfinite(entries.floats))
        return int(infinite[0]) if infinite.size else None
    return next((i for i in range(len(entries)) if not number_is_finite(entries[i])), None)


def _misshapen(actual: Value, found: Outline, wanted: Outline, tolerance: Tolerance) -> Comparison:
    """The refusal of a shape, with a word on whether the numbers are right but for it."""
    shape, key_shape = found.shape, wanted.shape
    assert shape is not None
    assert key_shape is not None
    detail = Detail(shape=shape, wanted_shape=key_shape)
    size = math.prod(shape)
    if not size or size != math.prod(key_shape) or size > MAX_ENTRIES or tolerance.judges_whole:
        return Comparison.invalid(Reason.WRONG_SHAPE, actual=actual, detail=detail)
    keys = _key_entries(wanted)
    numbers = _beside(keys, found)
    if isinstance(numbers, Comparison):
        return Comparison.invalid(Reason.WRONG_SHAPE, actual=actual, detail=detail)
    order = np.arange(size)
    if len(shape) > 1 and shape == key_shape[::-1]:
        turned = numbers.reordered(order.reshape(shape).T.ravel(), key_shape)
        if _compare(turned, keys, tolerance, None, actual).accepted:
            return Comparison.invalid(Reason.TRANSPOSED, actual=actual, detail=detail)
    if _compare(numbers.reordered(order, key_shape), keys, tolerance, None, actual).accepted:
        detail = replace(detail, numbers_right=True)
    return Comparison.invalid(Reason.WRONG_SHAPE, actual=actual, detail=detail)
