"""Judge all questions of one submission."""

from __future__ import annotations

from collections.abc import Mapping

from grader.judge.answers import judge_answer
from grader.judge.functions import judge_function
from grader.judge.iterates import judge_iterates
from grader.judge.key import Key
from grader.judge.manual import judge_manual
from grader.judge.scoring import whole
from grader.judge.series import judge_series
from grader.judge.words import staff, student
from grader.model.assignment import (
    AnswerQuestion,
    Assignment,
    FunctionQuestion,
    ManualQuestion,
    Question,
    SeriesQuestion,
)
from grader.model.outcome import Outcome
from grader.model.response import Response
from grader.model.verdict import Reason, Verdict

__all__ = ["hold", "judge_submission"]


def judge_submission(
    assignment: Assignment, key: Key, responses: Mapping[str, Response]
) -> tuple[Outcome, ...]:
    """Outcomes in the order of the questions. `responses` has one for every question that is
    answered once, and one for every case of a function, by the case's id."""
    return tuple(_judge(assignment, question, key, responses) for question in assignment.questions)


def _judge(
    assignment: Assignment, question: Question, key: Key, responses: Mapping[str, Response]
) -> Outcome:
    try:
        return _by_kind(assignment, question, key, responses)
    except Exception as error:  # noqa: BLE001 - a fault of ours must not become a student's zero
        return hold(question, Reason.JUDGE_FAULT, f"{type(error).__name__}: {error}")


def _by_kind(
    assignment: Assignment, question: Question, key: Key, responses: Mapping[str, Response]
) -> Outcome:
    limits = assignment.limits
    if isinstance(question, FunctionQuestion):
        return judge_function(question, key, responses, limits)
    response = responses[question.id]
    if isinstance(question, SeriesQuestion):
        return judge_series(question, response, limits)
    if isinstance(question, ManualQuestion):
        return judge_manual(question, response, limits)
    assert isinstance(question, AnswerQuestion)
    if question.kind == "iterates":
        return judge_iterates(question, key, response, limits)
    return judge_answer(question, key, response, limits)


def hold(question: Question, reason: Reason, detail: str) -> Outcome:
    """An outcome without a score, for staff to look at."""
    words = (student("this could not be marked, through no fault of yours"), staff(detail))
    return whole(question, Verdict.GRADER_ERROR, reason, score=None, feedback=words)
