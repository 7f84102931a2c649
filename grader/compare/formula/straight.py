"""A small number that is added to a factor, and taken off again: ((x + h)·y − x·y) / h."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from grader.compare.formula.evaluate import combined
from grader.compare.formula.parse import Formula
from grader.compare.formula.terms import Product, Reading

__all__ = ["holds_straight_step"]

_SMALL_NUMBER = 0.35
_SAME = 1e-13
_NOISE = 1e-9  # of a step


def holds_straight_step(node: Formula, read: Reading, amplified: bool = False) -> bool:
    """Whether two products of a sum are the same but for one factor, to which one of them adds a
    small number, and their difference is divided by something below 1.

    Multiplied out nothing is left of this but the step. So it is looked for as it stands there.
    `amplified`: what the node is part of is multiplied by more than 1. Raises FormulaError.
    """
    whole = read.product(node)
    if whole.over == (node,) and node.head not in ("+", "-"):
        return any(holds_straight_step(one, read, amplified) for one in node.operands)
    before = amplified or read.amplifies(whole)
    return any(_in_factor(one, read, before) for one in (*whole.over, *whole.under))


def _in_factor(factor: Formula, read: Reading, amplified: bool) -> bool:
    if factor.head not in ("+", "-"):
        return any(holds_straight_step(one, read, amplified) for one in factor.operands)
    addends = read.addends(factor)
    return any(
        (amplified or read.amplifies(one) or read.amplifies(other))
        and _differ_by_a_step(one, other, read)
        for one, other in combinations(addends, 2)
        if one.number == -other.number
    ) or any(
        _in_factor(inner, read, amplified or read.amplifies(one))
        for one in addends
        for inner in (*one.over, *one.under)
    )


def _differ_by_a_step(one: Product, other: Product, read: Reading) -> bool:
    over = _unlike(one.over, other.over, read)
    under = _unlike(one.under, other.under, read)
    if over is None or under is None or sorted((len(over), len(under))) != [0, 2]:
        return False
    first, second = map(read.value, over or under)
    if read.constant((over or under)[0]) is not None:
        return False
    step = combined("-", first, second)
    size = float(np.max(np.abs(step)))
    return 0 < size <= _SMALL_NUMBER and float(np.ptp(step)) <= max(
        _NOISE * size, 16 * np.finfo(np.float64).eps * float(np.max(np.abs(first)))
    )


def _unlike(
    first: Sequence[Formula], second: Sequence[Formula], read: Reading
) -> list[Formula] | None:
    """The factors of each that the other has not, if that is one of each or none."""
    left, right = list(first), list(second)
    for one in first:
        for other in right:
            a, b = read.value(one), read.value(other)
            if a.shape == b.shape and np.allclose(a, b, rtol=_SAME, atol=0, equal_nan=True):
                left.remove(one)
                right.remove(other)
                break
    return [*left, *right] if len(left) == len(right) <= 1 else None
