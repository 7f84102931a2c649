"""The reference of bs6207-assignment-2 against symbolic, exact and brute-force ways."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sympy as sp
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.solver import load_reference, solve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).parents[2]
REFERENCE = load_reference(ROOT / "reference" / "bs6207_assignment_2.py")
SPEC = yaml.safe_load(
    (ROOT / "assignments" / "bs6207-assignment-2" / "assignment.yaml").read_text(encoding="utf-8")
)
QUESTIONS: Mapping[str, Mapping[str, Any]] = {item["id"]: item for item in SPEC["questions"]}
GIVENS: Mapping[str, Any] = SPEC["givens"]
GRADIENTS = ("dy_dw1", "dy_db1", "dystar_dw1", "dystar_db1")


def reference(*names: str, **givens: Any) -> dict[str, Any]:
    return dict(solve(REFERENCE, names, givens={**GIVENS, **givens}))


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_subnormal=False)


# --- Question 1 ------------------------------------------------------------------------------

CHAINS = st.fixed_dictionaries(
    {
        "x": numbers(-2, 2),
        "w1": numbers(-2, 2),
        "b1": numbers(-1, 1),
        "w": numbers(-1.5, 1.5),
        "b": numbers(-1.5, 1.5),
        # The shortcut's weight is 1 in every question. Others are tried so that no derivative
        # is right by luck.
        "wc": numbers(0.2, 2),
    }
)


def _symbolic_gradients() -> Callable[..., list[float]]:
    x, w1, b1, w, b, wc = symbols = sp.symbols("x w1 b1 w b wc")

    def s(z: Any) -> Any:
        return 1 / (1 + sp.exp(-z))

    h1 = s(w1 * x + b1)
    h2 = s(w * h1 + b)
    y = s(w * s(w * s(w * h2 + b) + b) + b)
    h3_star = s(w * h2 + wc * h1 + b)
    y_star = s(w * s(w * h3_star + b) + wc * h3_star + b)
    gradients = [sp.diff(y, w1), sp.diff(y, b1), sp.diff(y_star, w1), sp.diff(y_star, b1)]
    compute: Callable[..., list[float]] = sp.lambdify(symbols, gradients, "math")
    return compute


SYMBOLIC = _symbolic_gradients()


@given(CHAINS)
def test_gradients_are_those_of_symbolic_differentiation(chain: dict[str, float]) -> None:
    expected = SYMBOLIC(*(chain[name] for name in ("x", "w1", "b1", "w", "b", "wc")))
    computed = reference(*GRADIENTS, **chain)
    assert [computed[name] for name in GRADIENTS] == pytest.approx(expected, rel=1e-9, abs=1e-300)


@given(CHAINS, st.sampled_from(["w1", "b1"]))
def test_gradients_are_slopes_of_the_forward_pass(chain: dict[str, float], name: str) -> None:
    step = 1e-5
    above = reference("y", "y_star", **{**chain, name: chain[name] + step})
    below = reference("y", "y_star", **{**chain, name: chain[name] - step})
    computed = reference(*GRADIENTS, **chain)
    for output, gradient in (("y", f"dy_d{name}"), ("y_star", f"dystar_d{name}")):
        slope = (above[output] - below[output]) / (2 * step)
        assert computed[gradient] == pytest.approx(slope, rel=1e-5, abs=1e-9)


@given(CHAINS)
def test_both_ratios_are_the_same_number(chain: dict[str, float]) -> None:
    assume(abs(chain["x"]) > 0.01)
    ratios = reference("ratio_w1", "ratio_b1", **{**chain, "wc": 1.0})
    assert ratios["ratio_w1"] == pytest.approx(ratios["ratio_b1"], rel=1e-9)


@given(CHAINS, numbers(-1, 1))
def test_inequality_holds_for_weights_up_to_one(chain: dict[str, float], w: float) -> None:
    # The bound that the comment in the spec derives.
    ratio = reference("ratio_b1", **{**chain, "w": w, "wc": 1.0})["ratio_b1"]
    assert ratio <= math.exp(33 / 16) / 20 < 0.4


def test_inequality_fails_for_a_large_weight() -> None:
    # What the rubric warns of: w < 1 alone proves nothing.
    ratio = reference("ratio_b1", x=1.0, w1=7.0, b1=0.0, w=-3.0, b=2.9, wc=1.0)["ratio_b1"]
    assert ratio == pytest.approx(2.09, abs=0.005)


# --- Question 2: the walks, in exact fractions -------------------------------------------------

TENTH = Fraction(1, 10)


def exact_slope(w: Fraction, height: Fraction | None) -> int:
    """The landscape as the sheet draws it; None is a bump without a top."""
    if w < 1:
        return -1
    return 1 if height is None or w < 1 + height else -1


def exact_adam(height: Fraction | None, count: int) -> list[Fraction]:
    """Adam's first points. With gradients of ±1 the second moment is exactly 1 after correction,
    so the walk stays rational."""
    eta, beta1, beta2 = 3 * TENTH, 9 * TENTH, 1 - TENTH**3
    w, m, v = Fraction(0), Fraction(0), Fraction(0)
    points = []
    for t in range(1, count + 1):
        g = exact_slope(w, height)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        assert v / (1 - beta2**t) == 1
        w -= eta * m / (1 - beta1**t)
        points.append(w)
    return points


def half_up(number: Fraction, places: int) -> Fraction:
    return Fraction(math.floor(number * 10**places + Fraction(1, 2)), 10**places)


def exact_max_height() -> Fraction:
    """The closed form that the comment in the spec states."""
    a, beta = 3 * TENTH, 9 * TENTH
    fifth = (2 * beta - 1 - beta**5) / (1 - beta**5)
    sixth = (2 * beta**2 - 1 - beta**6) / (1 - beta**6)
    return 4 * a - 1 + a * fifth + a * sixth


def test_gradient_descent_goes_to_and_fro() -> None:
    w, points = Fraction(0), []
    for _ in range(200):
        w -= 3 * TENTH * exact_slope(w, Fraction(str(GIVENS["bump_height"])))
        points.append(w)
    assert set(points[3:]) == {9 * TENTH, 12 * TENTH}
    stated = QUESTIONS["gd_iterates"]["expected"]
    assert [Fraction(str(number)) for number in stated] == points[:5]
    computed = reference("gd_iterates", "gd_outcome")
    assert computed["gd_iterates"] == pytest.approx([float(w) for w in points[:5]], rel=1e-12)
    assert computed["gd_outcome"] == QUESTIONS["gd_outcome"]["expected"] == "stuck"


@given(numbers(0.01, 3))
def test_gradient_descent_escapes_when_a_step_clears_the_top(height: float) -> None:
    assume(abs(height - 0.2) > 1e-6)
    # It arrives at 1.2, so it is past the top of any bump lower than that.
    expected = "escapes" if height < 0.2 else "stuck"
    assert reference("gd_outcome", bump_height=height)["gd_outcome"] == expected


def test_largest_height_in_closed_form() -> None:
    exact = exact_max_height()
    assert exact == exact_adam(None, 6)[5] - 1
    assert reference("adam_max_height")["adam_max_height"] == pytest.approx(float(exact), abs=1e-12)
    # The homework states about 0.41; a search in steps of 0.0001 ends at 0.4101.
    assert half_up(exact, 2) == Fraction("0.41")
    assert Fraction("0.4101") < exact < Fraction("0.4102")
    stated = Fraction(str(QUESTIONS["adam_max_height"]["expected"]))
    assert stated == half_up(exact, 3)


def test_largest_height_by_bisection() -> None:
    def escapes(height: float) -> bool:
        return bool(max(solve_walk(height)) > 1 + 2 * height)

    low, high = 0.3, 1.0
    assert escapes(low)
    assert not escapes(high)
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if escapes(middle) else (low, middle)
    assert low == pytest.approx(reference("adam_max_height")["adam_max_height"], abs=1e-12)


def solve_walk(height: float) -> list[float]:
    """A second walk in floating point, with its own idea of Adam: moments as weighted sums."""
    w, gradients, points = 0.0, [], []
    for t in range(1, 61):
        gradients.append(1.0 if 1 <= w < 1 + height else -1.0)
        weights1 = [0.9 ** (t - k) for k in range(1, t + 1)]
        weights2 = [0.999 ** (t - k) for k in range(1, t + 1)]
        first = np.average(gradients, weights=weights1)
        second = np.average(np.square(gradients), weights=weights2)
        w -= 0.3 * float(first) / math.sqrt(float(second))
        points.append(w)
    return points


def test_a_bump_that_stops_adam_once_stops_it_for_good() -> None:
    # The largest height is read off the first climb. Were a later swing to go higher, Adam would
    # cross a bump at the second attempt, and the stated height would be too small.
    points = [float(w) for w in exact_adam(None, 400)]
    assert points.index(max(points)) == 5
    assert max(points[11:]) < 1.2


@pytest.mark.parametrize("question", ["adam_just_below", "adam_just_above"])
def test_adam_points(question: str) -> None:
    spec = QUESTIONS[question]
    height = Fraction(str(spec["at"]["bump_height"]))
    stated = [Fraction(str(number)) for number in spec["expected"]]
    exact = exact_adam(height, 30)
    assert [half_up(w, 3) for w in exact[: len(stated)]] == stated
    computed = reference("adam_iterates", bump_height=float(height))["adam_iterates"]
    assert computed == pytest.approx([float(w) for w in exact[: len(stated)]], abs=1e-12)


def test_adam_points_end_where_the_sheet_says() -> None:
    below, above = (
        exact_adam(Fraction(str(QUESTIONS[q]["at"]["bump_height"])), n)
        for q, n in (("adam_just_below", 10), ("adam_just_above", 11))
    )
    # 2h wide in all: the last point but one is still on the bump.
    end = 1 + 2 * Fraction("0.4101")
    assert below[-2] < end < below[-1]
    assert min(above[3:-1]) > 1 > above[-1]


# --- Question 2: one step of Adam -------------------------------------------------------------

STEPS = st.lists(numbers(-4, 4).filter(lambda g: abs(g) > 0.01), min_size=1, max_size=12)


@given(STEPS, numbers(0, 0.99), numbers(0.1, 0.999), st.sampled_from([0.0, 1e-8, 0.1]))
def test_adam_step_is_a_weighted_mean_of_all_gradients(
    gradients: list[float], beta1: float, beta2: float, epsilon: float
) -> None:
    adam = reference("AdamOptim", beta1=beta1, beta2=beta2, epsilon=epsilon)["AdamOptim"]
    m, v, step = 0.0, 0.0, math.nan
    for t, gradient in enumerate(gradients, start=1):
        m, v, step = adam(t, gradient, m, v)
    # Bias correction divides by the sum of the weights: what is left is a mean.
    ages = np.arange(len(gradients))[::-1]
    mean = np.average(gradients, weights=beta1**ages)
    mean_square = np.average(np.square(gradients), weights=beta2**ages)
    assert step == pytest.approx(0.3 * mean / (math.sqrt(mean_square) + epsilon), abs=1e-9)


@given(st.integers(1, 30), STEPS)
def test_adam_treats_arrays_entry_by_entry(t: int, gradients: list[float]) -> None:
    adam = reference("AdamOptim", epsilon=0.1)["AdamOptim"]
    dw = np.array(gradients)
    together = adam(t, dw, dw / 2, dw**2)
    one_by_one = [adam(t, g, g / 2, g**2) for g in gradients]
    by_column = np.array(together).T
    assert by_column == pytest.approx(np.array(one_by_one), rel=1e-12)


def test_stated_walk_cannot_tell_wrong_optimizers() -> None:
    # Why the function is called with other gradients than ±1: on the landscape a wrong β2 walks
    # the very same way.
    right = reference("adam_iterates", bump_height=0.4101)["adam_iterates"]
    wrong = reference("adam_iterates", bump_height=0.4101, beta2=0.5)["adam_iterates"]
    assert wrong == pytest.approx(right, abs=1e-12)


# --- Question 3 ------------------------------------------------------------------------------

LEAVES = st.fixed_dictionaries(
    {name: numbers(-1.5, 1.5) for name in ("x0", "b", "c", "d", "e", "f")}
    | {"a": st.integers(2, 4)}
)
#: the handout's second table
OPERATIONS: Mapping[str, tuple[str, ...]] = {
    "n8": ("*", "n7", "n3"),
    "n9": ("+", "n8", "n5"),
    "n10": ("*", "n9", "n1"),
    "n11": ("+", "n3", "n10"),
    "n12": ("*", "n6", "n9"),
    "n13": ("-", "n3", "n12"),
    "n14": ("^", "n13", "n2"),
    "n15": ("*", "n4", "n11"),
    "n16": ("sin", "n15"),
    "n17": ("+", "n14", "n16"),
    "n18": ("*", "n17", "n11"),
    "n19": ("*", "n4", "n9"),
    "n20": ("+", "n18", "n19"),
}
APPLY: Mapping[str, Callable[..., Any]] = {
    "+": lambda p, q: p + q,
    "-": lambda p, q: p - q,
    "*": lambda p, q: p * q,
    "^": lambda p, q: p**q,
    "sin": sp.sin,
}


def graph_of_the_handout() -> dict[str, Any]:
    """Every node's value as a symbolic expression, computed along the handout's tables."""
    parts = QUESTIONS["node_labels"]["parts"]
    nodes: dict[str, Any] = {f"n{k}": sp.Symbol(parts[f"n{k}"]["step"]) for k in range(1, 8)}
    for name, (operator, *operands) in OPERATIONS.items():
        nodes[name] = APPLY[operator](*(nodes[operand] for operand in operands))
    return nodes


def test_graph_of_the_handout_computes_the_four_equations() -> None:
    x0, a, b, c, d, e, f = sp.symbols("x0 a b c d e f")
    x1 = b * x0 + c
    x2 = x0 + x1 * f
    x3 = (x0 - e * x1) ** a + sp.sin(d * x2)
    nodes = graph_of_the_handout()
    assert nodes["n20"] == x3 * x2 + d * x1
    assert [nodes[name] for name in ("n9", "n11", "n17")] == [x1, x2, x3]
    assert len(nodes) == len(QUESTIONS["node_labels"]["parts"]) == 20


def test_tables_of_the_handout_are_the_graph() -> None:
    handout = ROOT / "assignments" / "bs6207-assignment-2" / "handout.md"
    rows = {
        name.strip(): " ".join(text.split())
        for line in handout.read_text(encoding="utf-8").splitlines()
        if re.match(r"\| n\d", line)
        for _, name, text, _ in [line.split("|")]
    }
    signs = {"*": "{} × {}", "+": "{} + {}", "-": "{} − {}", "^": "{} to the power {}"}
    for name, (operator, *operands) in OPERATIONS.items():
        wording = signs.get(operator, "sin of {}")
        assert rows.pop(name) == wording.format(*operands)
    for name, text in rows.items():
        feeds = [node for node, (_, *operands) in OPERATIONS.items() if name in operands]
        assert text == ", ".join(feeds)
    assert len(rows) == 7


@pytest.mark.slow
@given(LEAVES)
def test_each_node_holds_what_its_label_says(leaves: dict[str, float]) -> None:
    nodes = graph_of_the_handout()
    for label, part in QUESTIONS["node_labels"]["parts"].items():
        computed = reference(part["step"], **leaves)[part["step"]]
        expected = float(nodes[label].subs(leaves))
        assert computed == pytest.approx(expected, rel=1e-9, abs=1e-9), label
