"""The public `compare`: whatever arrives, out comes a Comparison, and nothing is changed."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader import Comparison, Tolerance, compare
from grader.model.value import NumberText, Opaque
from grader.model.verdict import Reason, Verdict

TOLERANCES = [
    Tolerance.from_spec(spec)
    for spec in (
        {"rtol": 1e-6, "atol": 1e-9},
        {"decimals": 2},
        {"decimals": 2, "strict": True},
        {"sigfigs": 3},
        {"sigfigs": 3, "strict": True},
        {"interval": [-1, 1]},
        {"exact": True},
        {"published": True},
        {"ulp": 4},
        {"rtol": 0.1, "scale": "rms"},
        {"rtol": 0.1, "norm": 2},
        {"decimals": 2, "unordered": True},
        {"exact": True, "up_to_sign": True},
        {"rtol": 0.1, "proportional": True},
    )
]
EXPECTED: list[Any] = [
    1,
    0.0,
    -2.5,
    10**30,
    float("inf"),
    float("nan"),
    "0.410",
    "3/4",
    "1e-400",
    True,
    None,
    b"bytes",
    np.float32(0.1),
    np.int64(3),
    np.array(1.0),
    np.array([1.0, 2.0]),
    np.zeros((0, 2)),
    np.eye(2, dtype=int),
    np.array([True, False]),
    [],
    [1.0, 2.0],
    [[1, 2], [3, 4]],
    [[1.0], [1.0, 2.0]],
    [np.ones(2), 1.0],
    (1.0, 2.0),
    (np.ones((2, 2)), {"a": 1.0}),
    {},
    {"a": 1.0, "b": [1.0, "text"]},
]

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(400, 5000).map(lambda digits: 10**digits)
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=8)
    | st.sampled_from(["0.410", "1e9999", "3/4", "nan", "-inf", "\N{MINUS SIGN}2"])
    | st.binary(max_size=4)
    | st.dates()
    | st.fractions()
    | st.decimals()
    | st.builds(Opaque, type_name=st.text(max_size=3))
    | st.sampled_from([NumberText("0.41"), NumberText("1e9999"), NumberText("nan")])
    | st.builds(object)
)
ARRAYS = npst.arrays(
    dtype=npst.scalar_dtypes() | st.just(np.dtype(object)),
    shape=npst.array_shapes(min_dims=0, min_side=0, max_side=3),
)
VALUES = st.recursive(
    SCALARS | ARRAYS | npst.arrays(np.float64, (2,)).map(np.ma.masked_array),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from(["a", "b", 0]), inner, max_size=3)
        | st.frozensets(st.integers(), max_size=2)
    ),
    max_leaves=8,
)


def frozen(value: Any) -> Any:
    """Something that shows every change of a value."""
    if isinstance(value, np.ndarray):
        return (id(value), str(value.dtype), value.shape, value.tobytes())
    if isinstance(value, Mapping):
        return (id(value), [(key, frozen(item)) for key, item in value.items()])
    if isinstance(value, list | tuple):
        return (id(value), [frozen(item) for item in value])
    return id(value)


@given(VALUES, st.sampled_from(range(len(EXPECTED))), st.sampled_from(TOLERANCES))
def test_whatever_arrives_only_a_comparison_comes_out_and_nothing_is_changed(
    actual: Any, which: int, tolerance: Tolerance
) -> None:
    expected = EXPECTED[which]
    before = frozen(actual), frozen(expected)
    try:
        comparison = compare(actual=actual, expected=expected, tolerance=tolerance)
    except ValueError as fault:
        # The author's: a number has no direction, and an infinity no distance.
        whose = ("a single number", "an expected array")
        if not (tolerance.judges_whole and str(fault).startswith(whose)):
            raise
        return
    assert isinstance(comparison, Comparison)
    assert comparison.verdict in (
        Verdict.CORRECT,
        Verdict.INCORRECT,
        Verdict.IMPRECISE,
        Verdict.INVALID,
    )
    assert (comparison.credit == 1) is comparison.accepted
    assert (comparison.reason is None) is comparison.accepted
    assert (frozen(actual), frozen(expected)) == before


@pytest.mark.parametrize(
    "expected", EXPECTED, ids=[f"{i}-{type(e).__name__}" for i, e in enumerate(EXPECTED)]
)
def test_every_kind_of_key_accepts_itself(expected: Any) -> None:
    itself = copy.deepcopy(expected)
    comparison = compare(actual=itself, expected=expected, tolerance=Tolerance(exact=True))
    is_nan = isinstance(expected, float) and expected != expected
    assert comparison.accepted is not is_nan


def test_texts_are_read_as_typed_numbers() -> None:
    tolerance = Tolerance(decimals=3, strict=True)
    assert compare(actual="0.410", expected="0.41", tolerance=tolerance).accepted
    assert not compare(actual="0.41", expected="0.410", tolerance=tolerance).accepted


def test_a_text_that_is_no_number_is_invalid() -> None:
    comparison = compare(actual="about 3", expected=3, tolerance=Tolerance(atol=Fraction(1)))
    assert (comparison.verdict, comparison.reason) == (Verdict.INVALID, Reason.NOT_A_NUMBER)


def test_an_expected_text_that_is_no_number_is_the_authors_fault() -> None:
    with pytest.raises(ValueError, match="'about 3' is not a number"):
        compare(actual="3", expected="about 3", tolerance=Tolerance(exact=True))
