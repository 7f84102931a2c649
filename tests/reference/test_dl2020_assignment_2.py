"""The reference of dl2020-assignment-2 against derivatives taken in other ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import sympy
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from grader.model.assignment import AnswerQuestion
from grader.solver import load_reference, solve
from grader.spec.load import load_assignment
from tests.some import first_few

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "assignments" / "dl2020-assignment-2"
SUBMISSIONS = ROOT / "examples" / "submissions" / "dl2020-assignment-2"
REFERENCE = load_reference(ROOT / "reference" / "dl2020_assignment_2.py")

Array = NDArray[Any]  # of floats, of fractions or of sympy's expressions
Inputs = Mapping[str, Array]


def quotient(inputs: Inputs) -> Array:
    return inputs["X"] / inputs["Y"]


def product(first: Array, second: Array) -> Array:
    """Σ_h first_ih · second_hj, written out so that it is no second call of `@`."""
    rows, inner = first.shape
    return np.array(
        [
            [sum(first[i, h] * second[h, j] for h in range(inner)) for j in range(second.shape[1])]
            for i in range(rows)
        ]
    )


def layer(inputs: Inputs) -> Array:
    return product(inputs["X"], np.array(list(zip(*inputs["W"], strict=True))))


def as_columns(inputs: Inputs) -> Array:
    return np.array([[entry] * 16 for entry in inputs["x"]])


def as_rows(inputs: Inputs) -> Array:
    return np.array([list(inputs["x"])] * 3)


@dataclass(frozen=True)
class Backward:
    """A backward step, the forward function it belongs to, and the input it is the gradient of."""

    step: str
    forward: Callable[[Inputs], Array]
    wanted: str
    shapes: Mapping[str, tuple[int, ...]]


PAIR = {"X": (2, 3), "Y": (2, 3)}
FACTORS = {"A": (2, 4), "B": (4, 3)}
LAYER = {"X": (2, 4), "W": (3, 4)}  # unlike in the spec not square: a transpose shows in the shape


def matmul(inputs: Inputs) -> Array:
    return product(inputs["A"], inputs["B"])


BACKWARDS = [
    Backward("division_backward_x", quotient, "X", PAIR),
    Backward("division_backward_y", quotient, "Y", PAIR),
    Backward("matmul_backward_a", matmul, "A", FACTORS),
    Backward("matmul_backward_b", matmul, "B", FACTORS),
    Backward("layer_backward_x", layer, "X", LAYER),
    Backward("layer_backward_w", layer, "W", LAYER),
    Backward("columns_backward", as_columns, "x", {"x": (3,)}),
    Backward("expand_rows_backward", as_rows, "x", {"x": (4,)}),
    Backward("expand_columns_backward", as_columns, "x", {"x": (3,)}),
]
all_backwards = pytest.mark.parametrize("backward", BACKWARDS, ids=lambda one: one.step)


def reference_gradient(step: str, inputs: Inputs, upstream: Array) -> Array:
    givens = {name: value.astype(float) for name, value in inputs.items()}
    gradient = solve(REFERENCE, [step], givens={**givens, "G": upstream.astype(float)})[step]
    assert isinstance(gradient, np.ndarray)
    return gradient


def symbols(name: str, shape: Sequence[int]) -> Array:
    entries = [sympy.Symbol(f"{name}{index}") for index in np.ndindex(*shape)]
    return np.array(entries, dtype=object).reshape(shape)


@all_backwards
def test_backward_is_the_derivative_that_sympy_takes(backward: Backward) -> None:
    inputs = {name: symbols(name, shape) for name, shape in backward.shapes.items()}
    output = backward.forward(inputs)
    upstream = symbols("G", output.shape)
    loss = (upstream * output).sum()
    # Primes over 7: no two entries are alike and none is 0 or 1, so that nothing coincides by luck.
    everything = [entry for array in (*inputs.values(), upstream) for entry in array.flat]
    numbers = {
        entry: sympy.Rational((-1) ** position * sympy.prime(position + 1), 7)
        for position, entry in enumerate(everything)
    }

    def at_numbers(array: Array) -> Array:
        flat = [float(sympy.sympify(entry).subs(numbers)) for entry in array.flat]
        return np.array(flat).reshape(array.shape)

    wanted = inputs[backward.wanted]
    derivatives = [sympy.diff(loss, entry) for entry in wanted.flat]
    expected = at_numbers(np.array(derivatives, dtype=object).reshape(wanted.shape))

    actual = reference_gradient(
        backward.step,
        {name: at_numbers(array) for name, array in inputs.items()},
        at_numbers(upstream),
    )

    assert actual.shape == expected.shape
    np.testing.assert_allclose(actual, expected, rtol=1e-12)


def fractions(data: st.DataObject, shape: Sequence[int]) -> Array:
    """Whole numbers and their negatives, never 0, since some of them are divided by."""
    count = int(np.prod(shape))
    sizes = st.integers(1, 9).map(Fraction)
    signs = st.sampled_from([1, -1])
    entry = st.tuples(sizes, signs).map(lambda pair: pair[0] * pair[1])
    return np.array(data.draw(st.lists(entry, min_size=count, max_size=count))).reshape(shape)


@pytest.mark.parametrize("backward", first_few(BACKWARDS, 2), ids=lambda one: one.step)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_backward_is_the_difference_quotient(backward: Backward, data: st.DataObject) -> None:
    inputs = {name: fractions(data, shape) for name, shape in backward.shapes.items()}
    upstream = fractions(data, backward.forward(inputs).shape)
    width = Fraction(1, 10**6)  # exact arithmetic: there is nothing to cancel

    def loss(entry: tuple[int, ...], shift: Fraction) -> Fraction:
        moved = inputs[backward.wanted].copy()
        moved[entry] += shift
        output = backward.forward({**inputs, backward.wanted: moved})
        return sum((upstream * output).flat, Fraction(0))

    actual = reference_gradient(backward.step, inputs, upstream)

    for entry in np.ndindex(*inputs[backward.wanted].shape):
        slope = (loss(entry, width) - loss(entry, -width)) / (2 * width)
        assert actual[entry] == pytest.approx(float(slope), rel=1e-9, abs=1e-9)


def test_where_the_upstream_gradient_is_one_leaving_it_out_would_not_show() -> None:
    rng = np.random.default_rng(0)
    quotients = {"X": rng.uniform(1, 2, (5, 16)), "Y": rng.uniform(1, 2, (5, 16))}
    ones = np.ones((5, 16))
    sampled = rng.uniform(-2, 2, (5, 16))

    def agrees(upstream: Array) -> tuple[bool, bool]:
        division = reference_gradient("division_backward_x", quotients, upstream)
        columns = reference_gradient("columns_backward", {}, upstream)
        return bool(np.allclose(division, 1 / quotients["Y"])), bool(np.allclose(columns, 16))

    assert agrees(ones) == (True, True)
    assert agrees(sampled) == (False, False)


def test_square_weights_do_not_hide_a_transposed_layer() -> None:
    domains = load_assignment(FOLDER).assignment.formulas.domains
    rng = np.random.default_rng(1)
    x, w, g = (rng.uniform(-2, 2, domains[name].shape) for name in "XWG")

    gradient_x = reference_gradient("layer_backward_x", {"W": w}, g)
    gradient_w = reference_gradient("layer_backward_w", {"X": x}, g)

    assert (g @ w.T).shape == gradient_x.shape
    assert not np.allclose(g @ w.T, gradient_x)
    assert (x.T @ g).shape == gradient_w.shape
    assert not np.allclose(x.T @ g, gradient_w)


def relu_op() -> Any:
    return solve(REFERENCE, ["ReLU"], givens={})["ReLU"]


finite = st.floats(-100, 100, allow_nan=False, allow_subnormal=False)


@given(st.lists(st.tuples(finite, finite), min_size=1, max_size=6))
def test_relu_against_max_and_its_difference_quotient(pairs: list[tuple[float, float]]) -> None:
    x, goutput = np.array(pairs).T
    context: dict[str, Any] = {}
    relu = relu_op()

    output = relu.forward(context, x)
    gradient = relu.backward(context, goutput)

    assert output.tolist() == [max(0.0, entry) for entry in x]
    for entry, upstream, actual in zip(x, goutput, gradient, strict=True):
        if entry == 0:
            assert actual == 0
        else:
            # Half the distance to the kink: both ends of the quotient are on the same line.
            width = Fraction(abs(entry)) / 2
            ends = [max(Fraction(0), Fraction(entry) + step) for step in (width, -width)]
            assert actual == pytest.approx(float(upstream * (ends[0] - ends[1]) / (2 * width)))


def module_of(label: str) -> Any:
    """The names that a labelled module defines, after what the assignment provides."""
    names: dict[str, Any] = {}
    for path in (FOLDER / "provided.py", SUBMISSIONS / label / "relu.py"):
        exec(compile(path.read_text(encoding="utf-8"), path.name, "exec"), names)
    return SimpleNamespace(**names)


def drive(driver: str, module: Any) -> dict[str, Array]:
    names: dict[str, Any] = {}
    exec((FOLDER / driver).read_text(encoding="utf-8"), names)
    case = {
        "x": np.array([[-1.5, 0.0, 2.5], [0.5, -0.25, 3.0]]),
        "goutput": np.array([[0.5, -2.0, 1.5], [-0.75, 4.0, -1.0]]),
    }
    result: dict[str, Array] = names["drive"](module, case)
    return result


def differing(driver: str, label: str) -> set[str]:
    expected = drive(driver, SimpleNamespace(ReLU=relu_op()))
    actual = drive(driver, module_of(label))
    assert set(actual) == set(expected)
    return {key for key in expected if not np.array_equal(actual[key], expected[key])}


@pytest.mark.parametrize(
    ("label", "wrong_values"),
    [
        ("all-correct", set()),
        ("as-submitted", set()),  # what it overwrites is looked at by itself
        ("works-in-place", set()),
        ("state-on-the-class", {"gradient"}),
        ("derivative-one-at-zero", {"gradient"}),
        ("forgot-upstream-gradient", {"gradient"}),
    ],
)
def test_the_driver_of_values_tells_wrong_ones(label: str, wrong_values: set[str]) -> None:
    assert differing("relu_values.py", label) == wrong_values


def test_line_numbers_are_those_of_the_version_handed_out() -> None:
    assignment = load_assignment(FOLDER).assignment
    stated = {
        (question.id, part.label): str(part.expected)
        for question in assignment.questions
        if isinstance(question, AnswerQuestion) and question.kind == "number"
        for part in question.parts
    }
    assert stated == {
        ("q6_lines", "addition"): "287",
        ("q6_lines", "connection"): "212",
        ("q7_line", ""): "132",
    }


def submitted(question: str) -> Any:
    return yaml.safe_load((SUBMISSIONS / "as-submitted" / "answers.yaml").read_text("utf-8"))[
        question
    ]


@pytest.mark.parametrize(
    ("question", "unread_accuracy", "unread_loss"),
    [
        ("q9_sigmoid_log", [11], [9, 19]),
        ("q9_relu_log", [1, 4, 10, 11, 15, 16, 17], []),
    ],
)
def test_the_submitted_logs_have_their_gaps_where_the_scan_has_them(
    question: str, unread_accuracy: list[int], unread_loss: list[int]
) -> None:
    log = submitted(question)
    assert log["epoch"] == list(range(20))
    assert [row for row, cell in enumerate(log["accuracy"]) if cell is None] == unread_accuracy
    assert [row for row, cell in enumerate(log["running_loss"]) if cell is None] == unread_loss
    losses = [cell for cell in log["running_loss"] if cell is not None]
    assert losses == sorted(losses, reverse=True)


def test_the_submitted_plateau_is_one_class_for_every_example() -> None:
    accuracies = submitted("q9_sigmoid_log")["accuracy"]
    plateau = [row for row, cell in enumerate(accuracies) if cell == accuracies[5]]
    assert plateau == list(range(1, 10))  # the text that was handed in says 2 to 9
    # Before training the other class was answered: the two shares add up to the whole.
    assert Decimal(str(accuracies[0])) + Decimal(str(accuracies[5])) == 1


def test_the_submitted_table_names_its_best_row_and_has_one_half_epoch() -> None:
    table = submitted("q10_table")
    best = int(np.argmax(table["accuracy"]))
    assert table["best"] == {name: table[name][best] for name in table["best"]}
    assert sorted(table["accuracy"])[-2] < table["accuracy"][best]
    assert [row for row, cell in enumerate(table["epochs"]) if cell != int(cell)] == [5]
