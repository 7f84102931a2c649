"""The distance of an answer in tolerances says what comparing says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.compare.array import compare_array
from grader.compare.nearness import FARTHEST, NEAREST, distance_of
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText
from tests.some import some

TOLERANCES = (
    {"atol": 0.5},
    {"rtol": 0.1},
    {"rtol": 0.1, "atol": 0.3},
    {"rtol": 0.1, "scale": "max"},
    {"decimals": 1},
    {"sigfigs": 2},
)


def distance(actual: Any, expected: Any, **tolerance: Any) -> float | None:
    return distance_of(actual, expected, Tolerance.from_spec(tolerance))


def test_by_hand() -> None:
    assert distance(1.58, 1.5, atol=0.1) == pytest.approx(0.8)
    assert distance(NumberText("1.61"), 1.5, atol=0.1) == pytest.approx(1.1)
    assert distance([1.0, 2.2], [1.0, 2.0], atol=0.1) == pytest.approx(2)
    assert distance(np.array([[3.0, 4.0]]), [[3.0, 4.4]], atol=1) == pytest.approx(0.4)
    assert distance(np.arange(9.0), np.arange(9.0) + 0.05, atol=0.1) == pytest.approx(0.5)
    assert distance(NumberText("3.1"), 3.14, decimals=1) == pytest.approx(0.8)
    assert distance(NumberText("3.1"), NumberText("3.12"), published=True) == pytest.approx(4)


def test_nothing_is_said_of_what_is_near_far_or_no_such_number() -> None:
    assert distance(1.5, 1.5, atol=0.1) is None
    assert distance(1.5 + 1e-6, 1.5, atol=0.1) is None
    assert distance(9, 1.5, atol=0.1) is None
    assert distance(float("nan"), 1.5, atol=0.1) is None
    assert distance(1.5, float("inf"), atol=0.1) is None
    assert distance("1.5", 1.5, atol=0.1) is None
    assert distance(1.55 + 0j, 1.5, atol=0.1) is None
    assert distance([1.55], [1.5, 1.5], atol=0.1) is None
    assert distance({"a": 1.55}, {"a": 1.5}, atol=0.1) is None
    assert distance(1.55, 1.5, exact=True) is None
    assert distance(1.55, 1.5, interval=[1, 2]) is None
    assert distance([1.55], [1.5], atol=0.1, norm=2) is None
    assert distance([], [], atol=0.1) is None


def test_what_is_just_wrong_is_never_rounded_to_right() -> None:
    found = distance(1.6000000001, 1.5, atol=0.1)
    assert found is not None
    assert found > 1


@settings(max_examples=some(120))
@given(
    st.sampled_from(TOLERANCES),
    st.lists(st.tuples(st.floats(-9, 9), st.floats(-1, 1)), min_size=1, max_size=9),
)
def test_at_most_one_is_right(tolerance: dict[str, Any], pairs: list[tuple[float, float]]) -> None:
    expected = [key for key, _ in pairs]
    actual = [key + off for key, off in pairs]
    rule = Tolerance.from_spec(tolerance)
    found = distance_of(actual, expected, rule)
    if found is None or abs(found - 1) < 1e-3 or ("sigfigs" in tolerance and len(pairs) > 5):
        return
    assert NEAREST <= found <= FARTHEST
    accepted = compare_array(actual=actual, expected=expected, tolerance=rule).accepted
    assert accepted is (found <= 1)


def test_a_number_beside_an_array_is_no_distance() -> None:
    one, two = Tolerance.from_spec({"rtol": 0.1}), np.array([1.0, 2.0])
    assert distance_of(1.0, two, one) is None
    assert distance_of(two, 1.0, one) is None
