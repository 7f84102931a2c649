"""Are all numbers of an array right? Shape first, then finite, then every entry."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.compare.comparison import Comparison
from grader.compare.number import as_real, compare_number
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText, Value, shape_of
from grader.model.verdict import Reason, Verdict

__all__ = ["MAX_ENTRIES", "compare_array", "index_text", "is_numeric"]

MAX_ENTRIES = 10_000_000
_FLOOR = 0.01  # of the root mean square: entries near zero need not be right to their own size
_SURE = 1e-9  # how far from the bound floating point may decide without exact arithmetic


def is_numeric(value: Value) -> bool:
    """Whether a value is a number, a numeric array, or nested sequences of numbers."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "iuf"
    if isinstance(value, list | tuple):
        return all(is_numeric(item) for item in value)
    return as_real(value) is not None


def index_text(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""


def _entries(value: Value) -> Iterator[Any]:
    if isinstance(value, np.ndarray):
        yield from value.ravel().tolist()
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _entries(item)
    else:
        yield value


def compare_array(*, actual: Value, expected: Value, tolerance: Tolerance) -> Comparison:
    """Compare numbers, arrays and nested sequences of numbers entry by entry.

    The shapes must be equal: nothing is broadcast, and empty equals only empty. `rtol` of an entry
    is taken of max(|entry|, 0.01·rms(expected)), so that entries near zero are judged at the size
    of their neighbours while one wrong small entry is still seen.
    """
    if isinstance(actual, np.ndarray) and actual.dtype.kind not in "iuf":
        return Comparison.invalid(Reason.NOT_A_NUMBER, actual=actual, detail=str(actual.dtype))
    if not isinstance(actual, list | tuple | np.ndarray) and as_real(actual) is None:
        return Comparison.invalid(Reason.NOT_A_NUMBER, actual=actual)
    shape, wanted = shape_of(actual), shape_of(expected)
    assert wanted is not None
    if shape is None:
        return Comparison.invalid(Reason.RAGGED, actual=actual)
    if shape != wanted:
        detail = f"{shape_text(shape)} instead of {shape_text(wanted)}"
        return Comparison.invalid(Reason.WRONG_SHAPE, actual=actual, detail=detail)
    if math.prod(shape) > MAX_ENTRIES:
        return Comparison.invalid(Reason.TOO_LONG, detail=f"{math.prod(shape)} numbers")
    given, keys = list(_entries(actual)), list(_entries(expected))
    return _compare_entries(given, keys, shape, tolerance)


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape in words that a student knows."""
    if not shape:
        return "a single number"
    if len(shape) == 1:
        return f"a list of {shape[0]}"
    return f"{' × '.join(map(str, shape))} numbers"


def _compare_entries(
    given: list[Any], keys: list[Any], shape: tuple[int, ...], tolerance: Tolerance
) -> Comparison:
    for position, number in enumerate(given):
        if as_real(number) is None:
            return Comparison.invalid(Reason.NOT_A_NUMBER, actual=number).inside(
                index_text(_index(position, shape))
            )
    floor = _FLOOR * _rms(keys) if shape else 0.0
    refused: list[tuple[int, Comparison]] = []
    for position in _doubtful(given, keys, tolerance, floor):
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
        wrong=len(refused),
        total=len(keys),
    )


def _severity(comparison: Comparison) -> tuple[bool, bool, float]:
    invalid = comparison.verdict is Verdict.INVALID
    excess = comparison.difference if comparison.difference is not None else math.inf
    return invalid, comparison.verdict is Verdict.INCORRECT, excess


def _index(position: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(n) for n in np.unravel_index(position, shape)) if shape else ()


def _rms(keys: list[Any]) -> float:
    numbers = [abs(float(key)) for key in keys if math.isfinite(float(key))]
    largest = max(numbers, default=0.0)
    if largest == 0.0:
        return 0.0
    mean = math.fsum((number / largest) ** 2 for number in numbers) / len(numbers)
    return largest * math.sqrt(mean)


def _doubtful(
    given: list[Any], keys: list[Any], tolerance: Tolerance, floor: float
) -> Iterator[int]:
    """The positions that floating point cannot clear: all but entries well inside a bound."""
    bounded = tolerance.rtol is not None or tolerance.atol is not None
    typed = any(isinstance(item, NumberText) for item in (*given[:1], *keys[:1]))
    if not bounded or typed or len(keys) < 64:
        yield from range(len(keys))
        return
    s, e = np.asarray(given, dtype=np.float64), np.asarray(keys, dtype=np.float64)
    rtol, atol = float(tolerance.rtol or 0), float(tolerance.atol or 0)
    bound = np.maximum(atol, rtol * np.maximum(np.abs(e), floor)) * (1 - _SURE)
    with np.errstate(invalid="ignore", over="ignore"):
        clear = np.abs(s - e) <= bound
    yield from (int(position) for position in np.flatnonzero(~clear))
