"""The value of a formula: against Python's own arithmetic, and on matrices."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.compare.formula import FormulaError, Language, formula_values, parse_formula

Tree: TypeAlias = tuple[Any, ...]
POINT = {"x": 1.3, "y": -0.7, "w": 2.1}

LEAVES = st.sampled_from([("x",), ("y",), ("w",)]) | st.integers(0, 9).map(lambda n: ("number", n))
TREES: st.SearchStrategy[Tree] = st.recursive(
    LEAVES,
    lambda inner: (
        st.tuples(st.sampled_from("+-*/"), inner, inner)
        | st.tuples(st.just("^"), inner, st.integers(-2, 3).map(lambda n: ("number", n)))
        | st.tuples(st.sampled_from(["negative", "sin", "exp", "abs"]), inner)
    ),
    max_leaves=8,
)
_BINDING = {"+": 1, "-": 1, "*": 2, "/": 2, "negative": 2, "^": 3}


def python_value(tree: Tree) -> float:
    """By Python's own arithmetic, with the rules of floating point where Python would raise."""
    head, *operands = tree
    if head == "number":
        return float(operands[0])
    if head in POINT:
        return POINT[head]
    left, *right = map(python_value, operands)
    with np.errstate(all="ignore"):
        compute: dict[str, Callable[[], Any]] = {
            "+": lambda: left + right[0],
            "-": lambda: left - right[0],
            "*": lambda: left * right[0],
            "/": lambda: np.float64(left) / right[0],
            "^": lambda: np.float64(left) ** right[0],
            "negative": lambda: -left,
            "sin": lambda: np.sin(left),
            "exp": lambda: np.exp(left),
            "abs": lambda: abs(left),
        }
        return float(compute[head]())


def written(tree: Tree, style: int, binding: int = 0) -> str:
    """As few brackets as the rules of precedence need, or all of them, in several spellings."""
    head, *operands = tree
    if head == "number":
        return str(operands[0]) if operands[0] >= 0 else f"({operands[0]})"
    if head in POINT:
        return str(head)
    if head in ("sin", "exp", "abs"):
        return f"{head}({written(operands[0], style)})"
    mine = _BINDING[head]
    if head == "negative":
        text = f"{'−' if style % 2 else '-'}{written(operands[0], style, 3)}"
    elif head == "^":
        raised = "**" if style % 2 else "^"
        text = f"{written(operands[0], style, 4)}{raised}{written(operands[1], style, 3)}"
    else:
        spelling = {"*": ("*", "·", " × "), "/": ("/", "÷", " / ")}.get(head, (f" {head} ",) * 3)
        left, right = operands
        # `x^1/2` has two readings: a power that is divided stands in brackets.
        first = 4 if head == "/" and left[0] == "^" else mine
        text = (
            f"{written(left, style, first)}{spelling[style % 3]}{written(right, style, mine + 1)}"
        )
    return f"({text})" if mine < binding or style >= 3 else text


class Table:
    """Samples that are written down; a function is called point by point."""

    def __init__(self, points: Sequence[Mapping[str, Any]]) -> None:
        self._points = points
        self.labels = [str(point) for point in points]

    def symbol(self, name: str) -> Any:
        return np.array([point[name] for point in self._points])

    def function(self, name: str) -> Any:
        def called(*arguments: Any) -> Any:
            assert all(len(array) == len(self._points) for array in arguments)
            rows = zip(self._points, *arguments, strict=True)
            return np.array([point[name](*at_point) for point, *at_point in rows])

        return called


def values(text: str, *points: Mapping[str, Any]) -> Any:
    symbols = [name for name, item in points[0].items() if not callable(item)]
    language = Language.of(dict.fromkeys(symbols, ()), {"f": ()})
    return formula_values(parse_formula(text, language), Table(points))


def value(text: str, **names: Any) -> Any:
    return values(text, {**POINT, **names})[0]


def same(one: float, other: float) -> bool:
    return (math.isnan(one) and math.isnan(other)) or math.isclose(one, other, rel_tol=1e-9)


@given(TREES, st.integers(0, 5))
def test_a_written_tree_has_the_value_of_the_tree(tree: Tree, style: int) -> None:
    assert same(float(value(written(tree, style))), python_value(tree))


@given(TREES, TREES, st.integers(0, 5))
def test_an_implicit_product_is_a_product(left: Tree, right: Tree, style: int) -> None:
    factors = f"({written(left, style)})", f"({written(right, style)})"
    assert same(float(value("".join(factors))), float(value(" * ".join(factors))))


@pytest.mark.parametrize("text", ["log(0 - 1)", "0/0", "sqrt(-1)", "(-2)^0.5", "where(1 > 2, 3)"])
def test_an_undefined_place_is_not_a_number(text: str) -> None:
    assert math.isnan(value(text))


@pytest.mark.parametrize(
    "text",
    [
        "sqrt(-1) < 1",
        "1 > log(-1)",
        "where(log(-1) < 0, 1, 2)",
        "where(log(-1), 1, 2)",
        "0/0 == 0/0",
        "max(1, log(-1))",
    ],
)
def test_what_rests_on_an_undefined_value_is_undefined(text: str) -> None:
    assert math.isnan(value(text))


