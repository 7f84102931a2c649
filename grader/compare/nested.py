"""Compare results that are tuples, lists and dictionaries of numbers, part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from grader.compare.array import compare_array, is_numeric
from grader.compare.comparison import Comparison
from grader.compare.refusal import no_number
from grader.model.fact_marking import Detail
from grader.model.tolerance import Tolerance
from grader.model.value import Opaque, Value, shape_of, walk
from grader.model.verdict import Reason, Verdict

__all__ = ["compare_value", "is_one_array"]

_SEVERITY = (Verdict.IMPRECISE, Verdict.INCORRECT, Verdict.INVALID)


def compare_value(
    *,
    actual: Value,
    expected: Value,
    tolerance: Tolerance,
    tolerances: Mapping[str, Tolerance] = MappingProxyType({}),
    path: str = "",
) -> Comparison:
    """Compare plain data with the key; the worst part that differs is reported with its path.

    An array, a flat or a regular nested list of plain numbers is judged as a whole; a tuple, and a
    list that holds arrays or anything else, part by part, so that each part has its own scale.
    `tolerances` gives paths (such as `[1].m`) a tolerance of their own, which holds for everything
    below. A dictionary may have keys besides the expected ones.
    """
    tolerance = tolerances.get(path, tolerance)
    if not tolerances and type(actual) is type(expected) is np.ndarray and is_numeric(expected):
        return compare_array(actual=actual, expected=expected, tolerance=tolerance)
    if isinstance(actual, Opaque):
        return Comparison.invalid(
            Reason.NOT_PLAIN_DATA, actual=actual, detail=Detail(name=actual.type_name)
        )
    if isinstance(expected, Mapping):
        return _compare_mapping(actual, expected, tolerance, tolerances, path)
    taken_apart = any(key.startswith(f"{path}[") for key in tolerances)
    if is_one_array(expected, tolerance) and not (taken_apart and shape_of(expected)):
        if _is_several(actual) and shape_of(actual) != shape_of(expected):
            detail = Detail(length=len(actual))
            return Comparison.invalid(Reason.NOT_AN_ARRAY, actual=actual, detail=detail)
        return compare_array(actual=actual, expected=expected, tolerance=tolerance)
    if isinstance(expected, list | tuple) or is_numeric(expected):
        return _compare_sequence(actual, expected, tolerance, tolerances, path)
    return _compare_plain(actual, expected)


def _is_several(actual: Value) -> bool:
    """Whether a tuple looks like several results, such as `(output, cache)`."""
    whole = (Mapping, np.ndarray, type(None))
    return isinstance(actual, tuple) and any(isinstance(item, whole) for item in actual)


def is_one_array(expected: Value, tolerance: Tolerance) -> bool:
    """Whether a key is compared as one array rather than part by part."""
    if not is_numeric(expected):
        return False
    if isinstance(expected, np.ndarray):
        return True
    # Where arrays are judged as a whole, a tuple of numbers, such as two roots, is one too.
    apart = np.ndarray if tolerance.judges_whole else tuple | np.ndarray
    if any(isinstance(item, apart) for item in walk(expected)):
        return False
    return shape_of(expected) is not None


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
            return Comparison.invalid(Reason.KEY_MISSING, detail=Detail(name=str(key)))
    parts = [
        (
            str(key),
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
    return _worst(parts)


def _compare_sequence(
    actual: Value,
    expected: Sequence[Value],
    tolerance: Tolerance,
    tolerances: Mapping[str, Tolerance],
    path: str,
) -> Comparison:
    if isinstance(actual, np.ndarray) and not (is_numeric(actual) or actual.dtype.kind == "b"):
        return no_number(actual)
    if not (isinstance(actual, list | tuple) or (isinstance(actual, np.ndarray) and actual.ndim)):
        return Comparison.invalid(Reason.NOT_A_LIST, actual=actual)
    if len(actual) != len(expected):
        detail = Detail(length=len(actual), wanted_length=len(expected))
        return Comparison.invalid(Reason.WRONG_LENGTH, actual=actual, detail=detail)
    parts = [
        (
            index,
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
    return _worst(parts)


def _worst(parts: Sequence[tuple[str | int, Comparison]]) -> Comparison:
    """The first of the worst parts: one that is only imprecise does not hide one that is wrong."""
    refused = [(step, part) for step, part in parts if not part.accepted]
    if not refused:
        return Comparison.correct(total=sum(part.total for _, part in parts))
    step, worst = max(refused, key=lambda item: _SEVERITY.index(item[1].verdict))
    return worst.inside(step)


def _compare_plain(actual: Value, expected: Value) -> Comparison:
    """None, booleans, texts, and arrays of booleans: equal or not, and of the same type."""
    if isinstance(expected, np.ndarray):
        return _compare_plain_array(actual, expected)
    if isinstance(actual, np.bool_):
        actual = bool(actual)
    if isinstance(expected, np.bool_):
        expected = bool(expected)
    if type(actual) is not type(expected):
        detail = Detail(name=type(expected).__name__)
        return Comparison.invalid(Reason.WRONG_TYPE, actual=actual, detail=detail)
    if actual == expected:
        return Comparison.correct()
    return _unequal(actual, expected, wrong=1, total=1)


def _compare_plain_array(actual: Value, expected: Value) -> Comparison:
    given = np.array(actual) if _holds_bools(actual) else actual
    if not isinstance(given, np.ndarray) or given.dtype.kind != expected.dtype.kind:
        detail = Detail(array_of=expected.dtype.name)
        return Comparison.invalid(Reason.WRONG_TYPE, actual=actual, detail=detail)
    if given.shape != expected.shape:
        detail = Detail(shape=given.shape, wanted_shape=expected.shape)
        return Comparison.invalid(Reason.WRONG_SHAPE, actual=actual, detail=detail)
    wrong = int(np.sum(np.asarray(given) != np.asarray(expected)))
    if not wrong:
        return Comparison.correct(total=expected.size)
    return _unequal(actual, expected, wrong=wrong, total=expected.size)


def _holds_bools(value: Value) -> bool:
    """Whether a list is regular and made of nothing but True and False."""
    if not isinstance(value, list | tuple) or shape_of(value) is None:
        return False
    leaves = [item for item in walk(value) if not isinstance(item, list | tuple)]
    return bool(leaves) and all(isinstance(item, bool | np.bool_) for item in leaves)


def _unequal(actual: Value, expected: Value, *, wrong: int, total: int) -> Comparison:
    return Comparison(
        verdict=Verdict.INCORRECT,
        reason=Reason.WRONG_VALUE,
        actual=actual,
        expected=expected,
        wrong=wrong,
        total=total,
    )
