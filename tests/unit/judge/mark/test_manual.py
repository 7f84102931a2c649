"""text and figure: there or not, and never scored by a machine."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.judge.mark.manual import judge_manual
from grader.model.assignment import Limits, ManualQuestion, RubricLine
from grader.model.response import Response
from grader.model.verdict import Reason, Verdict
from tests.unit.judge.read import whole_in_words

QUESTION = ManualQuestion(
    id="why",
    kind="text",
    points=Fraction(2),
    prompt="",
    entry="why",
    rubric=(RubricLine(text="names the cause", points=Fraction(3, 2)), RubricLine(text="clear")),
)


def test_an_answer_waits_for_a_person_without_a_score() -> None:
    outcome = whole_in_words(
        judge_manual(QUESTION, Response(value="Because it oscillates."), Limits())
    )
    assert (outcome.verdict, outcome.score) == (Verdict.PENDING, None)


def test_staff_see_answer_and_rubric_and_the_student_neither_rubric_nor_points() -> None:
    outcome = whole_in_words(judge_manual(QUESTION, Response(value="Because"), Limits()))
    assert outcome.feedback.student == ("a person will mark this",)
    assert outcome.feedback.staff[1:] == (
        "answer: “Because”",
        "rubric: names the cause (1.5)",
        "rubric: clear",
    )


@pytest.mark.parametrize("text", ["", "  \n\t"])
def test_an_empty_text_is_missing(text: str) -> None:
    outcome = whole_in_words(judge_manual(QUESTION, Response(value=text), Limits()))
    assert (outcome.verdict, outcome.score) == (Verdict.MISSING, Fraction(0))


def test_what_was_not_handed_in_is_missing() -> None:
    response = Response.failed(Verdict.MISSING, Reason.FILE_NOT_FOUND, "plot.png")
    outcome = whole_in_words(judge_manual(QUESTION, response, Limits()))
    assert outcome.verdict is Verdict.MISSING
    assert outcome.feedback.student == ("the file plot.png was not handed in",)
