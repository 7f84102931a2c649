"""Right work that looks like what earns nothing keeps all its points.

Each row is a cousin of a row in test_points_for_nothing: a closed form that subtracts, divides by
something small or multiplies by something large, a log that stands still for a while, a table with
equal numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.unit.judge.test_points_for_nothing import (
    BS,
    DL20,
    ECS,
    LOG,
    ROWS,
    SIGMOID,
    TABLE,
    marked,
)

pytestmark = pytest.mark.processes

_CHAIN = "w4 s'(z4) w3 s'(z3) w2 s'(z2) w1 s'(z1)"

FORMULAS = {
    "a slope as a difference": (SIGMOID, "w1 w2 w3 w4 (a1 - a1²)(a2 - a2²)(a3 - a3²)(y - y²)"),
    "the chain as it stands": (SIGMOID, _CHAIN),
    "divided by a product": (SIGMOID, "w1 w2 w3 w4 a1 a2 a3 y / (1/((1-a1)(1-a2)(1-a3)(1-y)))"),
    "the slope by exponentials": (
        SIGMOID,
        "w1 w2 w3 w4 * " + " * ".join(f"e^-z{n}/(1 + e^-z{n})^2" for n in (1, 2, 3, 4)),
    ),
    "a slope as a difference of two sigmoids of one place": (
        SIGMOID,
        "w1 w2 w3 w4 s'(z1) s'(z2) s'(z3) (s(z4) - s(z4)^2)",
    ),
    "halves that make a whole": (SIGMOID, f"0.5 * ({_CHAIN}) + 0.5 * ({_CHAIN})"),
    "three halves less one half": (SIGMOID, f"(3*({_CHAIN}) - ({_CHAIN}))/2"),
    "divided by a tenth": (SIGMOID, f"0.1*({_CHAIN})/0.1"),
    "multiplied by a thousand": (SIGMOID, f"1000*({_CHAIN})/1000"),
    "the slope by its double angle": (
        SIGMOID,
        "w1 w2 w3 w4 s'(z1) s'(z2) s'(z3) (1 - tanh(z4/2)^2)/4",
    ),
    "the slope by its double angle, added": (
        SIGMOID,
        "w1 w2 w3 w4 s'(z1) s'(z2) s'(z3) (1 - tanh(z4/2))(1 + tanh(z4/2))/4",
    ),
    "the minus pulled out": (SIGMOID, "-w1 w2 w3 w4 s'(z1) s'(z2) s'(z3) (y^2 - y)"),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_a_closed_form_keeps_its_points(name: str) -> None:
    slug, answer = FORMULAS[name]
    outcome = marked(slug, "dy_dx", answer)
    assert outcome.score == outcome.max_score, outcome.reason


OTHER_FORMULAS: list[tuple[str, str, Any]] = [
    (BS, "dy_db1", "w^4 s'(z1) s'(z2) s'(z3) s'(z4) s'(z5)"),
    (BS, "dy_db1", "w^4 (h1 - h1^2) (h2 - h2^2) (h3 - h3^2) (h4 - h4^2) (y - y^2)"),
    (BS, "dy_dw1", "x w^4 (h1 - h1^2) (h2 - h2^2) (h3 - h3^2) (h4 - h4^2) (y - y^2)"),
    (BS, "dy_dw1", "x w^5 s'(z1) s'(z2) s'(z3) s'(z4) s'(z5) / w"),
    (BS, "dy_dw1", "((1 + x) - 1) w^4 s'(z1) s'(z2) s'(z3) s'(z4) s'(z5)"),
    (BS, "x4", "d x1 + x2 x3"),
    (BS, "x4", "(2 d x1 + 2 x2 x3)/2"),
    (BS, "x4", "(d x1 + x2 x3)/0.01 * 0.01"),
    (DL20, "q9_formulas", {"sigmoid": "1/(1 + e^-x)", "relu": "max(0, x)"}),
    (DL20, "q9_formulas", {"sigmoid": "e^x/(e^x + 1)", "relu": "max(x, 0)"}),
    (DL20, "q9_formulas", {"sigmoid": "(1 + tanh(x/2))/2", "relu": "x/2 + |x|/2"}),
    (DL20, "q9_formulas", {"sigmoid": "1 - e^-x/(1 + e^-x)", "relu": "where(x > 0, x, 0)"}),
    (ECS, "gradient_formulas", {"df_dx": "y + 2x", "df_dy": "x + 12y"}),
    (ECS, "gradient_formulas", {"df_dx": "2(x + y/2)", "df_dy": "12(y + x/12)"}),
    (ECS, "gradient_formulas", {"df_dx": "(4x + 2y)/2", "df_dy": "(2x + 24y)/2"}),
    (ECS, "gradient_formulas", {"df_dx": "3x + y - x", "df_dy": "x + 13y - y"}),
    (ECS, "gradient_formulas", {"df_dx": "(0.2x + 0.1y)/0.1", "df_dy": "(0.1x + 1.2y)/0.1"}),
    (
        ECS,
        "gradient_formulas",
        {"df_dx": "((x + y)^2 - (x - y)^2)/(4y) + x + y", "df_dy": "x + 12y"},
    ),
]


@pytest.mark.parametrize(("slug", "question", "answer"), OTHER_FORMULAS)
def test_other_closed_forms_keep_their_points(slug: str, question: str, answer: Any) -> None:
    outcome = marked(slug, question, answer)
    assert outcome.score == outcome.max_score, outcome.reason


LOGS: dict[str, Mapping[str, Any]] = {
    "as it stands": {},
    "the last ten epochs hardly learn": {
        "accuracy": [
            *[0.5, 0.7, 0.85, 0.9, 0.94, 0.96, 0.97, 0.975, 0.978, 0.98],
            *[0.98, 0.981, 0.981, 0.982, 0.982, 0.982, 0.983, 0.983, 0.983, 0.984],
        ]
    },
    "one epoch is worse than the one before": {
        "accuracy": [0.5, 0.92, 0.91, *(round(0.9 + 0.0045 * row, 4) for row in range(3, ROWS))]
    },
    "the loss goes up a little, once": {
        "running_loss": [40000, 38000, 38090, *(38000 - 900 * row for row in range(3, ROWS))]
    },
    "the loss falls to almost nothing": {
        "running_loss": [round(40000 * 0.7**row, 2) for row in range(ROWS)]
    },
    "two epochs of one loss": {
        "running_loss": [40000, 39000, 39000, *(38000 - 900 * row for row in range(3, ROWS))]
    },
    "accuracy to two places": {
        "accuracy": [0.5, *(round(0.9 + 0.004 * row, 2) for row in range(1, ROWS))]
    },
}


@pytest.mark.parametrize("name", LOGS)
@pytest.mark.parametrize("question", ["q9_sigmoid_log", "q9_relu_log"])
def test_a_log_that_stands_still_for_a_while_is_a_log(question: str, name: str) -> None:
    outcome = marked(DL20, question, {**LOG, **LOGS[name]})
    assert outcome.score == outcome.max_score, [one.facts.items for one in outcome.parts]


TABLES: dict[str, Mapping[str, Any]] = {
    "as it stands": {},
    "two rows came out alike": {"accuracy": [60, 55, 55, 48, 20]},
    "one rate throughout": {
        "learning_rate": [0.001] * 5,
        "momentum": [0.9, 0.8, 0.7, 0.6, 0.5],
        "accuracy": [60, 58, 55, 52, 50],
    },
    "more epochs in place of other rates": {
        "learning_rate": [0.001] * 5,
        "momentum": [0.9] * 5,
        "epochs": [1, 2, 3, 4, 5],
        "accuracy": [45, 52, 56, 59, 60],
        "best": {"learning_rate": 0.001, "momentum": 0.9, "epochs": 5},
    },
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_with_equal_numbers_is_a_table(name: str) -> None:
    outcome = marked(DL20, "q10_table", {**TABLE, **TABLES[name]})
    assert outcome.score == outcome.max_score, [one.facts.items for one in outcome.parts]
