"""What is read of a reply, which a student's code may have sent in the worker's place."""

from __future__ import annotations

from typing import Any

import pytest

from grader.model.call import Call
from grader.model.response import Response
from grader.model.verdict import Reason
from grader.sandbox.child.wire import MAX_RETURNED, encode
from grader.sandbox.replies import ReplyReader

SENT = ([0.5] * 150_000,)
CALL = Call(id="a", group="a", entry="f", arguments=SENT, look_again=True)


def packed(value: Any) -> bytes:
    return encode(value, 1 << 24, 1 << 20)


def read(reply: dict[str, Any]) -> Response:
    return ReplyReader((), lambda text, _: text)(CALL, reply)


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
