"""text and figure: there, or not; a person marks them."""

from __future__ import annotations

from grader.judge.scoring import whole
from grader.model.assignment import Limits, ManualQuestion
from grader.model.fact import Facts
from grader.model.fact_marking import Failed, ForAPerson
from grader.model.outcome import Outcome
from grader.model.response import Failure, Response
from grader.model.verdict import Reason, Verdict

__all__ = ["judge_manual"]


def judge_manual(question: ManualQuestion, response: Response, limits: Limits) -> Outcome:
    """Pending with the rubric where something was handed in, missing where nothing was."""
    failure = response.failure
    if failure is None and isinstance(response.value, str) and not response.value.strip():
        failure = Failure(verdict=Verdict.MISSING, reason=Reason.NOT_ANSWERED)
    if failure is not None:
        facts = Facts.of(Failed(failure=failure, entry=question.entry, limits=limits))
        return whole(question, failure.verdict, failure.reason, facts=facts)
    rubric = tuple(
        (line.text, float(line.points) if line.points is not None else None)
        for line in question.rubric
    )
    facts = Facts.of(ForAPerson(answer=response.value, rubric=rubric))
    return whole(question, Verdict.PENDING, Reason.FOR_A_PERSON, facts=facts)
