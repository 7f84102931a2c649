"""Complex numbers from the spec to the words: right, carried forward, explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.judge.submission import SubmissionJudged
from grader.model.outcome import Outcome
from grader.model.typed import Typed
from grader.model.value import map_leaves
from grader.model.verdict import Verdict
from tests.some import some
from tests.unit.judge.course import Course

SPEC = """givens: {a: 3, b: -2}
defaults: {tolerance: {rtol: 1e-3}}
questions:
  - {id: z, kind: number, expected: 3 - 2i}
  - {id: w, kind: number, expected: -1-8j}
  - {id: size, kind: number}
  - {id: roots, kind: array, tolerance: {rtol: 1e-3, unordered: true}, expected: [-3 + 3i, -3 - 3i]}
  - {id: matrix, kind: array}
  - {id: ray, kind: array, tolerance: {rtol: 1e-3, proportional: true}}
  - {id: points, kind: iterates, recurrence: {step: step, state: [points]}}
  - {id: limit, kind: number, expected: .inf}
  - {id: table, kind: array, expected: [1, .nan, -.inf]}
  - {id: spectrum, kind: function, call: spectrum(x), cases: [{x: [1, 2, 3, 5]}]}
mistakes:
  - {id: wrong, replaces: w, with: w_wrong, feedback: Look at the sign., credit: 0.5}
"""
REFERENCE = """import numpy as np
def z(a, b): return complex(a, b)
def w(z): return z * (1 - 2j)
def w_wrong(z): return z * (1 + 2j)
def size(w): return abs(w)
def roots(a): return np.roots([1, 2 * a, a * a + 9])
def matrix(z, w): return np.array([[z, w], [np.conj(w), 1]])
def ray(z): return np.array([z, 1j])
def step(x, /, z): return x * z / 4
def points(step):
    found, x = [], 1 + 1j
    for _ in range(4):
        x = step(x)
        found.append(x)
    return np.array(found)
def limit(): return np.inf
def table(): return np.array([1.0, np.nan, -np.inf])
def spectrum(x, /): return np.fft.fft(x)
"""
RIGHT: Mapping[str, Any] = {
    "z": "3 - 2i",
    "w": "-1-8i",
    "size": "8.0623",
    "roots": ("-3 - 3i", "-3+3j"),
    "matrix": (("3-2i", "-1-8i"), ("-1+8i", "1")),
    "ray": ("3-2i", "i"),
    "points": ("1.25+0.25i", "1.0625 - 0.4375i", "0.578125-0.859375i", "0.00390625-0.93359375i"),
    "limit": "∞",
    "table": ("1", "NaN", "-∞"),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = Course(tmp_path_factory.mktemp("complex"), SPEC, REFERENCE)
    assert not made.prepared.key.problems
    return made


def judged(course: Course, **other: Any) -> SubmissionJudged:
    """The answers as they stand in a sheet, and what the function gave."""
    cases = {"spectrum/1": other.pop("spectrum/1", np.fft.fft([1, 2, 3, 5]))}
    sheet = map_leaves({**RIGHT, **other}, lambda text: Typed(text, quoted=False))
    return course.judged({**sheet, **cases}, typed=True)


def marked(course: Course, **other: Any) -> Mapping[str, Outcome]:
    return {outcome.question: outcome for outcome in judged(course, **other).outcomes}


def words(outcome: Outcome) -> str:
    parts = (line for part in outcome.parts for line in part.feedback.student)
    return " ".join([*outcome.feedback.student, *parts])


def test_right_answers_are_right(course: Course) -> None:
    assert {one.verdict for one in marked(course).values()} == {Verdict.CORRECT}


@pytest.mark.parametrize(
    ("answers", "question", "verdict", "said"),
    [
        ({"z": "3 + 2i"}, "z", "incorrect", "complex conjugate"),
        ({"z": "-3 + 2i"}, "z", "incorrect", "wrong sign"),
        ({"z": "6 - 4i"}, "z", "incorrect", "factor of two"),
        ({"z": "3"}, "z", "incorrect", "its i, seems to be lost"),
        ({"z": "1"}, "z", "incorrect", "its i, seems to be lost"),
        ({"z": "-2 + 3i"}, "z", "incorrect", "swapped"),
        ({"z": "3 + 2i", "w": "7 - 4i"}, "w", "follows", "your own answer to z"),
        ({"w": "7 + 4i"}, "w", "partial", "Look at the sign."),
        ({"size": "2i"}, "size", "invalid", "expected a real number, got a complex one: 2i"),
        ({"size": "8.0623+0i"}, "size", "correct", ""),
        ({"roots": ("3 - 3i", "-3 + 3i")}, "roots", "partial", "1 of your 2 is right"),
        ({"ray": ("2+3i", "-1")}, "ray", "correct", ""),
        ({"points": RIGHT["points"][:3]}, "points", "partial", "ends too early"),
        ({"limit": "-inf"}, "limit", "incorrect", "-inf is not right"),
        ({"limit": "5"}, "limit", "incorrect", "5 is not right"),
        ({"table": ("1", "2", "-inf")}, "table", "incorrect", "2 is not right"),
        ({"table": ("nan", "nan", "-inf")}, "table", "invalid", "not a number (nan)"),
        ({"spectrum/1": np.fft.fft([1, 2, 3, 5]).real}, "spectrum", "incorrect", "-2 is not right"),
        ({"spectrum/1": [str(n) for n in np.fft.fft([1, 2, 3, 5])]}, "spectrum", "invalid", "text"),
    ],
)
def test_wrong_answers_are_explained(
    course: Course, answers: Mapping[str, Any], question: str, verdict: str, said: str
) -> None:
    outcome = marked(course, **answers)[question]
    assert outcome.verdict == verdict
    assert said in words(outcome)


def test_rows_follow_from_wrong_rows(course: Course) -> None:
    slipped = ("1.25+0.25i", "1.0625 + 0.4375i", "1.015625-0.203125i", "0.66015625-0.66015625i")
    outcome = marked(course, points=slipped)["points"]
    verdicts = [part.verdict.value for part in outcome.parts]
    assert verdicts == ["correct", "incorrect", "follows", "follows"]


NUMBERS = st.sampled_from(
    ["i", "-i", "0i", "3+2i", "1e300i", "1e308+1e308i", "nan", "∞", "7-4i", "-3", "0", "i/3", "x"]
) | st.complex_numbers(max_magnitude=1e6, allow_nan=False).map(lambda z: f"{z.real}{z.imag:+}i")
ROWS = st.lists(NUMBERS, max_size=4).map(tuple)
ANSWERS = NUMBERS | ROWS | st.tuples(ROWS, ROWS)


@pytest.mark.lengthy
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=some(60))
@given(answers=st.dictionaries(st.sampled_from(sorted(RIGHT)), ANSWERS))
def test_whatever_is_typed_is_judged(course: Course, answers: Mapping[str, Any]) -> None:
    for outcome in judged(course, **answers).outcomes:
        assert outcome.verdict is not Verdict.GRADER_ERROR, outcome.facts
