"""Hints are given where they are likelier than chance, and name the nearest equal number."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.judge.course import Course

REFERENCE = """
def z0(w): return 3 * w
def h0(z0): return z0 + 1.25
def z1(h0): return 2.7 * h0
def h1(z1): return z1 - 0.375
"""
SPEC = """
givens: {w: 0.5}
questions:
  - {id: z0, kind: number}
  - {id: h0, kind: number}
  - {id: z1, kind: number}
  - {id: h1, kind: number}
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(tmp_path_factory.mktemp("hints"), SPEC, REFERENCE)


RIGHT = {"z0": "1.5", "h0": "2.75", "z1": "7.425", "h1": "7.05"}


@pytest.mark.parametrize(
    ("answers", "question", "words"),
    [
        pytest.param({"h1": "7.425"}, "h1", "your answer to z1", id="what it is made of"),
        pytest.param({"h1": "2.75"}, "h1", "your answer to h0", id="what lies before"),
        pytest.param({"h0": "1.5", "z1": "1.5"}, "z1", "your answer to h0", id="the nearest"),
        pytest.param({"h0": "5.5"}, "h0", "factor of two", id="twice as much"),
        pytest.param({"h0": "-2.75"}, "h0", "wrong sign", id="a sign"),
        pytest.param({"z0": "2", "z1": "2"}, "z1", None, id="a small whole number"),
        pytest.param({"z0": "3"}, "z0", None, id="twice a small number"),
        pytest.param({"z0": "-3"}, "z0", None, id="and its sign"),
        pytest.param({"h0": "27.5"}, "h0", "wrong power of ten", id="ten times as much"),
        pytest.param({"h0": "0.00275"}, "h0", "wrong power of ten", id="a thousandth"),
        pytest.param({"h0": "9.37"}, "h0", None, id="no multiple at all"),
    ],
)
def test_a_hint_is_likelier_than_chance(
    course: Course, answers: dict[str, str], question: str, words: str | None
) -> None:
    outcome = course.mark({**RIGHT, **answers}, typed=True)[question]
    lines = " ".join(outcome.feedback.student)
    hinted = "this looks like" in lines or "the same as your answer" in lines
    assert hinted is (words is not None), lines
    assert words is None or words in lines


def test_what_a_formula_names_was_not_taken_for_another(tmp_path: Path) -> None:
    """h1 for h0: the formula has relu', so relu was not taken for it."""
    reference = (
        "import numpy as np\n"
        "def relu(z, /): return np.maximum(z, 0)\n"
        "def slope(z, /): return 1.0 * (z > 0)\n"
        "def slope_relu(z, /, relu): return relu(z)\n"
        "def h(z, relu): return relu(z)\n"
        "def g(z, w, slope): return w * slope(z) * z\n"
    )
    spec = (
        "givens: {z: 0.7, w: 1.3}\nformulas:\n  domains: {z: [-2, 2], w: [0.5, 2]}\n"
        '  functions: {slope: ["relu\'"]}\n'
        "questions: [{id: h, kind: number}, {id: g, kind: expression, symbols: [z, w, h]}]\n"
        "mistakes:\n"
        "  - {id: itself, replaces: slope, with: slope_relu, feedback: The slope not relu.}\n"
    )
    course = Course(tmp_path, spec, reference)
    with_slope = " ".join(course.mark({"g": "w relu'(z) h z"})["g"].feedback.student)
    assert "The slope not relu." not in with_slope
    without = " ".join(course.mark({"g": "w h z"})["g"].feedback.student)
    assert "The slope not relu." in without


def test_of_two_that_are_exchanged_a_formula_names_one(tmp_path: Path) -> None:
    """The honest cousin: what it names is the one that was put there."""
    reference = "def f(a): return a * a\ndef g(b): return b * b\n"
    spec = (
        "givens: {a: 0.7, b: 1.3}\nformulas:\n  domains: {a: [-2, 2], b: [0.5, 2]}\n"
        "questions: [{id: f, kind: expression}, {id: g, kind: expression}]\nmistakes:\n"
        "  - {id: swapped, replaces: {a: b, b: a}, feedback: The two are exchanged.}\n"
    )
    course = Course(tmp_path, spec, reference)
    assert "The two are exchanged." in course.mark({"f": "b b"})["f"].feedback.student


CONSTANT = """
givens: {w: 0.5}
formulas: {domains: {w: [1, 2]}}
questions:
  - {id: bound, kind: expression, symbols: [], expected: (1/4)^4}
  - {id: slope, kind: expression, symbols: [w], expected: 6 * w}
"""


def test_a_number_is_no_multiple_of_another_number(tmp_path: Path) -> None:
    reference = "def bound(): return 0.25**4\ndef slope(w): return 6 * w\n"
    course = Course(tmp_path, CONSTANT, reference)
    for typed, told in (("0.0039", False), ("1/16", False), ("-1/256", True), ("1/512", True)):
        said = " ".join(course.mark({"bound": typed}, typed=True)["bound"].feedback.student)
        assert ("this looks like" in said) is told, said
        assert "times a constant" not in said
    said = " ".join(course.mark({"slope": "5 w"}, typed=True)["slope"].feedback.student)
    assert "times a constant" in said
