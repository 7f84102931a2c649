"""The five homeworks: what takes no work earns nothing, and its honest cousin what it did."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from grader.checks.prepare import Prepared, prepare
from grader.judge.submission import judge
from grader.model.outcome import Outcome
from grader.model.response import Response
from grader.model.value import NumberText
from grader.model.verdict import Reason, Verdict

ROOT = Path(__file__).resolve().parents[3]
BS, DL20, DL22 = "bs6207-assignment-2", "dl2020-assignment-2", "dl2022-exercise-3"
ECS, SIGMOID = "ecs289-homework", "sigmoid-chain-exercise-3"


@cache
def homework(slug: str) -> Prepared:
    return prepare(ROOT / "assignments" / slug)


def marked(slug: str, question: str, answer: Any) -> Outcome:
    made = homework(slug)
    missing = Response.failed(Verdict.MISSING, Reason.NOT_ANSWERED)
    responses = {one.id: missing for one in made.assignment.questions}
    responses |= {case.id: missing for cases in made.key.cases.values() for case in cases}
    responses[question] = Response(value=_typed(answer))
    outcomes = judge(made.assignment, made.key, responses).outcomes
    return next(outcome for outcome in outcomes if outcome.question == question)


def _typed(answer: Any) -> Any:
    if isinstance(answer, Mapping):
        return {name: _typed(item) for name, item in answer.items()}
    if isinstance(answer, list):
        return tuple(map(_typed, answer))
    if isinstance(answer, int | float):
        return NumberText.parse(repr(answer)) or answer
    return answer


def _chain(x: str) -> str:
    return f"s(w4*s(w3*s(w2*s(w1*({x})))))"


def _plain(w1: str, b1: str) -> str:
    return f"s(w*s(w*s(w*s(w*s(({w1})*x + {b1}) + b) + b) + b) + b)"


def _starred(w1: str, b1: str) -> str:
    h1 = f"s(({w1})*x + {b1})"
    h3 = f"s(w*s(w*{h1} + b) + {h1} + b)"
    return f"s(w*s(w*{h3} + b) + {h3} + b)"


def _loss(name: str) -> tuple[str, str]:
    def at(step: str) -> str:
        w = {one: one for one in ("w0", "w1", "w2", "ws")}
        w[name] = f"({name} {step})"
        h0 = f"max(0, {w['w0']}*x)"
        return f"abs(y - {w['ws']}*{h0} - {w['w2']}*max(0, {w['w1']}*{h0}))"

    return at("+ 1e-6"), at("- 1e-6")


def _central(above: str, below: str, step: str = "0.00002") -> str:
    return f"({above} - {below})/({step})"


QUOTIENTS = [
    (SIGMOID, "dy_dx", _central(_chain("x + 1e-5"), _chain("x - 1e-5"))),
    (SIGMOID, "dy_dx", _central(_chain("x*(1 + 1e-5)"), _chain("x*(1 - 1e-5)"), "2e-5*x")),
    (SIGMOID, "dy_dx", f"5e4*({_chain('x + 1e-5')} - {_chain('x - 1e-5')})"),
    (SIGMOID, "dy_dx", f"({_chain('x + 1e-7')} - y)*1e7"),
    (
        SIGMOID,
        "dy_dx",
        (
            f"({_chain('x - 0.022')} - 8*{_chain('x - 0.011')} + 8*{_chain('x + 0.011')}"
            f" - {_chain('x + 0.022')})/(12*0.011)"
        ),
    ),
    (BS, "dy_dw1", _central(_plain("w1 + 0.00001", "b1"), _plain("w1 - 0.00001", "b1"))),
    (BS, "dy_db1", _central(_plain("w1", "(b1 + 0.00001)"), _plain("w1", "(b1 - 0.00001)"))),
    (BS, "dystar_dw1", _central(_starred("w1 + 0.00001", "b1"), _starred("w1 - 0.00001", "b1"))),
    (
        BS,
        "dystar_db1",
        _central(_starred("w1", "(b1 + 0.00001)"), _starred("w1", "(b1 - 0.00001)")),
    ),
    (
        BS,
        "dy_dw1",
        f"x*s'(z1)*w*({_plain('w1 + 0.00001', 'b1')} - {_plain('w1 - 0.00001', 'b1')})/0.00002",
    ),
]


@pytest.mark.parametrize(("slug", "question", "answer"), QUOTIENTS)
def test_numerical_differentiation_earns_nothing(slug: str, question: str, answer: str) -> None:
    outcome = marked(slug, question, answer)
    assert outcome.score == 0
    assert outcome.reason is Reason.WRONG_FORM


@pytest.mark.parametrize("name", ["w0", "w1", "w2", "ws"])
def test_the_loss_is_not_differentiated_numerically(name: str) -> None:
    answer = _central(*_loss(name), "2e-6")
    outcome = marked(DL22, "gradient_formulas", {f"dL_d{name}": answer})
    assert outcome.score == 0
    reasons = {part.label: part.reason for part in outcome.parts}
    assert reasons[f"dL_d{name}"] is Reason.WRONG_FORM


def _ecs(x: str, y: str) -> str:
    return f"(({x})^2 + ({x})*({y}) + 6*({y})^2)"


def test_nor_is_the_function_of_two_variables() -> None:
    answers = {
        "df_dx": _central(_ecs("x + 1e-5", "y"), _ecs("x - 1e-5", "y")),
        "df_dy": _central(_ecs("x", "y + 1e-5"), _ecs("x", "y - 1e-5")),
    }
    outcome = marked(ECS, "gradient_formulas", answers)
    assert outcome.score == 0
    assert outcome.reason is Reason.WRONG_FORM


@pytest.mark.parametrize(
    ("slug", "question", "answer"),
    [
        (SIGMOID, "dy_dx", "y (1 - y) w4 * a3 (1 - a3) w3 * a2 (1 - a2) w2 * a1 (1 - a1) w1"),
        (SIGMOID, "dy_dx", "w1 w2 w3 w4 (a1 - a1^2) (a2 - a2^2) (a3 - a3^2) (a4 - a4^2)"),
        (SIGMOID, "dy_dx", "(2 a4 - 2 a4^2)/2 * s'(z3) s'(z2) s'(z1) w4 w3 w2 w1"),
        (BS, "dy_db1", "w^4 h1 (1 - h1) h2 (1 - h2) h3 (1 - h3) h4 (1 - h4) y (1 - y)"),
        (BS, "x4", "(10 d x1 - 9 d x1) + x2 x3"),
        (DL20, "q9_formulas", {"sigmoid": "1 - 1/(1 + e^x)", "relu": "(x + |x|)/2"}),
        (ECS, "gradient_formulas", {"df_dx": "2x + y", "df_dy": "12y + x"}),
        (ECS, "gradient_formulas", {"df_dx": "(x + y) + x", "df_dy": "x + 13y - y"}),
    ],
)
def test_a_derivation_keeps_its_points(slug: str, question: str, answer: Any) -> None:
    outcome = marked(slug, question, answer)
    assert outcome.score == outcome.max_score


ROWS = 20
LOG: dict[str, Any] = {
    "epoch": list(range(ROWS)),
    "accuracy": [0.5, *(round(0.9 + 0.005 * row, 3) for row in range(ROWS - 1))],
    "running_loss": [40000 - 900 * row for row in range(ROWS)],
}
TABLE: dict[str, Any] = {
    "learning_rate": [0.001, 0.001, 0.01, 0.01, 0.1],
    "momentum": [0.9, 0.5, 0.9, 0.5, 0.9],
    "epochs": [5, 5, 5, 5, 5],
    "accuracy": [60, 52, 55, 48, 20],
    "best": {"learning_rate": 0.001, "momentum": 0.9, "epochs": 5},
}


@pytest.mark.parametrize("question", ["q9_sigmoid_log", "q9_relu_log"])
@pytest.mark.parametrize(
    "made_up",
    [
        {"running_loss": [40000] * ROWS},
        {"accuracy": [0.5] + [0.99] * (ROWS - 1)},
        {"accuracy": [0.5] * ROWS, "running_loss": [1] * ROWS},
        {"running_loss": [40000, 39000] * (ROWS // 2)},
    ],
)
def test_a_constant_is_no_log(question: str, made_up: Mapping[str, Any]) -> None:
    assert marked(DL20, question, {**LOG, **made_up}).score == 0
    assert marked(DL20, question, LOG).verdict is Verdict.CORRECT


@pytest.mark.parametrize(
    "made_up",
    [
        {name: [column[0]] * 5 for name, column in TABLE.items() if name != "best"},
        {name: [*column[:4], column[0]] for name, column in TABLE.items() if name != "best"},
        {"accuracy": [60] * 5},
    ],
)
def test_a_copied_row_is_no_table(made_up: Mapping[str, Any]) -> None:
    assert marked(DL20, "q10_table", {**TABLE, **made_up}).score == 0
    assert marked(DL20, "q10_table", TABLE).verdict is Verdict.CORRECT


@pytest.mark.parametrize("slug", [BS, DL20, DL22, ECS, SIGMOID])
@pytest.mark.parametrize("nothing", [0, "", "1e9", [], "__import__('os')"])
def test_nothing_earns_nothing(slug: str, nothing: Any) -> None:
    """But for the one place where nought is what was asked for."""
    for question in homework(slug).assignment.questions:
        if question.nature.by_person or question.nature.by_code:
            continue
        answer = {part.label: nothing for part in getattr(question, "parts", ())}
        given = answer if answer and "" not in answer else nothing
        score = marked(slug, question.id, given).score
        right = question.id in ("sigma_prime_argmax", "new_weights") and nothing == 0
        assert score == 0 or right, question.id
