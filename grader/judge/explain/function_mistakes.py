"""Which mistakes a student's function makes: it gives in every case what they would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from math import prod

from grader.compare.nested import compare_value
from grader.judge.expect.world import World, Worlds
from grader.judge.explain.findings import MistakeSet, ids_of
from grader.judge.mark.evidence import CaseEvidence
from grader.judge.mark.promises import PROMISES
from grader.judge.scoring import Judged
from grader.model.assignment import FunctionQuestion, Mistake
from grader.model.fact import Facts
from grader.model.fact_explaining import Explained
from grader.model.outcome import PartOutcome
from grader.model.verdict import Reason, Verdict

__all__ = ["explain_function", "revise_function"]

_MOST_AT_ONCE = 2  # a function that makes three mistakes at once is read by a person
_MOST_SETS = 100


def explain_function(
    question: FunctionQuestion, cases: Sequence[CaseEvidence], worlds: Worlds
) -> list[MistakeSet]:
    """The smallest sets of mistakes under which every case comes out as the function gave it.

    A function that failed in some case is not explained, nor one whose values are all right: what
    it lost was for a promise.
    """
    if any(case.failed for case in cases):
        return []
    right = worlds.under()
    wrong_first = sorted(cases, key=lambda case: _agrees(question, case, right))
    if all(_agrees(question, case, right) for case in cases):
        return []
    relevant = _relevant(question, worlds)
    tried = 0
    for size in range(1, min(_MOST_AT_ONCE, len(relevant)) + 1):
        found = []
        for chosen in combinations(relevant, size):
            tried += 1
            if tried > _MOST_SETS:
                break
            world = worlds.under(chosen)
            if all(_agrees(question, case, world) for case in wrong_first):
                found.append(chosen)
        if found:
            return found
    return []


def _relevant(question: FunctionQuestion, worlds: Worlds) -> list[Mistake]:
    """A driver may use any step; else those that the step is made of."""
    mistakes = list(worlds.assignment.mistakes)
    if question.driver is not None:
        return mistakes
    above = worlds.graph.above(question.step)
    return [mistake for mistake in mistakes if mistake.names & above]


def _agrees(question: FunctionQuestion, evidence: CaseEvidence, world: World) -> bool:
    expected = world.returned(question, evidence.case)
    if expected is None:
        return False
    return compare_value(
        actual=evidence.value,
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
