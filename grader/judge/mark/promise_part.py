"""Promises as a part of their own, with a share of the question's points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from grader.judge.mark.promises import broken_promises
from grader.model.assignment import FunctionQuestion, Limits
from grader.model.fact import Fact, Facts
from grader.model.fact_marking import Failed, PromiseBroken
from grader.model.outcome import PartOutcome
from grader.model.response import Response
from grader.model.value import Value
from grader.model.verdict import Reason, Verdict
from grader.plan import PlannedCase

__all__ = ["judge_promises", "with_promises"]

_LABEL = "promises"


def with_promises(
    parts: Sequence[PartOutcome], promises: PartOutcome, share: Fraction
) -> list[PartOutcome]:
    """The parts and the promises, which weigh the share of all of them together."""
    if share == 1:
        return [promises]
    others = sum((part.share for part in parts), Fraction(0))
    return [*parts, replace(promises, share=others * share / (1 - share))]


def judge_promises(
    question: FunctionQuestion,
    cases: Sequence[PlannedCase],
    expected: Mapping[str, Value],
    responses: Mapping[str, Response],
    limits: Limits,
) -> PartOutcome:
    """Whether the promises are kept, whatever the values are.

    One that is broken in any case is not kept. A case that ended without a value shows nothing:
    its part of the share is not earned. Nor does a function that returns nothing show that it
    keeps anything, unless the reference returns nothing there. `expected` has the reference's
    values by the ids of the cases.
    """
    failed: list[PartOutcome] = []
    broken: dict[object, PartOutcome] = {}
    for case in sorted(cases, key=lambda case: case.hidden):
        response = responses[case.id]
        if response.failure is not None:
            failure = response.failure
            fact = Failed(failure=failure, entry=question.entry, limits=limits, hidden=case.hidden)
            failed.append(_part(failure.verdict, failure.reason, fact))
            continue
        if _lacks_something(response.value, expected[case.id]):
            nothing = Reason.NOTHING_RETURNED
            nil = PromiseBroken(reason=nothing, entry=question.entry, hidden=case.hidden)
            broken.setdefault(nothing, _part(Verdict.INCORRECT, nothing, nil))
            continue
        for one in broken_promises(question, case, responses, limits, values_right=False):
            broken.setdefault(one.reason, _part(one.verdict, one.reason, one.fact))
    if broken:
        first, *others = broken.values()
        facts = sum((one.facts for one in others), start=first.facts)
        return replace(first, facts=facts)
    if not failed:
        return PartOutcome(label=_LABEL, verdict=Verdict.CORRECT, credit=Fraction(1))
    credit = Fraction(len(cases) - len(failed), len(cases))
    return replace(failed[0], verdict=Verdict.PARTIAL, credit=credit) if credit else failed[0]


def _lacks_something(value: Value, expected: Value) -> bool:
    """Whether there is nothing where the reference gives something; in what a driver returns,
    under one of its names or in one of its places."""
    if value is None:
        return expected is not None
    if isinstance(value, Mapping) and isinstance(expected, Mapping):
        return any(_lacks_something(value.get(name), one) for name, one in expected.items())
    if isinstance(value, list | tuple) and isinstance(expected, list | tuple):
        return any(map(_lacks_something, value, expected))
    return False


def _part(verdict: Verdict, reason: Reason | None, fact: Fact) -> PartOutcome:
    return PartOutcome(label=_LABEL, verdict=verdict, reason=reason, facts=Facts.of(fact))
