"""Arrays: shape, then finite, then every entry; and floating point decides as exactness would."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.compare.array import compare_array, is_numeric
from grader.compare.comparison import Comparison, path_text
from grader.compare.number import compare_number
from grader.judge.words.values import shape_text
from grader.model.fact_marking import Path
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText
from grader.model.verdict import Reason, Verdict
from tests.some import some

LOOSE = Tolerance(rtol=Fraction(1), atol=Fraction(10**6))


def judge(actual: Any, expected: Any, **tolerance: Any) -> Comparison:
    return compare_array(
        actual=actual, expected=expected, tolerance=Tolerance.from_spec(tolerance or {"rtol": 1e-6})
    )


KEY = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


@pytest.mark.parametrize(
    "actual",
    [
        KEY,
        KEY.tolist(),
        tuple(map(tuple, KEY.tolist())),
        [KEY[0], list(KEY[1])],
        KEY.astype(np.float32),
        KEY.astype(np.int8),
        np.asfortranarray(KEY),
        [[NumberText("1.0"), 2, np.float16(3)], [4, np.int64(5), np.array(6.0)]],
    ],
    ids=["array", "lists", "tuples", "mixed", "float32", "int8", "fortran", "all kinds of numbers"],
)
def test_the_same_numbers_pass_in_every_container(actual: Any) -> None:
    assert judge(actual, KEY).accepted


NEVER: list[tuple[str, Any, Reason]] = [
    ("nan", np.where(KEY == 5, np.nan, KEY), Reason.NAN_AT),
    ("infinity", np.where(KEY == 5, np.inf, KEY), Reason.NOT_FINITE),
    ("typed nan", [[1, 2, 3], [4, NumberText("nan"), 6]], Reason.NAN_AT),
    ("complex", KEY + 1e-9j, Reason.COMPLEX),
    ("a complex entry", [[1, 2, 3], [4, 5 + 1e-9j, 6]], Reason.COMPLEX),
    ("booleans", KEY == 1, Reason.BOOLEAN),
    ("a boolean entry", [[True, 2, 3], [4, 5, 6]], Reason.BOOLEAN),
    ("a row of booleans", [np.array([True, True, True]), [4, 5, 6]], Reason.BOOLEAN),
    ("strings", KEY.astype(str), Reason.NUMBER_AS_TEXT),
    ("a string", "1 2 3", Reason.NOT_A_NUMBER),
    ("a string entry", [["1", 2, 3], [4, 5, 6]], Reason.NUMBER_AS_TEXT),
    ("objects", KEY.astype(object), Reason.OBJECT_ARRAY),
    ("a row of objects", [KEY[0].astype(object), [4, 5, 6]], Reason.OBJECT_ARRAY),
    ("masked", np.ma.masked_array(KEY, mask=False), Reason.MASKED),
    ("a masked row", [np.ma.masked_array(KEY[0]), [4, 5, 6]], Reason.MASKED),
    ("dates", KEY.astype("datetime64[s]"), Reason.NOT_A_NUMBER),
    ("records", np.zeros((2, 3), dtype=[("x", float)]), Reason.NOT_A_NUMBER),
    ("None", None, Reason.NOT_A_LIST),
    ("a None entry", [[None, 2, 3], [4, 5, 6]], Reason.NOT_A_NUMBER),
    ("a dictionary", {0: [1, 2, 3], 1: [4, 5, 6]}, Reason.NOT_A_LIST),
    ("a set", {1, 2, 3, 4, 5, 6}, Reason.NOT_A_NUMBER),
    ("bytes", b"123456", Reason.NOT_A_NUMBER),
    ("ragged", [[1, 2, 3], [4, 5]], Reason.RAGGED),
    ("ragged in depth", [[1, 2, 3], 4], Reason.RAGGED),
    ("a number", 1.0, Reason.WRONG_SHAPE),
    ("0-d", np.array(1.0), Reason.WRONG_SHAPE),
    ("empty", [], Reason.WRONG_SHAPE),
    ("empty rows", [[], []], Reason.WRONG_SHAPE),
    ("one row, which would broadcast", KEY[:1], Reason.WRONG_SHAPE),
    ("one column, which would broadcast", KEY[:, :1], Reason.WRONG_SHAPE),
    ("flat", KEY.ravel(), Reason.WRONG_SHAPE),
    ("transposed", KEY.T, Reason.TRANSPOSED),
    ("one axis more", KEY[None], Reason.WRONG_SHAPE),
    ("one axis more inside", KEY[..., None], Reason.WRONG_SHAPE),
    ("one row too many", np.vstack([KEY, KEY[:1]]), Reason.WRONG_SHAPE),
]


@pytest.mark.parametrize(("actual", "reason"), [pytest.param(*row[1:], id=row[0]) for row in NEVER])
def test_what_never_passes_however_loose_the_tolerance(actual: Any, reason: Reason) -> None:
    comparison = compare_array(actual=actual, expected=KEY, tolerance=LOOSE)
    assert (comparison.verdict, comparison.reason) == (Verdict.INVALID, reason)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        pytest.param(np.ones((3, 1)), np.ones(3), id="column for a vector"),
        pytest.param(np.ones((1, 3)), np.ones(3), id="row for a vector"),
        pytest.param(np.ones(3), np.ones((3, 1)), id="vector for a column"),
        pytest.param([1.0], 1.0, id="list of one for a number"),
        pytest.param(1.0, [1.0], id="number for a list of one"),
        pytest.param(np.array(1.0), [1.0], id="0-d for a list of one"),
        pytest.param(1.0, np.ones(3), id="number for a vector of the same"),
        pytest.param([], [[]], id="empty for empty rows"),
        pytest.param(np.empty((0, 3)), np.empty((3, 0)), id="empty the other way round"),
    ],
)
def test_nothing_is_broadcast_or_squeezed(actual: Any, expected: Any) -> None:
    assert judge(actual, expected).reason is Reason.WRONG_SHAPE


def test_empty_equals_empty() -> None:
    assert judge([], np.empty(0)).accepted


@pytest.mark.lengthy
def test_a_list_nested_without_end_is_ragged() -> None:
    deep: list[Any] = []
    for _ in range(50_000):
        deep = [deep]
    assert judge(deep, KEY).reason is Reason.RAGGED


def test_a_ragged_key_is_the_authors_fault() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        judge(KEY, [[1.0], [1.0, 2.0]])


def test_rtol_is_taken_of_a_hundredth_of_the_rms_where_an_entry_is_smaller() -> None:
    expected = np.array([0.0, 3.0, 4.0])
    rms = math.sqrt(25 / 3)
    assert judge(expected + np.array([0.0099 * rms * 0.1, 0, 0]), expected, rtol=0.1).accepted
    assert not judge(expected + np.array([0.0101 * rms * 0.1, 0, 0]), expected, rtol=0.1).accepted


def test_one_wrong_small_entry_is_seen_among_large_ones() -> None:
    comparison = judge([1000.0, 1000.0, 1.01], [1000.0, 1000.0, 1.0], rtol=1e-4)
    assert (comparison.verdict, comparison.path) == (Verdict.INCORRECT, ((2,),))


def test_a_single_number_has_no_neighbours_to_be_judged_beside() -> None:
    assert not judge(1e-9, 0.0, rtol=0.1).accepted


def test_the_worst_entry_is_reported_and_all_wrong_ones_are_counted() -> None:
    actual = KEY + np.array([[0, 0.5, 0], [-0.7, 0, 0.5]])
    comparison = judge(actual, KEY)
    assert (comparison.path, comparison.wrong, comparison.total) == (((1, 0),), 3, 6)
    assert comparison.difference == pytest.approx(0.7)
    assert (comparison.actual, comparison.expected) == (pytest.approx(3.3), 4.0)


def test_of_equally_wrong_entries_the_first_is_reported() -> None:
    assert judge(np.ones(100), np.zeros(100), atol=0.5).path == ((0,),)


@pytest.mark.parametrize("length", [3, 100])
def test_an_invalid_entry_is_worse_than_a_wrong_one(length: int) -> None:
    actual = np.full(length, 1e9)
    actual[1] = math.nan
    comparison = judge(actual, np.zeros(length), atol=1.0)
    assert (comparison.reason, comparison.path) == (Reason.NAN_AT, ((1,),))


def test_an_imprecise_entry_does_not_hide_a_wrong_one() -> None:
    actual = [NumberText("0.4"), NumberText("0.53")]
    comparison = judge(actual, [0.41, 0.5], decimals=2)
    assert (comparison.verdict, comparison.path) == (Verdict.INCORRECT, ((1,),))
    assert comparison.credit == 0


# -- the fast way --------------------------------------------------------------------------------

ENTRIES = st.one_of(
    st.floats(allow_nan=False),
    st.floats(-10, 10),
    st.integers(-(2**62), 2**62),
    st.sampled_from([0.0, 1e308, -1e308, 5e-324, 2**53 + 1, 10**400, -(10**400), math.inf]),
)
BOUNDS = st.sampled_from([0.0, 1e-300, 1e-15, 1e-12, 1e-6, 0.1, 1.0, 1024.0, 1e300])


@st.composite
def pairs(draw: st.DrawFn) -> tuple[list[Any], list[Any]]:
    """Keys, and answers that are equal, at the bound, a few units beside it, or anything."""
    keys = draw(st.lists(ENTRIES, min_size=1, max_size=4))
    bound = draw(BOUNDS)
    given_: list[Any] = []
    for key in keys:
        near = key
        if isinstance(key, int):
            near = key + int(bound) + draw(st.integers(-2, 2))
        elif math.isfinite(key):
            edge = key + draw(st.sampled_from([0, 1, -1, abs(key)])) * bound
            near = edge + draw(st.integers(-9, 9)) * math.ulp(edge) if math.isfinite(edge) else key
        given_.append(draw(st.sampled_from([key, near, near, math.nan, draw(ENTRIES)])))
    return given_, keys


MODES = st.one_of(
    st.builds(lambda r, a: {"rtol": min(r, 1.0), "atol": a}, BOUNDS, BOUNDS),
    st.builds(lambda d: {"decimals": d}, st.integers(0, 12)),
    st.just({"exact": True}),
    st.just({"sigfigs": 3}),
)


@pytest.mark.lengthy
@settings(max_examples=some(150))
@given(pairs(), MODES, st.sampled_from([0.0, 0.5]))
def test_a_long_array_is_judged_as_its_entries_one_by_one(
    pair: tuple[list[Any], list[Any]], mode: dict[str, Any], floor: float
) -> None:
    given_, keys = (numbers * 64 for numbers in pair)
    tolerance = Tolerance.from_spec(mode)
    whole = compare_array(actual=given_, expected=keys, tolerance=tolerance, floor=floor)
    single = [
        compare_number(actual=s, expected=e, tolerance=tolerance, scale_floor=floor)
        for s, e in zip(given_, keys, strict=True)
    ]
    refused = [comparison for comparison in single if not comparison.accepted]
    assert whole.accepted == (not refused)
    assert whole.wrong == len(refused)
    if refused:
        invalid = any(comparison.verdict is Verdict.INVALID for comparison in refused)
        assert whole.verdict is (Verdict.INVALID if invalid else Verdict.INCORRECT)
        (index,) = whole.path
        assert isinstance(index, tuple)
        (position,) = index
        assert single[position].difference == whole.difference
        if not invalid:
            worst = max(math.inf if c.difference is None else c.difference for c in refused)
            assert whole.difference in (worst, None)


@pytest.mark.parametrize(
    ("actual", "expected", "tolerance"),
    [
        pytest.param(5.0, math.inf, {"rtol": 1e-6}, id="a number for an infinity"),
        pytest.param(2**60 + 1407, 2**60 + 129, {"atol": 1100}, id="whole numbers beyond 2^53"),
        pytest.param(10**400, 1.0, {"rtol": 1e-6}, id="a whole number beyond all floats"),
        pytest.param(1e308, -1e308, {"atol": 1e308}, id="a difference beyond all floats"),
    ],
)
def test_long_arrays_are_not_fooled_by_rounding(
    actual: Any, expected: Any, tolerance: dict[str, Any]
) -> None:
    assert judge([actual] * 100, [expected] * 100, **tolerance).wrong == 100
    if all(isinstance(number, float) or abs(number) < 2**63 for number in (actual, expected)):
        arrays = (np.array([number] * 100) for number in (actual, expected))
        assert judge(*arrays, **tolerance).wrong == 100


def test_digits_typed_count_in_long_arrays_too() -> None:
    actual = [0.41] * 99 + [NumberText("0.4")]
    assert judge(actual, [0.41] * 100, decimals=2).verdict is Verdict.IMPRECISE


ROWS = st.lists(st.floats(-1e3, 1e3).map(lambda x: round(x, 3)), min_size=2, max_size=80)


#: What is so small that scaling it makes it zero has another verdict then.
OFFSETS = st.floats(0.0, 1.0).map(lambda x: round(x, 9))


@given(ROWS, OFFSETS, st.integers(-300, 300), st.booleans())
def test_scaling_by_a_power_of_two_changes_no_verdict(
    row: list[float], offset: float, power: int, relative: bool
) -> None:
    key = np.array(row)
    actual = key + offset * 0.02
    verdicts = {
        judge(
            np.ldexp(actual, shift),
            np.ldexp(key, shift),
            **({"rtol": 0.01} if relative else {"atol": math.ldexp(0.0078125, shift)}),
        ).wrong
        for shift in (0, power)
    }
    assert len(verdicts) == 1


@given(ROWS, st.floats(0.0, 10.0), st.floats(0.0, 10.0), st.integers(0, 79))
def test_moving_one_entry_nearer_never_costs_anything(
    row: list[float], one: float, other: float, position: int
) -> None:
    key = np.array(row)
    near, far = sorted((one, other))
    step = np.zeros(len(row))
    step[position % len(row)] = 1.0
    assert (
        judge(key + near * step, key, rtol=0.01).accepted
        or not judge(key + far * step, key, rtol=0.01).accepted
    )


# -- small ones ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "numeric"),
    [
        (1, True),
        (NumberText("1"), True),
        ([], True),
        ([1, [2.0]], True),
        (KEY, True),
        (True, False),
        ([1, "2"], False),
        (KEY > 1, False),
        ({}, False),
        (np.ma.masked_array(KEY), False),
    ],
    ids=repr,
)
def test_what_is_made_of_numbers(value: Any, numeric: bool) -> None:
    assert is_numeric(value) is numeric


@pytest.mark.parametrize(
    ("shape", "words"),
    [((), "a single number"), ((3,), "a list of 3 numbers"), ((2, 3), "2 × 3 numbers")],
)
def test_shapes_are_told_in_words(shape: tuple[int, ...], words: str) -> None:
    assert shape_text(shape) == words


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (((2,),), "[2]"),
        (((0, 7),), "[0, 7]"),
        ((1, "m", (0, 2)), "[1].m[0, 2]"),
        (("a", 3), ".a[3]"),
    ],
)
def test_places_are_written_as_indices(path: Path, text: str) -> None:
    assert path_text(path) == text


@pytest.mark.parametrize("count", [1, 2, 5, 6, 20])
@pytest.mark.parametrize(
    ("number", "text", "right"),
    [
        pytest.param(0.1, "0.1", True, id="as it is stored"),
        pytest.param(0.1, "0.10", True, id="with a zero more"),
        pytest.param(math.nextafter(0.1, 1), "0.1", True, id="an ulp off, which is rounding"),
        pytest.param(0.1 + 1e-15, "0.1", False, id="more than rounding off"),
        pytest.param(-0.1, "0.1", False, id="another sign"),
        pytest.param(1 / 3, "1/3", True, id="a fraction"),
        pytest.param(0.0, "0", True, id="zero"),
        pytest.param(5e-324, "0", True, id="the least number beside zero"),
        pytest.param(1e-300, "0", False, id="almost zero"),
        pytest.param(2.0**60, "1152921504606846976", True, id="a large whole number"),
        pytest.param(2.0**60, "1152921504606848025", False, id="a large one, far off"),
    ],
)
def test_an_array_beside_typed_numbers_without_an_allowance(
    count: int, number: float, text: str, right: bool
) -> None:
    """At `atol: 0` what floating point rounds is left; what was typed is never rounded."""
    array, texts = np.full(count, number), [NumberText(text)] * count
    for actual, expected in ((array, texts), (texts, array), (array.tolist(), texts)):
        comparison = judge(actual, expected, atol=0)
        assert comparison.accepted is right
        assert comparison.wrong == (0 if right else count)


def test_typed_numbers_beside_typed_ones_without_an_allowance() -> None:
    key = [NumberText("0.1"), NumberText("1/3")]
    assert judge([NumberText("0.10"), NumberText("2/6")], key, atol=0).accepted
    last = [NumberText("0.10000000000000000001"), NumberText("1/3")]
    assert judge(last, key, atol=0).path == ((0,),)
    assert judge([0.1, 1 / 3], key, atol=0).accepted


def test_one_entry_that_is_off_is_found_among_typed_numbers() -> None:
    array = np.full(20, 0.1)
    array[7] += 1e-12
    comparison = judge(array, [NumberText("0.1")] * 20, atol=0)
    assert (comparison.path, comparison.wrong, comparison.total) == (((7,),), 1, 20)
