"""function: case by case, and nothing of a hidden one gets out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.judge.expect.key import Key
from grader.judge.mark.functions import judge_function
from grader.model.assignment import FunctionQuestion, Limits
from grader.model.outcome import Outcome
from grader.model.response import Failure, Response
from grader.model.tolerance import Tolerance
from grader.model.value import Opaque
from grader.model.verdict import Audience, Reason, Verdict
from grader.plan import PlannedCase
from tests.build import function_of
from tests.unit.judge.read import everything_read, whole_in_words

EXPECTED = 0.7310585786
SECRET = 3.14159265


def question(**options: Any) -> FunctionQuestion:
    return function_of(points=Fraction(4), tolerance=Tolerance.from_spec({"rtol": 1e-6}), **options)


def judge(
    responses: list[Any],
    *,
    hidden: str = "",
    expected: Any = EXPECTED,
    argument: Any = SECRET,
    asked: FunctionQuestion | None = None,
) -> Outcome:
    """One case a response; `hidden` has an `h` at the place of each hidden one."""
    cases = tuple(
        PlannedCase(
            id=f"f/{number}",
            label=f"case {number}",
            inputs={"x": argument},
            givens={},
            hidden=hidden[number : number + 1] == "h",
        )
        for number in range(len(responses))
    )
    key = Key(cases={"f": cases}, returned={case.id: expected for case in cases})
    given = {
        case.id: response if isinstance(response, Response) else Response(value=response)
        for case, response in zip(cases, responses, strict=True)
    }
    return whole_in_words(judge_function(asked or question(), key, given, Limits()))


RAISED = Response(
    failure=Failure(
        verdict=Verdict.RAISED,
        reason=Reason.EXCEPTION,
        exception="ValueError",
        message=f"bad x {SECRET}",
        file="f.py",
        line=3,
    )
)
TIMED_OUT = Response.failed(Verdict.TIMED_OUT, Reason.TIME_LIMIT)
NOT_DEFINED = Response.failed(Verdict.MISSING, Reason.NAME_NOT_DEFINED)


@pytest.mark.parametrize(
    ("responses", "hidden", "verdict", "score"),
    [
        pytest.param([EXPECTED] * 4, "--hh", "correct", 4, id="right"),
        pytest.param([EXPECTED, 0.5, EXPECTED, EXPECTED], "", "partial", 3, id="one wrong"),
        pytest.param([0.5, RAISED], "", "incorrect", 0, id="first failure"),
        pytest.param([RAISED, 0.5], "h-", "incorrect", 0, id="first failure a student may see"),
        pytest.param([RAISED, RAISED], "hh", "raised", 0, id="all hidden"),
        pytest.param([TIMED_OUT, EXPECTED], "", "partial", 2, id="timed out"),
        pytest.param([NOT_DEFINED] * 2, "", "missing", 0, id="not defined"),
        pytest.param([Opaque(type_name="g"), "x"], "", "invalid", 0, id="no number"),
    ],
)
def test_each_case_earns_the_same(
    responses: list[Any], hidden: str, verdict: str, score: int
) -> None:
    outcome = judge(responses, hidden=hidden)
    assert outcome.verdict == verdict
    assert outcome.score == score
    assert len(outcome.parts) == len(responses)


def test_all_or_nothing_takes_every_case() -> None:
    asked = question(all_or_nothing=True)
    assert judge([EXPECTED, 0.5], asked=asked).score == 0
    assert judge([EXPECTED, EXPECTED], asked=asked).score == 4


@pytest.mark.parametrize(
    ("responses", "hidden", "told"),
    [
        ([EXPECTED] * 2, "--", ()),
        ([EXPECTED, 0.5], "--", ("1 of 2 cases are right",)),
        ([EXPECTED, 0.5], "-h", ("1 of 2 cases are right; the others are hidden cases",)),
        ([NOT_DEFINED] * 2, "--", ("f is not defined in the files handed in",)),
    ],
)
def test_the_question_says_how_many_cases_are_right(
    responses: list[Any], hidden: str, told: tuple[str, ...]
) -> None:
    assert judge(responses, hidden=hidden).feedback.student == told


def everything_told(outcome: Outcome, audience: Audience) -> str:
    return "\n".join(everything_read([outcome], audience))


WRONG: list[Any] = [
    *(2 * EXPECTED, SECRET, [SECRET], np.array([SECRET]), str(SECRET), {"x": SECRET}, None, True),
    *(SECRET + 1j, float("nan"), Opaque(type_name=f"T{SECRET}"), 10**5000, RAISED, TIMED_OUT),
    Response.failed(Verdict.INVALID, Reason.UNREADABLE, f"{SECRET}"),
    Response.failed(Verdict.MISSING, Reason.FILE_NOT_FOUND, f"{SECRET}"),
    Response.failed(Verdict.RAISED, Reason.SYNTAX_ERROR, f"{SECRET}"),
    Response.failed(Verdict.INVALID, Reason.WRONG_VALUE, f"{SECRET}"),
]


@pytest.mark.parametrize("response", WRONG, ids=range(len(WRONG)))
@pytest.mark.parametrize("hidden", ["h", "hh", "-h"])
def test_a_student_learns_nothing_of_a_hidden_case(response: Any, hidden: str) -> None:
    responses = [EXPECTED if mark == "-" else response for mark in hidden]
    outcome = judge(responses, hidden=hidden)
    told = everything_told(outcome, Audience.STUDENT)
    assert str(SECRET)[:5] not in told
    assert "0.73" not in told
    assert "1.46" not in told
    assert outcome.score == 4 * hidden.count("-") / len(hidden)


def test_a_file_that_nobody_can_read_for_now_holds_the_function() -> None:
    unread = Response.failed(Verdict.PENDING, Reason.UNREADABLE, "code.py is a picture")
    outcome = judge([EXPECTED, unread], hidden="-h")
    assert (outcome.verdict, outcome.reason, outcome.score) == (
        Verdict.PENDING,
        Reason.UNREADABLE,
        None,
    )


@pytest.mark.parametrize("response", [2 * EXPECTED, [EXPECTED], "x", RAISED], ids=str)
def test_staff_see_the_inputs_of_a_hidden_case_that_fails(response: Any) -> None:
    line = f"inputs: x = {SECRET}"
    assert line in everything_told(judge([response], hidden="h"), Audience.STAFF)
    assert "inputs:" not in everything_told(judge([response], hidden="h"), Audience.STUDENT)
    assert "inputs:" not in everything_told(judge([response], hidden="-"), Audience.STAFF)


def test_inputs_are_not_shown_where_nothing_failed_or_nothing_was_called() -> None:
    for response in (EXPECTED, NOT_DEFINED):
        assert "inputs:" not in everything_told(judge([response], hidden="h"), Audience.STAFF)


def test_large_inputs_are_shortened() -> None:
    outcome = judge([0.5], hidden="h", argument={"a" * 50: np.zeros((100, 100)), "b" * 900: "c"})
    (line,) = (text for text in outcome.parts[0].feedback.staff if text.startswith("inputs:"))
    assert len(line) < 250


def test_cases_that_all_end_the_same_way_say_it_once_whatever_their_inputs() -> None:
    outcome = judge([RAISED] * 2, hidden="hh")
    assert outcome.feedback.student[0] == "ValueError was raised"


def test_tolerances_by_path_reach_the_result() -> None:
    from dataclasses import replace

    asked = replace(question(), tolerances={"[1]": Tolerance.from_spec({"atol": 1.0})})
    assert judge([(1.0, 2.5)], expected=(1.0, 2.0), asked=asked).score == 4
    assert judge([(1.5, 2.0)], expected=(1.0, 2.0), asked=asked).score == 0
