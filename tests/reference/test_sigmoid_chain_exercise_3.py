"""The reference of sigmoid-chain-exercise-3 against symbolic and brute-force ways."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sympy as sp
import yaml
from hypothesis import given
from hypothesis import strategies as st

from grader.solver import load_reference, solve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).parents[2]
REFERENCE = load_reference(ROOT / "reference" / "sigmoid_chain_exercise_3.py")
SPEC = yaml.safe_load(
    (ROOT / "assignments" / "sigmoid-chain-exercise-3" / "assignment.yaml").read_text("utf-8")
)
QUESTIONS: Mapping[str, Mapping[str, Any]] = {item["id"]: item for item in SPEC["questions"]}
NAMES = ("x", "w1", "w2", "w3", "w4")
CHAINS = st.tuples(*(st.floats(-3, 3, allow_subnormal=False) for _ in NAMES))


def reference(name: str, chain: tuple[float, ...] = (0.0,) * 5) -> Any:
    return solve(REFERENCE, [name], givens=dict(zip(NAMES, chain, strict=True)))[name]


def _symbolic_slope() -> Callable[..., float]:
    symbols = sp.symbols(NAMES)
    output = symbols[0]
    for weight in symbols[1:]:
        output = 1 / (1 + sp.exp(-weight * output))
    compute: Callable[..., float] = sp.lambdify(symbols, sp.diff(output, symbols[0]), "math")
    return compute


SYMBOLIC = _symbolic_slope()


@given(CHAINS)
def test_slope_is_that_of_symbolic_differentiation(chain: tuple[float, ...]) -> None:
    assert reference("dy_dx", chain) == pytest.approx(SYMBOLIC(*chain), rel=1e-9, abs=1e-300)


@given(CHAINS)
def test_slope_is_that_of_the_forward_pass(chain: tuple[float, ...]) -> None:
    step = 1e-5
    x, *weights = chain
    rise = reference("a4", (x + step, *weights)) - reference("a4", (x - step, *weights))
    assert reference("dy_dx", chain) == pytest.approx(rise / (2 * step), rel=1e-5, abs=1e-9)


def test_maximum_by_symbolic_differentiation() -> None:
    z = sp.Symbol("z", real=True)
    slope = sp.diff(1 / (1 + sp.exp(-z)), z)
    assert sp.solveset(sp.diff(slope, z), z, sp.S.Reals) == sp.FiniteSet(0)
    assert sp.diff(slope, z, 2).subs(z, 0) < 0
    assert slope.subs(z, 0) == sp.Rational(1, 4)
    assert reference("sigma_prime_max") == QUESTIONS["sigma_prime_max"]["expected"] == 0.25
    assert reference("sigma_prime_argmax") == QUESTIONS["sigma_prime_argmax"]["expected"] == 0


@given(st.floats(-30, 30))
def test_no_slope_exceeds_the_maximum(z: float) -> None:
    sigma_prime = reference("sigma_prime")
    assert sigma_prime(z) <= reference("sigma_prime_max")
    # An independent form of s': it is even, and 1 / (4 cosh²(z/2)).
    assert sigma_prime(z) == pytest.approx(0.25 / math.cosh(z / 2) ** 2, rel=1e-9, abs=1e-15)


def test_maximum_is_not_at_one_half() -> None:
    # A half is the value of s at the maximum, and a common wrong answer for its place.
    grid = np.linspace(-4, 4, 8001)
    slopes = reference("sigma_prime")(grid)
    assert grid[int(np.argmax(slopes))] == pytest.approx(0, abs=1e-9)
    assert reference("sigma")(0.0) == 0.5
    tolerance = QUESTIONS["sigma_prime_argmax"]["tolerance"]["atol"]
    assert tolerance < 0.1
    assert reference("sigma_prime")(0.5) < 0.236


@given(CHAINS)
def test_four_nodes_shrink_the_slope(chain: tuple[float, ...]) -> None:
    # The rubric's 1/256: what the four factors s' are at most, whatever the weights.
    x, *weights = chain
    bound = abs(math.prod(weights)) / 256
    assert abs(reference("dy_dx", (x, *weights))) <= bound * (1 + 1e-12)
