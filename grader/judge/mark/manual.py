"""text and figure: there, or not; a person marks them."""

from __future__ import annotations

from grader.judge.scoring import whole
from grader.judge.words import about_failure, shown, staff, student
from grader.model.assignment import Limits, ManualQuestion
from grader.model.outcome import Feedback, Outcome
from grader.model.response import Failure, Response
from grader.model.verdict import Reason, Verdict

__all__ = ["judge_manual"]

_SHOWN = 4000


def judge_manual(question: ManualQuestion, response: Response, limits: Limits) -> Outcome:
    """Pending with the rubric where something was handed in, missing where nothing was."""
    if response.failure is not None:
        failure = response.failure
        words = about_failure(failure, question.entry, limits)
        return whole(question, failure.verdict, failure.reason, feedback=words)
    if isinstance(response.value, str) and not response.value.strip():
        nothing = Failure(verdict=Verdict.MISSING, reason=Reason.NOT_ANSWERED)
        words = about_failure(nothing, question.entry, limits)
        return whole(question, nothing.verdict, nothing.reason, feedback=words)
    feedback = [
        student("a person will mark this"),
        staff(f"answer: {shown(response.value, _SHOWN)}"),
        *_rubric(question),
    ]
    return whole(question, Verdict.PENDING, Reason.FOR_A_PERSON, score=None, feedback=feedback)


def _rubric(question: ManualQuestion) -> list[Feedback]:
    return [
        staff(f"rubric: {line.text}" + (f" ({float(line.points):g})" if line.points else ""))
        for line in question.rubric
    ]
