"""A nested result whose parts earn a share of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import numpy as np

from grader.compare.nested import compare_value
from grader.model.assignment import FunctionQuestion
from grader.model.tolerance import Tolerance
from grader.model.value import Value

__all__ = ["parts_of", "share_of_right_parts"]


def share_of_right_parts(question: FunctionQuestion, actual: Value, expected: Value) -> Fraction:
    """What the right parts earn of a case that is not right as a whole; 0 without `shares`."""
    earned = sum(
        (
            question.shares[path]
            for path, own, right, tolerance in _pairs(question, actual, expected)
            if compare_value(
                actual=own,
                expected=right,
                tolerance=tolerance,
                tolerances=question.tolerances,
                path=path,
            ).accepted
        ),
        start=Fraction(0),
    )
    return earned / sum(question.shares.values()) if earned else Fraction(0)


def parts_of(value: Value, path: str = "") -> Iterator[tuple[str, Value]]:
    """The parts of a result right below it, each with its path: `[1]`, `[1].m`."""
    if isinstance(value, Mapping):
        yield from ((f"{path}.{name}", item) for name, item in value.items())
    elif isinstance(value, list | tuple):
        yield from ((f"{path}[{index}]", item) for index, item in enumerate(value))


def _pairs(
    question: FunctionQuestion, actual: Value, expected: Value
) -> Iterator[tuple[str, Value, Value, Tolerance]]:
    """What stands at each path with a share, of those that the result has, and its tolerance."""
    waiting = [("", actual, expected, question.tolerance)]
    while waiting:
        path, own, right, tolerance = waiting.pop()
        tolerance = question.tolerances.get(path, tolerance)
        if path in question.shares:
            yield path, own, right, tolerance
            continue
        own = list(own) if isinstance(own, np.ndarray) and own.ndim else own
        mapping = isinstance(right, Mapping)
        if mapping is not isinstance(own, Mapping):
            continue
        if not mapping and not (isinstance(own, list | tuple) and isinstance(right, list | tuple)):
            continue
        if not mapping and len(own) != len(right):
            continue  # which of them are missing, nobody knows
        there = dict(parts_of(own, path))
        waiting += [
            (name, there[name], item, tolerance)
            for name, item in parts_of(right, path)
            if name in there
        ]
