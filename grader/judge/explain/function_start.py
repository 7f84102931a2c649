"""A student's formula as a start: it stands for the function step that it was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

import numpy as np

from grader.judge.expect.own_function import OwnFunction, own_function
from grader.judge.expect.solved import SolvedSamples
from grader.judge.expect.world import Worlds
from grader.judge.explain.start import is_formula, plausible
from grader.judge.mark.evidence import Evidence
from grader.model.assignment import CarryForward
from grader.model.fact_explaining import AnswerPlace, Unusable
from grader.model.value import Value
from grader.solver import Solution, StepFault
from grader.solver.bounded import OutOfBounds, bounded
from grader.solver.reference import Step

__all__ = ["FunctionStarts"]

_Function: TypeAlias = Callable[..., Value]
_SAME = 1e-9  # relative: what comes out of the same numbers in another order


class FunctionStarts:
    """The formulas of one submission that were asked for function steps."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self._faults: dict[tuple[AnswerPlace, CarryForward, bool], Unusable | None] = {}

    def has(self, other: Evidence) -> bool:
        """Whether an answer is such a formula."""
        step = self._worlds.reference.steps.get(other.step)
        return is_formula(other) and step is not None and step.is_function

    def start(
        self, other: Evidence, answer: Evidence, *, accounted_for: bool
    ) -> tuple[Value, Value, Unusable | None]:
        """The formula `other` as a function that `answer` is computed with, the right function, and
        why the formula cannot be used, if so.

        Where the answer is a formula too, there is one function for each sampled point.
        `accounted_for`: a mistake or an earlier answer gives the formula, which is not right.
        """
        fault = self._fault(other, answer, accounted_for)
        if fault:
            return None, None, fault
        right, at = self._worlds.under(), self._worlds.instance(answer.part.at)
        many = is_formula(answer)
        solutions = right.samples(at).solutions if many else (right.solution(at),)
        usual = tuple(solution[other.step] for solution in solutions)
        own = self._own(other, solutions)
        return (own, usual, None) if many else (own[0], usual[0], None)

    def _own(self, other: Evidence, solutions: Sequence[Solution]) -> tuple[OwnFunction, ...]:
        assert other.formula is not None
        step = self._worlds.reference.steps[other.step]
        domains = self._worlds.assignment.formulas.domains
        return tuple(own_function(other.formula, step, domains, one) for one in solutions)

    def _fault(self, other: Evidence, answer: Evidence, accounted_for: bool) -> Unusable | None:
        policy = answer.question.carry_forward
        key = (other.place, policy, accounted_for)
        if key not in self._faults:
            self._faults[key] = self._find_fault(other, policy, accounted_for)
        return self._faults[key]

    def _find_fault(
        self, other: Evidence, policy: CarryForward, accounted_for: bool
    ) -> Unusable | None:
        """Why a formula that is not right cannot stand for its function step, or None.

        It must be defined where the right one is, have its shape and, unless something accounts
        for it, a plausible size, and change with at least half of the arguments that the right one
        changes with: with a constant for a slope every step from it would be trivial.
        """
        assert other.formula is not None
        right, at = self._worlds.under(), self._worlds.instance(other.part.at)
        like = right.formula(other.step, at)
        value = right.formula_values(other.formula, other.step, at)
        if like is None or value is None or np.shape(value) != np.shape(like):
            return Unusable.OTHER_FORM
        if not np.all(np.isfinite(np.where(np.isnan(like), 0.0, value))):
            return Unusable.UNDEFINED
        if accounted_for:
            return None
        if not plausible(value, policy, like):
            return Unusable.SIZE
        step, samples = self._worlds.reference.steps[other.step], right.samples(at)
        usual = [solution[other.step] for solution in samples.solutions]
        needed = _changing(usual, step, samples)
        has = needed & _changing(self._own(other, samples.solutions), step, samples)
        return None if 2 * len(has) >= len(needed) else Unusable.UNRELATED


def _changing(functions: Sequence[_Function], step: Step, samples: SolvedSamples) -> set[str]:
    """The arguments that change what comes out, where each in turn is that of another point."""
    names = step.arguments[: step.required]
    points = {name: samples.symbol(name) for name in names}
    plain = _called(functions, [points[name] for name in names])
    found = set()
    for name in names:
        moved = {**points, name: np.roll(points[name], 1, axis=0)}
        other = _called(functions, [moved[one] for one in names])
        if any(
            one is not None and two is not None and not np.allclose(one, two, rtol=_SAME, atol=0.0)
            for one, two in zip(plain, other, strict=True)
        ):
            found.add(name)
    return found


def _called(functions: Sequence[_Function], arguments: Sequence[Any]) -> list[Value]:
    """What each function gives at its own point, None where it gives nothing."""
    found: list[Value] = [None] * len(functions)
    with suppress(OutOfBounds), bounded():
        for number, function in enumerate(functions):
            with suppress(StepFault):
                found[number] = function(*(one[number].copy()[()] for one in arguments))
    return found
