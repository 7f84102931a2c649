"""The five homeworks: what takes no work earns nothing, and its honest cousin what it did."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.judge.submission import judge
from grader.model.assignment import AnswerQuestion
from grader.model.outcome import Outcome
from grader.model.response import Response
from grader.model.value import NumberText
from grader.model.verdict import Reason, Verdict
from tests.homeworks import prepared as homework
from tests.unit.judge.course import Course

#: Nearly all of them judge whole homeworks.
pytestmark = pytest.mark.lengthy
BS, DL20, DL22 = "bs6207-assignment-2", "dl2020-assignment-2", "dl2022-exercise-3"
ECS, SIGMOID = "ecs289-homework", "sigmoid-chain-exercise-3"
#: Those with formulas alone are enough for every run of what is tried on whole homeworks.
FEW = [SIGMOID, *(pytest.param(slug, marks=pytest.mark.slow) for slug in (BS, DL20, DL22, ECS))]


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
    (SIGMOID, "dy_dx", f"({_chain('x + 1e-5')} + s(-w4*s(w3*s(w2*s(w1*(x - 1e-5))))) - 1)/2e-5"),
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
    "answers",
    [
        {"X": "G*((X+1e-6)/Y - X/Y)/1e-6", "Y": "G*(X/(Y+1e-6) - X/(Y-1e-6))/2e-6"},
        {"X": "(1.000001*X/Y - X/Y)/(1e-6*X)*G", "Y": "G*(X/(Y*1.000001) - X/Y)/(1e-6*Y)"},
    ],
)
def test_nor_is_a_matrix_entry_by_entry(answers: Mapping[str, str]) -> None:
    outcome = marked(DL20, "q1_division", answers)
    assert outcome.score == 0
    assert [part.reason for part in outcome.parts] == [Reason.WRONG_FORM] * 2


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


@pytest.mark.parametrize("slug", FEW)
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


# -- whole sheets that took no work ---------------------------------------------------------------


def sheet(slug: str, answers: Mapping[str, Any]) -> dict[str, Outcome]:
    """The outcomes of a sheet that answers only this."""
    made = homework(slug)
    missing = Response.failed(Verdict.MISSING, Reason.NOT_ANSWERED)
    responses = {one.id: missing for one in made.assignment.questions}
    responses |= {case.id: missing for cases in made.key.cases.values() for case in cases}
    responses |= {name: Response(value=_typed(answer)) for name, answer in answers.items()}
    outcomes = judge(made.assignment, made.key, responses).outcomes
    return {outcome.question: outcome for outcome in outcomes}


def _throughout(slug: str, number: Any) -> dict[str, Any]:
    """One number in every place of every question that is not code, words or options."""
    made, answers = homework(slug), {}
    for question in made.assignment.questions:
        nature = question.nature
        if not isinstance(question, AnswerQuestion) or not (nature.numbers or nature.formula):
            continue
        parts = {
            part.label: _like(made.key.parts.get((question.id, part.label)), number)
            for part in question.parts
        }
        answers[question.id] = parts.get("", parts)
    return answers


def _like(key: Any, number: Any) -> Any:
    if isinstance(key, str) or np.ndim(key) == 0:
        return number
    return np.full(np.shape(key), number).tolist()


def _right_by_itself(outcome: Outcome) -> bool:
    """Whether all that earns something is right, to the digits that stand there."""
    earning = [part for part in outcome.parts if part.credit]
    by_luck = (Verdict.CORRECT, Verdict.IMPRECISE)
    return all(
        part.verdict in by_luck and part.reason in (None, Reason.TOO_FEW_DIGITS) for part in earning
    )


@pytest.mark.parametrize("slug", FEW)
@pytest.mark.parametrize(
    "number",
    [1, *(pytest.param(one, marks=pytest.mark.slow) for one in (0, 2, -1, 0.5, 3, 10, -2, 7.5))],
)
def test_one_number_throughout_earns_only_where_it_is_right(slug: str, number: float) -> None:
    for outcome in sheet(slug, _throughout(slug, number)).values():
        assert outcome.score == 0 or _right_by_itself(outcome), outcome.question


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 4, 10, 7.5])
def test_one_number_throughout_earns_nothing(number: float) -> None:
    assert sum(one.score or 0 for one in sheet(DL22, _throughout(DL22, number)).values()) == 0


SLOPES = ("dL_dyhat", "dL_dw2", "dL_dws", "dL_dw1", "dL_dw0")
FORMULAS = ("relu_slope", "gradient_formulas")


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        pytest.param("1e-300", "1e-300", id="tiny, and texts for numbers"),
        pytest.param("1e-300", 1e-300, id="tiny"),
        pytest.param("1e-12", 0, id="small"),
        pytest.param("1e300", 1e300, id="huge"),
        pytest.param("0*x", 0, id="nought times a symbol"),
        pytest.param("x - x", "nan", id="a difference that is nought"),
        pytest.param("1e-300*x", "inf", id="a tiny multiple"),
        pytest.param("0/0", "nan", id="undefined"),
    ],
)
def test_a_constant_of_any_size_earns_nothing(typed: str, numbers: Any) -> None:
    answers = _throughout(DL22, numbers)
    answers |= {"relu_slope": typed.replace("x", "z")}
    answers |= {"gradient_formulas": dict.fromkeys(SLOPES, typed)}
    outcomes = sheet(DL22, answers)
    assert [outcomes[name].score for name in FORMULAS] == [0, 0]
    assert all(one.score == 0 or _right_by_itself(one) for one in outcomes.values())
    right = dict(zip(FORWARD, (0.5, 0.5, 0.25, 0.25, 0.375, 3.375), strict=True))
    outcomes = sheet(DL22, {**{name: answers[name] for name in FORMULAS}, "forward_pass": right})
    assert [outcomes[name].score for name in (*FORMULAS, "forward_pass")] == [0, 0, 3]


DEAD = {
    "gradient_values": {"dL_dw0": 0, "dL_dw1": 0, "dL_dw2": 0.25, "dL_dws": 0.5},
    "new_weights": {"w0": 0.5, "w1": 0.5, "w2": 0.25, "ws": 0},
    "gradient_values_elsewhere": {"dL_dw0": 0, "dL_dw1": 0},
}


@pytest.mark.parametrize(
    ("slope", "scores"),
    [
        pytest.param("where(z < 0, 1, 0)", (4, 2, 1), id="the sign turned: really nought"),
        pytest.param("1e-300*where(z > 0, 1, 0)", (2, 1, 0), id="tiny"),
        pytest.param("0.000001*where(z > 0, 1, 0)", (2, 1, 0), id="a millionth"),
        pytest.param("1e-300", (2, 1, 0), id="a tiny constant"),
    ],
)
def test_nought_follows_from_a_slip_and_not_from_a_tiny_factor(
    slope: str, scores: tuple[int, ...]
) -> None:
    outcomes = sheet(DL22, {"relu_slope": slope, **DEAD})
    assert tuple(outcomes[name].score for name in DEAD) == scores


@pytest.mark.parametrize(
    ("slope", "score"),
    [
        pytest.param("3", 0, id="a constant, with which no slope is left"),
        pytest.param("where(z > 0, 3, 0)", 5, id="a constant multiple"),
    ],
)
def test_a_constant_is_no_multiple_of_a_slope(slope: str, score: int) -> None:
    called = slope.replace("z", "z1"), slope.replace("z", "z0")
    answers = {
        "dL_dw1": f"sign(yhat - y)*w2*{called[0]}*h0",
        "dL_dw0": f"sign(yhat - y)*(ws + w2*{called[0]}*w1)*{called[1]}*x",
    }
    outcomes = sheet(DL22, {"relu_slope": slope, "gradient_formulas": answers})
    assert outcomes["gradient_formulas"].score == score


@pytest.mark.parametrize(
    ("first", "factor", "score"),
    [
        pytest.param("sign(y - yhat)", "(y - yhat)/abs(y - yhat)*", 7, id="a sign"),
        pytest.param("1000*sign(yhat - y)", "1000*sign(yhat - y)*", 7, id="a thousand"),
        pytest.param("1e-300*sign(yhat - y)", "0*", 0, id="tiny, and all is nought"),
    ],
)
def test_what_is_multiplied_by_a_tiny_slope_does_not_follow(
    first: str, factor: str, score: int
) -> None:
    rest = ("h1", "h0", "w2*relu'(z1)*h0", "(ws + w2*relu'(z1)*w1)*relu'(z0)*x")
    answers = dict(zip(SLOPES, (first, *(factor + one for one in rest)), strict=True))
    assert sheet(DL22, {"gradient_formulas": answers})["gradient_formulas"].score == score


OLD = {"w0": 0.5, "w1": NumberText.parse("0.80"), "w2": -0.5, "ws": 1.5}
STEPPED = {"w0": 0.42, "w1": 0.75, "w2": -0.42}  #: the skip connection left out


@pytest.mark.parametrize("yhat", [4, 1, 0, 7.5])
@pytest.mark.parametrize("loss", [4, 0])
def test_copied_weights_do_not_follow(yhat: float, loss: float) -> None:
    answer = {"yhat": yhat, **OLD, "loss": loss, "loss_far": loss, "loss_far_1c": 3.5}
    assert sheet(DL22, {"step_elsewhere": answer})["step_elsewhere"].score == 0


@pytest.mark.parametrize(
    ("answers", "earned"),
    [
        pytest.param(
            {"step_elsewhere": {**STEPPED, "ws": 1.5, "loss_far": 4}},
            {"w0", "w1", "w2", "ws"},
            id="a mistake that others show",
        ),
        pytest.param(
            {"step_elsewhere": {"yhat": -0.4, **STEPPED, "ws": 1.5, "loss": 4.2646}},
            {"yhat", "w0", "w1", "w2", "ws"},
            id="the same, charged in the loss",
        ),
        pytest.param(
            {
                "relu_slope": "where(z < 0, 1, 0)",
                "step_elsewhere": {
                    "w0": 0.5,
                    "w1": NumberText.parse("0.80"),
                    "w2": -0.42,
                    "ws": 1.6,
                    "loss": 2.736,
                },
            },
            {"w0", "w1", "w2", "ws", "loss"},
            id="gradients that are nought by a slip",
        ),
    ],
)
def test_weights_that_stay_by_a_slip_follow(answers: Mapping[str, Any], earned: set[str]) -> None:
    outcome = sheet(DL22, answers)["step_elsewhere"]
    assert {part.label for part in outcome.parts if part.credit} == earned


FORWARD = ("z0", "h0", "z1", "h1", "yhat", "loss")


@pytest.mark.parametrize(
    ("numbers", "score"),
    [
        pytest.param((1, 1, 0.5, 0.5, 0.75, 3.75), Fraction(5, 2), id="a factor of two, gone on"),
        pytest.param((-0.5, 0, 0, 0, 0, 3), Fraction(5, 2), id="a sign, gone on"),
        pytest.param((0.5, 0.5, 0.5, 0.5, 0.5, 3.5), Fraction(5, 2), id="a factor forgotten"),
        pytest.param((0.5, 0.5, 0.25, 0.25, 0.375, 3.375), 3, id="right"),
        pytest.param((1, 1, 1, 1, 1, 1), 0, id="ones"),
        pytest.param((2, 2, 2, 2, 2, 2), 0, id="twos"),
        pytest.param((-1, 1, -1, 1, -1, 1), 0, id="ones with signs"),
    ],
)
def test_a_slip_counts_once_and_a_constant_is_none(numbers: tuple[float, ...], score: Any) -> None:
    answer = dict(zip(FORWARD, numbers, strict=True))
    assert sheet(DL22, {"forward_pass": answer})["forward_pass"].score == score


def test_gradients_that_a_slip_makes_nought_keep_their_points() -> None:
    """The sign of z0 is lost, so both units are dead: all gradients are 0, and the weights stay."""
    answers = {
        "forward_pass": dict(zip(FORWARD, (-0.5, 0, 0, 0, 0, 3), strict=True)),
        "gradient_values": dict.fromkeys(SLOPES[1:], 0),
        "new_weights": dict.fromkeys(("w0", "w1", "w2", "ws"), 0.5),
    }
    outcomes = sheet(DL22, answers)
    assert [outcomes[name].score for name in answers] == [Fraction(5, 2), 4, 2]
    del answers["forward_pass"]
    outcomes = sheet(DL22, answers)
    assert [outcomes[name].score for name in answers] == [0, 0]


def _descent(first: tuple[float, float]) -> list[list[float]]:
    """Three points from a first one that was thought out, gone on from rightly."""
    rows = [list(first)]
    while len(rows) < 3:
        x, y = rows[-1]
        rows.append([round(x - 0.05 * (2 * x + y), 10), round(y - 0.05 * (x + 12 * y), 10)])
    return rows


@pytest.mark.parametrize(
    "first",
    [(100, 100), (-100, 60), (77, -3), (50, 50), (3.55, 99), (64, 0.2), (-80, -80), (120, 1)],
)
def test_a_made_up_first_row_earns_half_at_most(first: tuple[float, float]) -> None:
    outcome = sheet(ECS, {"sgd_points": _descent(first)})["sgd_points"]
    assert [part.credit for part in outcome.parts] == [0, Fraction(1, 2), Fraction(1, 2)]


@pytest.mark.parametrize(
    "first",
    [
        pytest.param((-3.55, 0.2), id="a sign"),
        pytest.param((3.55, 0.4), id="a factor of two"),
        pytest.param((35.5, 0.2), id="a power of ten"),
        pytest.param((4.45, 1.8), id="uphill"),
        pytest.param((-5, -15), id="the learning rate forgotten"),
        pytest.param((3.55, 0.7), id="a small one"),
        pytest.param((3.1, -0.6), id="the double step"),
        pytest.param((9, 9), id="off by less than ten times"),
    ],
)
def test_an_honest_first_row_keeps_what_follows(first: tuple[float, float]) -> None:
    outcome = sheet(ECS, {"sgd_points": _descent(first)})["sgd_points"]
    assert [part.credit for part in outcome.parts[1:]] == [1, 1]


NOUGHT = """givens: {x: -0.8}
defaults: {tolerance: {decimals: 3}}
questions:
  - {id: a, kind: number}
  - {id: b, kind: number}
