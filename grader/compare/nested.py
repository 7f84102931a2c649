"""Compare results that are tuples, lists and dictionaries of numbers, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from grader.compare.array import compare_array, is_numeric
from grader.compare.comparison import Comparison
from grader.model.tolerance import Tolerance
from grader.model.value import Opaque, Value
from grader.model.verdict import Reason, Verdict

__all__ = ["compare_value"]


def compare_value(
    *,
    actual: Value,
    expected: Value,
    tolerance: Tolerance,
    tolerances: Mapping[str, Tolerance] = MappingProxyType({}),
    path: str = "",
) -> Comparison:
    """Compare plain data with the key; the first part that differs is reported with its path.

    `tolerances` gives paths (such as `[1].m`) a tolerance of their own, which holds for everything
    below. A dictionary may have keys besides the expected ones.
    """
    tolerance = tolerances.get(path, tolerance)
    if isinstance(actual, Opaque):
        return Comparison.invalid(Reason.NOT_PLAIN_DATA, actual=actual, detail=actual.type_name)
    if isinstance(expected, Mapping):
        return _compare_mapping(actual, expected, tolerance, tolerances, path)
    taken_apart = isinstance(expected, list | tuple) and any(
        key.startswith(f"{path}[") for key in tolerances
    )
    if is_numeric(expected) and not taken_apart:
        return compare_array(actual=actual, expected=expected, tolerance=tolerance)
    if isinstance(expected, list | tuple):
        return _compare_sequence(actual, expected, tolerance, tolerances, path)
    return _compare_plain(actual, expected)


def _compare_mapping(
    actual: Value,
    expected: Mapping[str, Value],
    tolerance: Tolerance,
    tolerances: Mapping[str, Tolerance],
    path: str,
) -> Comparison:
    if not isinstance(actual, Mapping):
        return Comparison.invalid(Reason.NOT_A_MAPPING, actual=actual)
    for key in expected:
        if key not in actual:
            return Comparison.invalid(Reason.KEY_MISSING, detail=str(key))
    parts = [
        (
            f".{key}",
            compare_value(
                actual=actual[key],
                expected=value,
                tolerance=tolerance,
                tolerances=tolerances,
                path=f"{path}.{key}",
            ),
        )
        for key, value in expected.items()
    ]
    return _first_refused(parts)


def _compare_sequence(
    actual: Value,
    expected: list[Value] | tuple[Value, ...],
    tolerance: Tolerance,
    tolerances: Mapping[str, Tolerance],
    path: str,
) -> Comparison:
    if not (isinstance(actual, list | tuple) or (isinstance(actual, np.ndarray) and actual.ndim)):
        return Comparison.invalid(Reason.NOT_A_LIST, actual=actual)
    if len(actual) != len(expected):
        detail = f"{len(actual)} values instead of {len(expected)}"
        return Comparison.invalid(Reason.WRONG_LENGTH, actual=actual, detail=detail)
    parts = [
        (
            f"[{index}]",
            compare_value(
                actual=actual[index],
                expected=value,
                tolerance=tolerance,
                tolerances=tolerances,
                path=f"{path}[{index}]",
            ),
        )
        for index, value in enumerate(expected)
    ]
    return _first_refused(parts)


def _first_refused(parts: list[tuple[str, Comparison]]) -> Comparison:
    total = sum(comparison.total for _, comparison in parts)
    for step, comparison in parts:
        if not comparison.accepted:
            return comparison.inside(step)
    return Comparison.correct(total=total)


def _compare_plain(actual: Value, expected: Value) -> Comparison:
    """None, booleans and texts: equal or not, and of the same type."""
    if isinstance(actual, np.bool_):
        actual = bool(actual)
    if type(actual) is not type(expected):
        return Comparison.invalid(Reason.WRONG_TYPE, actual=actual, detail=type(expected).__name__)
    if actual == expected:
        return Comparison.correct()
    return Comparison(
        verdict=Verdict.INCORRECT,
        reason=Reason.WRONG_VALUE,
        actual=actual,
        expected=expected,
        wrong=1,
    )
