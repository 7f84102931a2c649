"""Generic slips that need no mistake in the spec: a sign, a factor, a shifted list. Words only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.judge.explain.distance import apart
from grader.judge.mark.evidence import Answered, plain_numbers
from grader.model.assignment import Part
from grader.model.value import Value

__all__ = ["shifted", "transformed"]

_FACTORS = {
    -1.0: "this is consistent with a slip of the sign: look at the signs",
    2.0: "this is consistent with a factor of two: look for a 2 too many or a 1/2 forgotten",
    0.5: "this is consistent with a factor of two: look for a 2 forgotten or a 1/2 too many",
    -2.0: "this is consistent with a sign and a factor of two: look at both",
    -0.5: "this is consistent with a sign and a factor of two: look at both",
}
_POWERS = range(-6, 7)


def transformed(answer: Answered, actual: Value, expected: Value) -> str:
    """What a student may look at when the answer is a simple multiple of the right one, or "".

    For a formula both are its values at the sampled points. A chosen option is no multiple of
    another, also where options are numbers.
    """
    if answer.question.kind == "choice":
        return ""
    given = actual if answer.formula is not None else plain_numbers(actual, expected)
    wanted = np.asarray(expected)
    if given is None or np.shape(given) != wanted.shape or wanted.dtype.kind not in "iuf":
        return ""
    if not np.any(wanted):
        return ""
    for factor, words in _FACTORS.items():
        if _is_multiple(answer.part, given, expected, factor):
            return words
    for power in _POWERS:
        if power and _is_multiple(answer.part, given, expected, 10.0**power):
            return "this is consistent with a slip of the power of ten: look at the decimal point"
    if answer.formula is not None and _is_constant_multiple(given, wanted):
        return "this is the right formula times a constant: look at the factors"
    return ""


def _is_multiple(part: Part, given: Value, expected: Value, factor: float) -> bool:
    scaled = np.asarray(expected, dtype=np.float64) * factor
    # Where the right value passes for its own multiple, the multiple says nothing.
    zero = np.zeros(scaled.shape)[()]
    return (
        apart(part, given, scaled[()]) <= 1.0
        and apart(part, scaled[()], expected) > 2.0
        and apart(part, scaled[()], zero) > 2.0
        and apart(part, given, zero) > 2.0
    )


def _is_constant_multiple(given: Any, wanted: Any) -> bool:
    defined = np.isfinite(given) & np.isfinite(wanted) & (wanted != 0)
    if defined.sum() < 3:
        return False
    with np.errstate(over="ignore", invalid="ignore"):  # a student's numbers may be of any size
        ratios = given[defined] / wanted[defined]
        constant = np.allclose(ratios, ratios[0], rtol=1e-9, atol=0.0)
    return bool(constant and ratios[0] != 0 and abs(ratios[0] - 1) > 1e-9)


def shifted(part: Part, rows: Sequence[Value], expected: Sequence[Value]) -> str:
    """What to say where every row is that of the step before or after, or ""."""
    for offset, words in (
        (1, "the list is one step ahead: its first row is the second iterate"),
        (-1, "the list is one step behind: it begins with a row before the first iterate"),
    ):
        pairs = [
            (row, expected[index + offset])
            for index, row in enumerate(rows)
            if 0 <= index + offset < len(expected)
        ]
        if len(pairs) >= 2 and all(_same(part, row, wanted) for row, wanted in pairs):
            return words
    return ""


def _same(part: Part, row: Value, wanted: Value) -> bool:
    numbers = plain_numbers(row, wanted)
    return numbers is not None and apart(part, numbers, wanted) <= 1.0
