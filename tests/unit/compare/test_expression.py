"""Formulas against the key: equal ones in any form, wrong ones however near."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.compare.comparison import Comparison
from grader.compare.expression import SamplePoint, compare_expression, read_formula
from grader.compare.formula import FormulaError, Language, evaluate, parse_formula
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText, Opaque
from grader.model.verdict import Reason, Verdict

Tree: TypeAlias = tuple[Any, ...]
LANGUAGE = Language.of({"x": (), "y": ()}, {})
GRID = [(x, y) for x in np.linspace(-1.9, 2.0, 6) for y in (-1.3, 0.4, 0.9, 1.7)]
RTOL = Tolerance.from_spec({"rtol": 1e-6})


def points(key: Callable[[float, float], Any]) -> list[SamplePoint]:
    found = []
    for x, y in GRID:
        with np.errstate(all="ignore"):
            expected = key(np.float64(x), np.float64(y))
        found.append(
            SamplePoint(
                lookup={"x": x, "y": y}.__getitem__,
                expected=expected if np.all(np.isfinite(expected)) else None,
                label=f"x={x:.4g}, y={y:.4g}",
            )
        )
    return found


def judge(
    actual: Any, key: Callable[[float, float], Any], tolerance: Tolerance = RTOL
) -> Comparison:
    return compare_expression(
        actual=actual, points=points(key), language=LANGUAGE, tolerance=tolerance
    )


def product(x: float, y: float) -> float:
    return x * (x + y)


@pytest.mark.parametrize(
    "text",
    [
        "x(x+y)",
        "x^2 + x y",
        "xy + x²",
        "x * x + y * x",
        "-x(-x-y)",
        "(x^3 + x^2 y) / x",
        "x(y+x) + 0",
    ],
)
def test_equal_formulas_are_accepted_in_any_form(text: str) -> None:
    assert judge(text, product).accepted


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x(x-y)", Reason.WRONG_VALUE),
        ("-x(x+y)", Reason.WRONG_VALUE),
        ("x(x+y) + 1e-3", Reason.WRONG_VALUE),
        ("abs(x)(x+y)", Reason.WRONG_AT_SOME_POINTS),
        ("x abs(x+y)", Reason.WRONG_AT_SOME_POINTS),
        ("x y", Reason.WRONG_VALUE),
        ("x + y", Reason.WRONG_VALUE),
        ("1.001 x (x + y)", Reason.WRONG_VALUE),
        ("0", Reason.WRONG_VALUE),
    ],
)
def test_wrong_formulas_are_refused(text: str, reason: Reason) -> None:
    comparison = judge(text, product)
    assert (comparison.verdict, comparison.reason) == (Verdict.INCORRECT, reason)
    assert " sampled values differ, most at x=" in comparison.detail


def test_a_constant_is_not_lost_beside_a_steep_function() -> None:
    def steep(x: float, y: float) -> float:
        return math.exp(10 * x)

    assert judge("exp(10 x)", steep).accepted
    assert judge("exp(5 x)^2", steep).accepted
    assert not judge("exp(10 x) + 0.3", steep).accepted
    assert not judge("exp(10 x) + 1e-6", steep).accepted


def test_a_key_that_is_zero_here_and_there_takes_the_same_noise_as_elsewhere() -> None:
    def bump(x: float, y: float) -> float:
        return max(0.0, x) * y

    assert judge("max(0, x) y + (0.1 + 0.2 - 0.3)", bump).accepted
    assert not judge("max(0, x) y + 1e-6", bump).accepted


NUMBERS = st.integers(1, 9).map(lambda n: ("number", n))
LEAVES = st.sampled_from([("x",), ("y",)]) | NUMBERS
TREES: st.SearchStrategy[Tree] = st.recursive(
    LEAVES,
    lambda inner: (
        st.tuples(st.sampled_from("+-*"), inner, inner)
        | st.tuples(st.sampled_from(["negative", "sin", "tanh"]), inner)
    ),
    max_leaves=8,
)


def text_of(tree: Tree) -> str:
    head, *operands = tree
    if head == "number":
        return str(operands[0])
    if head in ("x", "y"):
        return str(head)
    inner = [text_of(operand) for operand in operands]
    if head == "negative":
        return f"(-{inner[0]})"
    return f"{head}({inner[0]})" if len(inner) == 1 else f"({inner[0]} {head} {inner[1]})"


def rewritten(tree: Tree, choose: Callable[[int], int]) -> Tree:
    """An equal tree in another form: commuted, distributed, with signs moved about."""
    head, *operands = tree
    if not operands or head == "number":
        return tree
    inner = [rewritten(operand, choose) for operand in operands]
    if head == "negative":
        return ("-", ("number", 0), inner[0]) if choose(2) else ("*", ("number", -1), inner[0])
    if len(inner) == 1:
        odd = ("negative", (head, ("negative", inner[0])))
        return odd if choose(2) else (head, *inner)
    left, right = inner
    if head == "-":
        return [("+", left, ("negative", right)), ("negative", ("-", right, left))][choose(2)]
    if head == "*" and left[0] in ("+", "-") and choose(2):
        return (left[0], ("*", left[1], right), ("*", right, left[2]))
    return (head, right, left) if choose(2) else (head, left, right)


def evaluated(text: str) -> Callable[[float, float], Any]:
    formula = parse_formula(text, LANGUAGE)
    return lambda x, y: evaluate(formula, {"x": x, "y": y}.__getitem__)


@given(TREES, st.data())
def test_every_rewriting_of_a_formula_is_accepted(tree: Tree, data: st.DataObject) -> None:
    other = rewritten(tree, lambda n: data.draw(st.integers(0, n - 1)))
    key = evaluated(text_of(tree))
    assume(max(abs(key(x, y)) for x, y in GRID) > 1e-6)
    text = text_of(other)
    comparison = judge(text, key, Tolerance.from_spec({"rtol": 1e-6, "atol": 1e-9}))
    assert comparison.accepted


@given(TREES)
def test_a_wrong_sign_is_always_found(tree: Tree) -> None:
    key = evaluated(text_of(tree))
    assume(max(abs(key(x, y)) for x, y in GRID) > 1e-3)
    assert judge(f"-({text_of(tree)})", key).verdict is Verdict.INCORRECT


@given(TREES, st.sampled_from([1.01, -0.5, 2.0]))
def test_a_wrong_factor_is_always_found(tree: Tree, factor: float) -> None:
    key = evaluated(text_of(tree))
    assume(max(abs(key(x, y)) for x, y in GRID) > 1e-3)
    assert judge(f"({factor}) ({text_of(tree)})", key).verdict is Verdict.INCORRECT


# -- where it is defined -------------------------------------------------------------------------


def root(x: float, y: float) -> float:
    return float(np.sqrt(x))


def test_points_where_both_are_undefined_do_not_count() -> None:
    assert judge("sqrt(x)", root).accepted
    assert judge("x / sqrt(x)", root).accepted


@pytest.mark.parametrize("text", ["sqrt(abs(x))", "where(x > 0, sqrt(x), 0)", "sqrt(x) + 0 log(y)"])
def test_a_formula_is_defined_where_the_key_is(text: str) -> None:
    comparison = judge(text, root)
    assert (comparison.verdict, comparison.reason) == (
        Verdict.INCORRECT,
        Reason.UNDEFINED_AT_POINT,
    )


def test_a_key_that_is_defined_nowhere_is_the_authors_fault() -> None:
    with pytest.raises(ValueError, match="none of the points"):
        judge("x", lambda *_: math.nan)


# -- shapes and types ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "words"),
    [
        pytest.param(
            lambda x, y: np.array([x, y]), "a single number instead of a list of 2", id="number"
        ),
        pytest.param(lambda *_: np.ones((2, 2)), "a single number instead of 2 × 2", id="matrix"),
    ],
)
def test_a_formula_of_the_wrong_shape_is_invalid(key: Any, words: str) -> None:
    comparison = judge("x", key)
    assert (comparison.verdict, comparison.reason) == (Verdict.INVALID, Reason.WRONG_SHAPE)
    assert words in comparison.detail


def test_matrices_are_compared_entry_by_entry() -> None:
    language = Language.of({"A": ()}, {})
    matrices = [np.array([[1.0, 2.0], [3.0, k]]) for k in range(8)]
    sampled = [
        SamplePoint(lookup={"A": a}.__getitem__, expected=a.T @ a, label=f"{k}")
        for k, a in enumerate(matrices)
    ]

    def verdict(text: str) -> Verdict:
        return compare_expression(
            actual=text, points=sampled, language=language, tolerance=RTOL
        ).verdict

    assert verdict("A^T A") is Verdict.CORRECT
    assert verdict("A A") is Verdict.INCORRECT
    assert verdict("A A^T") is Verdict.INCORRECT


@pytest.mark.parametrize(
    "actual", [NumberText("2.50"), 2.5, "5/2", np.float64(2.5), "2.5"], ids=repr
)
def test_a_number_is_a_formula_too(actual: Any) -> None:
    assert judge(actual, lambda *_: 2.5).accepted


@pytest.mark.parametrize(
    "actual",
    [None, True, ["x"], {"x": 1}, b"x", Opaque(type_name="Symbol"), 1 + 2j, math.nan, math.inf],
    ids=repr,
)
def test_what_is_no_text_is_no_formula(actual: Any) -> None:
    with pytest.raises(FormulaError):
        read_formula(actual, LANGUAGE)
    assert judge(actual, product).reason is Reason.NOT_A_FORMULA


def test_comparisons_are_numbers_as_on_paper() -> None:
    assert judge("(x > 0) y", lambda x, y: y * (x > 0)).accepted
    assert judge("x > 0", lambda x, _: float(x > 0)).accepted
    assert judge("(x > 0) + (y > 0)", lambda x, y: float(x > 0) + float(y > 0)).accepted


@given(st.text("xy12+-*/^()<>., ", max_size=30))
def test_whatever_is_typed_only_a_comparison_comes_out(text: str) -> None:
    assert judge(text, product).verdict in (
        Verdict.CORRECT,
        Verdict.INCORRECT,
        Verdict.INVALID,
    )
