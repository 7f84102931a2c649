"""Typed numbers and the shapes of plain data."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model.value import MAX_NUMBER_TEXT, NumberText, leaves, map_leaves, shape_of, walk


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("0.410", Fraction(41, 100)),
        (" 1e3\n", Fraction(1000)),
        ("100.", Fraction(100)),
        (".5", Fraction(1, 2)),
        ("-1.5E-2", Fraction(-3, 200)),
        ("+7", Fraction(7)),
        ("\N{MINUS SIGN}2", Fraction(-2)),
        ("3/4", Fraction(3, 4)),
        ("-3 / 4", Fraction(-3, 4)),
        ("007", Fraction(7)),
        ("0/5", Fraction(0)),
        ("1e9999", Fraction(10) ** 9999),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_typed_numbers_are_exact(text: str, exact: Fraction) -> None:
    number = NumberText.parse(text)
    assert number is not None
    assert number.is_finite
    assert number.exact == exact


@pytest.mark.parametrize(
    "text",
    [
        *("", ".", "-", "e5", "1e", "1e10000", "1e-10000", "1_000", "1,5", "0x10", "1 2", "--1"),
        *("1/0", "1/00", "1/2/3", "1.5/2", "\u0663", "\uff11", "½", "1+1", "1j", "True", "None"),
        *("infinity", "1" * (MAX_NUMBER_TEXT + 1), "1\n2", "1e5e5", "nan1", "1\0"),
    ],
)
def test_what_is_no_typed_number_is_none(text: str) -> None:
    assert NumberText.parse(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("inf", math.inf), ("-.inf", -math.inf), ("+Inf", math.inf), (".NaN", math.nan)],
)
def test_numbers_that_are_not_finite_are_read(text: str, value: float) -> None:
    number = NumberText.parse(text)
    assert number is not None
    assert not number.is_finite
    assert number.decimal is None
    assert float(number) == value or math.isnan(value)


@pytest.mark.parametrize(
    ("text", "value"), [("1e400", math.inf), ("-1e400", -math.inf), ("1e-400", 0.0), ("3/4", 0.75)]
)
def test_typed_numbers_become_the_nearest_float(text: str, value: float) -> None:
    assert float(NumberText(text)) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_written_out_is_read_back(number: float) -> None:
    typed = NumberText.parse(repr(number))
    assert typed is not None
    assert float(typed) == number


@given(st.text(max_size=30) | st.text("0123456789.eE+-/ ", max_size=12))
def test_any_text_is_a_number_or_none(text: str) -> None:
    number = NumberText.parse(text)
    if number is not None and number.is_finite:
        beyond_floats = abs(number.exact) >= 10**308
        assert beyond_floats or float(number) == float(number.exact)


DEEP: Any = 1
for _ in range(33):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        pytest.param(1.0, (), id="number"),
        pytest.param(NumberText("1"), (), id="typed"),
        pytest.param("12", (), id="text"),
        pytest.param({}, (), id="dictionary"),
        pytest.param([], (0,), id="empty"),
        pytest.param([[], []], (2, 0), id="empty rows"),
        pytest.param([[1, 2, 3], (4, 5, 6)], (2, 3), id="rows"),
        pytest.param([np.ones(2), [1, 2]], (2, 2), id="arrays in a list"),
        pytest.param(np.ones((2, 1)), (2, 1), id="array"),
        pytest.param(np.float64(1), (), id="numpy number"),
        pytest.param([[1], [1, 2]], None, id="ragged"),
        pytest.param([1, [1]], None, id="ragged in depth"),
        pytest.param([[[1], [1, 2]]], None, id="ragged inside"),
        pytest.param(DEEP[0], (1,) * 32, id="as deep as an array may be"),
        pytest.param(DEEP, None, id="deeper"),
    ],
)
def test_shapes_are_those_of_regular_nested_sequences(
    value: Any, shape: tuple[int, ...] | None
) -> None:
    assert shape_of(value) == shape


def test_everything_inside_is_walked_over() -> None:
    value = [1, (2, {"a": [3]})]
    assert [item for item in walk(value) if isinstance(item, int)] == [1, 2, 3]


def test_leaves_are_what_is_no_container() -> None:
    assert list(leaves([1, (2, {"a": [3]}, [])])) == [1, 2, 3]
    assert list(leaves("ab")) == ["ab"]


class Pair(NamedTuple):
    one: int
    other: int


def test_leaves_are_changed_and_what_holds_them_stays() -> None:
    value = [1, (2, {"a": [3]}), {}, ()]
    assert map_leaves(value, lambda item: 10 * item) == [10, (20, {"a": [30]}), {}, ()]
    assert map_leaves(value, str, tuple) == ("1", ("2", {"a": ("3",)}), {}, ())
    assert map_leaves(value, str, list) == ["1", ["2", {"a": ["3"]}], {}, []]
    assert map_leaves(7, str) == "7"


def test_what_is_derived_from_a_container_is_a_leaf() -> None:
    assert map_leaves([Pair(1, 2)], lambda item: item) == [Pair(1, 2)]
    assert map_leaves([Pair(1, 2)], type) == [Pair]