"""


@pytest.mark.parametrize(
    ("start", "later", "score"), [("0.35", "2.05", 1), ("60", "181", Fraction(1, 2))]
)
def test_nought_is_no_size(tmp_path: Path, start: str, later: str, score: Any) -> None:
    reference = "def a(x): return max(0.0, x)\ndef b(a): return 3 * a + 1\n"
    course = Course(tmp_path, NOUGHT, reference)
    assert course.mark({"a": start, "b": later})["b"].score == score


DIGITS = """givens: {x: 3}
defaults: {tolerance: {decimals: 3}}
questions:
  - {id: a, kind: number, expected: 1.234}
  - {id: b, kind: number, tolerance: {decimals: 3, imprecise_credit: 0.25}}
"""


@pytest.mark.parametrize(
    ("start", "later", "score"),
    [
        pytest.param("1.5", "15", 1, id="it follows exactly"),
        pytest.param("1.5", "15.4", Fraction(1, 4), id="only through missing digits"),
        pytest.param("1.5", "16", 0, id="not even so"),
        pytest.param("1.512", "15.124", 1, id="digits enough"),
        pytest.param("1.512", "15.4", 0, id="digits enough, and not near"),
        pytest.param("1.234", "12.34", 1, id="right"),
    ],
)
def test_what_too_few_digits_leave_open_is_imprecise(
    tmp_path: Path, start: str, later: str, score: Any
) -> None:
    reference = "def a(x): return 1.234 + 0 * x\ndef b(a): return 10 * a\n"
    course = Course(tmp_path, DIGITS, reference)
    assert course.mark({"a": start, "b": later})["b"].score == score


def test_the_words_say_what_made_an_answer_less_or_only_a_little_off(tmp_path: Path) -> None:
    points = _descent((100, 100))
    (words,) = sheet(ECS, {"sgd_points": points})["sgd_points"].parts[1].feedback.student
    assert "it counts 50%, since it is not clear where that comes from" in words
    reference = "def a(x): return 1.234 + 0 * x\ndef b(a): return 10 * a\n"
    course = Course(tmp_path, DIGITS, reference)
    words = " ".join(course.mark({"a": "1.5", "b": "15.4"})["b"].feedback.student)
    assert "since what it follows from has too few digits" in words
    rounded = [[3.55, 0.2], [3.19, -0.1], [2.88, -0.2]]
    outcome = sheet(ECS, {"sgd_points": rounded})["sgd_points"]
    assert "was rounded" in " ".join(outcome.parts[2].feedback.student)
