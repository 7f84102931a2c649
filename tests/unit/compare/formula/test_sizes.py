"""The size of a formula's terms: what they would be worth if nothing cancelled."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.compare.formula import (
    FormulaError,
    Language,
    formula_sizes,
    formula_values,
    parse_formula,
)

LANGUAGE = Language.of({"x": (), "y": (), "A": (), "B": ()}, {"f": ()})
A = np.array([[1.0, -2.0], [3.0, 4.0]])
B = np.array([[-1.0, 1.0], [2.0, 0.0]])


class OnePoint:
    labels = ("the point",)

    def symbol(self, name: str) -> Any:
        return np.array([{"x": 3.0, "y": -2.0, "A": A, "B": B}[name]])

    def function(self, name: str) -> Any:
        return {"f": lambda z: z - 5}[name]


def size(text: str) -> Any:
    return formula_sizes(parse_formula(text, LANGUAGE), OnePoint())[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", 3),
        ("-y", 2),
        ("x - 3", 6),
        ("x - (3 - y)", 8),
        ("(x - 3)(x + y)", 6 * 5),
        ("2 * (x - 3)", 12),
        ("(x - 3) / y", 3),
        ("1 / (x + y)", 1),
        ("(x - 3)^2", 36),
        ("(x - 3)²", 36),
        ("(x - 3)^0.5", 0),
        ("(x - 4)^-1", 1),
        ("sin(x - 3) + 1", 1),
        ("f(x) + 1", 3),
        ("x > 2", 1),
        ("where(x > 2, x - 3, 1)", 0),
        ("A - A", 2 * abs(A)),
        ("A B", abs(A) @ abs(B)),
        ("(A - A) B", 2 * abs(A) @ abs(B)),
        ("(A - A)^T", 2 * abs(A.T)),
        ("A B - 1", abs(A) @ abs(B) + 1),
    ],
)
def test_terms_are_added_up_without_their_signs(text: str, expected: Any) -> None:
    assert np.shape(size(text)) == np.shape(expected)
    np.testing.assert_allclose(size(text), expected, rtol=1e-14)


@given(st.text("xyA123.+-*/^()f ", max_size=25))
def test_a_formula_is_never_larger_than_its_terms(text: str) -> None:
    try:
        formula = parse_formula(text, LANGUAGE)
        value = formula_values(formula, OnePoint())
    except FormulaError:
        return
    sizes = formula_sizes(formula, OnePoint())
    assert sizes.shape == value.shape
    defined = np.isfinite(value) & np.isfinite(sizes)
    assert np.all(np.abs(value[defined]) <= sizes[defined] * (1 + 1e-12) + 1e-300)
