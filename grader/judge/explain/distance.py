"""Hold one answer against a computed value, whatever hypothesis that value belongs to."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from grader.compare.array import compare_array
from grader.compare.comparison import Comparison
from grader.compare.digits import last_unit
from grader.compare.expression import compare_formula_values
from grader.compare.nearness import distance_of
from grader.compare.separation import tolerances_apart
from grader.judge.mark.evidence import Evidence, plain_numbers
from grader.model.assignment import Part
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText, Value, walk
from grader.model.verdict import Verdict

__all__ = [
    "apart",
    "derivable",
    "hold_against",
    "hold_near",
    "measured",
    "nearer",
    "within_slack",
    "working_tolerance",
]

_MISS = 1.5  # tolerances: what is further off is not held against the answer digit by digit


def derivable(part: Part) -> bool:
    """Whether other expected values make sense: an interval is one about the stated answer."""
    return part.tolerance.interval is None


def working_tolerance(part: Part) -> Tolerance:
    """The part's tolerance for computed values, which were not published with so many digits."""
    if not part.tolerance.published:
        return part.tolerance
    units = [last_unit(item) for item in walk(part.expected) if isinstance(item, NumberText)]
    half = max((unit for unit in units if unit is not None), default=Fraction(0)) / 2
    credit = part.tolerance.imprecise_credit
    return replace(part.tolerance, published=False, atol=half, imprecise_credit=credit)


def hold_against(answer: Evidence, actual: Value, expected: Value) -> Comparison:
    """Compare; `actual` is the answer, or for a formula its values at the sampled points."""
    part = answer.part
    if answer.question.nature.formula:
        return compare_formula_values(
            actual=answer.value, values=actual, expected=expected, tolerance=part.tolerance
        )
    if answer.question.nature.option:
        same = str(actual).casefold() == str(expected).casefold()
        return Comparison.correct() if same else Comparison(verdict=Verdict.INCORRECT)
    return compare_array(actual=actual, expected=expected, tolerance=working_tolerance(part))


def measured(answer: Evidence, expected: Value, before: float | None) -> float | None:
    """How far numbers are from a computed value, in tolerances, or from another one before, if that
    is less; None where that is not measured."""
    nature = answer.question.nature
    if nature.formula or nature.option:
        return before
    found = distance_of(answer.value, expected, working_tolerance(answer.part))
    return nearer(before, found)


def nearer(one: float | None, other: float | None) -> float | None:
    """The smaller of two distances, of those that are known."""
    known = [distance for distance in (one, other) if distance is not None]
    return min(known, default=None)


def apart(part: Part, one: Value, other: Value) -> float:
    """How many tolerances two computed values lie from each other, at the worst entry.

    Where both are undefined (NaN) at a sampled point they do not differ there.
    """
    a, b = np.asarray(one), np.asarray(other)
    if a.dtype.kind not in "iufc" or b.dtype.kind not in "iufc":
        return 0.0 if str(one) == str(other) else float("inf")
    if a.shape != b.shape:
        return float("inf")
    if a.ndim and np.isnan(a).any():
        both = ~(np.isnan(a) & np.isnan(b))
        a, b = a[both], b[both]
        if not a.size:
            return 0.0
    if a.ndim:
        return tolerances_apart(a, b, working_tolerance(part))
    one, other = (number.item() if number.dtype.kind == "c" else float(number) for number in (a, b))
    return tolerances_apart(one, other, working_tolerance(part))


def within_slack(answer: Evidence, expected: Value, slack: Any) -> bool:
    """Whether an answer in numbers lies no further outside its tolerance than the slack."""
    number = plain_numbers(answer.value, expected)
    if number is None:
        return False
    difference = np.asarray(number) - np.asarray(expected)
    # Both ends of what the typed digits allow belong to it, and floats lie a little beside them.
    slack = np.asarray(slack) * (1 + 1e-9) + 8 * np.spacing(np.abs(np.asarray(expected)))
    size = np.abs(difference)
    towards = difference / np.where(size > 0, size, 1.0)
    closest = np.asarray(expected) + towards * np.maximum(size - slack, 0.0)
    return apart(answer.part, closest[()], expected) <= 1.0


def hold_near(answer: Evidence, actual: Value, expected: Value) -> Comparison | None:
    """As `hold_against`; None where the two are far apart, or there is nothing to compare."""
    if actual is None:
        return None
    numbers = actual
    if answer.question.nature.numbers:
        numbers = plain_numbers(actual, expected)
        if numbers is None:
            return None
        if not answer.part.tolerance.judges_digits and (
            apart(answer.part, numbers, expected) > _MISS
        ):
            return None
    elif answer.question.nature.formula and (apart(answer.part, actual, expected) > _MISS):
        return None
    return hold_against(answer, actual, expected)
