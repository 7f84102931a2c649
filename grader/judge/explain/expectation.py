"""What one answer would be, in whatever world and from whatever start, and whether it is that."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

import numpy as np

from grader.compare.comparison import Comparison
from grader.compare.formula import Formula
from grader.judge.expect.world import World, Worlds
from grader.judge.explain.by_name import spoken_against
from grader.judge.explain.carry import Carry
from grader.judge.explain.chance import chance_of
from grader.judge.explain.distance import apart, hold_against, hold_near, measured, within_slack
from grader.judge.explain.elsewhere import not_made_elsewhere
from grader.judge.explain.findings import Explanation, MistakeSet, ids_of, start_of
from grader.judge.explain.guard import why_trivial
from grader.judge.explain.sets import in_turn, that_change
from grader.judge.explain.start import Basis
from grader.judge.mark.evidence import Evidence
from grader.model.assignment import Mistake
from grader.model.fact_explaining import GivenUp, OtherWay, StartUnused, WayKind
from grader.model.value import Value
from grader.model.verdict import Reason, Verdict
from grader.solver.bounded import MOST_LINES, OutOfBounds, out_of_time

__all__ = ["Expectation"]

_MOST_GIVEN_UP = 3  # hypotheses of which staff read that they took too many lines
_TELLS = 2.0  # tolerances between two ways that a question tells apart


class Expectation:
    """One answer beside the values that hypotheses give for it."""

    def __init__(
        self,
        answer: Evidence,
        carry: Carry,
        worlds: Worlds,
        *,
        bases: Sequence[Basis] = (),
        why_not: Sequence[StartUnused] = (),
        answers: Sequence[Evidence] = (),
        nameable: Collection[str] = (),
    ) -> None:
        """`bases` are what it may have been started from, `why_not` says what was not usable,
        `answers` are all of the submission's, `nameable` what a formula could have named."""
        self._nameable = nameable
        self.answers = tuple(answers)
        self.bases = tuple(bases)
        self.why_not = tuple(why_not)
        self.carry = carry
        self.worlds = worlds
        self._answer = answer
        self._at = worlds.instance(answer.part.at)
        self._actuals: dict[tuple[str, ...], Value] = {}
        self._given_up: dict[Hashable, GivenUp] = {}
        self.distance: float | None = None  #: from the nearest value that a basis gives

    @property
    def given_up(self) -> tuple[GivenUp, ...]:
        """The first hypotheses that took too many lines of the reference."""
        return tuple(self._given_up.values())[:_MOST_GIVEN_UP]

    def from_basis(self, basis: Basis, mistakes: MistakeSet = ()) -> Explanation | None:
        """How the answer follows from the basis under the mistakes, or None if it does not."""
        answer, world = self._answer, self.worlds.under(mistakes)
        try:
            expected = self.carry.followed(answer, basis, world)
        except OutOfBounds:
            self._give_up(world.mistakes, basis)
            return None
        if expected is None:
            return None
        if not world.mistakes:
            self.distance = measured(answer, expected, self.distance)
        comparison = self._comes_out(world, expected)
        few_before = False
        if answer.question.nature.option:
            if comparison is None:
                return None
            if not comparison.accepted:
                few_before = not self._reached(basis.fine, world)
                if few_before and not self._reached(basis, world):
                    return None
                comparison = self._nearby(few=few_before)
        elif comparison is None or not comparison.accepted:
            if self._within(basis.fine, world, expected):
                comparison = Comparison.correct()
            elif self._within(basis, world, expected):
                few_before, comparison = True, self._nearby(few=True)
            elif comparison is None or comparison.credit == 0:
                return None
        right = expected
        if world.mistakes:
            right = self.carry.expected(answer, basis, self.worlds.under())
        blocked: OtherWay | None = OtherWay(way=WayKind.NOTHING)
        if right is not None:
            made = [mistake.id for mistake in world.mistakes]
            precise = comparison.accepted or few_before
            blocked = why_trivial(
                answer, basis, expected, self.carry, self.worlds, made, precise=precise
            )
        return Explanation(
            mistakes=world.mistakes,
            basis=basis,
            comparison=comparison,
            blocked=blocked,
            few_before=few_before,
        )

    def _within(self, basis: Basis, world: World, expected: Value) -> bool:
        """Whether it follows if the starts had other digits behind those that were typed."""
        slack = self.carry.slack(self._answer, basis, world, expected)
        return bool(np.any(slack)) and within_slack(self._answer, expected, slack)

    def _nearby(self, *, few: bool) -> Comparison:
        """An answer that follows within what the digits of the starts leave open. With too `few` of
        them almost anything nearby would follow: then it is imprecise at best."""
        if not few:
            return Comparison.correct()
        return Comparison(
            verdict=Verdict.IMPRECISE,
            reason=Reason.TOO_FEW_DIGITS,
            credit=self._answer.part.tolerance.imprecise_credit,
            actual=self._answer.value,
        )

    def from_reference(self, mistakes: MistakeSet) -> Explanation | None:
        """How the answer comes out of the reference's own values under the mistakes, or None."""
        world = self.worlds.under(mistakes)
        expected = self.value(world)
        if expected is None:
            formula = self._answer.formula is not None
            if world.over_budget(self._answer.step, self._at, formula=formula):
                self._give_up(mistakes)
        comparison = self._comes_out(world, expected) if expected is not None else None
        if comparison is None or not comparison.accepted:
            return None
        return Explanation(mistakes=mistakes, comparison=comparison)

    def value(self, world: World) -> Value:
        """What the reference gives for the answer in a world, or None."""
        answer = self._answer
        if answer.question.nature.formula:
            return world.formula(answer.step, self._at)
        value = world.value(answer.step, self._at)
        if answer.row is None or value is None:
            return value
        return value[answer.row] if len(value) > answer.row else None

    def actual(self, world: World) -> Value:
        """The answer; of a formula the values that it has with the world's symbols."""
        answer = self._answer
        formula = answer.formula
        if formula is None:
            return answer.value
        graph = self.worlds.graph
        symbols = frozenset().union(*(graph.above(symbol) for symbol in self._values(formula)))
        touched = tuple(one.id for one in world.mistakes if one.names & symbols)
        if touched not in self._actuals:
            chosen = tuple(one for one in world.mistakes if one.id in touched)
            try:
                self._actuals[touched] = self.worlds.under(chosen).formula_values(
                    formula, answer.step, self._at
                )
            except OutOfBounds:
                self._give_up(chosen)
                self._actuals[touched] = None
        return self._actuals[touched]

    def relevant(self) -> list[Mistake]:
        """The mistakes that can change the answer, or what the symbols of a formula mean."""
        answer, graph = self._answer, self.worlds.graph
        # What the student has right on the way was not made with a mistake.
        above = set(graph.above(answer.step, self.carry.right_steps(answer)))
        if answer.formula is not None:
            for symbol in answer.formula.symbols:
                above |= graph.above(symbol)
        if answer.row is not None and answer.question.recurrence is not None:
            above |= graph.above(answer.question.recurrence.step)
        return in_turn(
            [
                one
                for one in self.worlds.assignment.mistakes
                if one.names & above and not self._spoken_against(one)
            ]
        )

    def _spoken_against(self, mistake: Mistake) -> bool:
        """Whether what the student wrote shows that they did not make it."""
        formula, worlds = self._answer.formula, self.worlds
        if formula is not None:
            reference, step = worlds.reference, self._answer.step
            made_of = worlds.made_of(step) if step in reference.steps else ()
            return spoken_against(mistake, formula, self._nameable, made_of, reference)
        several = len(mistake.names) > 1
        return several and not_made_elsewhere(mistake, self._answer, self.answers, worlds)

    def changing(self, basis: Basis | None = None) -> list[Mistake]:
        """Of the relevant mistakes those that change what is expected from the reference, or from
        a basis, and those that others may bring in."""
        answer, reference = self._answer, self.worlds.reference
        relevant = self.relevant()
        if basis is not None:
            relevant = self.between(relevant, basis)
        used = self.worlds.made_of(answer.step) if answer.step in reference.steps else frozenset()
        recurrence = answer.question.recurrence
        if recurrence is not None:
            used |= self.worlds.made_of(recurrence.step)
        if answer.formula is not None:
            for symbol in answer.formula.symbols & reference.steps.keys():
                used |= self.worlds.made_of(symbol)
        return that_change(relevant, lambda one: self._differs((one,), (), basis, 0.0), used)

    def tells(self, mistakes: MistakeSet, basis: Basis | None = None) -> bool:
        """Whether each of the mistakes shows here: without it something else would be expected."""
        others = ([one for one in mistakes if one is not mistake] for mistake in mistakes)
        return all(self._differs(mistakes, rest, basis, _TELLS) for rest in others)

    def chance(self, explanation: Explanation) -> float:
        """The share of random wrong answers of this size that come out of its mistakes as well."""
        basis, answer = explanation.basis, self._answer
        worlds = self.worlds.under(explanation.mistakes), self.worlds.under()
        if basis is None:
            value, right = (self.value(one) for one in worlds)
        else:
            value, right = (self.carry.expected(answer, basis, one) for one in worlds)
        return chance_of(answer, value, right)

    def _differs(
        self,
        mistakes: Sequence[Mistake],
        rest: Sequence[Mistake],
        basis: Basis | None,
        tolerances: float,
    ) -> bool:
        """Whether two sets of mistakes lead further from each other than so many tolerances."""
        world, other = self.worlds.under(mistakes), self.worlds.under(rest)
        if basis is None:
            values = self.value(world), self.value(other)
        else:
            values = tuple(self.carry.expected(self._answer, basis, one) for one in (world, other))
        if any(one is None for one in values):
            return True
        if apart(self._answer.part, *values) > tolerances:
            return True
        if self._answer.formula is None:
            return False
        meant = self.actual(world), self.actual(other)
        return any(one is None for one in meant) or apart(self._answer.part, *meant) > tolerances

    def between(self, relevant: Sequence[Mistake], basis: Basis) -> list[Mistake]:
        """The mistakes that can be made on the way from the basis to the answer."""
        if basis.own_formula:
            return []
        answer, graph = self._answer, self.worlds.graph
        if basis.rows:
            assert answer.question.recurrence is not None
            above = graph.above(answer.question.recurrence.step, basis.stops)
        else:
            above = graph.above(answer.step, basis.stops)
        return [mistake for mistake in relevant if mistake.names & above]

    def _reached(self, basis: Basis, world: World) -> bool:
        """Whether the option may be due to digits that the start had before it was rounded."""
        answer = self._answer
        moved = self.carry.nudged(answer, basis, world, (1, -1))
        options = (one for one in moved if one is not None)
        return any(hold_against(answer, answer.value, one).accepted for one in options)

    def _give_up(self, mistakes: MistakeSet, basis: Basis | None = None) -> None:
        (ids,) = ids_of([mistakes])
        start = start_of(basis) if basis is not None else None
        lines = 0 if out_of_time() else MOST_LINES
        fact = GivenUp(step=self._answer.step, mistakes=ids, start=start, lines=lines)
        self._given_up.setdefault((ids, start), fact)

    def _values(self, formula: Formula) -> list[str]:
        """The symbols that stand for values. A function that a formula calls is meant rightly:
        under a mistake in it everything that calls it could come out alike."""
        steps = self.worlds.reference.steps
        return [
            name for name in formula.symbols if name not in steps or not steps[name].is_function
        ]

    def _comes_out(self, world: World, expected: Value) -> Comparison | None:
        """Compare the answer with a value of a world; None where they are far apart.

        The symbols of a formula may mean what they do in that world, or be meant rightly.
        """
        comparison = hold_near(self._answer, self.actual(world), expected)
        if self._answer.formula is None or (comparison is not None and comparison.accepted):
            return comparison
        return hold_near(self._answer, self.actual(self.worlds.under()), expected)
