"""The reference of dl2022-exercise-3 against exact fractions and symbolic differentiation."""

from __future__ import annotations

import functools
import itertools
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.solver import load_reference, solve

ROOT = Path(__file__).parents[2]
REFERENCE = load_reference(ROOT / "reference" / "dl2022_exercise_3.py")
SPEC: dict[str, Any] = yaml.safe_load(
    (ROOT / "assignments" / "dl2022-exercise-3" / "assignment.yaml").read_text(encoding="utf-8")
)
QUESTIONS = {question["id"]: question for question in SPEC["questions"]}

INPUTS = ("x", "y", "w0", "w1", "w2", "ws")
WEIGHTS = ("w0", "w1", "w2", "ws")
GRADIENTS = tuple(f"dL_d{weight}" for weight in WEIGHTS)

Point = dict[str, Fraction]

HALF = Fraction(1, 2)
INSTANCE_1C: Point = {
    "x": Fraction(1), "y": Fraction(-3), "w0": HALF, "w1": HALF, "w2": HALF, "ws": HALF,
}  # fmt: skip

# Sixteenths of either sign: exact as fractions, as floats and as sympy rationals.
sixteenths = st.integers(-32, 32).filter(bool).map(lambda n: Fraction(n, 16))
points = st.fixed_dictionaries(dict.fromkeys(INPUTS, sixteenths))


def forward(point: Point) -> Point:
    """The network in exact arithmetic, written down once more."""
    z0 = point["w0"] * point["x"]
    h0 = max(Fraction(0), z0)
    z1 = point["w1"] * h0
    h1 = max(Fraction(0), z1)
    yhat = point["ws"] * h0 + point["w2"] * h1
    return {
        "z0": z0, "h0": h0, "z1": z1, "h1": h1, "yhat": yhat, "loss": abs(point["y"] - yhat),
    }  # fmt: skip


def exact_gradients(point: Point) -> Point:
    """Difference quotients, which are exact: between kinks the loss is affine in each weight."""
    tiny = Fraction(1, 10**6)
    gradients = {}
    for weight in WEIGHTS:
        above = forward({**point, weight: point[weight] + tiny})["loss"]
        below = forward({**point, weight: point[weight] - tiny})["loss"]
        gradients[f"dL_d{weight}"] = (above - below) / (2 * tiny)
    return gradients


@functools.cache
def symbolic_gradients() -> dict[str, sp.Expr]:
    x, y, w0, w1, w2, ws = sp.symbols("x y w0 w1 w2 ws", real=True)
    h0 = sp.Max(0, w0 * x)
    h1 = sp.Max(0, w1 * h0)
    loss = sp.Abs(y - (ws * h0 + w2 * h1))
    by_name = {"w0": w0, "w1": w1, "w2": w2, "ws": ws}
    return {f"dL_d{name}": sp.diff(loss, weight) for name, weight in by_name.items()}


def solved(names: tuple[str, ...], point: Point, learning_rate: float = 1.0) -> dict[str, float]:
    givens = {name: float(value) for name, value in point.items()}
    values = solve(REFERENCE, names, givens={**givens, "learning_rate": learning_rate})
    return {name: float(values[name]) for name in names}


def function_step(name: str) -> Any:
    return solve(REFERENCE, [name], givens={})[name]


def no_kink_near(point: Point) -> bool:
    """z0 is never 0 with the points drawn here, and z1 only where the first unit is dead."""
    return forward(point)["loss"] > Fraction(1, 1000)


# --- The numbers of 1c, exactly -------------------------------------------------------------------


def test_every_number_of_1c_exactly() -> None:
    before = forward(INSTANCE_1C)
    gradients = exact_gradients(INSTANCE_1C)
    after = {weight: INSTANCE_1C[weight] - gradients[f"dL_d{weight}"] for weight in WEIGHTS}
    loss_after = forward({**INSTANCE_1C, **after})["loss"]

    assert before == {
        "z0": Fraction(1, 2),
        "h0": Fraction(1, 2),
        "z1": Fraction(1, 4),
        "h1": Fraction(1, 4),
        "yhat": Fraction(3, 8),
        "loss": Fraction(27, 8),
    }
    assert gradients == {
        "dL_dw0": Fraction(3, 4),
        "dL_dw1": Fraction(1, 4),
        "dL_dw2": Fraction(1, 4),
        "dL_dws": Fraction(1, 2),
    }
    assert after == {
        "w0": Fraction(-1, 4),
        "w1": Fraction(1, 4),
        "w2": Fraction(1, 4),
        "ws": Fraction(0),
    }
    assert loss_after == 3

    # All of them are dyadic, so the reference gives them without rounding error.
    assert solved(tuple(before), INSTANCE_1C) == before
    assert solved(GRADIENTS, INSTANCE_1C) == gradients
    new = solved(tuple(f"{weight}_new" for weight in WEIGHTS), INSTANCE_1C)
    assert new == {f"{weight}_new": value for weight, value in after.items()}
    assert solved(("loss_after_step",), INSTANCE_1C) == {"loss_after_step": loss_after}

    assert stated("forward_pass") == before
    assert stated("gradient_values") == gradients
    assert stated("new_weights") == after
    assert Fraction(str(QUESTIONS["loss_after_step"]["expected"])) == loss_after


