"""Right values in another order: arguments that a function takes for each other, or results that
it returns in each other's places. A hint, without any mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, permutations

import numpy as np

from grader.compare.nested import compare_value
from grader.judge.expect.world import World
from grader.judge.mark.evidence import CaseEvidence
from grader.model.assignment import FunctionQuestion
from grader.model.fact_explaining import Exchanged
from grader.model.value import Value, leaves
from grader.solver.bounded import bounded

__all__ = ["exchanged"]

_MOST_ARGUMENTS = 8
_MOST_RESULTS = 4
_FEWEST_CASES = 2  # that are wrong as they are, and right in the other order


def exchanged(
    question: FunctionQuestion, cases: Sequence[CaseEvidence], right: World
) -> Exchanged | None:
    """Which order makes all cases right that gave finite numbers, or None.

    `right` is the reference without mistakes.
    """
    usable = [one for one in cases if not one.failed and _is_finite(one.value)]
    if len(usable) < _FEWEST_CASES or question.driver is not None:
        return None
    expected = [right.returned(question, one.case) for one in usable]
    wrong = [not _agrees(question, one, value) for one, value in zip(usable, expected, strict=True)]
    for order in _orders(expected[0]):
        turned = (_ordered(value, order) for value in expected)
        if _right(question, usable, wrong, turned):
            return Exchanged()
    for pair in combinations(question.parameters[:_MOST_ARGUMENTS], 2):
        called = (_called(question, one, right, pair) for one in usable)
        if _right(question, usable, wrong, called):
            return Exchanged(arguments=pair)
    return None


def _right(
    question: FunctionQuestion,
    cases: Sequence[CaseEvidence],
    wrong: Sequence[bool],
    others: Iterator[Value],
) -> bool:
    """Whether all cases agree with other expected values, some of which were wrong before."""
    if sum(wrong) < _FEWEST_CASES:
        return False
    return all(_agrees(question, one, value) for one, value in zip(cases, others, strict=True))


def _agrees(question: FunctionQuestion, case: CaseEvidence, expected: Value) -> bool:
    if expected is None:
        return False
    return compare_value(
        actual=case.value,
        expected=expected,
        tolerance=question.tolerance,
        tolerances=question.tolerances,
    ).accepted


def _called(
    question: FunctionQuestion, one: CaseEvidence, right: World, pair: tuple[str, str]
) -> Value:
    """What the reference gives with two arguments in each other's places, or None."""
    first, second = pair
    inputs = {**one.case.inputs, first: one.case.inputs[second], second: one.case.inputs[first]}
    try:
        with bounded(), np.errstate(all="ignore"):
            return right.call(question, replace(one.case, inputs=inputs))
    except Exception:  # noqa: BLE001 - it was not made for these
        return None


def _orders(value: Value) -> Iterator[tuple[int, ...]]:
    """Every other order of a few results."""
    several = isinstance(value, list | tuple) or (hasattr(value, "shape") and value.ndim > 0)
    if several and 1 < len(value) <= _MOST_RESULTS:
        orders = permutations(range(len(value)))
        next(orders)
        yield from orders


def _ordered(value: Value, order: tuple[int, ...]) -> Value:
    if not hasattr(value, "__len__") or isinstance(value, dict | str) or len(value) != len(order):
        return None
    items = [value[place] for place in order]
    return np.array(items) if hasattr(value, "shape") else type(value)(items)


def _is_finite(value: Value) -> bool:
    try:
        return all(np.all(np.isfinite(leaf)) for leaf in leaves(value))
    except TypeError:
        return False
