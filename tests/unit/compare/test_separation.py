"""How many tolerances lie between two values: at most one exactly where `compare` accepts."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader import Tolerance, compare
from grader.compare.separation import tolerances_apart
from grader.model.value import NumberText, Opaque


def apart(actual: Any, other: Any, **tolerance: Any) -> float:
    return tolerances_apart(actual, other, Tolerance.from_spec(tolerance))


def typed(text: str) -> NumberText:
    number = NumberText.parse(text)
    assert number is not None
    return number


@pytest.mark.parametrize(
    ("actual", "other", "tolerance", "count"),
    [
        pytest.param(1.5, 1.0, {"atol": 0.25}, 2.0, id="atol"),
        pytest.param(12.0, 10.0, {"rtol": 0.1}, 2.0, id="rtol"),
        pytest.param(10.0, 12.0, {"rtol": 0.1}, 2 / 1.2, id="rtol of the other"),
        pytest.param(12.0, 10.0, {"rtol": 0.1, "atol": 4}, 0.5, id="the larger bound"),
        pytest.param(np.float64(12), np.float64(10), {"rtol": 0.1}, 2.0, id="numpy's doubles"),
        pytest.param(12, 10, {"rtol": 0.1}, 2.0, id="whole numbers"),
        pytest.param(0.425, 0.41, {"decimals": 2}, 3.0, id="decimals"),
        pytest.param(1240.0, 1230.0, {"sigfigs": 3}, 2.0, id="sigfigs"),
        pytest.param(9.9, 10.0, {"sigfigs": 2}, 2.0, id="sigfigs below a power of ten"),
        pytest.param(1000.0, 999.0, {"sigfigs": 3}, 2.0, id="sigfigs at a power of ten"),
        pytest.param(999.0, 1000 - 2e-13, {"sigfigs": 3}, 2.0, id="a hair below it"),
        pytest.param(1.0, 0.0, {"sigfigs": 3}, math.inf, id="sigfigs of zero"),
        pytest.param(0.0, 5.0, {"sigfigs": 1}, 10.0, id="sigfigs of zero beside five"),
        pytest.param(1 + 8 * 2.0**-52, 1.0, {"ulp": 4}, 2.0, id="ulp"),
        pytest.param(1 + 2.0**-21, 1.0, {"ulp": 2, "dtype": "float32"}, 2.0, id="ulp of float32"),
        pytest.param(0.42, typed("0.41"), {"published": True}, 2.0, id="published"),
        pytest.param(0.411, 0.41, {"published": True}, math.inf, id="published, but not typed"),
        pytest.param(5.0, 1.0, {"interval": [0, 2]}, 4.0, id="interval"),
        pytest.param(0.0, 5.0, {"interval": [0, 2]}, 1.0, id="the end of an interval"),
        pytest.param(1.0, 1.0, {"exact": True}, 0.0, id="exact"),
        pytest.param(1.0, 1.5, {"exact": True}, math.inf, id="exact, not equal"),
        pytest.param(2**60, 2**60 + 1, {"exact": True}, math.inf, id="exact beyond floats"),
        pytest.param(2**60, 2**60, {"exact": True}, 0.0, id="equal beyond floats"),
        pytest.param(2**60 + 3, 2**60, {"atol": 2}, 1.5, id="atol beyond floats"),
        pytest.param(typed("0.1"), 0.1, {"exact": True}, 0.0, id="typed and computed"),
        pytest.param([1.0, 9.0], [1.0, 10.0], {"atol": 0.5}, 2.0, id="the worst entry"),
        pytest.param([0.1, 3.0], [0.0, 3.0], {"rtol": 1}, 0.1 / (0.03 / 2**0.5), id="floor"),
        pytest.param([0.1, 3], [0.0, 3.0], {"rtol": 1, "scale": "max"}, 0.1 / 3, id="max"),
        pytest.param([0.1, 3], [0, 3], {"rtol": 1, "scale": "entry"}, math.inf, id="entry"),
        pytest.param([3.0, 4.0], [0.0, 0.0], {"atol": 2, "norm": 2}, 2.5, id="norm 2"),
        pytest.param([3.0, 4.0], [0.0, 0.0], {"atol": 2, "norm": 1}, 3.5, id="norm 1"),
        pytest.param([3.0, 4.0], [3.0, 4.0], {"rtol": 0, "norm": 1}, 0.0, id="norm of nothing"),
        pytest.param([3, 1.5], [1, 2], {"atol": 1, "unordered": True}, 1.0, id="any order"),
        pytest.param([[3, 1]], [[1, 3]], {"atol": 1, "unordered": True}, 2.0, id="rows"),
        pytest.param([2.0, -1], [-1.5, 1], {"atol": 1, "up_to_sign": True}, 0.5, id="sign"),
        pytest.param([2.0, 4], [1, 2], {"atol": 1, "proportional": True}, 0.0, id="multiple"),
        pytest.param([0.0, 0], [1, 2], {"atol": 1, "proportional": True}, math.inf, id="zeros"),
        pytest.param([1.0, 2], [0, 0], {"atol": 1, "proportional": True}, math.inf, id="of zeros"),
        pytest.param(1.0, 2.0, {"atol": 1, "proportional": True}, math.inf, id="of a number"),
        pytest.param([2.0, -1], [1, 2], {"atol": 1, "proportional": True}, math.inf, id="across"),
    ],
)
def test_the_worst_difference_is_counted_in_bounds(
    actual: Any, other: Any, tolerance: dict[str, Any], count: float
) -> None:
    assert apart(actual, other, **tolerance) == pytest.approx(count, rel=1e-9)
    if isinstance(other, list):
        assert apart(np.array(actual), np.array(other), **tolerance) == pytest.approx(count)


TYPED = [typed("0.1"), typed("0.2")]


@pytest.mark.parametrize(
    ("actual", "other", "tolerance", "count"),
    [
        pytest.param(np.array([0.1, 0.2]), TYPED, {"atol": 0}, 0.0, id="an array, typed, atol 0"),
        pytest.param(TYPED, np.array([0.1, 0.2]), {"atol": 0}, 0.0, id="typed, an array, atol 0"),
        pytest.param(TYPED, TYPED, {"atol": 0}, 0.0, id="typed, typed, atol 0"),
        pytest.param(np.array([0.1, 0.3]), TYPED, {"atol": 0}, math.inf, id="not equal, atol 0"),
        pytest.param(
            [typed("0.1"), typed("0.20000000000000000001")],
            TYPED,
            {"atol": 0},
            math.inf,
            id="typed, not equal, atol 0",
        ),
        pytest.param(
            [typed("3.255"), typed("0.55")],
            [typed("3.25"), typed("0.5")],
            {"published": True},
            1.0,
            id="published with different digits",
        ),
        pytest.param(
            [typed("3.3"), typed("0.5")],
            [typed("3.25"), typed("0.5")],
            {"published": True},
            10.0,
            id="published, off at the finer one",
        ),
    ],
)
def test_typed_numbers_are_counted_beside_others(
    actual: Any, other: Any, tolerance: dict[str, Any], count: float
) -> None:
    """A number that was computed is equal to the text of which it is the nearest float."""
    assert apart(actual, other, **tolerance) == pytest.approx(count)


@pytest.mark.parametrize(
    ("actual", "other"),
    [
        pytest.param([1.0], 1.0, id="a list for a number"),
        pytest.param(1.0, [1.0], id="a number for a list"),
        pytest.param(np.ones((2, 1)), np.ones(2), id="a column"),
        pytest.param(np.ones((2, 3)), np.ones((3, 2)), id="another shape"),
        pytest.param([1.0, 2.0], [1.0, 2.0, 3.0], id="too short"),
        pytest.param([[1.0], [1.0, 2.0]], np.ones((2, 2)), id="ragged"),
        pytest.param(math.nan, 1.0, id="nan"),
        pytest.param(math.nan, math.nan, id="nan twice"),
        pytest.param(1.0, math.nan, id="nan expected"),
        pytest.param(math.inf, 1.0, id="infinity"),
        pytest.param(-math.inf, math.inf, id="the other infinity"),
        pytest.param([1.0, math.nan], [1.0, 1.0], id="nan inside"),
        pytest.param([1.0, math.inf], [1.0, -math.inf], id="the other infinity inside"),
        pytest.param(True, 1.0, id="a boolean"),
        pytest.param([True], [1.0], id="a boolean inside"),
        pytest.param("1", 1.0, id="a text"),
        pytest.param(None, 1.0, id="None"),
        pytest.param(1j, 1.0, id="complex"),
        pytest.param(Opaque(type_name="set"), 1.0, id="opaque"),
        pytest.param(np.array([1.0, 2.0], dtype=object), [1.0, 2.0], id="objects"),
        pytest.param(1.0, "word", id="a number for a text"),
        pytest.param("other", "word", id="another text"),
        pytest.param(1, True, id="a number for a boolean"),
        pytest.param(np.array([True, True]), np.array([True, False]), id="another mask"),
        pytest.param(np.array([1, 0]), np.array([True, False]), id="numbers for a mask"),
        pytest.param([1.0], {"a": 1.0}, id="a list for a dictionary"),
        pytest.param({"b": 1.0}, {"a": 1.0}, id="another key"),
        pytest.param((1.0,), (1.0, 2.0), id="a shorter tuple"),
        pytest.param(1.0, (1.0,), id="a number for a tuple"),
        pytest.param(np.array(1.0), (1.0,), id="0-d for a tuple"),
        pytest.param(10**400, 1.0, id="beyond all floats"),
    ],
)
def test_what_cannot_be_compared_is_infinitely_far(actual: Any, other: Any) -> None:
    for tolerance in ({"atol": 1e6}, {"rtol": 1.0}, {"decimals": 0}):
        assert apart(actual, other, **tolerance) == math.inf


VALUES: list[Any] = [
    *(0.0, -1.5, 3, 10**400, math.inf, np.float32(0.1), typed("0.410"), True, None, "word"),
    np.array([0.0, 1.0]),
    np.array([math.inf, 1.0]),
    np.eye(3),
    np.zeros((0, 3)),
    np.array([True, False]),
    [],
    [1.0, 2.0],
    (1.0, np.ones(2)),
    [[1.0], [1.0, 2.0]],
    {"m": np.ones(2), "t": 3, "deep": (1.0, None)},
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize(
    "tolerance",
    [{"atol": 0.0}, {"rtol": 1e-6}, {"exact": True}, {"sigfigs": 3}, {"interval": [8, 9]}],
    ids=str,
)
def test_nothing_lies_between_a_value_and_itself(value: Any, tolerance: dict[str, Any]) -> None:
    assert apart(value, value, **tolerance) == 0.0


def test_the_worst_part_of_a_result_counts() -> None:
    key = (np.array([1.0, 2.0]), {"m": [3.0, 4.0], "name": "adam"})
    near = (np.array([1.0, 2.1]), {"m": (3.0, 4.3), "name": "adam", "more": 1})
    assert apart(near, key, atol=0.1) == pytest.approx(3.0)
    assert apart([near[0], near[1]], key, atol=0.1) == pytest.approx(3.0)
    assert apart((near[0], {**near[1], "name": "sgd"}), key, atol=0.1) == math.inf


def test_more_than_can_be_paired_is_infinitely_far() -> None:
    key = np.arange(201.0)
    assert apart(key, key, atol=1, unordered=True) == math.inf


NUMBERS = st.floats(-50, 50).map(lambda x: round(x, 3))
NOISE = st.integers(-6000, 6000).map(lambda x: x / 10_000)  # far above any allowance for rounding
ARRAYS = st.lists(NUMBERS, min_size=1, max_size=5)
PLAIN = st.sampled_from(
    [
        {"atol": 0.5},
        {"rtol": 0.05},
        {"rtol": 0.05, "scale": "entry"},
        {"rtol": 0.05, "scale": "rms"},
        {"rtol": 0.05, "scale": "max"},
        {"rtol": 0.01, "atol": 0.3},
        {"decimals": 0},
        {"sigfigs": 2},
        {"interval": [-20, 20]},
    ]
)
WHOLE = st.sampled_from(
    [
        {"atol": 0.5, "norm": 1},
        {"rtol": 0.05, "norm": 2},
        {"rtol": 0.05, "atol": 0.5, "norm": "inf"},
        {"atol": 0.5, "unordered": True},
        {"rtol": 0.05, "unordered": True},
        {"sigfigs": 2, "unordered": True},
        {"atol": 0.5, "up_to_sign": True},
        {"rtol": 0.05, "norm": 2, "up_to_sign": True},
        {"rtol": 0.05, "proportional": True},
        {"rtol": 0.05, "norm": 2, "proportional": True},
    ]
)


@pytest.mark.lengthy
@given(st.data(), PLAIN | WHOLE, ARRAYS, st.booleans())
def test_at_most_one_tolerance_lies_between_exactly_where_compare_accepts(
    data: st.DataObject, mode: dict[str, Any], key: list[float], scalar: bool
) -> None:
    actual: Any = [
        data.draw(st.sampled_from([1.0, 1.0, -1.0])) * number + data.draw(NOISE) for number in key
    ]
    other: Any = key
    # A value equals itself, also where an interval would refuse it (which S204 is for).
    assume("interval" not in mode or max(map(abs, key)) <= 20)
    tolerance = Tolerance.from_spec(mode)
    if scalar and not tolerance.proportional:
        actual, other = actual[0], other[0]
    elif tolerance.proportional and not any(key):
        return
    count = tolerances_apart(actual, other, tolerance)
    assert count >= 0.0
    if not 1 - 1e-9 < count < 1 + 1e-9:
        accepted = compare(actual=actual, expected=other, tolerance=tolerance).accepted
        assert accepted is (count < 1)


@given(ARRAYS, st.randoms(use_true_random=False), st.lists(NUMBERS, min_size=5, max_size=5))
def test_in_any_order_the_best_pairing_counts(
    key: list[float], order: Any, noise: list[float]
) -> None:
    actual = [number + noise[i] / 50 for i, number in enumerate(key)]
    order.shuffle(actual)
    best = min(
        max(abs(a - e) / 0.25 for a, e in zip(one, key, strict=True))
        for one in itertools.permutations(actual)
    )
    assert apart(actual, key, atol=0.25, unordered=True) == pytest.approx(best)
