"""How an answer that is not right came about: from the student's own start, or by mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from grader.compare.comparison import Comparison
from grader.compare.formula import Formula
from grader.judge.expect.world import World, Worlds
from grader.judge.explain.carry import Carry
from grader.judge.explain.distance import apart, derivable, hold_against, within_slack
from grader.judge.explain.guard import why_trivial
from grader.judge.explain.start import Basis, given_up
from grader.judge.mark.evidence import Answered, plain_numbers
from grader.model.assignment import Mistake
from grader.model.value import Value
from grader.solver.bounded import OutOfBounds

__all__ = ["Findings", "Hypothesis", "MistakeSet", "comes_out", "investigate"]

MOST_AT_ONCE = 3
_MOST_FOR_THREE = 8  # relevant mistakes; of more, only one and two at once are tried
_MOST_SETS = 300  # tried for one answer from the reference's values
_MOST_CARRIED_SETS = 24  # and from the student's own, which no two students share
_MISS = 1.5  # tolerances: what is further off is not held against the answer digit by digit

_MOST_GIVEN_UP = 3  # hypotheses of which staff read that they took too many lines

MistakeSet = tuple[Mistake, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hypothesis:
    """One way in which the answer comes out. Without mistakes it follows from the basis."""

    mistakes: MistakeSet = ()
    basis: Basis | None = None  #: None: from the values of the reference
    comparison: Comparison
    blocked: str = ""  #: why the basis earns nothing: it makes the question trivial


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Findings:
    """Everything that was found out about one answer."""

    answer: Answered
    follows: Hypothesis | None = None
    explained: tuple[Hypothesis, ...] = ()  #: by equally many mistakes, the fewest that do
    #: earlier answers that could not be started from, and hypotheses that took too many lines
    why_not: tuple[str, ...] = ()
    tried: tuple[str, ...] = field(default=())  #: ids of the mistakes that could matter

    @property
    def accounted_for(self) -> bool:
        """Whether something was found that gives the answer."""
        follows = self.follows is not None and not self.follows.blocked
        return follows or bool(self.explained)


def investigate(
    answer: Answered, bases: Sequence[Basis], why_not: Sequence[str], carry: Carry, worlds: Worlds
) -> Findings:
    """Try the hypotheses in order: own start, then one mistake, two, three, from either start."""
    if not derivable(answer.part):
        return Findings(answer=answer)
    search = _Search(answer, carry, worlds)
    follows = None
    if answer.question.carry_forward.allowed:
        follows = search.follows(bases)
    relevant = search.relevant()
    explained: list[Hypothesis] = []
    policy = answer.question.carry_forward
    in_full = follows is not None and follows.comparison.accepted and policy.credit == 1
    if follows is None or follows.blocked or not in_full:
        explained = search.explained(relevant, bases)
    return Findings(
        answer=answer,
        follows=follows,
        explained=tuple(explained),
        why_not=(*why_not, *search.given_up),
        tried=tuple(mistake.id for mistake in relevant),
    )


def comes_out(
    answer: Answered, mistakes: Sequence[Mistake], carry: Carry, worlds: Worlds
) -> MistakeSet | None:
    """Those of the mistakes that matter here, if the answer is what they give; else None."""
    search = _Search(answer, carry, worlds)
    ids = {mistake.id for mistake in mistakes}
    relevant = tuple(mistake for mistake in search.relevant() if mistake.id in ids)
    return relevant if search.from_reference(relevant) else None


class _Search:
    def __init__(self, answer: Answered, carry: Carry, worlds: Worlds) -> None:
        self._answer = answer
        self._carry = carry
        self._worlds = worlds
        self._at = worlds.instance(answer.part.at)
        self._actuals: dict[tuple[str, ...], Value] = {}
        self.given_up: list[str] = []  #: hypotheses that took too many lines, in words for staff

    def follows(self, bases: Sequence[Basis]) -> Hypothesis | None:
        """The first basis from which the answer follows; else one from which it follows with too
        few digits; else one that is blocked."""
        found = [self._from_basis(basis, self._worlds.under()) for basis in bases]
        ranked = [one for one in found if one is not None]
        return min(ranked, key=_rank, default=None)

    def _from_basis(self, basis: Basis, world: World) -> Hypothesis | None:
        answer = self._answer
        try:
            expected = self._carry.followed(answer, basis, world)
        except OutOfBounds:
            self._give_up(world.mistakes, basis)
            return None
        if expected is None:
            return None
        comparison = self._comes_out(world, expected)
        slack: Any = 0.0
        if answer.question.kind == "choice":
            if comparison is None or not (comparison.accepted or self._reached(basis, world)):
                return None
            comparison = Comparison.correct()
        elif comparison is None or not comparison.accepted:
            slack = self._carry.slack(answer, basis, world, expected)
            if np.any(slack) and within_slack(answer, expected, slack):
                comparison = Comparison.correct()
            elif comparison is None or comparison.credit == 0:
                return None
        right = expected
        if world.mistakes:
            right = self._carry.expected(answer, basis, self._worlds.under())
        blocked = "nothing that can be computed"
        if right is not None:
            blocked = why_trivial(answer, basis, right, self._carry, self._worlds, slack)
        return Hypothesis(
            mistakes=world.mistakes, basis=basis, comparison=comparison, blocked=blocked
        )

    def _reached(self, basis: Basis, world: World) -> bool:
        """Whether the option may be due to digits that the start had before it was rounded."""
        answer = self._answer
        moved = self._carry.nudged(answer, basis, world, (1, -1))
        options = (one for one in moved if one is not None)
        return any(hold_against(answer, answer.value, one).accepted for one in options)

    def relevant(self) -> list[Mistake]:
        """The mistakes that can change the answer, or what the symbols of a formula mean."""
        answer, graph = self._answer, self._worlds.graph
        # What the student has right on the way was not made with a mistake.
        above = set(graph.above(answer.step, self._carry.right_steps(answer)))
        if answer.formula is not None:
            for symbol in answer.formula.symbols:
                above |= graph.above(symbol)
        if answer.row is not None and answer.question.recurrence is not None:
            above |= graph.above(answer.question.recurrence.step)
        return [one for one in self._worlds.assignment.mistakes if one.names & above]

    def explained(self, relevant: Sequence[Mistake], bases: Sequence[Basis]) -> list[Hypothesis]:
        """All smallest sets of mistakes that give the answer, from the reference's own values if
        there are any, else from a basis."""
        tried = carried = 0
        for size in range(1, min(MOST_AT_ONCE, len(relevant)) + 1):
            found: list[Hypothesis] = []
            if size == MOST_AT_ONCE and len(relevant) > _MOST_FOR_THREE:
                break
            for chosen in _sets(relevant, size):
                tried += 1
                if tried > _MOST_SETS:
                    break
                found += self.from_reference(chosen)
            if found:
                return found
            for basis in bases:
                for chosen in _sets(self._between(relevant, basis), size):
                    carried += 1
                    if carried > _MOST_CARRIED_SETS:
                        return []
                    hypothesis = self._from_basis(basis, self._worlds.under(chosen))
                    if hypothesis is not None and hypothesis.comparison.accepted:
                        found.append(hypothesis)
                if found:
                    return found
        return []

    def from_reference(self, chosen: MistakeSet) -> list[Hypothesis]:
        world = self._worlds.under(chosen)
        expected = self._expected(world)
        if expected is None:
            formula = self._answer.formula is not None
            if world.over_budget(self._answer.step, self._at, formula=formula):
                self._give_up(chosen)
            return []
        comparison = self._comes_out(world, expected)
        if comparison is None or not comparison.accepted:
            return []
        return [Hypothesis(mistakes=chosen, comparison=comparison)]

    def _expected(self, world: World) -> Value:
        answer = self._answer
        if answer.question.kind == "expression":
            return world.formula(answer.step, self._at)
        value = world.value(answer.step, self._at)
        if answer.row is None or value is None:
            return value
        return value[answer.row] if len(value) > answer.row else None

    def _between(self, relevant: Sequence[Mistake], basis: Basis) -> list[Mistake]:
        """The mistakes that can be made on the way from the basis to the answer."""
        if basis.own_formula:
            return []
        answer, graph = self._answer, self._worlds.graph
        if basis.rows:
            assert answer.question.recurrence is not None
            above = graph.above(answer.question.recurrence.step)
        else:
            above = graph.above(answer.step, frozenset(basis.starts))
        return [mistake for mistake in relevant if mistake.names & above]

    def _values(self, formula: Formula) -> list[str]:
        """The symbols that stand for values. A function that a formula calls is meant rightly:
        under a mistake in it everything that calls it could come out alike."""
        steps = self._worlds.reference.steps
        return [
            name for name in formula.symbols if name not in steps or not steps[name].is_function
        ]

    def _comes_out(self, world: World, expected: Value) -> Comparison | None:
        """Hold the answer against a value of a world, or None where they are far apart.

        The symbols of a formula may mean what they do in that world, or be meant rightly.
        """
        comparison = self._held(self._actual(world), expected)
        if self._answer.formula is None or (comparison is not None and comparison.accepted):
            return comparison
        return self._held(self._actual(self._worlds.under()), expected)

    def _held(self, actual: Value, expected: Value) -> Comparison | None:
        """None where the two are far apart, or where there is nothing to compare."""
        if actual is None:
            return None
        answer = self._answer
        numbers = actual
        if answer.question.kind not in ("expression", "choice"):
            numbers = plain_numbers(actual, expected)
            if numbers is None:
                return None
            if not answer.part.tolerance.judges_digits and (
                apart(answer.part, numbers, expected) > _MISS
            ):
                return None
        elif answer.question.kind == "expression" and (
            apart(answer.part, actual, expected) > _MISS
        ):
            return None
        return hold_against(answer, actual, expected)

    def _actual(self, world: World) -> Value:
        """The answer; of a formula the values that it has with the world's symbols."""
        answer = self._answer
        formula = answer.formula
        if formula is None:
            return answer.value
        graph = self._worlds.graph
        symbols = frozenset().union(*(graph.above(symbol) for symbol in self._values(formula)))
        touched = tuple(one.id for one in world.mistakes if one.names & symbols)
        if touched not in self._actuals:
            chosen = tuple(one for one in world.mistakes if one.id in touched)
            try:
                self._actuals[touched] = self._worlds.under(chosen).formula_values(
                    formula, answer.step, self._at
                )
            except OutOfBounds:
                self._give_up(chosen)
                self._actuals[touched] = None
        return self._actuals[touched]

    def _give_up(self, mistakes: MistakeSet, basis: Basis | None = None) -> None:
        words = given_up(self._answer.step, mistakes, basis)
        if words not in self.given_up and len(self.given_up) < _MOST_GIVEN_UP:
            self.given_up.append(words)


def _rank(hypothesis: Hypothesis) -> tuple[bool, bool]:
    return bool(hypothesis.blocked), not hypothesis.comparison.accepted


def _sets(mistakes: Sequence[Mistake], size: int) -> Iterator[MistakeSet]:
    """Sets of mistakes that do not replace the same thing twice."""
    for chosen in combinations(mistakes, size):
        names = [name for mistake in chosen for name in mistake.names]
        if len(set(names)) == len(names):
            yield chosen