def stated(question: str) -> Point:
    parts = QUESTIONS[question]["parts"]
    return {label: Fraction(str(part["expected"])) for label, part in parts.items()}


def test_the_spec_asks_1c_at_its_numbers() -> None:
    givens = {name: Fraction(str(value)) for name, value in SPEC["givens"].items()}
    assert {name: givens[name] for name in INPUTS} == INSTANCE_1C
    assert givens["learning_rate"] == 1


def test_the_second_instance_exactly() -> None:
    question = QUESTIONS["gradient_values_elsewhere"]
    point = {name: Fraction(str(value)) for name, value in question["at"].items()}
    assert set(point) == set(INPUTS)
    assert stated("gradient_values_elsewhere") == exact_gradients(point)
    assert solved(GRADIENTS, point) == pytest.approx(
        {name: float(value) for name, value in exact_gradients(point).items()}, rel=1e-12
    )
    assert forward(point)["yhat"] < point["y"]  # the other slope of the loss than in 1c


# --- The gradients at any point -------------------------------------------------------------------


@given(points)
def test_forward_pass_is_the_exact_one(point: Point) -> None:
    expected = forward(point)
    assert solved(tuple(expected), point) == expected


@given(points)
def test_gradients_are_the_exact_difference_quotients(point: Point) -> None:
    assume(no_kink_near(point))
    expected = exact_gradients(point)
    assert solved(GRADIENTS, point) == expected
    arguments = [float(point[name]) for name in INPUTS]
    assert function_step("backward")(*arguments) == expected


@pytest.mark.parametrize(
    "signs", list(itertools.product((-1, 1), repeat=3)), ids=lambda signs: f"w0 w1 y {signs}"
)
def test_gradients_are_the_symbolic_ones_in_every_region(signs: tuple[int, int, int]) -> None:
    # sympy writes the slope of Max as a Heaviside step, which is 1/2 at z1 = 0; it does not matter
    # because z1 = 0 only where the first unit is dead.
    for magnitudes in itertools.product((HALF, Fraction(5, 4)), repeat=2):
        point: Point = {
            "x": magnitudes[0],
            "y": signs[2] * Fraction(7),
            "w0": signs[0] * Fraction(3, 4),
            "w1": signs[1] * magnitudes[1],
            "w2": Fraction(-3, 8),
            "ws": Fraction(11, 8),
        }
        symbols = {
            sp.Symbol(name, real=True): sp.Rational(value.numerator, value.denominator)
            for name, value in point.items()
        }
        expected = {
            name: float(formula.subs(symbols)) for name, formula in symbolic_gradients().items()
        }
        assert solved(GRADIENTS, point) == expected
        dead = signs[0] < 0
        assert all(value == 0 for value in expected.values()) is dead


@given(points)
def test_loss_slope_is_the_slope_by_the_output(point: Point) -> None:
    assume(no_kink_near(point))
    yhat, tiny = forward(point)["yhat"], Fraction(1, 10**6)
    slope = (abs(point["y"] - yhat - tiny) - abs(point["y"] - yhat + tiny)) / (2 * tiny)
    assert solved(("dL_dyhat",), point) == {"dL_dyhat": slope}


def test_conventions_at_the_kinks() -> None:
    assert function_step("relu_prime")(0.0) == 0
    assert function_step("loss_slope")(2.0, 2.0) == 0


@given(sixteenths)
def test_relu_slope_is_the_slope_of_relu(z: Fraction) -> None:
    tiny = Fraction(1, 10**6)
    relu = function_step("relu")
    quotient = (relu(float(z + tiny)) - relu(float(z - tiny))) / float(2 * tiny)
    slope = float(function_step("relu_prime")(float(z)))
    assert quotient == pytest.approx(slope, abs=1e-8)


# --- The step -------------------------------------------------------------------------------------


