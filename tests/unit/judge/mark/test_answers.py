"""number, array, expression and choice: answered once, or by labelled parts."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.compare.formula import Language
from grader.judge.expect.key import FormulaKey, Key
from grader.judge.mark.answers import judge_answer
from grader.model.assignment import AnswerQuestion, Limits, Part
from grader.model.outcome import Outcome
from grader.model.response import Response
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText, Opaque
from grader.model.verdict import Reason, Verdict
from tests.unit.judge.read import whole_in_words

OPTIONS = {"stuck": "It oscillates around the minimum", "escapes": "It crosses the bump"}


def part(label: str = "", *, share: int = 1, options: Mapping[str, str] | None = None) -> Part:
    return Part(
        label=label,
        share=Fraction(share),
        step=None,
        names_step=False,
        at={},
        expected=None,
        tolerance=Tolerance.from_spec({"decimals": 2}),
        options=options or {},
    )


def question(kind: str, *parts: Part, all_or_nothing: bool = False) -> AnswerQuestion:
    return AnswerQuestion(
        id="q",
        kind=kind,
        points=Fraction(6),
        prompt="",
        entry="q",
        all_or_nothing=all_or_nothing,
        parts=parts or (part(),),
    )


def judge(asked: AnswerQuestion, answer: Any, **keys: Any) -> Outcome:
    """`keys` are the expected values by label; `_` is the one of the only, unlabelled part."""
    key = Key(parts={("q", label.strip("_")): value for label, value in keys.items()})
    return whole_in_words(judge_answer(asked, key, Response(value=answer), Limits()))


@pytest.mark.parametrize(
    ("kind", "answer", "expected", "verdict", "score"),
    [
        pytest.param("number", NumberText("0.41"), 0.41, Verdict.CORRECT, 6, id="right"),
        pytest.param("number", NumberText("0.4"), 0.41, Verdict.IMPRECISE, 3, id="imprecise"),
        pytest.param("number", NumberText("0.5"), 0.41, Verdict.INCORRECT, 0, id="wrong"),
        pytest.param("number", 0.41, 0.41, Verdict.CORRECT, 6, id="computed"),
        pytest.param("number", "0.41 or so", 0.41, Verdict.INVALID, 0, id="text"),
        pytest.param("number", (NumberText("0.41"),), 0.41, Verdict.INVALID, 0, id="list of one"),
        pytest.param("number", None, 0.41, Verdict.INVALID, 0, id="None"),
        pytest.param("number", Opaque(type_name="f"), 0.41, Verdict.INVALID, 0, id="opaque"),
        pytest.param("number", 10**5000, 0.41, Verdict.INCORRECT, 0, id="enormous"),
        pytest.param("array", [1, 2], np.array([1, 2]), Verdict.CORRECT, 6, id="array"),
        pytest.param("array", [1, 3], np.array([1, 2]), Verdict.INCORRECT, 0, id="wrong entry"),
        pytest.param("array", [1], np.array([1, 2]), Verdict.INVALID, 0, id="wrong shape"),
    ],
)
def test_an_answer_is_judged_whole(
    kind: str, answer: Any, expected: Any, verdict: Verdict, score: int
) -> None:
    outcome = judge(question(kind), answer, _=expected)
    assert outcome.verdict is verdict
    assert outcome.score == score
    assert outcome.parts == ()


def test_a_failure_is_told_as_it_is() -> None:
    response = Response.failed(Verdict.MISSING, Reason.NOT_ANSWERED)
    outcome = whole_in_words(judge_answer(question("number"), Key(), response, Limits()))
    assert (outcome.verdict, outcome.score) == (Verdict.MISSING, Fraction(0))
    assert outcome.feedback.student == ("not answered",)


PARTS = (part("a"), part("b", share=2), part("c", share=3))
KEYS = {"a": 1.0, "b": 2.0, "c": 3.0}


@pytest.mark.parametrize(
    ("answer", "verdicts", "verdict", "score"),
    [
        pytest.param({"a": 1, "b": 2, "c": 3}, "correct correct correct", "correct", 6, id="right"),
        pytest.param({"a": 1, "b": 2, "c": 9}, "correct correct incorrect", "partial", 3, id="one"),
        pytest.param({"c": 3}, "missing missing correct", "partial", 3, id="missing ones"),
        pytest.param({"a": None, "c": 9}, "missing missing incorrect", "incorrect", 0, id="null"),
        pytest.param({"a": 9, "b": "x"}, "incorrect invalid missing", "incorrect", 0, id="none"),
        pytest.param({}, "missing missing missing", "missing", 0, id="empty"),
    ],
)
def test_each_labelled_part_earns_its_share(
    answer: Any, verdicts: str, verdict: str, score: int
) -> None:
    outcome = judge(question("number", *PARTS), answer, **KEYS)
    assert " ".join(part.verdict for part in outcome.parts) == verdicts
    assert outcome.verdict == verdict
    assert outcome.score == score


def test_all_or_nothing_takes_every_part() -> None:
    asked = question("number", *PARTS, all_or_nothing=True)
    assert judge(asked, {"a": 1, "b": 2, "c": 9}, **KEYS).score == 0
    assert judge(asked, KEYS, **KEYS).score == 6


@pytest.mark.parametrize("answer", [1.0, [1, 2, 3], "a", None], ids=repr)
def test_parts_are_answered_by_their_labels(answer: Any) -> None:
    outcome = judge(question("number", *PARTS), answer, **KEYS)
    assert (outcome.verdict, outcome.reason) == (Verdict.INVALID, Reason.NOT_A_MAPPING)


def test_a_label_that_is_none_is_pointed_out_and_costs_nothing() -> None:
    outcome = judge(question("number", *PARTS), {**KEYS, "d": 4}, **KEYS)
    assert outcome.score == 6
    assert outcome.feedback.student == ("there is no part “d”",)


def test_labels_that_look_like_numbers_are_labels() -> None:
    assert judge(question("number", part("1")), {1: NumberText("2.00")}, **{"1": 2.0}).score == 6


# -- choice --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        "stuck",
        "Stuck",
        " STUCK ",
        "It oscillates around the minimum",
        "it  oscillates around\nthe minimum",
    ],
)
def test_an_option_is_chosen_by_name_or_by_its_words_in_any_case(answer: str) -> None:
    asked = question("choice", part(options=OPTIONS))
    assert judge(asked, answer, _="stuck").verdict is Verdict.CORRECT
    assert judge(asked, answer, _="escapes").verdict is Verdict.INCORRECT


@pytest.mark.parametrize(
    "answer", ["stuc", "", "stuck escapes", 1.5, None, ["stuck", "escapes"], {"stuck": 1}]
)
def test_what_is_no_option_is_invalid(answer: Any) -> None:
    outcome = judge(question("choice", part(options=OPTIONS)), answer, _="stuck")
    assert (outcome.verdict, outcome.reason) == (Verdict.INVALID, Reason.NOT_AN_OPTION)


@pytest.mark.parametrize("answer", [True, np.True_, "true", "TRUE"], ids=repr)
def test_true_and_false_may_be_options(answer: Any) -> None:
    asked = question("choice", part(options={"true": "It is", "false": "It is not"}))
    assert judge(asked, answer, _="true").verdict is Verdict.CORRECT
    assert judge(asked, answer, _=False).verdict is Verdict.INCORRECT


@pytest.mark.parametrize("answer", [2, NumberText("2"), np.int64(2), "2"], ids=repr)
def test_numbers_may_be_options(answer: Any) -> None:
    asked = question("choice", part(options={"1": "one", "2": "two"}))
    assert judge(asked, answer, _="2").verdict is Verdict.CORRECT


def test_a_name_comes_before_the_words_of_another_option() -> None:
    asked = question("choice", part(options={"b": "first", "first": "second"}))
    assert judge(asked, "first", _="first").verdict is Verdict.CORRECT


# -- expression ----------------------------------------------------------------------------------


class Line:
    points = (-1.5, 0.5, 0.7310585786)
    labels = tuple(f"x={x}" for x in points)

    def symbol(self, name: str) -> Any:
        return {"x": np.array(self.points)}[name]

    def function(self, name: str) -> Any:
        raise KeyError(name)


def formula_key(label: str = "") -> Key:
    language = Language.of({"x": ()}, {})
    expected = 2 * np.array(Line.points)
    key = FormulaKey(samples=Line(), expected=expected, language=language)
    return Key(formulas={("q", label): key})


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("x + x", Verdict.CORRECT),
        ("x", Verdict.INCORRECT),
        ("sqrt(x)", Verdict.INCORRECT),
        ("2 z", Verdict.INVALID),
        ("2 x +", Verdict.INVALID),
        (None, Verdict.INVALID),
    ],
)
def test_a_formula_is_judged_at_every_point(answer: Any, verdict: Verdict) -> None:
    outcome = whole_in_words(
        judge_answer(question("expression"), formula_key(), Response(value=answer), Limits())
    )
    assert outcome.verdict is verdict


@pytest.mark.parametrize("answer", ["x", "sqrt(x)", "2 z", "(", "(-x, 1)"])
def test_a_student_learns_no_point_and_no_value_of_the_key(answer: str) -> None:
    outcome = whole_in_words(
        judge_answer(question("expression"), formula_key(), Response(value=answer), Limits())
    )
    told = "\n".join(outcome.feedback.student)
    assert told
    assert not any(number in told for number in ("1.5", "0.5", "0.73", "1.46", "-3", "1.0"))
