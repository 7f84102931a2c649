"""A formula in the place of a function step: what it gives, refuses, and costs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from grader.compare.formula import Language, parse_formula
from grader.judge.expect.own_function import OwnFunction, own_function
from grader.model.assignment import Domain
from grader.solver import Reference, Solution, StepFault, load_reference
from grader.solver.bounded import OutOfBounds, bounded

REFERENCE = """
import numpy as np
def f(z, /): return z + 1
def norm(v, /): return np.sum(v ** 2)
def shift(k): return 10 * k
"""
LANGUAGE = Language.of({"z": (), "v": (), "shift": ()}, {}, arrays=["v"])


@pytest.fixture
def reference(tmp_path: Path) -> Reference:
    path = tmp_path / "course.py"
    path.write_text(REFERENCE, encoding="utf-8")
    return load_reference(path)


def own(reference: Reference, text: str, name: str = "f") -> OwnFunction:
    step, solution = reference.steps[name], Solution(reference, {"k": 0.5})
    domains = {"z": Domain(low=0, high=1), "v": Domain(low=0, high=1, shape=(2,))}
    return own_function(parse_formula(text, LANGUAGE), step, domains, solution)


def test_it_is_a_function_of_numbers_and_arrays_of_them(reference: Reference) -> None:
    twice = own(reference, "2z + shift")
    assert twice(1.5) == 8.0
    assert np.shape(twice(1.5)) == ()
    assert np.array_equal(twice(np.arange(6.0).reshape(2, 3)), [[5, 7, 9], [11, 13, 15]])


def test_an_argument_that_is_a_vector_is_one_value(reference: Reference) -> None:
    scaled = own(reference, "3v", "norm")
    assert np.array_equal(scaled([1.0, 2.0]), [3, 6])
    assert np.array_equal(scaled([[1.0, 2.0], [0.0, 1.0]]), [[3, 6], [0, 3]])


@pytest.mark.parametrize(
    ("text", "name", "argument", "words"),
    [
        pytest.param("1/z", "f", 0.0, "not defined", id="undefined"),
        pytest.param("1/z", "f", [1.0, 0.0], "not defined", id="undefined once"),
        pytest.param("3v", "norm", 1.0, "another form", id="a number for a vector"),
        pytest.param("2z", "f", "text", "another form", id="a text"),
    ],
)
def test_what_it_has_no_value_for_is_a_fault_of_the_step(
    reference: Reference, text: str, name: str, argument: object, words: str
) -> None:
    with pytest.raises(StepFault, match=words):
        own(reference, text, name)(argument)


def test_it_is_charged_for_its_length_and_for_what_it_is_given(reference: Reference) -> None:
    """Without a charge a student's formula would cost the budget nothing, however often called."""

    def cost(text: str, argument: object) -> int:
        function = own(reference, text)
        with bounded(10**9) as block:
            function(argument)
        return block.used

    short = cost("2z", 1.5)
    assert short > 0
    assert cost("2z + 3z + 4z + 5z", 1.5) > short
    assert cost("2z", np.ones(10**5)) > 10 * short
    function = own(reference, "2z")
    with pytest.raises(OutOfBounds), bounded(short - 1):
        function(1.5)