@given(points, st.integers(0, 16).map(lambda n: Fraction(n, 8)))
def test_a_step_of_any_size(point: Point, rate: Fraction) -> None:
    assume(no_kink_near(point))
    gradients = exact_gradients(point)
    after = {weight: point[weight] - rate * gradients[f"dL_d{weight}"] for weight in WEIGHTS}
    names = tuple(f"{weight}_new" for weight in WEIGHTS)
    new = solved((*names, "loss_after_step"), point, learning_rate=float(rate))
    # The new weights are exact; products of four of them may have more digits than a float holds.
    loss_after = float(forward({**point, **after})["loss"])
    assert new.pop("loss_after_step") == pytest.approx(loss_after, rel=1e-12, abs=1e-9)
    assert new == {f"{weight}_new": value for weight, value in after.items()}


@given(points)
def test_a_small_step_lowers_the_loss_by_the_squared_gradient(point: Point) -> None:
    # First-order Taylor expansion: the loss falls by rate · |gradient|², up to terms in rate².
    squared = sum(value**2 for value in exact_gradients(point).values())
    assume(no_kink_near(point))
    assume(squared > 0)
    rate = 1e-7
    after = solved(("loss_after_step",), point, learning_rate=rate)["loss_after_step"]
    fall = float(forward(point)["loss"]) - after
    assert fall / rate == pytest.approx(float(squared), rel=1e-3, abs=1e-6)


# --- What the spec relies on ----------------------------------------------------------------------


def wrong_dL_dw0(point: Point) -> Fraction:  # noqa: N802 - the name of the gradient
    """dL/dw0 with w2 factored out of a sum whose first term is ws."""
    values = forward(point)
    slope = 1 if values["yhat"] > point["y"] else -1
    alive0, alive1 = values["z0"] > 0, values["z1"] > 0
    return slope * point["w2"] * (1 + point["w1"] * alive1) * alive0 * point["x"]


@given(points)
def test_equal_weights_hide_w2_in_place_of_ws(point: Point) -> None:
    equal = {**point, "ws": point["w2"]}
    assume(no_kink_near(point) and no_kink_near(equal))
    assert wrong_dL_dw0(equal) == exact_gradients(equal)["dL_dw0"]
    if forward(point)["z0"] > 0 and point["ws"] != point["w2"]:
        assert wrong_dL_dw0(point) != exact_gradients(point)["dL_dw0"]


def test_the_second_instance_shows_what_1c_hides() -> None:
    assert wrong_dL_dw0(INSTANCE_1C) == Fraction(3, 4)
    at = QUESTIONS["gradient_values_elsewhere"]["at"]
    point = {name: Fraction(str(value)) for name, value in at.items()}
    assert wrong_dL_dw0(point) == Fraction("1.8")
    assert exact_gradients(point)["dL_dw0"] == Fraction("-2.2")


def test_formulas_are_sampled_where_units_are_alive_and_dead() -> None:
    generator = np.random.default_rng(0)
    domains = {name: domain_of(spec) for name, spec in SPEC["formulas"]["domains"].items()}
    drawn = {
        name: generator.uniform(low, high, 20_000)
        * (generator.choice((-1, 1), 20_000) if signed else 1)
        for name, (low, high, signed) in domains.items()
    }
    z0 = drawn["w0"] * drawn["x"]
    h0 = np.maximum(z0, 0)
    z1 = drawn["w1"] * h0
    above = drawn["ws"] * h0 + drawn["w2"] * np.maximum(z1, 0) > drawn["y"]
    shares = {
        "both alive": np.mean(z1 > 0),
        "first alone": np.mean((z0 > 0) & (z1 <= 0)),
        "none": np.mean(z0 <= 0),
        "above": np.mean(above),
        "z alive": np.mean(drawn["z"] > 0),
    }
    stated_shares = {
        "both alive": 0.44, "first alone": 0.33, "none": 0.23, "above": 0.5, "z alive": 0.5,
    }  # fmt: skip
    assert shares == pytest.approx(stated_shares, abs=0.02)


def domain_of(spec: Any) -> tuple[float, float, bool]:
    if isinstance(spec, list):
        return float(spec[0]), float(spec[1]), False
    return float(spec["range"][0]), float(spec["range"][1]), bool(spec.get("signed"))


@pytest.mark.parametrize(
    "case",
    [case for case in QUESTIONS["backward"]["cases"] if "random" in case],
    ids=lambda case: case["label"],
)
def test_random_cases_of_backward_lie_in_the_region_that_they_are_named_after(
    case: dict[str, Any],
) -> None:
    # z0 and z1 are products of numbers of fixed sign, so the corners decide for the whole box.
    wanted = {
        "both units alive": (True, True),
        "both units alive, with a negative input": (True, True),
        "second unit dead": (True, False),
        "first unit dead": (False, False),
    }[case["label"]]
    corners = itertools.product(*(case["random"][name] for name in ("x", "w0", "w1")))
    for x, w0, w1 in corners:
        z0 = w0 * x
        assert (z0 > 0, w1 * max(0, z0) > 0) == wanted
        assert (x < 0) == ("negative" in case["label"])
