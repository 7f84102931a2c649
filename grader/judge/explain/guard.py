"""The guard of error carried forward: a start must not make the later question trivial."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from grader.compare.array import is_numeric
from grader.judge.expect.world import World, Worlds
from grader.judge.explain.carry import Carry
from grader.judge.explain.distance import apart
from grader.judge.explain.start import Basis
from grader.judge.mark.evidence import Evidence
from grader.model.fact_explaining import OtherWay, WayKind
from grader.model.value import Value

__all__ = ["why_trivial"]

_APART = 3.0  # tolerances that a question must keep between the right way and a wrong one


def why_trivial(
    answer: Evidence,
    basis: Basis,
    value: Value,
    carry: Carry,
    worlds: Worlds,
    slack: Any = 0.0,
) -> OtherWay | None:
    """What else gives the same from this start, or None.

    The result of the right way must be at least three tolerances away from zero, from a copy of
    the start or of anything else that the answer is made of, and from what every mistake between
    the start and the answer gives. The same holds where the start is right. `value` is what
    follows from the basis in the right way, `slack` what it is allowed besides the tolerance.

    Nothing makes a choice trivial. Zero and copies make no sense for words, and of few options one
    is easily the same in two ways: with two of them a mistake gives the right one half of the
    time, from any start. For numbers that is a sign of a special start; here it would take the
    points from every second student who went on rightly. A number that follows from an own choice
    is a number like others.
    """
    if answer.question.nature.option:
        return None
    for what, here, usual in _others(answer, basis, value, carry, worlds):
        if here is None or not _alike(answer, _nearer(value, here, slack), here):
            continue
        right = carry.expected(answer, replace(basis, starts=basis.usual), worlds.under())
        known = usual(right) if right is not None else None
        if known is not None and _alike(answer, right, known):
            continue  # the question does not tell these two apart anyhow
        return what
    return None


def _alike(answer: Evidence, one: Value, other: Value) -> bool:
    """Closer than three tolerances; an array of numbers where half of its entries are."""
    if answer.question.nature.formula or not np.ndim(one) or np.shape(one) != np.shape(other):
        return apart(answer.part, one, other) < _APART
    pairs = zip(np.ravel(one).tolist(), np.ravel(other).tolist(), strict=True)
    same = sum(apart(answer.part, *pair) < _APART for pair in pairs)
    return 2 * same >= np.size(one)


def _others(
    answer: Evidence, basis: Basis, value: Value, carry: Carry, worlds: Worlds
) -> Iterator[tuple[OtherWay, Value, Callable[[Value], Value]]]:
    """Other ways: what they are, what they give from this start, and what they give from the right
    start, where the right way gives the argument."""
    if np.asarray(value).dtype.kind in "iuf":
        zero = np.zeros(np.shape(value))
        yield OtherWay(way=WayKind.ZERO), zero, lambda _: zero
        if basis.own_formula:
            return  # the answer is a copy of its formula by right; nothing lies between
        for name, start, usual in carry.inputs(answer, basis):
            numeric = is_numeric(start) and is_numeric(usual)
            if numeric and np.shape(start) == np.shape(value) == np.shape(usual):
                copy = OtherWay(way=WayKind.COPY, name=name)
                yield copy, _signed(start, value), partial(_signed, usual)
    step = answer.step
    if basis.rows:
        assert answer.question.recurrence is not None
        step = answer.question.recurrence.step
    between = worlds.graph.above(step, basis.stops)
    for mistake in worlds.assignment.mistakes:
        if mistake.names & between:
            world = worlds.under((mistake,))
            here = carry.expected(answer, basis, world)
            made = OtherWay(way=WayKind.MISTAKE, name=mistake.id)
            yield made, here, partial(_usually, answer, basis, world, carry)


def _usually(answer: Evidence, basis: Basis, world: World, carry: Carry, _right: Value) -> Value:
    return carry.expected(answer, replace(basis, starts=basis.usual), world)


def _nearer(value: Value, other: Value, slack: Any) -> Value:
    """The value after it has come three times the slack closer to the other."""
    if not np.any(slack) or np.shape(value) != np.shape(other):
        return value
    way = np.asarray(other) - np.asarray(value)
    return (value + np.sign(way) * np.minimum(np.abs(way), _APART * slack))[()]


def _signed(copy: Value, value: Value) -> Value:
    """The copy, with the signs of the value: taking them over takes no work either."""
    return np.copysign(np.abs(copy), value)[()]
