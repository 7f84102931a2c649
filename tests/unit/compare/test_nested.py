"""Results that are tuples, lists and dictionaries: part by part, with the path to what differs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.compare.comparison import Comparison
from grader.compare.nested import compare_value
from grader.model.fact_marking import Path
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText, Opaque
from grader.model.verdict import Reason, Verdict
from tests.unit.judge.read import of_comparison

TIGHT = Tolerance.from_spec({"rtol": 1e-6})
LOOSE = Tolerance.from_spec({"atol": 1.0})


def judge(actual: Any, expected: Any) -> Comparison:
    return compare_value(actual=actual, expected=expected, tolerance=TIGHT)


KEY: Any = (
    np.array([1.0, 2.0]),
    {"m": [0.5, 0.25], "t": 3, "name": "adam", "on": True, "prev": None},
)


def answer(**changes: Any) -> Any:
    return (np.array([1.0, 2.0]), {**KEY[1], **changes})


def test_the_same_values_in_other_containers_pass() -> None:
    actual = [[1, 2.0], {**KEY[1], "m": (0.5, np.float32(0.25)), "on": np.True_}]
    assert judge(actual, KEY).accepted


def test_keys_besides_the_expected_ones_are_allowed() -> None:
    assert judge(answer(cache=object()), KEY).accepted


@pytest.mark.parametrize(
    ("actual", "reason", "path"),
    [
        pytest.param(
            answer(m=[0.5, 0.26]), Reason.WRONG_VALUE, (1, "m", (1,)), id="a number inside"
        ),
        pytest.param(answer(m=[0.5]), Reason.WRONG_SHAPE, (1, "m"), id="a shape inside"),
        pytest.param(answer(t="3"), Reason.NUMBER_AS_TEXT, (1, "t"), id="a text for a number"),
        pytest.param(answer(t=True), Reason.BOOLEAN, (1, "t"), id="a boolean for a number"),
        pytest.param(answer(name="sgd"), Reason.WRONG_VALUE, (1, "name"), id="a text"),
        pytest.param(answer(name=1), Reason.WRONG_TYPE, (1, "name"), id="a number for a text"),
        pytest.param(answer(on=1), Reason.WRONG_TYPE, (1, "on"), id="a number for a boolean"),
        pytest.param(answer(prev=0), Reason.WRONG_TYPE, (1, "prev"), id="a number for None"),
        pytest.param(
            answer(m=Opaque(type_name="generator")), Reason.NOT_PLAIN_DATA, (1, "m"), id="opaque"
        ),
        pytest.param((KEY[0], {"m": [0.5, 0.25]}), Reason.KEY_MISSING, (1,), id="keys missing"),
        pytest.param((KEY[0], [1]), Reason.NOT_A_MAPPING, (1,), id="a list for a dictionary"),
        pytest.param((KEY[0],), Reason.WRONG_LENGTH, (), id="too short"),
        pytest.param((*KEY, 1), Reason.WRONG_LENGTH, (), id="too long"),
        pytest.param(3.0, Reason.NOT_A_LIST, (), id="a number for a tuple"),
        pytest.param(np.array(3.0), Reason.NOT_A_LIST, (), id="0-d for a tuple"),
        pytest.param("ab", Reason.NOT_A_LIST, (), id="a text for a tuple"),
        pytest.param({0: 1, 1: 2}, Reason.NOT_A_LIST, (), id="a dictionary for a tuple"),
        pytest.param(np.array(KEY, dtype=object), Reason.OBJECT_ARRAY, (), id="an object array"),
    ],
)
def test_the_place_that_differs_is_named(actual: Any, reason: Reason, path: Path) -> None:
    comparison = judge(actual, KEY)
    assert (comparison.reason, comparison.path) == (reason, path)
    assert not comparison.accepted
    assert comparison.credit == 0


def test_the_worst_part_speaks_not_the_first() -> None:
    tolerance = Tolerance.from_spec({"decimals": 2})
    actual = {"a": NumberText("0.4"), "b": NumberText("7.00"), "c": "x"}
    expected = {"a": 0.41, "b": 0.5, "c": 1.0}
    for keys, verdict in (
        ("abc", Verdict.INVALID),
        ("ab", Verdict.INCORRECT),
        ("a", Verdict.IMPRECISE),
    ):
        wanted = {key: expected[key] for key in keys}
        comparison = compare_value(actual=actual, expected=wanted, tolerance=tolerance)
        assert (comparison.verdict, comparison.path) == (verdict, (keys[-1],))


def test_parts_of_a_tuple_have_their_own_scale() -> None:
    """A weight of a million must not excuse a loss that is twice as large as it should be."""
    assert judge((1e6, 0.002), (1e6, 0.001)).path == (1,)
    assert judge(
        [np.full(2, 1e6), np.full(2, 0.002)], [np.full(2, 1e6), np.full(2, 1e-3)]
    ).path == (1, (0,))


def test_a_list_of_numbers_is_one_array() -> None:
    assert judge([1e6, 1e-4], [1e6, 0.0]).accepted


def test_arrays_of_different_shapes_are_compared_one_by_one() -> None:
    key = (np.ones((2, 3)), np.ones(3), 1.0)
    assert judge(key, key).accepted
    assert judge((key[0], key[1] + 1, 1.0), key).path == (1, (0,))
    assert judge((key[0], key[1][:, None], 1.0), key).reason is Reason.WRONG_SHAPE
    assert judge([[1.0], [1.0, 2.0]], [[1.0], [1.0, 2.0]]).accepted


@pytest.mark.parametrize(
    ("actual", "reason"),
    [
        pytest.param(np.array([True, False]), None, id="equal"),
        pytest.param([True, False], None, id="as a list"),
        pytest.param(np.array([True, True]), Reason.WRONG_VALUE, id="different"),
        pytest.param(np.array([1, 0]), Reason.WRONG_TYPE, id="numbers"),
        pytest.param([1, 0], Reason.WRONG_TYPE, id="a list of numbers"),
        pytest.param(np.array([[True], [False]]), Reason.WRONG_SHAPE, id="a column"),
        pytest.param(np.array([True]), Reason.WRONG_SHAPE, id="one that would broadcast"),
        pytest.param(True, Reason.WRONG_TYPE, id="a single one"),
        pytest.param([], Reason.WRONG_TYPE, id="empty"),
    ],
)
def test_a_mask_of_booleans_is_compared_entry_by_entry(actual: Any, reason: Reason | None) -> None:
    assert judge(actual, np.array([True, False])).reason is reason


def test_a_nested_list_without_end_is_no_mask() -> None:
    deep: list[Any] = []
    for _ in range(50_000):
        deep = [deep]
    assert judge(deep, np.array([True])).reason is Reason.WRONG_TYPE


# -- tolerances by path --------------------------------------------------------------------------

RESULT: Any = ([1.0, 2.0], {"m": np.array([3.0, 4.0]), "deep": {"v": 5.0}})


@pytest.mark.parametrize(
    ("path", "actual"),
    [
        pytest.param("[0]", ([1.5, 2.0], RESULT[1]), id="an element"),
        pytest.param("[0][1]", ([1.0, 2.5], RESULT[1]), id="an entry of a list"),
        pytest.param("[1].m[0]", (RESULT[0], {**RESULT[1], "m": [3.5, 4]}), id="of an array"),
        pytest.param("[1].m", (RESULT[0], {**RESULT[1], "m": [3.5, 4.5]}), id="a key"),
        pytest.param("[1].deep.v", (RESULT[0], {**RESULT[1], "deep": {"v": 5.5}}), id="deep"),
        pytest.param("[1]", (RESULT[0], {"m": [3, 4.5], "deep": {"v": 5.5}}), id="all below"),
    ],
)
def test_a_tolerance_holds_at_its_path_and_below_and_nowhere_else(path: str, actual: Any) -> None:
    assert not judge(actual, RESULT).accepted
    assert compare_value(
        actual=actual, expected=RESULT, tolerance=TIGHT, tolerances={path: LOOSE}
    ).accepted
    other = "[1]" if path.startswith("[0]") else "[0]"
    assert not compare_value(
        actual=actual, expected=RESULT, tolerance=TIGHT, tolerances={other: LOOSE}
    ).accepted


def test_the_nearest_tolerance_wins() -> None:
    actual = (RESULT[0], {"m": [3, 4.5], "deep": {"v": 5.5}})
    comparison = compare_value(
        actual=actual,
        expected=RESULT,
        tolerance=TIGHT,
        tolerances={"[1]": LOOSE, "[1].deep": TIGHT},
    )
    assert comparison.path == (1, "deep", "v")


@pytest.mark.parametrize(
    "actual",
    [
        pytest.param((np.zeros(3), {"x": 1.0}), id="a result and a cache"),
        pytest.param((np.zeros(3), np.zeros(2)), id="two arrays"),
        pytest.param((np.zeros(3), None), id="a result and None"),
    ],
)
def test_several_results_are_no_array(actual: Any) -> None:
    comparison = compare_value(
        actual=actual, expected=np.zeros(3), tolerance=Tolerance.from_spec({"atol": 0.1})
    )
    assert comparison.reason is Reason.NOT_AN_ARRAY
    assert comparison.detail.length == 2
    assert "got a tuple of 2" in of_comparison(comparison).student[0]


def test_a_tuple_of_rows_is_an_array() -> None:
    rows = (np.zeros(3), np.zeros(3))
    tolerance = Tolerance.from_spec({"atol": 0.1})
    assert compare_value(actual=rows, expected=np.zeros((2, 3)), tolerance=tolerance).accepted
