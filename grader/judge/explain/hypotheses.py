"""How an answer that is not right came about: from the student's own start, or by mistakes.

Each hypothesis is a function of one answer, of what can be expected of it, of the question's policy
and of what the hypotheses before it found. They are tried in the order of `HYPOTHESES`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from grader.judge.expect.world import Worlds
from grader.judge.explain.carry import Carry
from grader.judge.explain.chance import MOST_LIKELY
from grader.judge.explain.distance import derivable
from grader.judge.explain.expectation import Expectation
from grader.judge.explain.findings import Explanation, Findings, MistakeSet
from grader.judge.explain.hints import copied, likelier_than_chance, transformed
from grader.judge.explain.sets import MOST_AT_ONCE, Budget, sets_of
from grader.judge.mark.evidence import Evidence
from grader.model.assignment import CarryForward, Mistake
from grader.model.fact_explaining import Hint, HintKind, NotAllTried

__all__ = ["HYPOTHESES", "Hypothesis", "comes_out", "investigate", "own_start"]

Hypothesis: TypeAlias = Callable[[Evidence, Expectation, CarryForward, Findings], Findings]

_MOST_SETS = 1000  # tried for one answer from the reference's values, kept for the class
_MOST_CARRIED_SETS = 100  # and from the student's own, which no two students share


def investigate(
    answer: Evidence, expectation: Expectation, hypotheses: Sequence[Hypothesis] | None = None
) -> Findings:
    """Try the hypotheses in their order, until one settles it."""
    found = Findings(answer=answer)
    if not derivable(answer.part):
        return found
    policy = answer.question.carry_forward
    for hypothesis in HYPOTHESES if hypotheses is None else hypotheses:
        found = hypothesis(answer, expectation, policy, found)
        if found.settled:
            break
    return replace(
        found, why_not=(*expectation.why_not, *expectation.given_up, *found.not_all_tried)
    )


def comes_out(
    answer: Evidence, mistakes: Sequence[Mistake], carry: Carry, worlds: Worlds
) -> MistakeSet | None:
    """If the mistakes give this answer, those of them that matter for it; else None."""
    expectation = Expectation(answer, carry, worlds)
    ids = {mistake.id for mistake in mistakes}
    relevant = tuple(mistake for mistake in expectation.relevant() if mistake.id in ids)
    return relevant if expectation.from_reference(relevant) is not None else None


def own_start(
    _answer: Evidence, expectation: Expectation, policy: CarryForward, found: Findings
) -> Findings:
    """It follows: the first basis from which it does; else one from which it follows with too few
    digits; else one that is blocked."""
    relevant = tuple(mistake.id for mistake in expectation.relevant())
    found = replace(found, tried=relevant)
    if not policy.allowed:
        return found
    ways = [expectation.from_basis(basis) for basis in expectation.bases]
    ranked = [one for one in ways if one is not None]
    follows = min(ranked, key=_rank, default=None)
    return replace(found, follows=follows, distance=expectation.distance)


def by_mistakes(
    _answer: Evidence, expectation: Expectation, _policy: CarryForward, found: Findings
) -> Findings:
    """All smallest sets of mistakes that give the answer, from the reference's own values if there
    are any, else from a basis.

    Sets are tried until a fixed number of them is. What follows as far as its few digits go has no
    mistake of its own.
    """
    follows = found.follows
    if follows is not None and not follows.blocked and not follows.comparison.accepted:
        return found
    relevant = expectation.changing()
    between = {basis: expectation.changing(basis) for basis in expectation.bases}
    found = replace(found, tried=tuple(mistake.id for mistake in relevant))
    budget, carried = Budget(_MOST_SETS), Budget(_MOST_CARRIED_SETS)
    ways: list[Explanation] = []
    alone = 0
    for size in range(1, MOST_AT_ONCE + 1):
        for chosen in sets_of(relevant, size):
            if not budget.allows():
                break
            way = expectation.from_reference(chosen)
            if way is not None and expectation.tells(chosen):
                ways.append(way)
        for basis in () if ways else expectation.bases:
            for chosen in sets_of(between[basis], size):
                if not carried.allows():
                    break
                way = expectation.from_basis(basis, chosen)
                accepted = way is not None and way.comparison.accepted
                if way is not None and accepted and expectation.tells(chosen, basis):
                    ways.append(way)
            if ways:
                break
        if ways:
            break
        alone = alone or budget.tried + carried.tried
    tried = budget.tried + carried.tried - alone  # sets of several
    ways = [
        replace(one, by_chance=expectation.chance(one) * tried > MOST_LIKELY)
        if len(one.mistakes) > 1
        else one
        for one in ways
    ]
    if follows is not None:  # a start that makes the question trivial, or few digits
        ways = [replace(one, doubted=one.basis is None and _earns_nothing(one)) for one in ways]
    ended = tuple(NotAllTried(sets=one.most) for one in (budget, carried) if one.spent)
    return replace(found, explained=tuple(ways), not_all_tried=ended)


def generic_slip(
    answer: Evidence, expectation: Expectation, _policy: CarryForward, found: Findings
) -> Findings:
    """Where nothing else was found: it is a copy of another answer, or a multiple of the right
    one. That earns nothing."""
    if found.accounted_for:
        return found
    right = expectation.worlds.under()
    actual, expected = expectation.actual(right), expectation.value(right)
    if expected is None or actual is None:
        return found
    place = copied(answer, expectation.answers, expectation.worlds)
    values = [expected]
    for basis in expectation.bases:
        value = expectation.carry.expected(answer, basis, right)
        values += [value] if value is not None else []
    slips = [(transformed(answer, actual, value), value) for value in values]
    likely = (
        slip
        for slip, value in slips
        if slip is not None and likelier_than_chance(slip, answer, actual, value)
    )
    slip = next(likely, None)
    found = replace(found, slipped=any(one is not None for one, _ in slips))
    if place is not None:
        return replace(found, hint=Hint(slip=HintKind.COPIED, place=place))
    return replace(found, hint=Hint(slip=slip)) if slip is not None else found


HYPOTHESES: tuple[Hypothesis, ...] = (own_start, by_mistakes, generic_slip)


def _earns_nothing(explanation: Explanation) -> bool:
    return any(not mistake.credit for mistake in explanation.mistakes)


def _rank(explanation: Explanation) -> tuple[bool, bool]:
    return bool(explanation.blocked), not explanation.comparison.accepted
