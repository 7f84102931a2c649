"""A whole submission, from a spec and a reference: every kind, every way of failing, no leak."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grader.judge.expect.key import Key, build_key
from grader.judge.submission import hold, judge
from grader.model.assignment import Assignment
from grader.model.outcome import Outcome
from grader.model.response import Failure, Response
from grader.model.value import NumberText
from grader.model.verdict import Audience, Reason, Verdict
from grader.solver import load_reference
from grader.spec.load import load_assignment
from tests.some import some
from tests.unit.judge.read import contents, everything_read

REFERENCE = """
import numpy as np

def sigmoid(z, /):
    return 1 / (1 + np.exp(-z))

def activation(start, sigmoid):
    return sigmoid(start)

def slope(start, sigmoid):
    return sigmoid(start) * (1 - sigmoid(start))

def row(activation):
    return np.array([activation, activation])

def steps(activation):
    return [activation, activation, activation]

def both(z, /, sigmoid):
    return (sigmoid(z), {"y": np.array([sigmoid(z), 2.0])})

def verdict():
    return "grows"
"""
# sigmoid(1) = 0.7310585786…: a number that no student's text may contain by accident.
SPEC = """
schema: 1
slug: leaks
title: Leaks
reference: leaks
submission: {files: [answers.yaml, leaks.py]}
givens: {start: 1}
formulas: {domains: {start: [0.5, 2]}, symbols: {activation: []}, functions: {sigmoid: []}}
questions:
  - {id: activation, kind: number, tolerance: {rtol: 1e-6}}
  - {id: pair, kind: number, parts: {activation: {}, slope: {share: 2}}}
  - {id: row, kind: array}
  - {id: steps, kind: iterates}
  - {id: formula, kind: expression, step: slope}
  - {id: verdict, kind: choice, options: {grows: It grows, falls: It falls}, step: verdict}
  - id: both
    kind: function
    call: both(z)
    cases: [{z: 1}, {inputs: {z: 1.25}, hidden: true}]
  - id: log
    kind: series
    columns: [loss]
    criteria: [{column: loss, final: [0.7310585786, 0.7310585787]}]
  - {id: why, kind: text, points: 2, rubric: [{text: says 0.7310585786, points: 2}]}
