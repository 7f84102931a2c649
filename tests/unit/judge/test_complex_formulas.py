"""Formulas with complex values: right, carried forward, explained; and real ones beside them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.audit.audit import audit
from grader.model.outcome import Outcome
from grader.model.typed import Typed
from tests.unit.judge.course import Course

SPEC = """givens: {a: 3, b: 2, t: 0.5}
formulas: {domains: {a: [-2, 2], b: [-2, 2], t: [-3, 3]}}
defaults: {tolerance: {rtol: 1e-6}}
questions:
  - {id: w, kind: expression}
  - {id: phase, kind: expression}
  - {id: size, kind: expression, symbols: [w]}
  - {id: root, kind: expression, expected: "i*sqrt(a^2+1)"}
  - {id: real, kind: expression, expected: "sqrt(a)"}
  - {id: twice, kind: expression, symbols: [w]}
  - {id: there, kind: number}
mistakes:
  - {id: conjugate, replaces: w, with: w_conjugate, feedback: Look at the sign., credit: 0.5}
"""
REFERENCE = """import numpy as np
def w(a, b): return a + 1j * b
def w_conjugate(a, b): return a - 1j * b
def phase(t): return np.exp(1j * t)
def size(w): return abs(w) ** 2
def root(a): return 1j * np.sqrt(a * a + 1)
def real(a): return np.sqrt(a)
def twice(w): return 2 * w
def there(twice): return twice
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = Course(tmp_path_factory.mktemp("complex"), SPEC, REFERENCE)
    assert not made.prepared.key.problems
    return made


def marked(course: Course, **answers: str) -> Mapping[str, Outcome]:
    typed = {name: Typed(text, quoted=False) for name, text in answers.items()}
    return course.mark(typed, typed=True)


@pytest.mark.parametrize(
    ("question", "typed", "verdict", "said"),
    [
        ("w", "a + bi", "correct", ""),
        ("w", "a - bi", "partial", "Look at the sign."),
        ("w", "a + b", "incorrect", "its i, seems to be lost"),
        ("w", "b + ai", "incorrect", "the real and the imaginary part swapped"),
        ("w", "a + bi + 1e-9", "correct", ""),
        ("w", "a + bi + 0.01i", "incorrect", "is not right"),
        ("phase", "cos t + j sin t", "correct", ""),
        ("phase", "e^(-it)", "incorrect", "the complex conjugate"),
        ("size", "w conj(w)", "correct", ""),
        ("size", "a^2 + b^2", "correct", ""),
        ("size", "w^2", "incorrect", ""),
        ("root", "sqrt(-a^2-1)", "correct", ""),
        ("root", "sqrt(a^2+1)", "incorrect", ""),
        ("real", "sqrt(a)", "correct", ""),
        ("real", "sqrt(|a|)", "incorrect", ""),
        ("real", "a^2 + bi", "invalid", "no complex number is asked"),
        ("there", "6 + 4i", "correct", ""),
    ],
)
def test_a_formula_may_be_complex(
    course: Course, question: str, typed: str, verdict: str, said: str
) -> None:
    outcome = marked(course, **{question: typed})[question]
    assert outcome.verdict.value == verdict
    assert said in " ".join(outcome.feedback.student)


@pytest.mark.parametrize(
    ("later", "answer"), [("twice", "2(a - bi)"), ("there", "6 - 4i"), ("size", "a^2 + b^2")]
)
def test_what_follows_from_a_complex_formula_counts(
    course: Course, later: str, answer: str
) -> None:
    outcome = marked(course, w="a - bi", **{later: answer})[later]
    assert outcome.score == outcome.max_score
    assert outcome.verdict.value in ("follows", "correct")


NEAR = """givens: {a: 3, b: 2}
formulas: {domains: {a: [-2, 2], b: [-2, 2]}}
questions:
  - {id: w, kind: expression, tolerance: {rtol: TOLERANCE}}
  - {id: there, kind: number, tolerance: {rtol: TOLERANCE}}
  - {id: both, kind: array, tolerance: {rtol: TOLERANCE}}
mistakes:
  - {id: near, replaces: w, with: w_near, feedback: Look at i.}
"""
NEAR_REFERENCE = """import numpy as np
def w(a, b): return a + 1j * b
def w_near(a, b): return a + 1.01j * b
def there(w): return 2 * w
def both(w): return np.array([w, 1j])
"""


@pytest.mark.parametrize(("tolerance", "near"), [("1e-6", 0), ("3e-3", 2)])
def test_complex_answers_are_audited(tmp_path: Path, tolerance: str, near: int) -> None:
    """How far a wrong way lies is measured by the modulus, as for real numbers by the size."""
    made = Course(tmp_path, NEAR.replace("TOLERANCE", tolerance), NEAR_REFERENCE)
    words = [one.words for one in audit(made.prepared, []).findings]
    assert len([said for said in words if "nearest mistake near" in said]) == 3
    assert len([said for said in words if "which is near" in said]) == near
    assert any("19 of 19 mutants are noticed" in said for said in words)
