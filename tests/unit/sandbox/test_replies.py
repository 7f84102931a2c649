"""What is read of a reply, which a student's code may have sent in the worker's place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.model.assignment import Limits
from grader.model.call import Call
from grader.model.response import Response
from grader.model.verdict import Reason, Verdict
from grader.sandbox.child.wire import MAX_RETURNED, encode
from grader.sandbox.replies import ReplyReader

SENT = ([0.5] * 150_000,)
CALL = Call(id="a", group="a", entry="f", arguments=SENT, look_again=True)


def packed(value: Any) -> bytes:
    return encode(value, 1 << 24, 1 << 20)


def reader(seconds: float = 60) -> ReplyReader:
    return ReplyReader((), lambda text, _: text, Limits(submission_seconds=seconds))


def read(reply: dict[str, Any]) -> Response:
    return reader()(CALL, reply)


@pytest.mark.lengthy
def test_a_value_of_too_many_parts_is_no_answer() -> None:
    assert read({"value": packed([None] * (MAX_RETURNED - 1))}).failure is None
    failure = read({"value": packed([None] * MAX_RETURNED)}).failure
    assert failure is not None
    assert failure.reason is Reason.NO_ANSWER


@pytest.mark.slow
@pytest.mark.parametrize(("count", "kept"), [(150_000, True), (450_000, False)])
def test_as_many_parts_of_inputs_come_back_as_were_sent(count: int, kept: bool) -> None:
    response = read({"value": packed(1.0), "arguments": packed(([0.5] * count,))})
    assert response.value == 1.0
    assert (response.inputs_after is not None) is kept


PARTS = packed([True] * 999)
WITHOUT_LOOKING = replace(CALL, look_again=False)
TOGETHER = pytest.mark.parametrize(
    "more",
    [
        {"value": PARTS},
        {"value": packed(1.0), "again": {"value": PARTS}},
        {"value": packed(1.0), "earlier": [["b", PARTS]]},
        {"value": packed(1.0), "typed": PARTS},
    ],
    ids=["value", "again", "earlier", "typed"],
)
ASKED = replace(WITHOUT_LOOKING, look_back=True, repeat=True, digits=True)


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """No submission may return many parts, so that tests need not."""
    monkeypatch.setattr("grader.model.assignment._LEAST_TOGETHER", 2400)
    monkeypatch.setattr("grader.model.assignment._READ_IN_A_SECOND", 500)


@TOGETHER
@pytest.mark.usefixtures("little")
def test_values_of_many_calls_have_a_limit_together(more: dict[str, Any]) -> None:
    """Else many calls that take the code no time keep us busy for minutes."""
    reads = reader(seconds=2)
    assert [reads(WITHOUT_LOOKING, {"value": PARTS}).failure for _ in range(2)] == [None, None]
    failure = reads(ASKED, more).failure
    assert failure is not None
    assert (failure.verdict, failure.reason) == (Verdict.OUTPUT_EXCEEDED, Reason.VALUE_LIMIT)
    assert reads(WITHOUT_LOOKING, {"value": packed([1.0] * 500)}).failure is not None


@pytest.mark.usefixtures("little")
def test_arrays_and_inputs_that_come_back_are_not_many_values() -> None:
    reads = reader(seconds=2)
    sent = ([0.5] * 500,)
    reply = {"value": packed(np.ones(3000)), "arguments": packed(sent)}
    for _ in range(6):
        response = reads(replace(CALL, arguments=sent), reply)
        assert response.failure is None
        assert response.inputs_after is not None


@pytest.mark.usefixtures("little")
def test_who_may_take_longer_may_return_more() -> None:
    reads = reader(seconds=60)
    replies = [reads(WITHOUT_LOOKING, {"value": PARTS}) for _ in range(3)]
    assert [reply.failure for reply in replies] == [None] * 3


def test_the_limit_follows_the_time_for_all_calls() -> None:
    assert Limits(submission_seconds=60).values_together == 3_000_000
    assert Limits(submission_seconds=0.5).values_together == 2 * MAX_RETURNED
