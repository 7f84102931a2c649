"""One instance, however its givens are written."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.judge.expect.instance import Instances

GIVENS: dict[str, Any] = {
    "x": 3.0,
    "n": 5,
    "v": np.array([1.0, 2.0]),
    "k": np.array([1, 2]),
    "word": "on",
    "flag": True,
    "mixed": ["a", [1.0, "b"], {"rate": 0.5}],
    "half": np.float32(0.5),
}
NAN = float("nan")

SAME = [
    ("x", 4, 4.0),
    ("x", 4.0, np.float64(4)),
    ("x", 4.0, np.array(4.0)),
    ("x", 4.0, np.array(4)),
    ("x", 4, np.int8(4)),
    ("x", 4, np.float32(4)),
    ("x", 2**70, float(2**70)),
    ("x", NAN, np.float64("nan")),
    ("x", NAN, -NAN),
    ("x", [1, 2], np.array([1.0, 2.0])),
    ("x", (1, 2), [1.0, 2]),
    ("n", 4, 4.0),
    ("n", 4.5, np.float64(4.5)),
    ("v", [3, 4], np.array([3.0, 4.0])),
    ("v", [3, NAN], np.array([3.0, NAN])),
    ("v", np.array([[3, 4]]), [[3.0, 4.0]]),
    ("k", np.array([3.0, 4.0]), [3, 4]),
    ("word", 3, 3.0),
    ("word", [1, 2], np.array([1.0, 2.0])),
    ("flag", False, np.bool_(False)),
    ("mixed", ["a", [2, "b"], {"rate": 1}], ["a", [2.0, "b"], {"rate": np.float64(1)}]),
    ("half", 0.25, np.float32(0.25)),
    ("other", 3, 3.0),
]
DIFFERENT = [
    ("x", 4, 4.0000001),
    ("x", True, 1),
    ("x", 0.0, -0.0),
    ("x", 1, "1"),
    ("x", 1.0, [1.0]),
    ("x", 2**53, 2**53 + 1),
    ("x", 10**400, 10**401),
    ("n", 0, -0.0),
    ("v", [1.0, 0.0], [1.0, -0.0]),
    ("v", [1.0, 2.0], [[1.0, 2.0]]),
    ("flag", True, 1),
    ("word", "on", "off"),
    ("mixed", ["a", [1.0, "b"]], ["a", [1.0, "c"]]),
    ("half", 0.1, np.float32(0.1)),
]


@pytest.fixture
def instances() -> Instances:
    return Instances(GIVENS, drawn=("x", "v"))


@pytest.mark.parametrize(("name", "one", "other"), SAME)
def test_equal_values_are_one_instance_and_give_the_reference_the_same(
    instances: Instances, name: str, one: Any, other: Any
) -> None:
    first, second = instances({name: one}), instances({name: other})
    assert first == second
    assert hash(first) == hash(second)
    assert first != instances({})
    here, there = first.givens[name], second.givens[name]
    assert type(here) is type(there)
    assert repr(here) == repr(there)
    assert {**first.givens, name: 0} == {**GIVENS, name: 0}


@pytest.mark.parametrize(("name", "one", "other"), DIFFERENT)
def test_other_values_are_other_instances(
    instances: Instances, name: str, one: Any, other: Any
) -> None:
    assert instances({name: one}) != instances({name: other})


@pytest.mark.parametrize(
    "at",
    [
        {},
        {"x": 3},
        {"x": 3.0},
        {"x": np.array(3)},
        {"n": 5.0},
        {"v": [1, 2]},
        {"k": np.array([1.0, 2.0]), "x": np.float64(3)},
        {"word": "on", "flag": np.True_},
        {"mixed": ["a", [1, "b"], {"rate": 0.5}]},
        {"half": 0.5},
    ],
    ids=str,
)
def test_the_givens_own_values_are_the_base_instance(
    instances: Instances, at: dict[str, Any]
) -> None:
    here = instances(at)
    assert here == instances({})
    assert all(here.givens[name] is value for name, value in GIVENS.items())


@pytest.mark.parametrize(
    ("name", "value", "given"),
    [
        ("x", 4, "4.0"),
        ("n", 4.0, "4"),
        ("n", 4.5, "4.5"),
        ("n", np.int64(4), "4"),
        ("x", 2**53 + 1, "9007199254740993"),
        ("v", [3, 4], "array([3., 4.])"),
        ("k", np.array([3.0, 4.0]), "array([3, 4])"),
        ("k", np.array([3.5, 4.0]), "array([3.5, 4. ])"),
        ("half", 0.25, "np.float32(0.25)"),
        ("flag", 1, "1.0"),
    ],
)
def test_a_value_takes_the_type_of_the_given_where_that_loses_nothing(
    instances: Instances, name: str, value: Any, given: str
) -> None:
    assert repr(instances({name: value}).givens[name]) == given


def test_what_is_said_in_another_order_is_the_same(instances: Instances) -> None:
    assert instances({"x": 1, "n": 2}) == instances({"n": 2.0, "x": 1.0})
    assert hash(instances({"x": 1, "n": 2})) == hash(instances({"n": 2, "x": 1}))


def test_an_instance_is_taken_as_it_is(instances: Instances) -> None:
    here = instances({"x": 1})
    assert instances(here) is here


def test_a_given_that_is_named_is_held_fast_in_formulas(instances: Instances) -> None:
    """Also where it repeats the given: without it the given would be drawn."""
    free, held = instances({"n": 5}), instances({"x": 3})
    assert free == held
    assert free.of_formulas == instances({}).of_formulas
    assert held.of_formulas != free.of_formulas
    assert held.of_formulas == instances({"x": 3.0}).of_formulas


def test_some_givens_may_agree_where_others_do_not(instances: Instances) -> None:
    one, other = instances({"x": 4, "n": 6}), instances({"x": 4.0, "v": [5, 6]})
    assert one.agrees(other, {"x", "word"})
    assert not one.agrees(other, {"x", "n"})
    assert not one.agrees(other, {"v"})
    assert one.agrees(instances({"n": 6}), {"n"})
