"""Which mistakes a student's function makes: it gives in every case what they would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod

from grader.compare.nested import compare_value
from grader.judge.expect.world import World, Worlds
from grader.judge.explain.exchanged import exchanged
from grader.judge.explain.findings import MistakeSet, ids_of
from grader.judge.explain.sets import MOST_AT_ONCE, Budget, sets_of, that_change
from grader.judge.mark.evidence import CaseEvidence
from grader.judge.mark.promises import PROMISES
from grader.judge.scoring import Judged
from grader.model.assignment import FunctionQuestion, Mistake
from grader.model.fact import Facts
from grader.model.fact_explaining import Exchanged, Explained, NotAllTried
from grader.model.outcome import PartOutcome
from grader.model.value import Value
from grader.model.verdict import Reason, Verdict

__all__ = ["FunctionFindings", "explain_function", "revise_function"]

_MOST_SETS = 1000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FunctionFindings:
    """The smallest sets of mistakes that explain a function, and what else was found."""

    sets: tuple[MistakeSet, ...] = ()
    others: tuple[NotAllTried | Exchanged, ...] = ()


def explain_function(
    question: FunctionQuestion, cases: Sequence[CaseEvidence], worlds: Worlds
) -> FunctionFindings:
    """The smallest sets of mistakes under which every case comes out as the function gave it.

    A function that failed in some case is not explained, nor one whose values are all right: what
    it lost was for a promise. Sets are tried until a fixed number of them is.
    """
    right = worlds.under()
    if any(case.failed for case in cases) or all(_agrees(question, one, right) for one in cases):
        return FunctionFindings()
    wrong_first = sorted(cases, key=lambda case: _agrees(question, case, right))
    relevant = _relevant(question, cases, worlds)
    budget = Budget(_MOST_SETS)
    found: list[MistakeSet] = []
    for size in range(1, MOST_AT_ONCE + 1):
        for chosen in sets_of(relevant, size):
            if not budget.allows():
                break
            world = worlds.under(chosen)
            if all(_agrees(question, case, world) for case in wrong_first):
                found.append(chosen)
        if found:
            break
    others: list[NotAllTried | Exchanged] = []
    if budget.spent:
        others.append(NotAllTried(sets=budget.most))
    hint = exchanged(question, cases, right) if not found else None
    if hint is not None:
        others.append(hint)
    return FunctionFindings(sets=tuple(found), others=tuple(others))


def _relevant(
    question: FunctionQuestion, cases: Sequence[CaseEvidence], worlds: Worlds
) -> list[Mistake]:
    """The mistakes that change what some case gives, and those that others may bring in.

    A driver may use any step; else it is those that the step is made of.
    """
    mistakes = worlds.assignment.mistakes
    used = frozenset(worlds.reference.steps) | worlds.assignment.givens.keys()
    if question.driver is None:
        above = worlds.graph.above(question.step)
        mistakes = tuple(one for one in mistakes if one.names & above)
        used = worlds.made_of(question.step)
    right = worlds.under()

    def changes(mistake: Mistake) -> bool:
        world = worlds.under((mistake,))
        pairs = ((right, world, one.case) for one in cases)
        return any(
            not _same(question, one.returned(question, case), other.returned(question, case))
            for one, other, case in pairs
        )

    return that_change(mistakes, changes, used)


def _same(question: FunctionQuestion, one: Value, other: Value) -> bool:
    return other is not None and _accepted(question, one, other)


def _agrees(question: FunctionQuestion, evidence: CaseEvidence, world: World) -> bool:
    expected = world.returned(question, evidence.case)
    return expected is not None and _accepted(question, evidence.value, expected)


def _accepted(question: FunctionQuestion, actual: Value, expected: Value) -> bool:
    return compare_value(
        actual=actual,
        expected=expected,
        tolerance=question.tolerance,
        tolerances=question.tolerances,
    ).accepted


def revise_function(judged: Judged, explanation: tuple[MistakeSet, Sequence[MistakeSet]]) -> Judged:
    """Say which mistakes these are, and give the credit of the spec where it is more."""
    chosen, rivals = explanation
    credit = prod((mistake.credit for mistake in chosen), start=Fraction(1))
    fact = Explained(mistakes=ids_of([chosen, *rivals]), of_function=True)
    # What comes after the cases is held against the student's own function, not against the key.
    last = len(judged.cases)
    cases = (
        _credited(part, credit * case.shape_credit)
        for part, case in zip(judged.parts, judged.cases, strict=False)
    )
    parts = (*cases, *judged.parts[last:])
    return replace(judged, parts=parts, facts=judged.facts + Facts.of(fact))


def _credited(part: PartOutcome, credit: Fraction) -> PartOutcome:
    if part.credit is None or part.verdict is Verdict.CORRECT or part.reason in PROMISES:
        return part
    if credit <= part.credit:
        return replace(part, reason=Reason.KNOWN_MISTAKE)
    verdict = Verdict.CORRECT if credit == 1 else Verdict.PARTIAL
    return replace(part, verdict=verdict, reason=Reason.KNOWN_MISTAKE, credit=credit)