@pytest.mark.parametrize("text", ["where(1 < 2, 5, log(-1))", "where(1 < 2, 5, log(-1) < 0, 1, 2)"])
def test_a_branch_not_taken_may_be_undefined(text: str) -> None:
    assert value(text) == 5


A = np.array([[1.0, 2.0], [3.0, 4.0]])
B = np.array([[0.0, 1.0], [1.0, 1.0]])
V = np.array([1.0, -1.0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A @ B", A @ B),
        ("A B", A @ B),
        ("A * B", A * B),
        ("2 A B", 2 * A @ B),
        ("A v", A @ V),
        ("A^T B", A.T @ B),
        ("Aᵀ B", A.T @ B),
        ("A.T @ B", A.T @ B),
        ("A^T^T", A),
        ("transpose(A)", A.T),
        ("(A B)^T", (A @ B).T),
        ("A + B / 2", A + B / 2),
        ("A^2", A**2),
        ("A + 1", A + 1),
        ("-A", -A),
        ("v v", V @ V),
        ("max(A, 2)", np.maximum(A, 2)),
        ("min(A, B)", np.minimum(A, B)),
        ("where(A > 1, A, 0)", np.where(A > 1, A, 0)),
        ("A > 1", (A > 1).astype(float)),
        ("exp(A)", np.exp(A)),
        ("A @ 2", A * 2),
    ],
)
def test_matrices_are_calculated_with_as_on_paper(text: str, expected: Any) -> None:
    result = value(text, A=A, B=B, v=V)
    assert np.shape(result) == np.shape(expected)
    np.testing.assert_allclose(result, expected, rtol=1e-15)


@pytest.mark.parametrize(
    "text",
    ["A + v", "A * v", "v - A", "A < v", "A^v", "A @ C", "A C", "max(A, v)", "where(v > 0, A, 0)"],
)
def test_shapes_that_do_not_fit_are_refused_and_never_stretched(text: str) -> None:
    with pytest.raises(FormulaError, match="do not fit together"):
        value(text, A=A, v=V, C=np.ones((3, 2)))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("C C", "write * for entry by entry"),
        ("A C", ""),
        ("C @ C", ""),
        ("C * A", "for the matrix product write @"),
        ("A * C", ""),
        ("A * v", ""),
    ],
)
def test_the_other_product_is_named_where_it_fits(text: str, hint: str) -> None:
    with pytest.raises(FormulaError, match="do not fit together") as found:
        value(text, A=A, v=V, C=np.ones((3, 2)))
    assert hint in str(found.value)
    assert ("write" in str(found.value)) is bool(hint)


def test_what_is_looked_up_is_not_changed() -> None:
    matrix = A.copy()
    value("-A^T A + max(A, 1)", A=matrix)
    np.testing.assert_array_equal(matrix, A)


# -- all points at once --------------------------------------------------------------------------

MATRICES = (
    "A @ B",
    "A B",
    "A * B",
    "A v",
    "v A",
    "v v",
    "A^T B",
    "v^T A",
    "(A B)^T",
    "A + x",
    "x A",
    "max(A, x)",
    "where(A > x, A, x)",
    "f(A)",
    "f(A v) x",
    "A B v x",
    "-A",
    "S S",
    "S^T",
    "S A",
    "A S",
    "S v",
    "v S",
    "S * x",
    "2",
    "pi",
    "x",
    "f(x) f(2)",
    "where(x > 0, 1, 2)",
    "where(x > 0, 1)",
    "where(1 > 2, x)",
    "min(x, 2, A)",
    "transpose(A) A",
    "A < x",
)


@pytest.mark.parametrize("text", MATRICES)
def test_many_points_have_the_values_of_each_of_them(text: str) -> None:
    source = np.random.default_rng(3)
    points = [
        {
            "x": source.normal(),
            "A": source.normal(size=(2, 2)),
            "B": source.normal(size=(2, 2)),
            "v": source.normal(size=2),
            "S": source.normal(size=(3, 2, 2)),
            "f": lambda z: z**2 + 1,
        }
        for _ in range(5)
    ]
    together = values(text, *points)
    assert len(together) == 5
    for one, point in zip(together, points, strict=True):
        alone = values(text, point)[0]
        assert np.shape(one) == np.shape(alone)
        np.testing.assert_allclose(one, alone, rtol=1e-13)


def test_points_are_never_taken_for_entries() -> None:
    """Two points and vectors of two: a number of each point must not meet each entry."""
    points = [{"x": 10.0, "v": V, "A": A}, {"x": 20.0, "v": 2 * V, "A": B}]
    np.testing.assert_array_equal(values("x v", *points), [10 * V, 40 * V])
    np.testing.assert_array_equal(values("A v", *points), [A @ V, B @ V * 2])
    np.testing.assert_array_equal(values("v v", *points), [V @ V, 4 * V @ V])
    with pytest.raises(FormulaError, match="a matrix and a list do not fit together"):
        values("A + v", *points)
