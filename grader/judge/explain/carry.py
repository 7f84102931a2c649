"""Error carried forward: what the reference gives when it starts from the student's own answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.compare.array import is_numeric
from grader.compare.expression import formula_values
from grader.compare.formula import FormulaError
from grader.judge.expect.instance import Instance
from grader.judge.expect.solved import SolvedSamples
from grader.judge.expect.world import World, Worlds
from grader.judge.explain.accounts import Accounts
from grader.judge.explain.function_start import FunctionStarts
from grader.judge.explain.start import (
    Basis,
    Begun,
    basis_of,
    is_formula,
    meant_by,
    named_in,
    own_numbers,
    plausible,
)
from grader.judge.mark.evidence import (
    Evidence,
    plain_numbers,
)
from grader.model.fact_explaining import StartUnused, Unusable
from grader.model.value import Value
from grader.solver import StepFault
from grader.solver.bounded import OutOfBounds, bounded

__all__ = ["Carry"]

_MOST_NUDGED = 8  # typed numbers whose rounding is followed; an answer that hangs on more is exact


class Carry:
    """Finds the bases of an answer, and computes what follows from them."""

    def __init__(self, worlds: Worlds, answers: Sequence[Evidence]) -> None:
        self._worlds = worlds
        self._right = worlds.under()
        self.accounts = Accounts(worlds)  #: of the answers that were looked at before
        # A number comes before a formula for the same step: it is what was gone on from.
        self._answers: dict[str, list[tuple[Evidence, Instance]]] = {}
        self._functions = FunctionStarts(worlds)
        for one in sorted(answers, key=lambda one: (is_formula(one), one.place)):
            if one.step in worlds.reference.steps or one.step in worlds.assignment.givens:
                here = worlds.instance(one.part.at)
                self._answers.setdefault(one.step, []).append((one, here))

    def bases(self, answer: Evidence) -> tuple[list[Basis], list[StartUnused]]:
        """What the answer may have been started from, and why other answers may not be used.

        First the wrong starts beside the exact values of the right ones, then all as they were
        typed: a right start may have been rounded before it was gone on from.
        """
        nearest, why_not = self._nearest(answer, first=0)
        others, _ = self._nearest(answer, first=-1)
        found = self._from_starts(nearest)
        if [one.answer.place for one in others] != [one.answer.place for one in nearest]:
            found += self._from_starts(others)  # a step that is asked for by two questions
        if answer.formula is not None:
            steps = answer.formula.symbols & self._worlds.reference.steps.keys()
            by_name = named_in(nearest, steps)
            found += [self._basis(by_name)] if by_name else []
        if answer.question.nature.numbers and answer.row is None:
            found += self._own_formula(answer)
        return found, why_not

    def _from_starts(self, nearest: Sequence[Begun]) -> list[Basis]:
        found: list[Basis] = []
        if not all(one.answer.right for one in nearest):
            exact = [one._replace(value=one.usual) if one.answer.right else one for one in nearest]
            found.append(self._basis(exact))
        if any(one.answer.right and not np.array_equal(one.value, one.usual) for one in nearest):
            found.append(self._basis(nearest))
        return found

    def functions(self, answer: Evidence, step: str) -> list[Begun]:
        """The student's formulas for function steps that `step` is computed with and that are not
        right."""
        nearest, _ = self._nearest(answer, first=0, step=step)
        return [one for one in nearest if self._functions.has(one.answer)]

    def _basis(self, starts: Sequence[Begun]) -> Basis:
        return basis_of(starts, self.accounts.places)

    def right_steps(self, answer: Evidence) -> frozenset[str]:
        """The steps that are answered rightly at the same instance, before the answer's own."""
        earlier = self._earlier(answer)
        right = (step for step, others in earlier.items() if any(one.right for one in others))
        return frozenset(right) - {answer.step}

    def expected(self, answer: Evidence, basis: Basis, world: World) -> Value:
        """The answer as it follows from the basis in a world, or None where there is none."""
        try:
            return self.followed(answer, basis, world)
        except OutOfBounds:
            return None

    def followed(self, answer: Evidence, basis: Basis, world: World) -> Value:
        """As `expected`; raises OutOfBounds where the reference executes too many lines."""
        return self._from(answer, basis, basis.starts, world)

    def slack(self, answer: Evidence, basis: Basis, world: World, value: Value) -> Any:
        """How far the answer may lie from `value` because the basis was typed with few digits.

        The sum of the changes when each typed number moves by half a unit of its last digit: the
        student may have gone on with all digits. Zeros where too many numbers were typed.
        """
        total = np.zeros(np.shape(value))
        for other in self.nudged(answer, basis, world):
            if other is None or np.shape(other) != total.shape:
                return np.zeros(np.shape(value))
            total = total + np.abs(np.asarray(other) - np.asarray(value))
        return total

    def nudged(
        self, answer: Evidence, basis: Basis, world: World, ways: Sequence[int] = (1,)
    ) -> Iterator[Value]:
        """What follows when one typed number of the basis moves by half a unit of its last digit.

        Each of them moves up for 1 and down for -1. None where nothing follows; no values at all
        where too many numbers were typed.
        """
        nudges = [
            (name, index)
            for name, half in basis.halves.items()
            for index in np.ndindex(np.shape(half))
            if np.asarray(half)[index] > 0
        ]
        for name, index in nudges if len(nudges) <= _MOST_NUDGED else ():
            for way in ways:
                moved = np.array(basis.starts[name], dtype=np.float64)
                moved[index] += way * np.asarray(basis.halves[name])[index]
                start = {**basis.starts, name: moved[()] if not moved.ndim else moved}
                try:
                    yield self._from(answer, basis, start, world)
                except OutOfBounds:
                    yield None

    def inputs(self, answer: Evidence, basis: Basis) -> Iterator[tuple[str, Value, Value]]:
        """What the answer is made of: name, value from this basis, and value from the right one."""
        for name, start in basis.starts.items():
            yield name, start, basis.usual[name]
        step = self._worlds.reference.steps.get(answer.step)
        if step is None or basis.rows:
            return
        for name in step.needs:
            if name not in basis.starts:
                here, usual = (
                    self._input(answer, name, start) for start in (basis.starts, basis.usual)
                )
                if is_numeric(here) and is_numeric(usual):
                    yield name, here, usual

    def _input(self, answer: Evidence, name: str, start: Mapping[str, Value]) -> Value:
        at = answer.part.at
        try:
            with bounded():
                if is_formula(answer):
                    return self._right.formula_from(name, at, start)
                return self._right.solution(at, start)[name]
        except (StepFault, OutOfBounds, ValueError, TypeError):
            return None

    def _from(
        self, answer: Evidence, basis: Basis, start: Mapping[str, Value], world: World
    ) -> Value:
        at = answer.part.at
        try:
            # Strangers' numbers in trusted code: plausible ones, and no more lines than these.
            with bounded():
                if basis.own_formula:
                    return start[answer.step]
                if basis.rows:
                    assert answer.question.recurrence is not None
                    functions = {name: start[name] for name in basis.functions}
                    following = world.solution(at, functions)[answer.question.recurrence.step]
                    rows = following(*(start[name] for name in basis.rows))
                    return rows[basis.returns] if isinstance(rows, tuple) else rows
                if answer.question.nature.formula:
                    return world.formula_from(answer.step, at, start)
                value = world.solution(at, start)[answer.step]
                return value if answer.row is None else value[answer.row]
        except (StepFault, ValueError, TypeError, IndexError):
            return None

    # -- which answers, and as what values --------------------------------------------------------

    def _nearest(
        self, answer: Evidence, *, first: int, step: str = ""
    ) -> tuple[list[Begun], list[StartUnused]]:
        """The earlier answers that a later one is computed from, without passing another of them;
        or those that another `step` at its instance is computed from.

        An answer that cannot be used is left out, with the reason, and what lies before it is
        looked at in its place. `first` says which answer is taken where several are about the same
        step: 0 for the first of them, -1 for the last.

        Example: z = w·x, h = σ(z), loss = (h − y)². With z and h answered, the loss starts from h
        alone. With h answered as a list it cannot be used, and the loss starts from z.
        """
        target = step or answer.step
        asked = self._earlier(answer, target)
        earlier = {step: others[first] for step, others in asked.items()}
        starts: dict[str, Begun] = {}
        why_not: list[StartUnused] = []
        while True:
            nearest = self._worlds.graph.nearest(target, frozenset(earlier))
            for name in sorted(nearest - set(starts)):
                value, usual, fault = self._as_start(earlier[name], answer)
                if fault:
                    why_not.append(StartUnused(place=earlier[name].place, step=name, why=fault))
                    asked[name].remove(earlier.pop(name))
                    if asked[name]:
                        earlier[name] = asked[name][first]
                    break
                starts[name] = Begun(earlier[name], value, usual)
            else:
                return [starts[name] for name in sorted(nearest)], why_not

    def _earlier(self, answer: Evidence, target: str = "") -> dict[str, list[Evidence]]:
        """By step: the answers at the same instance; formulas stand for theirs at every one. A
        right formula for a function says nothing: it may have been forgotten where it is called.

        The same for a step are instances where every given that it is rightly made of is equal: a
        gradient does not see the learning rate of the step that is made with it.
        """
        here = self._worlds.instance(answer.part.at)
        found: dict[str, list[Evidence]] = {}
        every, made_of = is_formula(answer), self._worlds.made_of
        above = self._worlds.graph.above(target or answer.step)
        for step in (above & set(self._answers)) - {answer.step}:
            others = [
                other
                for other, there in self._answers[step]
                if not (other.right and self._functions.has(other))
                # A right formula gives its step as the reference does, from whatever lies before.
                and (
                    every or not other.right
                    if is_formula(other)
                    else not every and (there is here or there.agrees(here, made_of(step)))
                )
            ]
            if others:
                found[step] = others
        return found

    def _own_formula(self, answer: Evidence) -> list[Basis]:
        """The student's formula for this very step, evaluated at the instance."""
        for other, _ in self._answers.get(answer.step, ()):
            if is_formula(other) and not other.right and other.place in self.accounts.own_starts:
                value, usual, fault = self._as_start(other, answer)
                if not fault:
                    start = Begun(other, value, usual)
                    fabricated = self.accounts.own_starts[other.place]
                    basis = self._basis([start])
                    return [replace(basis, own_formula=True, fabricated=fabricated)]
        return []

    def _as_start(self, other: Evidence, answer: Evidence) -> tuple[Value, Value, Unusable | None]:
        """An earlier answer for a later one, the right value, and why it cannot be used, if so.

        Example: h is asked and answered `0.60`, the reference has 0.5987: (0.6, 0.5987, None). An
        answer of 600 gives Unusable.SIZE, one of [0.6] gives Unusable.OTHER_FORM. A formula for h
        is evaluated with the givens of the later answer.
        """
        value: Value
        at = self._worlds.instance(answer.part.at)
        if self._right.over_budget(other.step, at, formula=is_formula(answer)):
            return None, None, Unusable.TOO_MANY_LINES
        if self._functions.has(other):
            accounted = other.place in self.accounts.places
            return self._functions.start(other, answer, accounted_for=accounted)
        if is_formula(answer):
            like = self._right.formula(other.step, at)
            if other.right:
                return like, like, None
            assert other.formula is not None
            value = self._right.formula_values(other.formula, other.step, at)
        else:
            like = self._right.value(other.step, at)
            if is_formula(other):
                value = self._at_instance(other, at)
            elif other.question.nature.option:
                value = meant_by(other.value, like)
            else:
                value = plain_numbers(other.value, like)
        if value is None or like is None or np.shape(value) != np.shape(like):
            return None, None, Unusable.OTHER_FORM
        if other.question.nature.option:
            return value, like, None  # the options are the author's: each of them makes sense
        if not np.all(np.isfinite(np.where(np.isnan(like), 0.0, value))):
            return None, None, Unusable.UNDEFINED
        any_size = (other.place, None) in self.accounts.any_size
        if not any_size and not plausible(value, answer.question.carry_forward, like):
            return None, None, Unusable.SIZE
        return value, like, None

    def _at_instance(self, other: Evidence, at: Instance) -> Value:
        """What a formula is worth with the student's own numbers at an instance, or None."""
        assert other.formula is not None
        above = (self._worlds.graph.above(one) for one in other.formula.symbols - {other.step})
        steps = frozenset().union(*above) & self._answers.keys()
        own = own_numbers({step: self._answers[step] for step in steps}, self._worlds, at)
        one = SolvedSamples((self._right.solution(at, own),), ("",))
        try:
            with bounded():
                return formula_values(other.formula, one)[0]
        except (FormulaError, OutOfBounds):
            return None
