"""Is a formula right? It is evaluated where the key was, and must have the same values there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.compare.array import compare_array
from grader.compare.comparison import Comparison
from grader.compare.formula import (
    Formula,
    FormulaError,
    Language,
    Samples,
    TwoReadings,
    Understood,
    form_faults,
    formula_sizes,
    formula_values,
    is_difference_quotient,
    understood,
)
from grader.compare.number import as_float, as_real
from grader.model.assignment import Form
from grader.model.fact_marking import Detail
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText, Value
from grader.model.verdict import Reason, Verdict

__all__ = [
    "Samples",
    "compare_expression",
    "compare_formula_values",
    "formula_values",
    "read_formula",
    "understand_formula",
]

Points: TypeAlias = NDArray[np.float64]

_NONE = Fraction(0)
_OF_MEDIAN = 0.01
_OF_TERMS = 100.0  # so that a key whose terms cancel does not accept whatever is as small as they
_NOISE_ULP = 16
_SURELY = 1 - 1e-9  # of a bound: floating point cannot be wrong about it
_KEPT = 500  # characters: a longer text is read again rather than kept


def read_formula(actual: Value, language: Language) -> Formula:
    """Read a typed formula; a bare number is one too. Raises FormulaError."""
    return understand_formula(actual, language).formula


def understand_formula(actual: Value, language: Language) -> Understood:
    """Read a typed formula, and say how. Raises FormulaError."""
    if isinstance(actual, NumberText):
        actual = actual.text
    elif (number := as_real(actual)) is not None:
        # Python refuses to write out whole numbers of more than 4300 digits.
        actual = repr(number if math.isfinite(as_float(number)) else as_float(number))
    if not isinstance(actual, str):
        msg = "a formula must be written as a text"
        raise FormulaError(msg)
    return _read(actual, language) if len(actual) <= _KEPT else understood(actual, language)


@lru_cache(maxsize=512)
def _read(text: str, language: Language) -> Understood:
    return understood(text, language)


def compare_expression(
    *,
    actual: Value,
    samples: Samples,
    expected: Points,
    language: Language,
    tolerance: Tolerance,
    sizes: Points | None = None,
    form: Form | None = None,
    quotients: bool = False,
) -> Comparison:
    """Read a formula and compare its values at the samples with the key's.

    `expected` has the shape (points, *shape), and NaN in every entry of a point where the key is
    undefined. Raises ValueError when the key is defined nowhere. See `compare_formula_values` for
    the rules.

    A formula that is wrong by no more than the rounding of its own terms is right: 16 ulp of the
    sum of their absolute values, but never more than `rtol` allows anyhow. So 1e9·x − 1e9·x widens
    a bound to twice its width at most, and mistakes lie three tolerances away.

    A right formula in another form than `form` asks for is `partial` and earns its credit. A
    difference quotient is `incorrect` for its form, whatever its values, unless `quotients` allows
    it: it needs no derivation.
    """
    try:
        formula = read_formula(actual, language)
    except FormulaError as error:
        return _refused(Reason.NOT_A_FORMULA, actual, error)
    try:
        values = formula_values(formula, samples)
    except TwoReadings as error:
        return _refused(Reason.NOT_A_FORMULA, actual, error)
    except FormulaError as error:
        return _refused(Reason.WRONG_SHAPE, actual, error)

    def compared(values: Points) -> Comparison:
        return compare_formula_values(
            actual=actual,
            values=values,
            expected=expected,
            tolerance=tolerance,
            samples_labels=samples.labels,
            sizes=sizes,
        )

    comparison = compared(values)
    if comparison.difference is not None and tolerance.rtol is not None:
        noise = _NOISE_ULP * np.finfo(np.float64).eps * formula_sizes(formula, samples)
        most = float(tolerance.rtol) * _scale(expected, sizes)
        again = compared(_moved(values, expected, noise, most))
        comparison = again if again.accepted else comparison
    if not quotients and is_difference_quotient(formula, samples):
        return _in_wrong_form(comparison, actual, Detail(quotient=True))
    if form is None or not comparison.accepted:
        return comparison
    faults = form_faults(formula, form, samples)
    if not faults:
        return comparison
    return _in_wrong_form(comparison, actual, Detail(form=tuple(faults)), credit=form.credit)


def _refused(reason: Reason, actual: Value, error: FormulaError) -> Comparison:
    return Comparison.invalid(reason, actual=actual, detail=Detail(message=str(error)))


def _in_wrong_form(
    comparison: Comparison,
    actual: Value,
    detail: Detail,
    *,
    credit: Fraction = _NONE,
) -> Comparison:
    return replace(
        comparison,
        verdict=Verdict.INCORRECT if detail.quotient else Verdict.PARTIAL,
        reason=Reason.WRONG_FORM,
        credit=credit,
        actual=actual,
        detail=detail,
    )


def compare_formula_values(
    *,
    actual: Value,
    values: Points,
    expected: Points,
    tolerance: Tolerance,
    samples_labels: Sequence[str] = (),
    sizes: Points | None = None,
) -> Comparison:
    """Compare the values of a formula with the key's; both have the shape (points, *shape).

    They must have the same shape, be defined (finite in every entry) at the same points, and be
    equal there. `rtol` of an entry is taken of the largest of its own size, 0.01·median of the
    sizes other than zero, and the sum of the terms that the key adds up there, if `sizes` gives
    it, at most 100 times |value| or the median. A median, because the rms of a steep function is
    that of its largest value, beside which a wrong constant is nothing. Raises ValueError when the
    key is defined nowhere.
    """
    if values.shape == expected.shape and _plainly_right(values, expected, tolerance):
        return Comparison.correct(total=expected.size)
    wanted, given = _defined(expected), _defined(values)
    if not wanted.any():
        msg = "the key is defined at none of the points"
        raise ValueError(msg)
    if values.shape != expected.shape:
        has, needs = values.shape[1:], expected.shape[1:]
        detail = Detail(shape=has, wanted_shape=needs, of_formula=True)
        return Comparison.invalid(Reason.WRONG_SHAPE, actual=actual, detail=detail)
    if (wanted != given).any():
        point = int(np.argmax(wanted != given))
        return Comparison(
            verdict=Verdict.INCORRECT,
            reason=Reason.UNDEFINED_AT_POINT,
            actual=actual,
            detail=Detail(defined=bool(given[point]), point=_label(samples_labels, point)),
            wrong=1,
        )
    if np.iscomplexobj(values) or np.iscomplexobj(expected):
        values, expected = values.astype(np.complex128), expected.astype(np.complex128)
    comparison = compare_array(
        actual=values[wanted].ravel(),
        expected=expected[wanted].ravel(),
        tolerance=tolerance,
        floor=_scale(expected, sizes)[wanted].ravel(),
    )
    if comparison.accepted:
        return comparison
    step = comparison.path[0] if comparison.path else 0
    entry = step[0] if isinstance(step, tuple) else 0
    point = int(np.flatnonzero(wanted)[entry // max(1, expected[0].size)])
    agrees_somewhere = comparison.wrong < comparison.total
    return replace(
        comparison,
        reason=Reason.WRONG_AT_SOME_POINTS if agrees_somewhere else comparison.reason,
        path=(),
        actual=actual,
        wrong=1,
        total=1,
        detail=Detail(
            point=_label(samples_labels, point),
            points_wrong=comparison.wrong,
            points=comparison.total,
        ),
    )


def _plainly_right(values: Points, expected: Points, tolerance: Tolerance) -> bool:
    """Whether all entries lie within `rtol` of their own size, which any scale allows.

    That decides nearly all right answers, at a tenth of the cost. NaN and infinities are left to
    the rules.
    """
    if tolerance.rtol is None or tolerance.judges_whole or tolerance.scale is not None:
        return False
    with np.errstate(invalid="ignore", over="ignore"):
        within = np.abs(values - expected) <= _SURELY * float(tolerance.rtol) * np.abs(expected)
        return bool((within & np.isfinite(expected)).all())


def _scale(expected: Points, sizes: Points | None) -> Points:
    """What `rtol` is taken of at every entry."""
    size = np.abs(expected)
    known = size[np.isfinite(size) & (size != 0)]
    median = float(np.median(known)) if known.size else 0.0
    scale = np.maximum(size, _OF_MEDIAN * median)
    if sizes is not None:
        terms = np.where(np.isfinite(sizes), sizes, 0.0)
        scale = np.maximum(scale, np.minimum(terms, _OF_TERMS * np.maximum(size, median)))
    return scale


def _moved(values: Points, expected: Points, noise: Points, most: Points) -> Points:
    """The values, each nearer to the key by its noise, but not by more than `most`."""
    step = np.minimum(np.where(np.isfinite(noise), noise, 0.0), most)
    apart = values - expected
    if np.iscomplexobj(apart):
        with np.errstate(all="ignore"):
            share = np.minimum(1, step / np.abs(apart))
        return values - np.where(np.isfinite(share), share, 1) * apart
    return values - np.clip(apart, -step, step)


def _defined(values: Points) -> NDArray[np.bool_]:
    """Which points are defined: those where every entry is finite."""
    finite: NDArray[np.bool_] = np.isfinite(values)
    return np.asarray(finite.all(axis=tuple(range(1, values.ndim))))


def _label(labels: Sequence[str], point: int) -> str:
    return labels[point] if point < len(labels) else ""
