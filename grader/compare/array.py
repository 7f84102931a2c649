"""Are all numbers of an array right? Shape first, then finite, then every entry."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.compare.comparison import Comparison
from grader.compare.number import as_float, as_real, compare_number
from grader.model.tolerance import Tolerance
from grader.model.value import Value, shape_of
from grader.model.verdict import Reason, Verdict

__all__ = ["MAX_ENTRIES", "compare_array", "index_text", "is_numeric", "shape_text"]

MAX_ENTRIES = 10_000_000
_FLOOR = 0.01  # of the root mean square: entries near zero need not be right to their own size
_SCREENED = 64  # arrays of at least so many entries are screened in floating point
_WHOLE = 2**53  # whole numbers up to here are floating-point numbers
_SURE = 1e-9  # how far from the bound floating point may decide without exact arithmetic


def is_numeric(value: Value) -> bool:
    """Whether a value is a number, a numeric array, or nested sequences of numbers."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "iuf" and not isinstance(value, np.ma.MaskedArray)
    if isinstance(value, list | tuple):
        return all(is_numeric(item) for item in value)
    return as_real(value) is not None


def index_text(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""


def _entries(value: Value) -> Iterator[Any]:
    """The numbers one by one; an array that is not numeric comes as a whole, and is no number."""
    if isinstance(value, np.ndarray) and is_numeric(value):
        yield from np.asarray(value).ravel().tolist()
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _entries(item)
    else:
        yield value


def compare_array(
    *, actual: Value, expected: Value, tolerance: Tolerance, floor: float | None = None
) -> Comparison:
    """Compare numbers, arrays and nested sequences of numbers entry by entry.

    The shapes must be equal: nothing is broadcast, and empty equals only empty. `rtol` of an entry
    is taken of max(|entry|, floor), where `floor` is 0.01·rms(expected) unless it is given, so
    that entries near zero are judged at the size of their neighbours while one wrong small entry
    is still seen. Raises ValueError when `expected` is ragged.
    """
    if isinstance(actual, np.ndarray) and not is_numeric(actual):
        return Comparison.invalid(Reason.NOT_A_NUMBER, actual=actual, detail=str(actual.dtype))
    if not isinstance(actual, list | tuple | np.ndarray) and as_real(actual) is None:
        return Comparison.invalid(Reason.NOT_A_NUMBER, actual=actual)
    wanted = shape_of(expected)
    if wanted is None:
        msg = "the expected rows have different lengths"
        raise ValueError(msg)
    shape = shape_of(actual)
    if shape is None:
        return Comparison.invalid(Reason.RAGGED, actual=actual)
    if shape != wanted:
        detail = f"{shape_text(shape)} instead of {shape_text(wanted)}"
        return Comparison.invalid(Reason.WRONG_SHAPE, actual=actual, detail=detail)
    if math.prod(shape) > MAX_ENTRIES:
        return Comparison.invalid(Reason.TOO_LONG, detail=f"{math.prod(shape)} numbers")
    given, keys = list(_entries(actual)), list(_entries(expected))
    if floor is None:
        floor = _FLOOR * _rms(keys) if shape else 0.0
    return _compare_entries(given, keys, shape, tolerance, floor)


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape in words that a student knows."""
    if not shape:
        return "a single number"
    if len(shape) == 1:
        return f"a list of {shape[0]}"
    return f"{' × '.join(map(str, shape))} numbers"


def _compare_entries(
    given: list[Any],
    keys: list[Any],
    shape: tuple[int, ...],
    tolerance: Tolerance,
    floor: float,
) -> Comparison:
    for position, number in enumerate(given):
        if as_real(number) is None:
            return Comparison.invalid(Reason.NOT_A_NUMBER, actual=number).inside(
                index_text(_index(position, shape))
            )
    refused: list[tuple[int, Comparison]] = []
    positions, others = _screened(given, keys, tolerance, floor)
    for position in positions:
        comparison = compare_number(
            actual=given[position],
            expected=keys[position],
            tolerance=tolerance,
            scale_floor=floor,
        )
        if not comparison.accepted:
            refused.append((position, comparison))
    if not refused:
        return Comparison.correct(total=len(keys))
    position, worst = max(refused, key=lambda item: (_severity(item[1]), -item[0]))
    return Comparison(
        verdict=worst.verdict,
        reason=worst.reason,
        credit=worst.credit,
        path=index_text(_index(position, shape)),
        actual=worst.actual,
        expected=worst.expected,
        difference=worst.difference,
        allowed=worst.allowed,
        wrong=len(refused) + others,
        total=len(keys),
    )


def _severity(comparison: Comparison) -> tuple[bool, bool, float]:
    invalid = comparison.verdict is Verdict.INVALID
    excess = comparison.difference if comparison.difference is not None else math.inf
    return invalid, comparison.verdict is Verdict.INCORRECT, excess


def _index(position: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(n) for n in np.unravel_index(position, shape)) if shape else ()


def _rms(keys: list[Any]) -> float:
    numbers = [size for key in keys if math.isfinite(size := abs(as_float(key)))]
    largest = max(numbers, default=0.0)
    if largest == 0.0:
        return 0.0
    mean = math.fsum((number / largest) ** 2 for number in numbers) / len(numbers)
    return largest * math.sqrt(mean)


def _screened(
    given: list[Any], keys: list[Any], tolerance: Tolerance, floor: float
) -> tuple[list[int], int]:
    """The positions to judge exactly, and how many others are wrong beyond doubt.

    Floating point clears entries well inside their bound, and gives up those well outside but the
    one furthest off. What it decides is what exact arithmetic would: its rounding is far below
    `_SURE`, and a difference of two floats is rounded correctly.
    """
    everything = list(range(len(keys)))
    if len(keys) < _SCREENED or not all(map(_is_double, given)) or not all(map(_is_double, keys)):
        return everything, 0
    s, e = np.array(given, dtype=np.float64), np.array(keys, dtype=np.float64)
    with np.errstate(invalid="ignore", over="ignore"):
        if tolerance.decimals is not None:
            bound = np.full(len(keys), 0.5 * 10.0**-tolerance.decimals)
        elif tolerance.rtol is not None or tolerance.atol is not None:
            rtol, atol = as_float(tolerance.rtol or 0), as_float(tolerance.atol or 0)
            bound = np.maximum(atol, rtol * np.maximum(np.abs(e), floor))
        else:
            return everything, 0
        distance = np.abs(s - e)
        finite = np.isfinite(distance) & np.isfinite(bound)
        clear = finite & (distance <= bound * (1 - _SURE))
        slack = 8 * np.spacing(np.maximum(np.abs(s), np.abs(e)))
        wrong = finite & (distance > (bound + slack) * (1 + _SURE))
    if wrong.any():
        wrong[np.argmax(np.where(wrong, distance, -1.0))] = False
    return np.flatnonzero(~clear & ~wrong).tolist(), int(wrong.sum())


def _is_double(number: Any) -> bool:
    return type(number) is float or (type(number) is int and abs(number) <= _WHOLE)
