"""function: one call a case, each judged on what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from grader.compare.nested import compare_value
from grader.judge.expect.key import Key
from grader.judge.mark.differences import judge_differences
from grader.judge.mark.promises import broken_promise, wrong_dtype
from grader.judge.scoring import Judged
from grader.judge.words import about_comparison, about_failure, cut, shown, staff, student
from grader.model.assignment import FunctionQuestion, Limits
from grader.model.outcome import Feedback, PartOutcome
from grader.model.response import Response
from grader.model.value import Value
from grader.model.verdict import Verdict
from grader.plan import PlannedCase

__all__ = ["judge_case", "judge_function"]

_SHOWN_INPUTS = 200


def judge_function(
    question: FunctionQuestion, key: Key, responses: Mapping[str, Response], limits: Limits
) -> Judged:
    """Judge every case; a student sees nothing of a hidden one but that it failed."""
    cases = key.cases[question.id]
    parts = [judge_case(question, case, key.returned[case.id], responses, limits) for case in cases]
    feedback = _summary(parts)
    if len({part.feedback for part in parts}) == 1 and parts[0].verdict is not Verdict.CORRECT:
        feedback = parts[0].feedback  # every case ended the same way: the question says it once
    parts = [_with_inputs(part, case) for part, case in zip(parts, cases, strict=True)]
    if question.differences is not None:
        parts.append(judge_differences(question, question.differences, cases, responses, limits))
    return Judged(question=question, parts=tuple(parts), feedback=feedback)


def _summary(parts: list[PartOutcome]) -> tuple[Feedback, ...]:
    passed = sum(part.verdict is Verdict.CORRECT for part in parts)
    if passed == len(parts):
        return ()
    hidden = sum(part.hidden and part.verdict is not Verdict.CORRECT for part in parts)
    text = f"{passed} of {len(parts)} cases are right"
    if hidden == len(parts) - passed:
        text += "; the others are hidden cases" if passed else "; all are hidden"
    return (student(text),)


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
            hidden=case.hidden,
            feedback=about_failure(failure, question.entry, limits, hidden=case.hidden),
        )
    comparison = compare_value(
        actual=response.value,
        expected=expected,
        tolerance=question.tolerance,
        tolerances=question.tolerances,
    )
    broken = None
    if comparison.verdict is not Verdict.INVALID:
        broken = wrong_dtype(question, case, response.value, expected)
    if broken is None and comparison.accepted:
        broken = broken_promise(question, case, responses, limits)
    if broken is not None:
        return PartOutcome(
            label=case.label,
            verdict=broken.verdict,
            reason=broken.reason,
            hidden=case.hidden,
            feedback=broken.feedback,
        )
    return PartOutcome(
        label=case.label,
        verdict=comparison.verdict,
        reason=comparison.reason,
        credit=comparison.credit,
        hidden=case.hidden,
        feedback=about_comparison(comparison, hidden=case.hidden),
    )


def _with_inputs(part: PartOutcome, case: PlannedCase) -> PartOutcome:
    """Staff see with which inputs a hidden case failed; what was not called had none."""
    if not part.hidden or part.verdict in (Verdict.CORRECT, Verdict.MISSING):
        return part
    inputs = ", ".join(f"{name} = {shown(value)}" for name, value in case.inputs.items())
    line = staff(f"inputs: {cut(inputs, _SHOWN_INPUTS)}")
    return replace(part, feedback=(*part.feedback, line))
