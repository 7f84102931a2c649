"""Arguments, or results, in each other's places are told, and cost what any wrong value costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.unit.judge.course import Course

REFERENCE = """
import numpy as np
def slope(x, y, /): return np.array([2 * x + y, x + 12 * y])
def step(t, m, v, /): return m / t, m + v, v * t
def length(x, y, /): return (x * x + y * y) ** 0.5
def one(x, /): return x + 1
"""
SPEC = """
seed: "0f2d6a1c9b7e4f3a8d5c"
questions:
  - id: slope
    kind: function
    call: slope(x, y)
    cases: [{x: 4, y: 1}, {x: 0, y: 0}, {x: -1, y: 3}, {x: 2, y: 5}]
  - id: step
    kind: function
    call: step(t, m, v)
    cases: [{t: 1, m: 2, v: 4}, {t: 2, m: [1, 3], v: [5, 4]}, {t: 3, m: 0, v: 2}]
  - {id: length, kind: function, call: "length(x, y)", cases: [{x: 3, y: 4}, {x: 1, y: 2}]}
  - {id: one, kind: function, call: one(x), cases: [{x: 1}, {x: 2}]}
"""
INPUTS: dict[str, list[tuple[Any, ...]]] = {
    "slope": [(4, 1), (0, 0), (-1, 3), (2, 5)],
    "step": [(1, 2, 4), (2, np.array([1, 3]), np.array([5, 4])), (3, 0, 2)],
    "length": [(3, 4), (1, 2)],
    "one": [(1,), (2,)],
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(tmp_path_factory.mktemp("exchanged"), SPEC, REFERENCE)


def slope(x: Any, y: Any) -> Any:
    return np.array([2 * x + y, x + 12 * y])


def step(t: Any, m: Any, v: Any) -> Any:
    return m / t, m + v, v * t


@pytest.mark.parametrize(
    ("question", "function", "words"),
    [
        pytest.param("slope", lambda x, y: slope(y, x), "with x and y exchanged", id="arguments"),
        pytest.param("slope", lambda x, y: slope(x, y)[::-1], "in another order", id="results"),
        pytest.param(
            "step", lambda t, m, v: step(t, v, m), "with m and v exchanged", id="of three"
        ),
        pytest.param(
            "step", lambda t, m, v: (*step(t, m, v)[1:], m / t), "in another order", id="turned"
        ),
        pytest.param(
            "step",
            lambda t, m, v: step(t, v, m) if np.all(v) and t < 3 else (v, m, float("nan")),
            "with m and v exchanged",
            id="where it is no number nothing is said against it",
        ),
        pytest.param("slope", slope, "", id="right"),
        pytest.param("slope", lambda x, y: slope(x, -y), "", id="a sign"),
        pytest.param("slope", lambda x, y: slope(y, x) + (x == 2), "", id="and another slip"),
        pytest.param("slope", lambda x, y: slope(x, y)[:1], "", id="too few"),
        pytest.param("slope", lambda x, y: {"x": 2 * x + y}, "", id="of another kind"),
        pytest.param("slope", lambda *_: "2x", "", id="a text"),
        pytest.param("length", lambda x, y: x + y, "", id="an order changes nothing"),
        pytest.param("one", lambda x: x, "", id="one argument"),
    ],
)
def test_what_is_exchanged_is_told(
    course: Course, question: str, function: Any, words: str
) -> None:
    gave = {f"{question}/{n}": function(*one) for n, one in enumerate(INPUTS[question], start=1)}
    outcome = course.mark(gave)[question]
    said = " ".join(outcome.feedback.student)
    assert ("exchanged" in said or "another order" in said) is bool(words), said
    assert words in said
    assert (outcome.verdict.value == "correct") is (function is slope)


def test_one_case_is_not_enough(course: Course) -> None:
    right = {f"slope/{n}": slope(*one) for n, one in enumerate(INPUTS["slope"], start=1)}
    said = course.mark({**right, "slope/3": slope(3, -1)})["slope"].feedback.student
    assert "exchanged" not in " ".join(said)
