"""What a formula is made of, a second axis beside its value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.compare.formula import Language, form_faults, parse_formula
from grader.compare.formula.form import names_in
from grader.model.assignment import Form

LANGUAGE = Language.of({"x": ("ξ",), "y": (), "h": ()}, {"sigma": ("s", "σ"), "step": ()})
X = np.linspace(-2.0, 2.0, 9)


class Line:
    labels = tuple(f"x={x}" for x in X)

    def symbol(self, name: str) -> Any:
        return {"x": X, "y": X**2 + 1, "h": 1 / (1 + np.exp(-X))}[name]

    def function(self, name: str) -> Any:
        return {"sigma": lambda z: 1 / (1 + np.exp(-z)), "step": lambda z: 1.0 * (z > 0)}[name]


def faults(text: str, *, uses: tuple[str, ...] = (), avoids: tuple[str, ...] = ()) -> list[str]:
    return list(form_faults(parse_formula(text, LANGUAGE), Form(uses=uses, avoids=avoids), Line()))


@pytest.mark.parametrize(
    "text",
    [
        "sigma(x)",
        "s(x)(1 - s(x))",
        "σ(x) - σ(y)",
        "σ(x) / σ(y)",
        "1 / (1 + s(x))",
        "where(x > 0, s(x), 1)",
        "sign(s(x) - 0.5)",
        "(s(x) > 0.5)",
        "x + s(0)",
    ],
)
def test_a_function_is_used_under_any_spelling(text: str) -> None:
    assert faults(text, uses=("sigma",)) == []


@pytest.mark.parametrize(
    "text",
    [
        "1 / (1 + exp(-x))",
        "h",
        "x + 0 s(x)",
        "x + s(x) - s(x)",
        "x s(x) / s(x)",
        "x + s(x)^0",
        "x + 0^(2 + s(x))",
        "where(1 > 2, s(x), x)",
        "x + (s(x) > 2) 0",
    ],
)
def test_what_changes_nothing_is_not_used(text: str) -> None:
    assert faults(text, uses=("sigma",)) == ["use sigma"]


@pytest.mark.parametrize("text", ["x y", "ξ + y", "where(x > y, 1, 0)", "step(x)", "sign(x)"])
def test_a_symbol_is_used_where_it_matters(text: str) -> None:
    assert faults(text, uses=("x",)) == []
    assert faults("y (x - x)", uses=("x", "h")) == ["use x, h"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("s(x)", "sigma"),
        ("0 s(x)", "sigma"),
        ("2 ξ", "x"),
        ("exp(x)", "exp"),
        ("e^x", "exp"),
        ("1 / (e)^(-x)", "exp"),
        ("e x", "e"),
        ("ln(x)", "log"),
        ("log(x)", "ln"),
        ("|x|", "abs"),
        ("x^T", "transpose"),
        ("x.T", "transpose"),
        ("2 pi x", "pi"),
        ("sin(cos(x y))", "y"),
    ],
)
def test_what_is_to_be_avoided_is_found_under_every_spelling(text: str, name: str) -> None:
    assert faults(text, avoids=(name,)) == [f"do without {name}"]
    assert faults("h", avoids=(name,)) == []


@pytest.mark.parametrize("text", ["exp(x)", "e^x", "exp(0) x"])
def test_functions_of_the_language_are_used_where_they_stand(text: str) -> None:
    assert faults(text, uses=("exp",)) == []


def test_all_faults_are_told_in_the_order_of_the_form() -> None:
    found = faults("exp(-x) + e", uses=("y", "sigma"), avoids=("sin", "exp", "e"))
    assert found == ["use y, sigma", "do without exp, e"]


def test_names_do_not_hold_what_is_only_a_number() -> None:
    assert names_in(parse_formula("2 x - 1e3", LANGUAGE)) == {"x"}
