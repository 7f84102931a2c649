"""Formulas against the key: equal ones in any form, wrong ones however near."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.compare.comparison import Comparison
from grader.compare.expression import (
    compare_expression,
    compare_formula_values,
    formula_values,
    read_formula,
)
from grader.compare.formula import FormulaError, Language, parse_formula
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText, Opaque
from grader.model.verdict import Reason, Verdict
from tests.unit.judge.read import of_comparison

Tree: TypeAlias = tuple[Any, ...]
LANGUAGE = Language.of({"x": (), "y": ()}, {})
GRID = [(x, y) for x in np.linspace(-1.9, 2.0, 6) for y in (-1.3, 0.4, 0.9, 1.7)]
RTOL = Tolerance.from_spec({"rtol": 1e-6})


class Table:
    """Samples that are written down: arrays with the points as first axis."""

    def __init__(self, labels: Sequence[str], **symbols: Any) -> None:
        self.labels = labels
        self._symbols = {name: np.asarray(values) for name, values in symbols.items()}

    def symbol(self, name: str) -> Any:
        return self._symbols[name]

    def function(self, name: str) -> Any:
        raise KeyError(name)


SAMPLES = Table(
    [f"x={x:.4g}, y={y:.4g}" for x, y in GRID],
    x=[x for x, _ in GRID],
    y=[y for _, y in GRID],
)


def keys(key: Callable[[float, float], Any]) -> Any:
    with np.errstate(all="ignore"):
        values = np.array([key(np.float64(x), np.float64(y)) for x, y in GRID], dtype=float)
    return np.where(np.isfinite(values), values, np.nan)


def judge(
    actual: Any, key: Callable[[float, float], Any], tolerance: Tolerance = RTOL
) -> Comparison:
    return compare_expression(
        actual=actual,
        samples=SAMPLES,
        expected=keys(key),
        language=LANGUAGE,
        tolerance=tolerance,
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
    assert 0 < comparison.detail.points_wrong <= comparison.detail.points
    assert " sampled values differ, most at x=" in of_comparison(comparison).staff[-1]


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


def values_of(text: str) -> Any:
    return formula_values(parse_formula(text, LANGUAGE), SAMPLES)


def evaluated(text: str) -> Callable[[float, float], Any]:
    formula = parse_formula(text, LANGUAGE)
    values = dict(zip(GRID, formula_values(formula, SAMPLES).tolist(), strict=True))
    return lambda x, y: values[float(x), float(y)]


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


# -- the scale of the tolerance ------------------------------------------------------------------


@pytest.mark.parametrize(("error", "accepted"), [(0.9e-6, True), (1.1e-6, False)])
def test_rtol_is_taken_of_the_terms_that_the_key_adds_up(error: float, *, accepted: bool) -> None:
    expected = np.array([1e-3, 1.0, 1.0, -1.0])
    sizes = np.array([50.0, 1.0, 1.0, 1.0])

    def compared(values: Any, sizes: Any) -> Comparison:
        return compare_formula_values(
            actual="", values=values, expected=expected, tolerance=RTOL, sizes=sizes
        )

    off_where_terms_cancel = expected + error * np.array([50, 0, 0, 0])
    assert compared(off_where_terms_cancel, sizes).accepted is accepted
    assert not compared(off_where_terms_cancel, None).accepted
    off_elsewhere = expected + error * np.array([0, 50, 0, 0])
    assert not compared(off_elsewhere, sizes).accepted


@pytest.mark.parametrize(
    ("tolerance", "values"),
    [
        ({"rtol": 1e-3, "scale": "rms"}, [100.09, 1.0, 1.0]),
        ({"rtol": 1e-3, "proportional": True}, [100.09, 0.9991, 0.9991]),
    ],
    ids=["scale", "proportional"],
)
def test_other_tolerances_have_their_own_rules(
    tolerance: dict[str, Any], values: list[float]
) -> None:
    """Where each entry lies within rtol of its own size, and that is not what is asked."""

    def accepted(tolerance: dict[str, Any]) -> bool:
        return compare_formula_values(
            actual="",
            values=np.array(values),
            expected=np.array([100.0, 1.0, 1.0]),
            tolerance=Tolerance.from_spec(tolerance),
        ).accepted

    assert accepted({"rtol": 1e-3})
    assert not accepted(tolerance)


@pytest.mark.parametrize("size", [1e3, 1e12, math.inf, math.nan])
def test_terms_that_cancel_do_not_make_everything_right(size: float) -> None:
    """At most a hundred times the size of the value, or of the usual one."""
    expected = np.array([1e-3, 1.0, 1.0, -1.0])
    values = expected + np.array([1.1e-4, 0, 0, 0])
    comparison = compare_formula_values(
        actual="", values=values, expected=expected, tolerance=RTOL, sizes=np.full(4, size)
    )
    assert not comparison.accepted


@pytest.mark.parametrize(("share", "accepted"), [(1.01, True), (0.6, True), (0.4, False)])
def test_rounding_of_the_students_own_terms_may_double_the_bound(
    share: float, *, accepted: bool
) -> None:
    noisy, key = "(x + 1000)(x + y) - 1000 (x + y)", values_of("x (x + y)")
    off = np.max(np.abs(values_of(noisy) - key) / np.maximum(abs(key), 0.01 * np.median(abs(key))))
    assert judge(noisy, product, Tolerance(rtol=Fraction(share * off))).accepted is accepted


@pytest.mark.parametrize("large", ["1e6", "1e9", "1e12"])
@pytest.mark.parametrize("wrong", ["2.1e-6", "1e-5", "1e-3", "0.1", "x"])
def test_large_terms_that_cancel_do_not_loosen_the_tolerance(large: str, wrong: str) -> None:
    """Rounding of one's own terms may at most double what is allowed."""
    text = f"x (x + y) (1 + {wrong}) + {large} x - {large} x"
    assert not judge(text, product).accepted


def test_undefined_large_terms_do_not_loosen_the_tolerance() -> None:
    for text in ("1.1 x (x+y) + 0 * 9^9^9 x", "1.1 x (x+y) + 1e200 x 1e200 - 1e200 x 1e200"):
        assert not judge(text, product).accepted


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
            lambda x, y: np.array([x, y]),
            "expected a list, but the formula gives a single number",
            id="number",
        ),
        pytest.param(
            lambda *_: np.ones((2, 2)),
            "expected a matrix, but the formula gives a single number",
            id="matrix",
        ),
    ],
)
def test_a_formula_of_the_wrong_shape_is_invalid(key: Any, words: str) -> None:
    comparison = judge("x", key)
    assert (comparison.verdict, comparison.reason) == (Verdict.INVALID, Reason.WRONG_SHAPE)
    assert words in of_comparison(comparison).student[0]


def test_matrices_are_compared_entry_by_entry() -> None:
    language = Language.of({"A": ()}, {})
    matrices = np.array([[[1.0, 2.0], [3.0, k]] for k in range(8)])
    samples = Table([f"{k}" for k in range(8)], A=matrices)

    def verdict(text: str) -> Verdict:
        return compare_expression(
            actual=text,
            samples=samples,
            expected=np.array([a.T @ a for a in matrices]),
            language=language,
            tolerance=RTOL,
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
