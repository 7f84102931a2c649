"""Axes of length 1: an answer of (1, n) for (n,), where a question is lenient about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from grader.compare.array import compare_array, is_numeric
from grader.compare.comparison import Comparison
from grader.compare.nested import compare_value, is_one_array
from grader.model.assignment import AnswerQuestion, FunctionQuestion
from grader.model.fact_marking import Detail
from grader.model.tolerance import Tolerance
from grader.model.value import Value, shape_of
from grader.model.verdict import Reason, Verdict

__all__ = ["Axes", "mended_array", "unwrapped"]

_OF_SHAPE = (Reason.WRONG_SHAPE, Reason.TRANSPOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """How one answer is judged whose shape is right but for axes of length 1.

    From a sheet that is lenient unless the question says otherwise, and exact from code: who
    calls a function relies on its shape.
    """

    lenient: bool
    credit: Fraction
    typed: bool  #: in a sheet

    @classmethod
    def of(cls, question: AnswerQuestion | FunctionQuestion, *, typed: bool) -> Axes:
        lenient = question.shape == "lenient" or (typed and not question.shape)
        return cls(lenient=lenient, credit=question.shape_credit, typed=typed)

    def array(self, actual: Value, expected: Value, tolerance: Tolerance) -> Comparison:
        """As `compare_array`; what has axes of length 1 too many or too few is partly right."""
        return self._judged(
            lambda value: compare_array(actual=value, expected=expected, tolerance=tolerance),
            actual,
            lambda: mended_array(actual, expected),
        )

    def value(
        self,
        actual: Value,
        expected: Value,
        tolerance: Tolerance,
        tolerances: Mapping[str, Tolerance],
    ) -> Comparison:
        """As `compare_value`, with the same for every array of a nested result."""
        return self._judged(
            lambda value: compare_value(
                actual=value, expected=expected, tolerance=tolerance, tolerances=tolerances
            ),
            actual,
            lambda: self.mended(actual, expected, tolerance),
        )

    def _judged(
        self, compare: Callable[[Value], Comparison], actual: Value, mend: Callable[[], Value]
    ) -> Comparison:
        found = compare(actual)
        if found.reason not in _OF_SHAPE:
            return found
        found = replace(found, detail=replace(found.detail, typed=self.typed))
        again = compare(mend()) if self.lenient else found
        if not again.credit:
            return found
        if self.credit == 1:
            return again
        return replace(
            found,
            verdict=Verdict.PARTIAL,
            reason=Reason.WRONG_SHAPE,
            credit=again.credit * self.credit,
            detail=replace(found.detail, numbers_right=again.accepted),
        )

    def of_list(self, row: Comparison, actual: Value, expected: Value) -> Comparison:
        """The comparison of a row of a list that was `unwrapped`: what is right is partly right."""
        if not row.credit or self.credit == 1:
            return row
        detail = Detail(
            shape=shape_of(actual),
            wanted_shape=shape_of(expected),
            typed=self.typed,
            numbers_right=row.accepted or row.detail.numbers_right,
        )
        own = Fraction(1) if row.reason is Reason.WRONG_SHAPE else self.credit
        return replace(
            row,
            verdict=Verdict.PARTIAL,
            reason=Reason.WRONG_SHAPE,
            credit=row.credit * own,
            detail=detail,
        )

    def mended(self, actual: Value, expected: Value, tolerance: Tolerance) -> Value:
        """The answer with the shapes of the key, where axes of length 1 are all that differs."""
        if not self.lenient:
            return actual
        if isinstance(expected, Mapping):
            if not isinstance(actual, Mapping):
                return actual
            return {
                key: self.mended(item, expected[key], tolerance) if key in expected else item
                for key, item in actual.items()
            }
        if is_one_array(expected, tolerance):
            return mended_array(actual, expected)
        alike = isinstance(expected, list | tuple) and isinstance(actual, list | tuple)
        if not alike or len(actual) != len(expected):
            return actual
        pairs = zip(actual, expected, strict=True)
        return type(actual)(self.mended(one, wanted, tolerance) for one, wanted in pairs)


def mended_array(actual: Value, expected: Value) -> Value:
    """The same numbers in the shape of the key, if the two differ in axes of length 1 alone."""
    if not is_numeric(actual) or not is_numeric(expected):
        return actual
    shape, wanted = shape_of(actual), shape_of(expected)
    if shape is None or wanted is None or shape == wanted or _core(shape) != _core(wanted):
        return actual
    if isinstance(actual, np.ndarray):
        return actual.reshape(wanted)[()]
    # Numbers keep the text they were typed as: no array of floats is made of them.
    numbers = np.empty(shape, dtype=object)
    numbers[...] = np.array(_numbers(actual), dtype=object).reshape(shape)
    return numbers.reshape(wanted).tolist() if wanted else numbers.reshape(1)[0]


def unwrapped(actual: Value, expected: Value) -> Value:
    """The rows of a list that stands in a list of its own, as `[[1, 2, 3]]` for `[1, 2, 3]`."""
    shape, wanted = shape_of(actual), shape_of(expected)
    if not is_numeric(actual) or shape is None or wanted is None:
        return actual
    wrapped = len(shape) == len(wanted) + 1 and shape[0] == 1 and shape[2:] == wanted[1:]
    return actual[0] if wrapped else actual


def _core(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(length for length in shape if length != 1)


def _numbers(value: Value) -> list[Any]:
    if isinstance(value, list | tuple):
        return [number for item in value for number in _numbers(item)]
    return list(value.ravel()) if isinstance(value, np.ndarray) else [value]
