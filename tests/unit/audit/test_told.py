"""Feedback that gives an answer away, and numbers that are alike by chance."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.audit.alike import alike
from grader.audit.places import by_question, places
from grader.audit.told import told
from tests.unit.judge.course import Course

SPEC = """
givens: {x: 3, w: 0.5, rate: 0.1}
formulas:
  domains:
    x: [-2, 2]
    w: [0.3, 2]
    A: {range: [-2, 2], shape: [2, 3]}
    G: {range: [-2, 2], shape: [2, 3]}
  symbols: {}
  functions: {sigma: [s, σ]}
questions:
  - {id: slope, kind: expression}
  - {id: product, kind: expression}
  - {id: value, kind: number, tolerance: {rtol: 1.0e-3}}
  - id: end
    kind: choice
    options: {up: It rises without end, down: It falls}
    expected: up
mistakes:
  - id: other
    replaces: value
    with: 7
    feedback: %s
"""
REFERENCE = """
import numpy as np

def sigma(z, /): return 1 / (1 + np.exp(-z))
def slope(x, w, sigma): return w * sigma(w * x) * (1 - sigma(w * x))
def product(A, G): return G.T @ A
def value(x, rate): return x + 2.5 * rate
"""


def found(folder: Path, feedback: str) -> list[str]:
    prepared = Course(folder, SPEC % feedback, REFERENCE).prepared
    return [one.question for one in told(prepared.assignment, prepared.key) if one.hole]


@pytest.mark.parametrize(
    ("feedback", "questions"),
    [
        ("Take w s(w x) (1 − s(w x)), not s alone.", ["slope"]),
        ("'The slope is: w·σ(w·x)·(1 − σ(w·x)).'", ["slope"]),
        ("It is Gᵀ A and not A Gᵀ.", ["product"]),
        ("The right number is 3.25.", ["value"]),
        ("The right number is 13/4.", ["value"]),
        ("Here it rises without end.", ["end"]),
        ("Look at the slope of s, and at what x is multiplied with.", []),
        ("The rate is 0.1, and x is 3.", []),
        ("Adam divides by 1 − x, and 2 comes from the square.", []),
        ("The function s is not its slope s'(x).", []),
    ],
)
def test_an_answer_in_the_feedback_is_found(
    tmp_path: Path, feedback: str, questions: list[str]
) -> None:
    assert found(tmp_path, feedback) == questions


def test_what_is_for_staff_may_hold_the_answer(tmp_path: Path) -> None:
    assert found(tmp_path, "{student: Look at x., staff: The right number is 3.25.}") == []


def said(folder: Path, givens: str, questions: str, reference: str) -> str:
    spec = f"givens: {givens}\nquestions:\n{questions}"
    prepared = Course(folder, spec, reference).prepared
    assert prepared.key.worlds is not None
    every = by_question(places(prepared.assignment, prepared.key))
    return "; ".join(one.words for own in every.values() for one in alike(own, prepared.key.worlds))


NORMS = """
import numpy as np

def one(a): return a * 8.013
def other(a): return a * 8.009
def third(a): return a * 2.5
"""
PARTS = """
  - id: norms
    kind: number
    tolerance: {sigfigs: 3}
    parts: {one: {}, other: {}, third: {}}
"""


def test_answers_that_may_change_places_are_told(tmp_path: Path) -> None:
    assert said(tmp_path, "{a: 1}", PARTS, NORMS) == "one and other may be exchanged unnoticed"


def test_a_given_that_may_stand_for_an_answer_is_told(tmp_path: Path) -> None:
    words = said(
        tmp_path,
        "{a: 3, b: 3}",
        "  - {id: copy, kind: number}\n",
        "def copy(a, b): return a * b / 3\n",
    )
    assert "copy and the given a" in words


def test_many_givens_of_one_value_are_told(tmp_path: Path) -> None:
    spec = "  - {id: total, kind: number}\n"
    reference = "def total(a, b, c): return a + 2 * b + 3 * c\n"
    assert "a, b, c are all 0.5" in said(tmp_path, "{a: 0.5, b: 0.5, c: 0.5}", spec, reference)
    assert said(tmp_path / "2", "{a: 0.5, b: 0.25, c: 0.5}", spec, reference) == ""
