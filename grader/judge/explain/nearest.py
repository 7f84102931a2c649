"""The earlier answers that an answer may be started from, and as what values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grader.compare.expression import formula_values
from grader.compare.formula import FormulaError
from grader.judge.expect.instance import Instance
from grader.judge.expect.solved import SolvedSamples
from grader.judge.expect.world import Worlds
from grader.judge.explain.accounts import Accounts
from grader.judge.explain.function_start import FunctionStarts
from grader.judge.explain.start import Begun, is_formula, meant_by, own_numbers, plausible
from grader.judge.mark.evidence import Evidence, plain_numbers
from grader.model.fact_explaining import StartUnused, Unusable
from grader.model.value import Value
from grader.solver.bounded import OutOfBounds, bounded

__all__ = ["Nearest"]


class Nearest:
    """Finds the earlier answers that a later one is computed from."""

    def __init__(self, worlds: Worlds, answers: Sequence[Evidence], accounts: Accounts) -> None:
        self._worlds = worlds
        self._right = worlds.under()
        self._accounts = accounts
        # A number comes before a formula for the same step: it is what was gone on from.
        self._answers: dict[str, list[tuple[Evidence, Instance]]] = {}
        self._functions = FunctionStarts(worlds)
        for one in sorted(answers, key=lambda one: (is_formula(one), one.place)):
            if one.step in worlds.reference.steps or one.step in worlds.assignment.givens:
                here = worlds.instance(one.part.at)
                self._answers.setdefault(one.step, []).append((one, here))

    def functions(self, answer: Evidence, step: str) -> list[Begun]:
        """The student's formulas for function steps that `step` is computed with and that are not
        right."""
        nearest, _ = self.starts(answer, first=0, step=step)
        return [one for one in nearest if self._functions.has(one.answer)]

    def own_formula(self, answer: Evidence) -> Begun | None:
        """The student's wrong formula for this very step, evaluated at the instance, where it may
        start its own number."""
        for other, _ in self._answers.get(answer.step, ()):
            if is_formula(other) and not other.right and other.place in self._accounts.own_starts:
                value, usual, fault = self._as_start(other, answer)
                if not fault:
                    return Begun(other, value, usual)
        return None

    def starts(
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
        asked = self.earlier(answer, target)
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

    def earlier(self, answer: Evidence, target: str = "") -> dict[str, list[Evidence]]:
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
            accounted = other.place in self._accounts.places
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
        is_near = plausible(value, answer.question.carry_forward, like)
        if not is_near and not self._accounts.may_have_any_size((other.place, None)):
            return None, None, Unusable.SIZE
        return value, like, None

    def _at_instance(self, other: Evidence, at: Instance) -> Value:
        """What a formula is worth with the student's own numbers at an instance, or None."""
        assert other.formula is not None
        above = (self._worlds.graph.above(one) for one in other.formula.symbols - {other.step})
        steps = frozenset().union(*above) & self._answers.keys()
        own = own_numbers({step: self._answers[step] for step in steps}, self._worlds, at)
        complex_names = self._worlds.sampler.complex_names(at)
        solution = self._right.solution(at, own)
        one = SolvedSamples((solution,), ("",), complex_names=complex_names)
        try:
            with bounded():
                return formula_values(other.formula, one)[0]
        except (FormulaError, OutOfBounds):
            return None
