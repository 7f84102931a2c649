"""Is a formula right? It is evaluated where the key was, and must have the same values there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.compare.array import compare_array, shape_text
from grader.compare.comparison import Comparison
from grader.compare.formula import Formula, FormulaError, Language, evaluate, parse_formula
from grader.compare.number import as_real
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText, Value
from grader.model.verdict import Reason, Verdict

__all__ = ["SamplePoint", "compare_expression", "read_formula"]

_OF_MEDIAN = 0.01


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SamplePoint:
    """One point of the domain: what each name is worth there, and what the key is worth."""

    lookup: Callable[[str], Value]
    expected: Any  #: a float or an array; None where the key is undefined
    label: str  #: the sampled values in words, for staff


def read_formula(actual: Value, language: Language) -> Formula:
    """Read a typed formula; a bare number is one too. Raises FormulaError."""
    if isinstance(actual, NumberText):
        actual = actual.text
    elif (number := as_real(actual)) is not None:
        actual = repr(number)
    if not isinstance(actual, str):
        msg = "a formula must be a text"
        raise FormulaError(msg)
    return parse_formula(actual, language)


def compare_expression(
    *,
    actual: Value,
    points: Sequence[SamplePoint],
    language: Language,
    tolerance: Tolerance,
) -> Comparison:
    """Compare a formula with the key at every point.

    The two must be defined at the same points, have the same shape, and the same values there.
    `rtol` is taken of max(|value|, 0.01·median of the sizes other than zero): a median, because
    the rms of a steep function is that of its largest value, beside which a wrong constant is
    nothing. Raises ValueError when the key is defined nowhere.
    """
    if all(point.expected is None for point in points):
        msg = "the key is defined at none of the points"
        raise ValueError(msg)
    try:
        formula = read_formula(actual, language)
    except FormulaError as error:
        return Comparison.invalid(Reason.NOT_A_FORMULA, actual=actual, detail=str(error))
    given: list[Any] = []
    wanted: list[Any] = []
    for point in points:
        try:
            value = evaluate(formula, point.lookup)
        except FormulaError as error:
            return Comparison.invalid(Reason.WRONG_SHAPE, actual=actual, detail=str(error))
        defined = bool(np.all(np.isfinite(value)))
        if defined != (point.expected is not None):
            return Comparison(
                verdict=Verdict.INCORRECT,
                reason=Reason.UNDEFINED_AT_POINT,
                actual=actual,
                detail=f"{'defined' if defined else 'undefined'} at {point.label}",
                wrong=1,
            )
        if defined:
            if np.shape(value) != np.shape(point.expected):
                has, needs = shape_text(np.shape(value)), shape_text(np.shape(point.expected))
                detail = f"the formula gives {has} instead of {needs}"
                return Comparison.invalid(Reason.WRONG_SHAPE, actual=actual, detail=detail)
            given.append(np.ravel(value))
            wanted.append(np.ravel(point.expected))
    key = np.concatenate(wanted)
    comparison = compare_array(
        actual=np.concatenate(given), expected=key, tolerance=tolerance, floor=_floor(key)
    )
    if comparison.accepted:
        return comparison
    agrees_somewhere = comparison.wrong < comparison.total
    return Comparison(
        verdict=comparison.verdict,
        reason=Reason.WRONG_AT_SOME_POINTS if agrees_somewhere else comparison.reason,
        actual=actual,
        expected=comparison.expected,
        difference=comparison.difference,
        allowed=comparison.allowed,
        wrong=1,
        detail=(
            f"{comparison.wrong} of {comparison.total} sampled values differ, "
            f"most {_where(points, comparison, wanted)}"
        ),
    )


def _floor(key: Any) -> float:
    sizes = np.abs(key[key != 0])
    return _OF_MEDIAN * float(np.median(sizes)) if sizes.size else 0.0


def _where(points: Sequence[SamplePoint], comparison: Comparison, wanted: list[Any]) -> str:
    """The label of the point at which the worst entry lies."""
    position = int(comparison.path.strip("[]") or 0)
    defined = [point for point in points if point.expected is not None]
    for point, values in zip(defined, wanted, strict=True):
        if position < len(values):
            return f"at {point.label}"
        position -= len(values)
    return ""
