"""The reference of ecs289-homework against sympy, exact fractions and sums written out."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from grader.solver import load_reference, solve

REFERENCE = load_reference(Path(__file__).resolve().parents[2] / "reference" / "ecs289_homework.py")
OPTIMIZERS = {"start": np.array([4.0, 1.0]), "learning_rate": 0.05, "momentum": 0.9}
small = st.floats(-1.5, 1.5).map(lambda number: round(number, 3))
gradients = st.floats(0.1, 3).map(lambda number: round(number, 3))


def values(names: list[str], **givens: Any) -> dict[str, Any]:
    return solve(REFERENCE, names, givens={**OPTIMIZERS, **givens})


# -- the recurrent network -------------------------------------------------------------------------

w, x0, u1, u2, u3, d3 = sp.symbols("w x0 u1 u2 u3 d3")
x1 = w * sp.tanh(x0) + u1


def unrolled(first: sp.Expr) -> sp.Expr:
    """x3 as a formula in x1."""
    return w * sp.tanh(w * sp.tanh(first) + u2) + u3


@pytest.mark.slow
@given(st.tuples(small, small, small, small, small, small))
def test_derivatives_through_time_are_those_of_the_unrolled_network(
    numbers: tuple[float, ...],
) -> None:
    names = (w, x0, u1, u2, u3, d3)
    point = dict(zip(names, numbers, strict=True))
    state = sp.Symbol("state")
    through = sp.diff(unrolled(state), state).subs(state, x1)
    loss = (unrolled(x1) - d3) ** 2 / 2
    expected = {
        "dx3_dx1": through,
        "deps3_dx1": (unrolled(x1) - d3) * through,
        "deps3_dw": sp.diff(loss, w),
    }
    found = values(list(expected), **{str(name): number for name, number in point.items()})
    for name, formula in expected.items():
        assert found[name] == pytest.approx(float(formula.subs(point)), rel=1e-9, abs=1e-12)


# -- optimizers ------------------------------------------------------------------------------------


def test_the_gradient_is_that_of_the_function() -> None:
    x, y = sp.symbols("x y")
    f = x**2 + x * y + 6 * y**2
    derivatives = [sp.diff(f, x), sp.diff(f, y)]
    for point in ((4, 1), (-3, 2), (0, 5)):
        expected = [float(d.subs({x: point[0], y: point[1]})) for d in derivatives]
        found = values(["gradient", "df_dx", "df_dy"])
        assert found["gradient"](*point).tolist() == expected
        assert [found["df_dx"](*point), found["df_dy"](*point)] == expected


def exact_gradient(x: Fraction, y: Fraction) -> tuple[Fraction, Fraction]:
    return 2 * x + y, x + 12 * y


def test_gradient_descent_agrees_with_exact_fractions() -> None:
    x, y = Fraction(4), Fraction(1)
    rows = []
    for _ in range(3):
        dx, dy = exact_gradient(x, y)
        x, y = x - dx / 20, y - dy / 20
        rows.append((x, y))
    assert [tuple(map(str, row)) for row in rows[:2]] == [("71/20", "1/5"), ("637/200", "-39/400")]
    assert values(["sgd_points"])["sgd_points"] == pytest.approx(
        np.array(rows, dtype=float), rel=1e-14
    )


def test_nesterov_agrees_with_exact_fractions() -> None:
    gamma = Fraction(9, 10)
    x, y, v, u = Fraction(4), Fraction(1), Fraction(0), Fraction(0)
    velocities, points = [], []
    for _ in range(3):
        dx, dy = exact_gradient(x + gamma * v, y + gamma * u)
        v, u = gamma * v - dx / 20, gamma * u - dy / 20
        x, y = x + v, y + u
        velocities.append((v, u))
        points.append((x, y))
    found = values(["nesterov_velocities", "nesterov_points"])
    for name, rows in (("nesterov_velocities", velocities), ("nesterov_points", points)):
        assert found[name] == pytest.approx(np.array(rows, dtype=float), rel=1e-14)
    assert [float(number) for number in points[-1]] == [2.05281375, -0.4612075]


def moment(gradients: list[float], beta: float, power: int) -> float:
    """The exponential average written out as a sum, without a recursion."""
    last = len(gradients) - 1
    return sum((1 - beta) * beta ** (last - k) * g**power for k, g in enumerate(gradients))


@given(
    st.lists(gradients, min_size=1, max_size=6),
    small,
    st.sampled_from([(0.9, 0.999), (0.8, 0.95), (0.0, 0.5)]),
)
def test_adam_agrees_with_its_averages_written_out(
    steps: list[float], start: float, betas: tuple[float, float]
) -> None:
    adam = values(["adam"])["adam"]
    beta1, beta2 = betas
    point: Any = np.array([start])
    expected = start
    config: dict[str, Any] = {"learning_rate": 0.1, "beta1": beta1, "beta2": beta2}
    for t, gradient in enumerate(steps, start=1):
        point, config = adam(point, np.array([gradient]), config)
        first = moment(steps[:t], beta1, 1) / (1 - beta1**t)
        second = moment(steps[:t], beta2, 2) / (1 - beta2**t)
        expected -= 0.1 * first / (second**0.5 + 1e-8)
        assert config["t"] == t
        assert point[0] == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_adam_starts_from_its_defaults_and_changes_nothing_it_is_given() -> None:
    adam = values(["adam"])["adam"]
    point, slope = np.array([1.0, -2.0]), np.array([0.5, -3.0])
    following, config = adam(point, slope, None)
    # The first step is the learning rate in the direction of the sign: m_hat = g, v_hat = g².
    assert following == pytest.approx(np.array([0.999, -1.999]), rel=1e-6)
    assert (config["beta1"], config["beta2"], config["epsilon"]) == (0.9, 0.999, 1e-8)
    assert point.tolist() == [1.0, -2.0]
    assert slope.tolist() == [0.5, -3.0]
