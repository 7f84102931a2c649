"""A place measures what marking decides: at most one tolerance off is accepted, more is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.audit.places import Measured, places, same
from grader.compare.nested import compare_value
from grader.model.assignment import FunctionQuestion
from grader.model.value import Value
from tests.unit.judge.course import Course

SPEC = """
questions:
  - id: f
    kind: function
    call: f(x)
    cases: [{x: 3}]
    tolerance: {rtol: 1.0e-3, atol: 1.0e-2}
    tolerances: {"[1].m": {atol: 0.5}}
"""
SOURCE = "def f(x, /):\n    return 1.0 * x, {'m': 2.0 * x, 'n': [x * 1.0, 0.25]}\n"

numbers = st.floats(-100, 100).filter(lambda x: x == 0 or abs(x) > 1e-3)
moves = st.floats(-1, 1)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    folder: Path = tmp_path_factory.mktemp("course")
    prepared = Course(folder, SPEC, SOURCE).prepared
    (only,) = places(prepared.assignment, prepared.key)
    return only


def accepted(place: Measured, value: Value) -> bool:
    question = place.question
    assert isinstance(question, FunctionQuestion)
    return compare_value(
        actual=value,
        expected=place.right,
        tolerance=question.tolerance,
        tolerances=question.tolerances,
    ).accepted


@given(right=st.tuples(numbers, numbers, numbers, numbers), off=st.tuples(moves, moves, moves))
def test_one_tolerance_is_the_line_between_accepted_and_refused(
    place: Measured, right: tuple[float, ...], off: tuple[float, ...]
) -> None:
    a, m, n, k = right
    here = replace(place, right=(a, {"m": m, "n": [n, k]}))
    value = (a + off[0] / 50, {"m": m + off[1], "n": [n + off[2] / 50, k]})
    apart = here.apart(value)
    if abs(apart - 1) > 1e-9:
        assert accepted(here, value) is (apart < 1)


@pytest.mark.parametrize(
    "value",
    [
        (3.0, {"m": 6.0}),
        (3.0, {"m": 6.0, "n": [3.0]}),
        3.0,
        (3.0, {"m": "six", "n": [3.0, 0.25]}),
        (float("nan"), {"m": 6.0, "n": [3.0, 0.25]}),
    ],
)
def test_another_form_is_infinitely_far(place: Measured, value: Value) -> None:
    assert place.apart(value) == float("inf")
    assert not accepted(place, value)


def test_a_tolerance_of_a_part_counts_for_that_part(place: Measured) -> None:
    assert place.apart((3.0, {"m": 6.25, "n": [3.0, 0.25]})) == pytest.approx(0.5)
    assert place.apart((3.25, {"m": 6.0, "n": [3.0, 0.25]})) == pytest.approx(25)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (0.1 + 0.2, 0.3, True),
        (1.0, 1.0 + 1e-9, False),
        (np.array([1e6, 1e-9]), np.array([1e6, 0.0]), True),  # noise beside the largest entry
        (np.array([1.0, np.nan]), np.array([1.0, np.nan]), True),
        (np.zeros(2), np.zeros((1, 2)), False),
        ({"a": 1.0}, {"b": 1.0}, False),
        ("stuck", "stuck", True),
        ("stuck", "escapes", False),
        (True, False, False),
    ],
)
def test_what_counts_as_the_same(one: Value, other: Value, equal: bool) -> None:
    assert same(one, other) is equal
