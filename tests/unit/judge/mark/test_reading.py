"""Which response answers a question."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.judge.expect.key import Key
from grader.judge.mark.reading import read_answer
from grader.model.assignment import Question
from grader.model.response import Response
from grader.model.verdict import Reason, Verdict

SHEET = Response(value="from a sheet")
MODULE = Response(value="from a module")
SILENT = Response.failed(Verdict.MISSING, Reason.NOT_ANSWERED)
UNREADABLE = Response.failed(Verdict.INVALID, Reason.UNREADABLE)
RAISED = Response.failed(Verdict.RAISED, Reason.EXCEPTION)
UNDEFINED = Response.failed(Verdict.MISSING, Reason.NAME_NOT_DEFINED)


def read(said: Response | None, made: Response | None) -> Response:
    question = Question(id="q", kind="choice", points=Fraction(1), prompt="", entry="q")
    given = {"q": said, "call:1": made}
    key = Key(asks={"q": "call:1"})
    return read_answer(question, key, {name: one for name, one in given.items() if one is not None})


@pytest.mark.parametrize(
    ("said", "made", "answer"),
    [
        (SHEET, None, SHEET),
        (SHEET, MODULE, SHEET),
        (SHEET, RAISED, SHEET),
        (SILENT, MODULE, MODULE),
        (UNREADABLE, MODULE, MODULE),
        (None, MODULE, MODULE),
        (SILENT, RAISED, SILENT),
        (UNREADABLE, RAISED, UNREADABLE),
        (UNREADABLE, UNDEFINED, UNREADABLE),
        (None, RAISED, RAISED),
        (UNREADABLE, None, UNREADABLE),
        (None, SILENT, SILENT),
    ],
)
def test_a_sheet_comes_first_and_a_value_before_a_failure(
    said: Response | None, made: Response | None, answer: Response
) -> None:
    assert read(said, made) is answer


def test_a_name_that_no_module_defines_is_no_answer() -> None:
    assert read(None, UNDEFINED).failure == SILENT.failure


def test_what_was_not_collected_is_no_missing_answer() -> None:
    with pytest.raises(KeyError):
        read(None, None)
