"""function: one call a case, each judged on what came back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from grader.compare.nested import compare_value
from grader.judge.key import Key
from grader.judge.scoring import combine
from grader.judge.words import about_comparison, about_failure, student
from grader.model.assignment import FunctionQuestion, Limits
from grader.model.outcome import Feedback, Outcome, PartOutcome
from grader.model.response import Response
from grader.model.value import Value
from grader.model.verdict import Reason, Verdict
from grader.plan import PlannedCase, case_call

__all__ = ["judge_function"]


def judge_function(
    question: FunctionQuestion, key: Key, responses: Mapping[str, Response], limits: Limits
) -> Outcome:
    """Judge every case; a student sees nothing of a hidden one but that it failed."""
    cases = key.cases[question.id]
    parts = [
        _judge_case(question, case, key.returned[case.id], responses[case.id], limits)
        for case in cases
    ]
    outcome = combine(question, parts, feedback=_summary(parts))
    failures = {part.feedback for part in parts}
    if len(failures) == 1 and parts[0].verdict is not Verdict.CORRECT:
        # Every case ended the same way: the question says it once.
        return combine(question, parts, feedback=parts[0].feedback)
    return outcome


def _summary(parts: list[PartOutcome]) -> tuple[Feedback, ...]:
    passed = sum(part.verdict is Verdict.CORRECT for part in parts)
    if passed == len(parts):
        return ()
    hidden = sum(part.hidden and part.verdict is not Verdict.CORRECT for part in parts)
    text = f"{passed} of {len(parts)} cases are right"
    if hidden == len(parts) - passed:
        text += "; the others are hidden cases" if passed else "; all are hidden"
    return (student(text),)


def _judge_case(
    question: FunctionQuestion,
    case: PlannedCase,
    expected: Value,
    response: Response,
    limits: Limits,
) -> PartOutcome:
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
    if comparison.accepted and question.inputs_unchanged and _changed(question, case, response):
        words = f"{question.entry} changes the arguments that it is given"
        return PartOutcome(
            label=case.label,
            verdict=Verdict.INCORRECT,
            reason=Reason.INPUTS_CHANGED,
            hidden=case.hidden,
            feedback=(student(words),),
        )
    return PartOutcome(
        label=case.label,
        verdict=comparison.verdict,
        reason=comparison.reason,
        credit=comparison.credit,
        hidden=case.hidden,
        feedback=about_comparison(comparison, hidden=case.hidden),
    )


def _changed(question: FunctionQuestion, case: PlannedCase, response: Response) -> bool:
    after = response.inputs_after
    before = case_call(question, case).arguments
    if after is None or len(after) != len(before):
        return True
    return not all(map(_same, after, before))


def _same(now: Value, then: Value) -> bool:
    """Whether an argument is what it was; unlike in a result, a new key is a change as well."""
    if isinstance(then, np.ndarray):
        return isinstance(now, np.ndarray) and np.array_equal(now, then)
    if isinstance(then, Mapping):
        same_keys = isinstance(now, Mapping) and set(now) == set(then)
        return same_keys and all(_same(now[key], then[key]) for key in then)
    if isinstance(then, list | tuple):
        same_length = isinstance(now, list | tuple) and len(now) == len(then)
        return same_length and all(map(_same, now, then))
    return type(now) is type(then) and bool(now == then)
