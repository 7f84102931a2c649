"""A right formula in another form than the one asked for: its words and its credit."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.model.outcome import Outcome
from grader.model.verdict import Reason, Verdict
from tests.unit.judge.course import Course

SPEC = """
givens: {x: 1}
formulas:
  domains: {x: [-2, 2]}
  symbols: {h: []}
  functions: {sigma: [s], sigma_double: []}
questions:
  - {id: h, kind: expression}
  - id: slope
    kind: expression
    points: 4
    functions: [sigma]
    form: {uses: [sigma], avoids: [exp]}
  - id: parts
    kind: expression
    points: 4
    functions: [sigma]
    form: {avoids: [exp]}
    parts:
      free: {step: slope, form: {avoids: [sin], credit: 0}}
      strict: {step: slope, form: {uses: [h], credit: 0.25}}
  - {id: value, kind: number, step: slope, tolerance: {rtol: 1e-6}}
mistakes:
  - id: twice
    replaces: sigma
    with: sigma_double
    feedback: The sigmoid was taken twice.
    credit: 0.75
"""
REFERENCE = """
import numpy as np

def sigma(z, /): return 1 / (1 + np.exp(-z))
def sigma_double(z, /): return 2 / (1 + np.exp(-z))
def h(x, sigma): return sigma(x)
def slope(h): return h * (1 - h)
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(tmp_path_factory.mktemp("forms"), SPEC, REFERENCE)


def slope(course: Course, text: str) -> Outcome:
    return course.mark({"slope": text})["slope"]


@pytest.mark.parametrize("text", ["s(x) (1 - s(x))", "sigma(x) sigma(-x)", "h (1 - s(x))"])
def test_a_right_formula_in_the_right_form_is_correct(course: Course, text: str) -> None:
    outcome = slope(course, text)
    assert (outcome.verdict, outcome.score) == (Verdict.CORRECT, Fraction(4))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "h (1 - h)",
            "the value is right, but the formula must be written in another form: use sigma",
        ),
        (
            "s(x) / (1 + e^x)",
            "the value is right, but the formula must be written in another form: do without exp",
        ),
        (
            "exp(-x) / (1 + exp(-x))^2 + 0 s(x)",
            (
                "the value is right, but the formula must be written in another form: "
                "use sigma and do without exp"
            ),
        ),
    ],
)
def test_a_right_formula_in_another_form_earns_a_part(
    course: Course, text: str, words: str
) -> None:
    outcome = slope(course, text)
    assert (outcome.verdict, outcome.reason) == (Verdict.PARTIAL, Reason.WRONG_FORM)
    assert outcome.score == Fraction(2)
    assert list(outcome.feedback.student) == [words]


@pytest.mark.parametrize("text", ["s(x)", "2 h (1 - h)", "exp(-x)", "(1 - h) 0"])
def test_a_wrong_formula_earns_nothing_for_its_form(course: Course, text: str) -> None:
    outcome = slope(course, text)
    assert (outcome.verdict, outcome.score) == (Verdict.INCORRECT, Fraction(0))


def test_a_part_has_its_own_form_and_credit_or_that_of_the_question(course: Course) -> None:
    formula = "exp(-x) / (1 + exp(-x))^2"
    outcome = course.mark({"parts": {"free": formula, "strict": formula}})["parts"]
    assert [part.verdict for part in outcome.parts] == [Verdict.CORRECT, Verdict.PARTIAL]
    assert [part.credit for part in outcome.parts] == [Fraction(1), Fraction(1, 4)]


def test_another_form_is_no_mistake_and_no_wrong_start(course: Course) -> None:
    """The value is right: nothing is there to be accounted for, or to be carried forward."""
    judged = course.judged({"slope": "h (1 - h)", "value": 0.19661193324148185, "h": "s(x)"})
    by_name = {outcome.question: outcome for outcome in judged.outcomes}
    assert by_name["slope"].reason is Reason.WRONG_FORM
    assert by_name["value"].verdict is Verdict.CORRECT
    assert judged.diagnosis == ()
