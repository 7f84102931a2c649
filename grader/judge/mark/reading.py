"""Which response answers a question."""

from __future__ import annotations

from collections.abc import Mapping

from grader.judge.expect.key import Key
from grader.model.assignment import Question
from grader.model.response import Response
from grader.model.verdict import Reason, Verdict

__all__ = ["read_answer"]


def read_answer(question: Question, key: Key, responses: Mapping[str, Response]) -> Response:
    """The response to a question that is answered once, by a sheet or by a module.

    A sheet comes first, then a module. Where neither has a value, a sheet that cannot be read or
    does not answer is the reason, before whatever befell a module; that a module does not define
    a name is no failure of its own. Raises KeyError where there is no response of either: what was
    not collected is not a student's missing answer.
    """
    said = responses.get(question.id)
    made = responses.get(key.asks.get(question.id, ""))
    for response in (said, made):
        if response is not None and response.failure is None:
            return response
    if said is not None:
        return said
    if made is None:
        raise KeyError(question.id)
    assert made.failure is not None
    if made.failure.reason is Reason.NAME_NOT_DEFINED:
        return Response.failed(Verdict.MISSING, Reason.NOT_ANSWERED)
    return made
