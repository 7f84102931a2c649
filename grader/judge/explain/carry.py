"""Error carried forward: what the reference gives when it starts from the student's own answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.compare.array import is_numeric
from grader.judge.expect.world import World, Worlds
from grader.judge.explain.accounts import Accounts
from grader.judge.explain.nearest import Nearest
from grader.judge.explain.start import Basis, Begun, basis_of, is_formula, named_in
from grader.judge.mark.evidence import Evidence, as_numbers
from grader.model.fact_explaining import StartUnused
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
        self.accounts = Accounts(worlds, answers)  #: of the answers that were looked at before
        self._starts = Nearest(worlds, answers, self.accounts)

    def bases(self, answer: Evidence) -> tuple[list[Basis], list[StartUnused]]:
        """What the answer may have been started from, and why other answers may not be used.

        First the wrong starts beside the exact values of the right ones, then all as they were
        typed: a right start may have been rounded before it was gone on from.
        """
        nearest, why_not = self._starts.starts(answer, first=0)
        others, _ = self._starts.starts(answer, first=-1)
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
        return self._starts.functions(answer, step)

    def _own_formula(self, answer: Evidence) -> list[Basis]:
        """The student's formula for this very step, evaluated at the instance."""
        start = self._starts.own_formula(answer)
        if start is None:
            return []
        fabricated = self.accounts.own_starts[start.answer.place]
        basis = self._basis([start])
        fabricated = fabricated or basis.fabricated
        return [replace(basis, own_formula=True, fabricated=fabricated)]

    def _basis(self, starts: Sequence[Begun]) -> Basis:
        made_up = frozenset(place for place, row in self.accounts.made_up if row is None)
        derived = frozenset(place for place, row in self.accounts.derived if row is None)
        return basis_of(starts, self.accounts.places, made_up, derived)

    def asked_before(self, answer: Evidence) -> frozenset[str]:
        """The steps that are answered at the same instance, before the answer's own."""
        return frozenset(self._starts.earlier(answer)) - {answer.step}

    def right_steps(self, answer: Evidence) -> frozenset[str]:
        """The steps that are answered rightly at the same instance, before the answer's own."""
        earlier = self._starts.earlier(answer)
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
                moved = as_numbers(basis.starts[name])
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
