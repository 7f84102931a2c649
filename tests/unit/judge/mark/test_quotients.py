"""A difference quotient earns nothing, and is told so; a stated one may be answered with one."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.model.verdict import Reason, Verdict
from tests.unit.judge.course import Course

SPEC = """
givens: {x: 1, w: 0.5}
formulas:
  domains: {x: {range: [0.3, 2], signed: true}, w: {range: [0.3, 2], signed: true}}
  symbols: {slope_wrong: []}
  functions: {sigma: [s]}
questions:
  - {id: slope, kind: expression, points: 2, symbols: []}
  - id: with_form
    kind: expression
    step: slope
    symbols: []
    form: {uses: [sigma], credit: 0.5}
  - id: difference
    kind: expression
    expected: (s(x + 0.1) - s(x))/0.1
  - {id: value, kind: number, step: slope, tolerance: {rtol: 1e-6}}
mistakes:
  - id: weight-forgotten
    replaces: slope
    with: slope_wrong
    feedback: Count the weights.
    credit: 0.5
"""
REFERENCE = """
import numpy as np

def sigma(z, /): return 1 / (1 + np.exp(-z))
def slope(x, w, sigma): return w * sigma(w * x) * (1 - sigma(w * x))
def slope_wrong(x, w, sigma): return sigma(w * x) * (1 - sigma(w * x))
def difference(x, sigma): return (sigma(x + 0.1) - sigma(x)) / 0.1
"""
WORDS = (
    "this divides the difference of two neighbouring values by a small step: derive the "
    "formula by the rules of differentiation instead"
)
QUOTIENT = "(s(w (x + 1e-5)) - s(w (x - 1e-5))) / 2e-5"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(tmp_path_factory.mktemp("quotients"), SPEC, REFERENCE)


@pytest.mark.parametrize("name", ["slope", "with_form"])
def test_a_quotient_earns_nothing_and_says_why(course: Course, name: str) -> None:
    outcome = course.mark({name: QUOTIENT})[name]
    assert (outcome.verdict, outcome.reason) == (Verdict.INCORRECT, Reason.WRONG_FORM)
    assert outcome.score == Fraction(0)
    assert outcome.feedback.student == (WORDS,)


def test_the_derivation_of_it_is_right(course: Course) -> None:
    marks = course.mark({"slope": "w s(w x) (1 - s(w x))", "with_form": "w s(w x) s(-w x)"})
    assert {marks[name].verdict for name in ("slope", "with_form")} == {Verdict.CORRECT}


def test_a_stated_quotient_may_be_answered_with_one(course: Course) -> None:
    for text in ("(s(x + 0.1) - s(x))/0.1", "10 (s(0.1 + x) - s(x))"):
        assert course.mark({"difference": text})["difference"].verdict is Verdict.CORRECT


def test_the_quotient_of_a_known_mistake_earns_no_credit_of_it(course: Course) -> None:
    assert course.mark({"slope": "s(w x) s(-w x)"})["slope"].score == Fraction(1)
    quotient = course.mark({"slope": f"{QUOTIENT} / w"})["slope"]
    assert (quotient.reason, quotient.score) == (Reason.WRONG_FORM, Fraction(0))


def test_a_number_beside_a_right_quotient_is_right(course: Course) -> None:
    marks = course.mark({"slope": QUOTIENT, "value": 0.11750185610079725})
    assert marks["value"].verdict is Verdict.CORRECT