"""
ANSWERED_ONCE = ("activation", "pair", "row", "steps", "formula", "verdict", "log", "why")
NUMBER = 0.7310585786300049
KEY_DIGITS = ("0.73105", "0.19661", "0.77729")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> tuple[Assignment, Key]:
    root: Path = tmp_path_factory.mktemp("course")
    folder = root / "assignments" / "leaks"
    folder.mkdir(parents=True)
    (root / "reference").mkdir()
    (root / "reference" / "leaks.py").write_text(REFERENCE, encoding="utf-8")
    (folder / "assignment.yaml").write_text(SPEC, encoding="utf-8")
    assignment = load_assignment(folder).assignment
    key = build_key(assignment, load_reference(root / "reference" / "leaks.py"))
    assert key.problems == ()
    return assignment, key


def right() -> dict[str, Any]:
    hidden = 1 / (1 + np.exp(-1.25))
    return {
        "activation": NUMBER,
        "pair": {"activation": NUMBER, "slope": NUMBER * (1 - NUMBER)},
        "row": np.array([NUMBER, NUMBER]),
        "steps": [NUMBER] * 3,
        "formula": "sigmoid(start) (1 - activation)",
        "verdict": "grows",
        "log": {"loss": [1.0, NumberText("0.7310585786")]},
        "why": "Because.",
        "both/1": (NUMBER, {"y": np.array([NUMBER, 2.0])}),
        "both/2": (hidden, {"y": np.array([hidden, 2.0])}),
    }


def marked(course: tuple[Assignment, Key], answers: Mapping[str, Any]) -> dict[str, Outcome]:
    """`both/1` stands for the first case of `both`."""
    assignment, key = course
    ids = {f"{name}/{n}": one.id for name in key.cases for n, one in enumerate(key.cases[name], 1)}
    responses = {
        ids.get(name, name): answer if isinstance(answer, Response) else Response(value=answer)
        for name, answer in answers.items()
    }
    return {item.question: item for item in judge(assignment, key, responses).outcomes}


def told(outcomes: Mapping[str, Outcome], audience: Audience) -> list[str]:
    return everything_read(outcomes.values(), audience)


def test_right_answers_of_every_kind_are_correct(course: tuple[Assignment, Key]) -> None:
    outcomes = marked(course, right())
    verdicts = {name: outcome.verdict for name, outcome in outcomes.items()}
    assert verdicts.pop("why") is Verdict.PENDING
    assert set(verdicts.values()) == {Verdict.CORRECT}
    assert all(o.score == o.max_score for name, o in outcomes.items() if name != "why")


FAILURES = [
    (Verdict.MISSING, Reason.NOT_ANSWERED),
    (Verdict.MISSING, Reason.NAME_NOT_DEFINED),
    (Verdict.PENDING, Reason.UNREADABLE),
    (Verdict.RAISED, Reason.EXCEPTION),
    (Verdict.RAISED, Reason.SYNTAX_ERROR),
    (Verdict.TIMED_OUT, Reason.TIME_LIMIT),
    (Verdict.MEMORY_EXCEEDED, Reason.MEMORY_LIMIT),
    (Verdict.OUTPUT_EXCEEDED, Reason.OUTPUT_LIMIT),
    (Verdict.OUTPUT_EXCEEDED, Reason.VALUE_LIMIT),
    (Verdict.CRASHED, Reason.NO_ANSWER),
]


@pytest.mark.parametrize(("verdict", "reason"), FAILURES)
def test_every_failure_is_its_own_verdict_with_no_points(
    course: tuple[Assignment, Key], verdict: Verdict, reason: Reason
) -> None:
    outcomes = marked(course, dict.fromkeys(right(), Response.failed(verdict, reason)))
    for outcome in outcomes.values():
        assert (outcome.verdict, outcome.reason) == (verdict, reason)
        assert outcome.score == (None if verdict is Verdict.PENDING else 0)
        assert outcome.feedback.student


WRONG = (
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.integers(400, 5000).map(lambda digits: -(10**digits))
    | st.floats(2, 1e300)
    | st.sampled_from([float("nan"), float("inf"), 1j, b"x", ""])
    | st.text("start+-*/()^sigmoid 12,", max_size=12)
    | st.sampled_from(["grows", "falls", "0.5", "activation", "slope", "sigmoid", "start"])
    | st.sampled_from(["0.9", "-2", "1e9999", "nan"]).map(NumberText)
    | st.sampled_from([np.zeros(2), np.zeros((3, 2)), np.array(2.0), np.array([True, False])])
)
ANSWERS = st.recursive(
    WRONG,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.sampled_from(["activation", "slope", "loss", "y", "best"]), inner)
    ),
    max_leaves=6,
)


@pytest.mark.lengthy
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=some(150))
@given(answers=st.fixed_dictionaries(dict.fromkeys(right(), ANSWERS)))
# How it was read cannot be written out: Python refuses numbers of so many digits.
@example(answers={**right(), "activation": ({"activation": 10**5000}, NumberText("-2"))})
@example(answers={**right(), "steps": ([10**5000], NumberText("1"), "x")})
def test_whatever_is_handed_in_is_judged_and_the_key_is_told_to_nobody_but_staff(
    course: tuple[Assignment, Key], answers: dict[str, Any]
) -> None:
    before = copy.deepcopy({name: repr_of(answer) for name, answer in answers.items()})
    outcomes = marked(course, answers)
    for name, outcome in outcomes.items():
        assert outcome.verdict is not Verdict.GRADER_ERROR, (name, outcome.feedback)
        if outcome.verdict is Verdict.PENDING:
            assert outcome.score is None
        else:
            assert outcome.score is not None
            assert outcome.score >= 0
    for text in told(outcomes, Audience.STUDENT):
        assert not any(digits in text for digits in KEY_DIGITS), text
    assert {name: repr_of(answer) for name, answer in answers.items()} == before


def repr_of(answer: Any) -> Any:
    if isinstance(answer, np.ndarray):
        return answer.tobytes()
    if isinstance(answer, dict):
        return {key: repr_of(item) for key, item in answer.items()}
    if isinstance(answer, list | tuple):
        return [repr_of(item) for item in answer]
    return id(answer)


def test_staff_are_told_the_key(course: tuple[Assignment, Key]) -> None:
    staff = "\n".join(told(marked(course, {**right(), "activation": 0.5}), Audience.STAFF))
    assert "0.7310585786" in staff


def test_the_asked_step_is_no_answer_to_itself(course: tuple[Assignment, Key]) -> None:
    outcome = marked(course, {**right(), "formula": "slope"})["formula"]
    assert (outcome.verdict, outcome.reason) == (Verdict.INVALID, Reason.NOT_A_FORMULA)


def test_judging_twice_says_the_same(course: tuple[Assignment, Key]) -> None:
    answers = {**right(), "row": [1.0, 2.0], "both/2": "x", "formula": "start"}
    first, second = (contents(marked(course, answers).values()) for _ in range(2))
    assert first == second


def test_a_fault_of_ours_is_held_for_staff_and_touches_no_other_question(
    course: tuple[Assignment, Key],
) -> None:
    assignment, key = course
    broken = replace(key, parts={k: v for k, v in key.parts.items() if k[0] != "activation"})
    outcomes = marked((assignment, broken), right())
    outcome = outcomes["activation"]
    assert (outcome.verdict, outcome.reason) == (Verdict.GRADER_ERROR, Reason.JUDGE_FAULT)
    assert outcome.score is None
    assert "no fault of yours" in outcome.feedback.student[0]
    assert any("KeyError" in line for line in outcome.feedback.staff)
    assert not any("KeyError" in line for line in outcome.feedback.student)
    assert outcomes["row"].verdict is Verdict.CORRECT


def test_a_response_that_got_lost_is_a_fault_of_ours(course: tuple[Assignment, Key]) -> None:
    lost = {name: answer for name, answer in right().items() if name != "steps"}
    assert marked(course, lost)["steps"].verdict is Verdict.GRADER_ERROR


def test_a_forged_failure_is_no_way_out_of_a_zero(course: tuple[Assignment, Key]) -> None:
    """A student's process chooses verdict and reason of a failure among those that exist."""
    for reason in Reason:
        failure = Failure(verdict=Verdict.INVALID, reason=reason, message="{0} {x}")
        outcomes = marked(course, dict.fromkeys(right(), Response(failure=failure)))
        assert all(outcome.score == 0 for outcome in outcomes.values())


def test_hold_gives_no_score(course: tuple[Assignment, Key]) -> None:
    outcome = hold(course[0].questions[0], Reason.SANDBOX_FAULT, "no process could be started")
    assert (outcome.verdict, outcome.score) == (Verdict.GRADER_ERROR, None)
