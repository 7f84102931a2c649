"""function: one call a case, each judged on what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from grader.compare.nearness import distance_of
from grader.judge.expect.key import Key
from grader.judge.mark.axes import Axes
from grader.judge.mark.compared import compared
from grader.judge.mark.differences import judge_differences
from grader.judge.mark.evidence import CaseEvidence
from grader.judge.mark.promise_part import judge_promises, with_promises
from grader.judge.mark.promises import PROMISES, broken_promises, same_data, wrong_dtype
from grader.judge.mark.shares import share_of_right_parts
from grader.judge.scoring import Judged
from grader.model.assignment import FunctionQuestion, Limits
from grader.model.fact import Facts
from grader.model.fact_marking import CaseInputs, CasesRight, Failed
from grader.model.outcome import PartOutcome
from grader.model.response import Response
from grader.model.value import Value
from grader.model.verdict import Verdict
from grader.plan import PlannedCase

__all__ = ["judge_case", "judge_function"]


def judge_function(
    question: FunctionQuestion, key: Key, responses: Mapping[str, Response], limits: Limits
) -> Judged:
    """Judge every case. Of a hidden case a student sees only that it failed."""
    cases = key.cases[question.id]
    asked = cases if question.promise_share != 1 else ()
    parts = [judge_case(question, case, key.returned[case.id], responses, limits) for case in asked]
    facts = Facts()
    alike = False
    if parts:
        facts = _summary(parts)
        alike = parts[0].verdict is not Verdict.CORRECT and _all_alike(parts)
        if alike:
            facts = parts[0].facts  # every case ended the same way: the question says it once
        else:
            facts = facts + _broken_where_hidden(parts)
    alone = len(parts) == 1
    parts = [
        _with_inputs(part, case, alike=alike and not alone)
        for part, case in zip(parts, asked, strict=True)
    ]
    if question.differences is not None:
        about, right = question.differences, key.returned
        parts.append(judge_differences(question, about, cases, responses, limits, right))
    if question.promise_share is not None:
        promises = judge_promises(question, cases, key.returned, responses, limits)
        parts = with_promises(parts, promises, question.promise_share)
    evidence = tuple(
        _evidence(question, case, key.returned[case.id], responses[case.id]) for case in asked
    )
    return Judged(question=question, parts=tuple(parts), facts=facts, cases=evidence)


def _evidence(
    question: FunctionQuestion, case: PlannedCase, expected: Value, response: Response
) -> CaseEvidence:
    axes = Axes.of(question, typed=False)
    value = axes.mended(response.value, expected, question.tolerance)
    as_given = not axes.lenient or same_data(value, response.value)
    return CaseEvidence(
        case=case,
        value=value,
        failed=response.failure is not None,
        shape_credit=Fraction(1) if as_given else axes.credit,
    )


def _all_alike(parts: Sequence[PartOutcome]) -> bool:
    """Whether staff read the same of every case, and a student too."""
    first, others = parts[0], parts[1:]
    staff, student = first.facts.content(), first.facts.for_student().content()
    return all(
        part.facts.content() == staff and part.facts.for_student().content() == student
        for part in others
    )


def _summary(parts: Sequence[PartOutcome]) -> Facts:
    right = sum(part.verdict is Verdict.CORRECT for part in parts)
    if right == len(parts):
        return Facts()
    hidden = sum(part.hidden and part.verdict is not Verdict.CORRECT for part in parts)
    others_hidden = hidden == len(parts) - right
    return Facts.of(CasesRight(right=right, total=len(parts), others_hidden=others_hidden))


def judge_case(
    question: FunctionQuestion,
    case: PlannedCase,
    expected: Value,
    responses: Mapping[str, Response],
    limits: Limits,
) -> PartOutcome:
    """One case against an expected value, and what the question makes the function promise.

    `responses` has those of the question's other cases too: later calls may change what earlier
    ones returned. In the order of judging: type and shape, dtype, values, and then promises.
    """
    response = responses[case.id]
    if response.failure is not None:
        failure = response.failure
        return PartOutcome(
            label=case.label,
            verdict=failure.verdict,
            reason=failure.reason,
            credit=None if failure.verdict is Verdict.PENDING else Fraction(0),
            hidden=case.hidden,
            facts=Facts.of(
                Failed(
                    failure=failure,
                    entry=question.entry,
                    limits=limits,
                    hidden=case.hidden,
                    called_as=_called_as(question),
                )
            ),
        )
    axes = Axes.of(question, typed=False)
    comparison = axes.value(response.value, expected, question.tolerance, question.tolerances)
    broken = None
    if comparison.verdict is not Verdict.INVALID:
        broken = wrong_dtype(question, case, response.value, expected)
    if question.shares and not comparison.credit:
        value = axes.mended(response.value, expected, question.tolerance)
        share = share_of_right_parts(question, value, expected)
        if share and not same_data(value, response.value):
            share *= axes.credit
        if share:
            comparison = replace(comparison, verdict=Verdict.PARTIAL, credit=share)
    right = comparison.accepted or comparison.detail.numbers_right
    in_part = right or question.shares
    if broken is None and in_part and comparison.credit and question.promise_share is None:
        promises = broken_promises(question, case, responses, limits, values_right=right)
        broken = next(promises, None)
    if broken is not None:
        return PartOutcome(
            label=case.label,
            verdict=broken.verdict,
            reason=broken.reason,
            hidden=case.hidden,
            facts=Facts.of(broken.fact),
        )
    return PartOutcome(
        label=case.label,
        verdict=comparison.verdict,
        reason=comparison.reason,
        credit=comparison.credit,
        hidden=case.hidden,
        distance=(
            None
            if question.tolerances
            else distance_of(response.value, expected, question.tolerance)
        ),
        facts=compared(comparison, hidden=case.hidden, returned=True),
    )


def _called_as(question: FunctionQuestion) -> str:
    """As the handout has it; a driver has its own way of calling."""
    names = ", ".join(question.parameters)
    return "" if question.driver is not None else f"{question.entry}({names})"


def _broken_where_hidden(parts: Sequence[PartOutcome]) -> Facts:
    """Promises that hidden cases alone show to be broken: their values are right, and a student
    who reads nothing of these cases would look for the fault in the values."""
    broken = [part for part in parts if part.reason in PROMISES]
    told = {part.reason for part in broken if not part.hidden}
    hidden = {part.reason: part.facts for part in broken if part.reason not in told}
    return sum(hidden.values(), start=Facts())


def _with_inputs(part: PartOutcome, case: PlannedCase, *, alike: bool) -> PartOutcome:
    """The inputs with which a case failed, if it was called: of a hidden one for staff, and for
    everybody where its label does not show them, and the inputs may be why."""
    if part.verdict in (Verdict.CORRECT, Verdict.MISSING) or (case.named and not part.hidden):
        return part
    failed = [fact.failure for fact in part.facts.items if isinstance(fact, Failed)]
    if not part.hidden and failed and (alike or any(one.loading for one in failed)):
        return part
    inputs = CaseInputs(inputs=case.inputs, hidden=part.hidden)
    return replace(part, facts=part.facts + Facts.of(inputs))
