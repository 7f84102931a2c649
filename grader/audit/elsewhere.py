"""Can a mutant matter at all, or does it compute the same as the reference whatever it is given?"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.audit.places import Measured, same
from grader.judge.expect.samples import Sampler
from grader.judge.expect.world import World, Worlds
from grader.model.assignment import FunctionQuestion
from grader.model.tolerance import Tolerance
from grader.model.value import Value, map_leaves
from grader.plan.sampling import generator
from grader.solver import Reference, ReferenceFault
from grader.solver.bounded import OutOfBounds
from grader.solver.mutants import Mutant, load_mutant

__all__ = ["Elsewhere"]

_INSTANCES = 6
_PLACES = 12  # of one mutant: more show little that these do not
_COMPARED = (" < ", " <= ", " > ", " >= ", " == ", " != ")
_UPRIGHT = (0, 2)  # instances in which nothing has another sign
_COUNT = re.compile(r"`(\d\d+)` → `\d+`")
_SIGNS = ("<", "<=", ">", ">=", "==", "!=")


class Elsewhere:
    """Other instances of the same questions: every given and input somewhere else."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self._right = [self._world(worlds.reference, number) for number in range(_INSTANCES)]

    def can_matter(self, mutant: Mutant, reached: Sequence[Measured]) -> bool:
        """Whether the mutant computes anything else at some other instance.

        A mutant of a comparison may: other instances seldom lie on its border. So may one about
        which nothing can be found out, since no other instance can be computed.
        """
        if _compares(mutant):
            return True
        try:
            reference = load_mutant(mutant)
        except (ReferenceFault, OutOfBounds):
            return True
        tried = False
        for number, right in enumerate(self._right):
            if _counts(mutant) and number not in _UPRIGHT:
                continue
            other = self._world(reference, number)
            for place in reached[:_PLACES]:
                moved = _moved(place, number)
                expected = _value(moved, right)
                if expected is None:
                    continue
                tried = True
                actual = _value(moved, other)
                if actual is None or not _alike(actual, expected, _tolerance(place)):
                    return True
        return not tried

    def _world(self, reference: Reference, number: int) -> World:
        assignment = self._worlds.assignment
        givens = _others(assignment.givens, number)
        there = replace(assignment, givens=givens)
        return Worlds(there, reference, Sampler(there, reference)).under()


def _compares(mutant: Mutant) -> bool:
    return any(f"`{sign}` → " in mutant.change for sign in _SIGNS) or any(
        sign in mutant.change for sign in _COMPARED
    )


def _counts(mutant: Mutant) -> bool:
    """Whether it changes a number of steps: what converges there may not for other signs."""
    return _COUNT.fullmatch(mutant.change) is not None


def _value(place: Measured, world: World) -> Value:
    """What is right there, or None: an author's code may fail at numbers that nobody asked for."""
    try:
        return place.value(world)
    except Exception:  # noqa: BLE001 - the same
        return None


def _moved(place: Measured, number: int) -> Measured:
    if isinstance(place.question, FunctionQuestion):
        assert place.case is not None
        givens = _others(place.case.givens, number)
        inputs = _others(place.case.inputs, number)
        return replace(place, case=replace(place.case, givens=givens, inputs=inputs))
    assert place.part is not None
    return replace(place, part=replace(place.part, at=_others(place.part.at, number)))


def _others(values: Mapping[str, Value], number: int) -> Mapping[str, Value]:
    """Other values, each by its name and the number of the instance alone."""
    return {
        name: map_leaves(value, _other(generator("elsewhere", number, name), number))
        for name, value in values.items()
    }


def _other(source: random.Random, number: int) -> Callable[[Value], Value]:
    """Numbers become others of a like size, in one instance all with the other sign and in some
    each with either; whole ones stay whole in every second instance, since they may count
    something."""
    whole = number % 2 == 0
    signs = (-1,) if number == 1 else (1,) if number < _INSTANCES // 2 else (-1, 1)

    def move(value: Any) -> Value:
        array = np.asarray(value)
        if array.dtype.kind not in "iufc":
            return value
        turned = np.array([source.choice(signs) for _ in range(array.size)])
        if array.dtype.kind in "iu" and whole:
            steps = np.array([source.randint(1, 3) for _ in range(array.size)])
            return _like(value, (array.ravel() + steps).reshape(array.shape))
        factors = turned * np.array([source.uniform(0.5, 1.9) for _ in range(array.size)])
        shifted = array + np.where(array == 0, 0.3, 0.0)
        return _like(value, (shifted.ravel() * factors).reshape(array.shape))

    return move


def _like(value: Value, moved: Any) -> Value:
    return moved if isinstance(value, np.ndarray) else moved.item()


def _tolerance(place: Measured) -> Tolerance:
    if isinstance(place.question, FunctionQuestion):
        return place.question.tolerance
    assert place.part is not None
    return place.part.tolerance


def _alike(actual: Value, expected: Value, tolerance: Tolerance) -> bool:
    """The same, or the same for a question that takes either sign, any multiple or any order."""
    return any(same(form, expected) for form in _forms(actual, expected, tolerance))


def _forms(actual: Value, expected: Value, tolerance: Tolerance) -> Iterator[Value]:
    yield actual
    one, other = np.asarray(actual), np.asarray(expected)
    if one.dtype.kind not in "iufc" or one.shape != other.shape or not one.size:
        return
    if tolerance.up_to_sign:
        yield -one
    if tolerance.proportional and np.any(one):
        yield one * (np.vdot(one, other) / np.vdot(one, one))
    if tolerance.unordered and one.ndim == 1:
        yield one[np.argsort(one)[np.argsort(np.argsort(other))]]
