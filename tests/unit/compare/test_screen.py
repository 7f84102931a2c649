"""Floating point decides early, but never otherwise than exact arithmetic would."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from importlib import import_module
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.compare.array import compare_array
from grader.compare.comparison import Comparison
from grader.compare.screen import beyond_doubt, bounds, plainly_right
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText
from tests.some import some


@contextmanager
def everything_exact() -> Iterator[None]:
    """Comparisons in which floating point decides nothing."""

    def undecided(*_: Any) -> None:
        return None

    def all_undecided(_: Tolerance, sizes: Sequence[float]) -> list[None]:
        return [None for _ in sizes]

    elements = import_module("grader.compare.elements")
    with (
        patch.object(import_module("grader.compare.number"), "beyond_doubt", undecided),
        patch.object(elements, "bounds", undecided),
        patch.object(elements, "plain_bounds", all_undecided),
        patch.object(elements, "plainly_right", undecided),
        patch.object(import_module("grader.compare.unordered"), "bounds", undecided),
    ):
        yield


def fields(comparison: Comparison) -> tuple[Any, ...]:
    return tuple(
        repr(getattr(comparison, name)).replace("np.float64", "")
        for name in (
            *("verdict", "reason", "credit", "path", "actual", "expected"),
            *("difference", "allowed", "wrong", "total", "detail"),
        )
    )


NUMBERS = st.one_of(
    st.floats(),
    st.floats(-10, 10),
    st.integers(-(2**60), 2**60),
    st.integers(-9, 9),
    st.sampled_from([0.0, -0.0, 1e308, -1e308, 5e-324, 2.0**-1030, 2**53 + 1, 10**400, math.inf]),
    st.sampled_from(["0.41", "0.4", "1e-400", "3/4", "inf"]).map(NumberText),
)
BOUNDS = st.sampled_from([0.0, 5e-324, 2.0**-1030, 1e-15, 1e-6, 0.1, 0.125, 1.0, 1e300, 1e308])
MODES = st.one_of(
    st.builds(
        lambda r, a, scale: {"rtol": min(r, 1.0), "atol": a, **scale},
        BOUNDS,
        BOUNDS,
        st.sampled_from([{}, {"scale": "entry"}, {"scale": "rms"}, {"scale": "max"}]),
    ),
    st.builds(lambda places: {"decimals": places}, st.integers(0, 20)),
    st.builds(
        lambda units, dtype: {"ulp": units, "dtype": dtype},
        st.sampled_from([1, 3, 1000]),
        st.sampled_from(["float32", "float64"]),
    ),
    st.sampled_from([{"sigfigs": 3}, {"exact": True}, {"published": True}, {"interval": [0, 1]}]),
)


@st.composite
def near(draw: st.DrawFn, key: Any, mode: dict[str, Any]) -> Any:
    """The key, something a few units from its bound, or anything."""
    anything = draw(NUMBERS)
    if not isinstance(key, float | int) or not abs(key) <= 1e300:
        return draw(st.sampled_from([key, anything]))
    bound = mode.get("atol", 0.0)
    if "decimals" in mode:
        bound = 0.5 * 10.0 ** -mode["decimals"]
    elif "ulp" in mode:
        bound = mode["ulp"] * math.ulp(float(key))
    elif draw(st.booleans()):
        bound = mode.get("rtol", 0.0) * abs(key)
    if isinstance(key, int):
        return draw(st.sampled_from([key, anything, key + int(min(bound, 1e18)) + 1]))
    edge = key + draw(st.sampled_from([1, -1])) * bound
    if not math.isfinite(edge):
        return anything
    shifted = edge + draw(st.integers(-9, 9)) * math.ulp(edge)
    return draw(st.sampled_from([key, shifted, shifted, shifted, anything]))


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[Any], list[Any], dict[str, Any]]:
    mode = draw(MODES)
    keys = draw(st.lists(NUMBERS, min_size=1, max_size=5))
    return [draw(near(key, mode)) for key in keys], keys, mode


@pytest.mark.lengthy
@settings(max_examples=some(400))
@given(
    problems(),
    st.sampled_from(["as they are", "array", "number", "any order"]),
    st.sampled_from([0, 100]),
)
def test_with_and_without_floating_point_the_same_comes_out(
    problem: tuple[list[Any], list[Any], dict[str, Any]], form: str, short: int
) -> None:
    actual: Any
    expected: Any
    actual, expected, mode = problem
    if form == "array":
        if not all(isinstance(number, float) for number in (*actual, *expected)):
            return
        actual, expected = np.array(actual), np.array(expected)
    elif form == "number":
        actual, expected = actual[0], expected[0]
    elif form == "any order":
        if "interval" in mode or not all(map(is_number, (*actual, *expected))):
            return
        mode = {**mode, "unordered": True}
    tolerance = Tolerance.from_spec(mode)
    with patch.object(import_module("grader.compare.elements"), "_SHORT", short):
        fast = compare_array(actual=actual, expected=expected, tolerance=tolerance)
    with everything_exact():
        slow = compare_array(actual=actual, expected=expected, tolerance=tolerance)
    assert fields(fast) == fields(slow)


def is_number(number: Any) -> bool:
    if isinstance(number, NumberText):
        return number.is_finite
    return isinstance(number, int) or math.isfinite(number)


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    BOUNDS,
    st.booleans(),
    st.integers(-12, 12),
)
@example(1.0, 0.1, False, 4)
@example(5e-324, 5e-324, False, 3)
def test_nothing_is_beyond_doubt_that_exact_arithmetic_denies(
    key: float, bound: float, relative: bool, ulps: int
) -> None:
    rtol = Fraction(min(bound, 1.0)) if relative else None
    tolerance = Tolerance(rtol=rtol, atol=None if relative else Fraction(bound))
    size = Fraction(abs(key)) if relative else Fraction(1)
    wide = Fraction(min(bound, 1.0)) * size if relative else Fraction(bound)
    try:
        edge = float(Fraction(key) + wide)
    except OverflowError:
        return
    actual = edge + ulps * math.ulp(edge)
    if not math.isfinite(actual):
        return
    slack = 4 * Fraction(math.ulp(max(abs(actual), abs(key))))
    right = abs(Fraction(actual) - Fraction(key)) <= wide + slack
    assert beyond_doubt(actual, key, tolerance, abs(key)) in (None, right)
    if plainly_right(np.array([key, actual]), np.array([key, key]), tolerance):
        assert right


def test_most_entries_are_decided_in_floating_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a page of numbers takes a millisecond."""
    judged: list[int] = []
    elements = import_module("grader.compare.elements")
    judge_entry = elements.judge_entry

    def counted(*arguments: Any, **options: Any) -> Comparison:
        judged.append(arguments[2])
        comparison: Comparison = judge_entry(*arguments, **options)
        return comparison

    monkeypatch.setattr(elements, "judge_entry", counted)
    key = np.linspace(-1, 1, 24)
    for mode in ({"rtol": 1e-6}, {"atol": 1e-6}, {"decimals": 6}, {"ulp": 10**6}):
        tolerance = Tolerance.from_spec(mode)
        for actual in (key + 1e-12, (key + 1e-12).tolist(), key.astype(np.longdouble)):
            assert compare_array(actual=actual, expected=key, tolerance=tolerance).accepted
        assert judged == []
        assert compare_array(actual=key + 1, expected=key, tolerance=tolerance).wrong == 24
        assert len(judged) == 1  # the one that is reported
        judged.clear()


def test_modes_that_look_at_digits_have_no_bounds_in_floating_point() -> None:
    key = np.ones(3)
    for mode in ({"sigfigs": 3}, {"published": True}, {"exact": True}, {"interval": [0, 1]}):
        assert bounds(key, Tolerance.from_spec(mode), 1.0) is None
