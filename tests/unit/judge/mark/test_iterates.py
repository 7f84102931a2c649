"""iterates: rows one by one, the length after the values."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.judge.expect.key import Key
from grader.judge.mark.iterates import judge_iterates
from grader.model.assignment import AnswerQuestion, Limits, Part
from grader.model.outcome import Outcome
from grader.model.response import Response
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText
from grader.model.verdict import Audience, Reason, Verdict
from tests.unit.judge.read import everything_read, whole_in_words

NUMBERS = [1.0, 0.5, 0.25, 0.125]
POINTS = np.array([[1.0, 2.0], [3.0, 4.0]])


def judge(
    answer: Any, expected: Any, *, includes_start: bool = False, hidden: bool = False
) -> Outcome:
    part = Part(
        label="",
        share=Fraction(1),
        step=None,
        names_step=False,
        at={},
        expected=None,
        tolerance=Tolerance.from_spec({"decimals": 2}),
    )
    question = AnswerQuestion(
        id="q",
        kind="iterates",
        points=Fraction(12),
        prompt="",
        entry="q",
        parts=(part,),
        includes_start=includes_start,
        length="hidden" if hidden else "asked",
    )
    key = Key(parts={("q", ""): expected})
    return whole_in_words(judge_iterates(question, key, Response(value=answer), Limits()))


@pytest.mark.parametrize(
    ("answer", "verdict", "score"),
    [
        pytest.param(NUMBERS, "correct", 12, id="right"),
        pytest.param(
            tuple(map(NumberText, ("1", "0.5", "0.25", "0.12"))), "correct", 12, id="typed"
        ),
        pytest.param(np.array(NUMBERS), "correct", 12, id="an array"),
        pytest.param([1.0, 0.5, 9, 0.125], "partial", 9, id="one wrong"),
        pytest.param([1.0, "x", 0.25, None], "partial", 6, id="two invalid"),
        pytest.param([9, 9, 9, 9], "incorrect", 0, id="all wrong"),
        pytest.param(["x", 9, 9, 9], "invalid", 0, id="all wrong, first invalid"),
        pytest.param(NUMBERS[:3], "partial", 9, id="one lacking"),
        pytest.param([], "missing", 0, id="none"),
        pytest.param([9], "incorrect", 0, id="values come before the length"),
        pytest.param([*NUMBERS, 0.0625, 0.03], "partial", 8, id="two too many"),
        pytest.param([1.0, 0.25, 0.125], "partial", 9, id="the second left out"),
        pytest.param([1.0, 0.5, 0.125], "partial", 9, id="the third left out"),
        pytest.param([9, 0.25, 0.125], "partial", 6, id="one wrong, the second left out"),
        pytest.param([0.5, 0.25, 0.125], "incorrect", 0, id="one step ahead"),
        pytest.param([1.0, 0.25], "partial", 3, id="two lacking"),
        pytest.param([1.0, 1.0, 0.5, 0.25, 0.125], "partial", Fraction(48, 5), id="one twice"),
        pytest.param([1.0, 0.5, 9, 0.25, 0.125], "partial", Fraction(48, 5), id="one between"),
        pytest.param([0.5, 1.0, 0.25, 0.125], "partial", 6, id="two exchanged"),
        pytest.param([[n] for n in NUMBERS], "invalid", 0, id="points for numbers"),
    ],
)
def test_each_row_earns_its_share(answer: Any, verdict: str, score: float) -> None:
    outcome = judge(answer, NUMBERS)
    assert outcome.verdict == verdict
    assert outcome.score == score


@pytest.mark.parametrize(
    ("answer", "score"),
    [
        (POINTS, 12),
        (POINTS.tolist(), 12),
        ([[1, 2], [3, 5]], 6),
        ([[1, 2], [3]], 6),
        (POINTS.T, 0),
        (POINTS.ravel(), 0),
        (POINTS[:, :1], 0),
    ],
    ids=["array", "lists", "one wrong", "one ragged", "transposed", "flat", "one column"],
)
def test_points_are_rows(answer: Any, score: int) -> None:
    assert judge(answer, POINTS).score == score


@pytest.mark.parametrize(
    "answer",
    [
        *(None, 1.0, "1, 2", {0: 1.0}, np.array(1.0)),
        *(np.array(NUMBERS, dtype=object), np.eye(4) > 0),
    ],
    ids=repr,
)
def test_what_is_no_list_of_numbers_is_invalid(answer: Any) -> None:
    outcome = judge(answer, NUMBERS)
    assert (outcome.verdict, outcome.reason) == (Verdict.INVALID, Reason.NOT_A_LIST)


@pytest.mark.parametrize(
    ("includes_start", "labels"),
    [(False, ["iterate 1", "iterate 2"]), (True, ["iterate 0", "iterate 1"])],
)
def test_rows_are_numbered_from_the_start_value(includes_start: bool, labels: list[str]) -> None:
    outcome = judge([9, 9], NUMBERS[:2], includes_start=includes_start)
    assert [part.label for part in outcome.parts] == labels


@pytest.mark.parametrize(
    ("answer", "label", "reason", "share"),
    [
        (NUMBERS[:3], "iterate 4", Reason.ROW_MISSING, 1),
        (NUMBERS[:1], "iterates 2 to 4", Reason.ROW_MISSING, 3),
        ([*NUMBERS, 1], "iterate 5", Reason.TOO_MANY_ROWS, 1),
        ([*NUMBERS, 1, 1], "iterates 5 to 6", Reason.TOO_MANY_ROWS, 2),
    ],
)
def test_the_length_is_judged_after_the_values(
    answer: list[float], label: str, reason: Reason, share: int
) -> None:
    last = judge(answer, NUMBERS).parts[-1]
    assert (last.label, last.reason) == (label, reason)
    assert last.share == share


def test_a_failure_is_told_as_it_is() -> None:
    response = Response.failed(Verdict.CRASHED, Reason.NO_ANSWER)
    question = AnswerQuestion(
        id="q", kind="iterates", points=Fraction(1), prompt="", entry="q", parts=()
    )
    outcome = whole_in_words(judge_iterates(question, Key(), response, Limits()))
    assert (outcome.verdict, outcome.score) == (Verdict.CRASHED, Fraction(0))


def in_place(rows: list[Any]) -> int:
    """How many rows are right where they stand."""
    return sum(type(row) is float and row == key for row, key in zip(rows, NUMBERS, strict=False))


@given(st.lists(st.sampled_from([1.0, 0.5, 0.25, 9.0, None, "x", True]), max_size=8))
def test_rows_earn_one_share_each_of_the_longer_list(answer: list[Any]) -> None:
    outcome = judge(answer, NUMBERS)
    right, shifted = in_place(answer), in_place(answer[1:])
    begins_right = bool(answer) and type(answer[0]) is float and answer[0] == NUMBERS[0]
    assume(shifted <= right or begins_right)  # else it begins with the start
    if len(answer) == 5:  # one is too many: any but the first
        right = max(in_place([*answer[:at], *answer[at + 1 :]]) for at in range(1, 5))
    if len(answer) == 3:  # one is left out: any but the first, which is a step ahead
        gaps = [in_place([*answer[:at], None, *answer[at:]]) for at in range(4)]
        ahead = answer[0] == NUMBERS[1] and gaps[0] >= max(gaps[1:])
        right = right if ahead else max(gaps[1:])
    assert outcome.score == Fraction(12 * right, max(len(answer), 4))
    assert sum(part.share for part in outcome.parts) == max(len(answer), 4)


def test_a_student_reads_where_it_went_wrong_and_not_what_is_right() -> None:
    outcome = judge([0.7, 0.5], [0.7310585786, 0.5])
    assert everything_read([outcome], Audience.STUDENT) == ["0.7 is not right"]


@pytest.mark.parametrize(
    ("answer", "score"),
    [
        pytest.param([2.0, *NUMBERS], Fraction(48, 5), id="the start and all rows"),
        pytest.param([2.0, 1.0, 0.5], Fraction(24, 5), id="the start and two rows"),
        pytest.param([2.0, 1.0, 9.0, 0.25, 0.125], Fraction(36, 5), id="not all right behind it"),
        pytest.param([2.0, 1.0, 9.0, 9.0, 0.125], Fraction(24, 5), id="two slips behind it"),
    ],
)
def test_a_list_that_begins_with_the_start_has_a_row_too_many(
    answer: list[float], score: Fraction
) -> None:
    assert judge(answer, NUMBERS).score == score
    assert judge(answer, NUMBERS, includes_start=True).score == 0


@pytest.mark.parametrize("rows", [NUMBERS[:1], NUMBERS[:3], [*NUMBERS, 0.0625], [*NUMBERS, 1, 1]])
def test_a_hidden_length_reaches_no_student(rows: list[float]) -> None:
    outcome = judge(rows, NUMBERS, hidden=True)
    words = " ".join(outcome.feedback.student)
    seen = [part for part in outcome.parts if not part.hidden]
    assert words == "the list does not have the right number of rows"
    assert all(part.verdict is Verdict.CORRECT for part in seen)
    assert len(seen) == min(len(rows), len(NUMBERS))
    assert outcome.reason is Reason.WRONG_LENGTH
    asked = judge(rows, NUMBERS)
    assert (outcome.score, outcome.verdict) == (asked.score, asked.verdict)
    hidden = [part for part in outcome.parts if part.hidden]
    assert [part.feedback.student for part in hidden] == [()]
    assert [part.feedback.staff for part in hidden] == [asked.parts[-1].feedback.staff]


def test_of_a_hidden_length_nothing_is_said_where_it_is_right() -> None:
    assert judge(NUMBERS, NUMBERS, hidden=True) == judge(NUMBERS, NUMBERS)
    wrong = judge([1.0, 9, 0.25, 0.125], NUMBERS, hidden=True)
    assert "number of rows" not in " ".join(wrong.feedback.student)


def test_a_row_left_out_is_said_to_be_missing() -> None:
    outcome = judge([1.0, 0.25, 0.125], NUMBERS)
    row = outcome.parts[1]
    assert (row.verdict, row.reason) == (Verdict.MISSING, Reason.ROW_MISSING)
    assert row.feedback.student == (
        "this row is missing: what you wrote here was read as the row after it",
    )


def test_where_the_length_is_the_question_no_row_is_said_to_be_missing() -> None:
    assert judge([1.0, 0.25, 0.125], NUMBERS, hidden=True).score == 3
