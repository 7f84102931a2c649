"""Arrays judged as a whole: a norm, any order, either sign, any multiple; and what rtol is of."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader import Comparison, Tolerance, compare
from grader.compare.array import compare_array
from grader.compare.matching import matched
from grader.model.fact_marking import Path
from grader.model.value import NumberText
from grader.model.verdict import Reason, Verdict


def typed(value: Any) -> Any:
    """Texts as somebody's typing, also inside lists."""
    if isinstance(value, str):
        return NumberText.parse(value)
    return [typed(item) for item in value] if isinstance(value, list) else value


def judge(actual: Any, expected: Any, **tolerance: Any) -> Comparison:
    return compare(
        actual=typed(actual), expected=typed(expected), tolerance=Tolerance.from_spec(tolerance)
    )


# -- units in the last place ---------------------------------------------------------------------


@pytest.mark.parametrize("key", [1.0, 0.1, -3.7e200, 5e-324, 2.0**-1040, 2.0**53])
@pytest.mark.parametrize("units", [1, 4, 100])
@pytest.mark.parametrize("form", [float, np.float64, lambda x: [x], lambda x: np.full(70, x)])
def test_ulp_counts_units_of_the_expected_number(key: float, units: int, form: Any) -> None:
    last = math.ulp(key)
    away = math.copysign(1.0, key)  # away from zero, where the units do not get finer
    assert judge(form(key + away * units * last), form(key), ulp=units).accepted
    assert not judge(form(key + away * (units + 1) * last), form(key), ulp=units).accepted


@pytest.mark.parametrize("units", [1, 3])
@pytest.mark.parametrize("key", [1.0, 0.1, -1e30, 1e-45, 2.0**-126, 2.0**-127])
def test_ulp_of_single_precision(units: int, key: float) -> None:
    single = float(np.float32(key))
    last = float(np.spacing(np.float32(abs(key))))
    assert judge(single + units * last, single, ulp=units, dtype="float32").accepted
    assert not judge(single + 1.5 * units * last, single, ulp=units, dtype="float32").accepted
    assert not judge([single + units * last] * 9, [single] * 9, ulp=units).accepted


def test_zero_has_the_least_unit() -> None:
    least = 2.0**-149
    assert judge([2 * least], [0.0], ulp=2, dtype="float32").accepted
    assert not judge([2.5 * least], [0.0], ulp=2, dtype="float32").accepted
    assert judge(2 * 5e-324, 0.0, ulp=2).accepted
    assert not judge(3 * 5e-324, 0.0, ulp=2).accepted


def test_the_largest_number_of_single_precision_has_a_unit() -> None:
    largest = float(np.finfo(np.float32).max)
    assert judge([largest - 2.0**104], [largest], ulp=1, dtype="float32").accepted
    assert not judge([largest - 2.0**105], [largest], ulp=1, dtype="float32").accepted


def test_a_number_too_large_for_single_precision_has_no_unit_there() -> None:
    assert judge(1e300, 1e300, ulp=9, dtype="float32").accepted
    assert not judge([1e300 * (1 + 1e-15)], [1e300], ulp=9, dtype="float32").accepted


# -- what rtol is taken of -----------------------------------------------------------------------

MIXED = [0.0, 0.03, 4.0]
RMS = math.sqrt((0.03**2 + 16) / 3)
SIZES = {
    "entry": [0.0, 0.03, 4.0],
    "rms": [RMS] * 3,
    "max": [4.0] * 3,
    None: [0.01 * RMS, 0.03, 4.0],
}


@pytest.mark.parametrize("scale", ["entry", "rms", "max", None])
@pytest.mark.parametrize("position", [0, 1, 2])
@pytest.mark.parametrize("container", [list, np.array], ids=["list", "array"])
def test_rtol_is_taken_of_what_the_scale_says(
    scale: str | None, position: int, container: Any
) -> None:
    for factor, accepted in ((0.999, True), (1.001, False)):
        size = SIZES[scale][position]
        actual = list(MIXED)
        actual[position] += factor * 0.1 * size + (1e-12 if not size and not accepted else 0.0)
        keys = {} if scale is None else {"scale": scale}
        assert judge(container(actual), container(MIXED), rtol=0.1, **keys).accepted is accepted


@pytest.mark.parametrize("scale", ["entry", "rms", "max"])
def test_a_single_number_is_its_own_scale(scale: str) -> None:
    assert judge("1.1", "1", rtol=0.1, scale=scale).accepted
    assert not judge("1.10000000000000001", "1", rtol=0.1, scale=scale).accepted
    assert judge("0.33", "0.3", rtol=0.1, scale=scale).accepted
    assert judge("-0.33", "0.3", rtol=0.1, scale=scale, up_to_sign=True).accepted
    assert not judge(1e-9, 0.0, rtol=0.1, scale=scale).accepted


def test_the_largest_typed_number_is_exact() -> None:
    assert judge(["0.1", "1"], ["0", "1"], rtol=0.1, scale="max").accepted
    assert not judge(["0.10000000000000000001", "1"], ["0", "1"], rtol=0.1, scale="max").accepted


def test_atol_still_holds_beside_a_scale() -> None:
    assert judge([0.01, 1.0], [0.0, 1.0], rtol=0.1, atol=0.01, scale="entry").accepted


def test_a_floor_may_be_given_for_each_entry() -> None:
    tolerance = Tolerance.from_spec({"rtol": 0.1})
    actual, floor = np.array([0.5, 0.5, 5.0]), np.array([5.0, 4.9, 1.0])
    for count in (1, 50):
        comparison = compare_array(
            actual=np.tile(actual, count),
            expected=np.tile([0.0, 0.0, 5.0], count),
            tolerance=tolerance,
            floor=np.tile(floor, count),
        )
        assert (comparison.path, comparison.wrong) == (((1,),), count)


# -- norms ---------------------------------------------------------------------------------------

NORMS = st.sampled_from(["1", "2", "inf"])


@pytest.mark.parametrize(
    ("norm", "actual", "accepted"),
    [
        # Of the key [30, 40] the norms are 70, 50 and 40, and a tenth of each is allowed.
        (1, ["33", "44"], True),
        (1, ["33", "44.00000000000000001"], False),
        (2, ["33", "44"], True),
        (2, ["33", "44.00000000000000001"], False),
        (2, ["30", "45"], True),
        (2, ["30", "45.00000000000000001"], False),
        ("inf", ["34", "44"], True),
        ("inf", ["34.00000000000000001", "44"], False),
    ],
)
def test_the_norm_of_the_difference_is_bounded_inclusively(
    norm: Any, actual: list[str], accepted: bool
) -> None:
    comparison = judge(actual, ["30", "40"], rtol=0.1, norm=norm)
    assert comparison.accepted is accepted
    assert accepted or (comparison.verdict, comparison.path) == (Verdict.INCORRECT, ())


def test_the_norm_of_a_matrix_is_that_of_its_entries() -> None:
    assert judge(np.eye(4) * 1.1, np.eye(4), atol=0.2000001, norm=2).accepted
    assert not judge(np.eye(4) * 1.1, np.eye(4), atol=0.1999999, norm=2).accepted


def test_one_wrong_small_entry_is_hidden_by_a_norm_and_by_nothing_else() -> None:
    actual, key = [1000.0, 1000.0, 1.01], [1000.0, 1000.0, 1.0]
    assert judge(actual, key, rtol=1e-4, norm=2).accepted
    assert not judge(actual, key, rtol=1e-4).accepted


def test_a_norm_names_the_distance_and_the_bound() -> None:
    comparison = judge([3.0, 4.0], [0.0, 0.0], atol=1, norm=2)
    assert (comparison.difference, comparison.allowed) == (5.0, 1.0)


@pytest.mark.parametrize("size", [1e-200, 1.0, 1e200])
def test_norms_do_not_overflow(size: float) -> None:
    key = np.array([3.0, 4.0]) * size
    assert judge(key * 1.09, key, rtol=0.1, norm=2).accepted
    assert not judge(key * 1.11, key, rtol=0.1, norm=2).accepted


SHORT = st.lists(st.integers(-50, 50), min_size=1, max_size=5)


@given(SHORT, SHORT, NORMS, st.integers(0, 20), st.integers(0, 100), st.booleans())
@example([33, 44], [30, 40], "2", 10, 0, True)
def test_norms_are_what_their_definition_says(
    first: list[int], second: list[int], norm: str, rtol: int, atol: int, computed: bool
) -> None:
    length = min(len(first), len(second))
    actual, key = first[:length], second[:length]

    def power(numbers: list[int]) -> Fraction:
        if norm == "2":
            return Fraction(sum(n * n for n in numbers))
        sizes = [abs(n) for n in numbers]
        return Fraction(sum(sizes) if norm == "1" else max(sizes))

    degree = 2 if norm == "2" else 1
    distance = power([a - e for a, e in zip(actual, key, strict=True)])
    bound = max(Fraction(atol) ** degree, Fraction(rtol, 100) ** degree * power(key))
    form = float if computed else int
    comparison = compare_array(
        actual=[form(a) for a in actual],
        expected=[form(e) for e in key],
        tolerance=Tolerance(rtol=Fraction(rtol, 100), atol=Fraction(atol), norm=norm),
    )
    # Whole numbers this small have squares far further from the bound than the allowance.
    assert comparison.accepted is (distance <= bound)


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=6), NORMS, st.integers(-9, 9))
def test_floating_point_decides_norms_as_exact_arithmetic_does(
    key: list[float], norm: str, ulps: int
) -> None:
    bound = 0.125
    actual = list(key)
    actual[0] = key[0] + bound + ulps * math.ulp(key[0] + bound)
    tolerance = Tolerance(atol=Fraction(bound), norm=norm)
    screened = compare_array(actual=np.array(actual), expected=np.array(key), tolerance=tolerance)
    apart = abs(Fraction(actual[0]) - Fraction(key[0])) - Fraction(bound)
    slack = 4 * Fraction(math.ulp(max(abs(actual[0]), abs(key[0]))))
    others = max((4 * math.ulp(abs(number)) for number in key[1:]), default=0.0) * len(key)
    if apart <= slack:
        assert screened.accepted
    if apart > slack + Fraction(others):
        assert not screened.accepted


def test_norms_of_long_arrays_are_decided_without_exact_arithmetic(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # By name: `grader.compare` is a function, which hides the package of that name.
    monkeypatch.setattr(import_module("grader.compare.norm"), "_power", None)
    key = np.zeros(100_001)
    assert judge(np.append(key[1:], 0.5), key, atol=0.5, norm=2).accepted
    assert not judge(np.append(key[1:], 0.5000001), key, atol=0.5, norm=2).accepted


# -- any order -----------------------------------------------------------------------------------


def test_numbers_may_come_in_any_order() -> None:
    for actual in itertools.permutations([1.0, 2.0, 3.0]):
        assert judge(list(actual), [3, 1, 2], atol=0.1, unordered=True).accepted
        assert judge(np.array(actual), (3, 1, 2), atol=0.1, unordered=True).accepted


def test_the_first_key_that_fits_is_not_always_the_right_one() -> None:
    """Greedy pairing gives 1.5 to the key 1, and then nothing is left for 0.6."""
    actual, key = [1.5, 0.6], [1.0, 2.0]
    near = [[abs(a - e) <= 0.5 for e in key] for a in actual]
    assert near == [[True, True], [True, False]], "the example needs a choice and no choice"
    assert judge(actual, key, atol=0.5, unordered=True).accepted


def test_rows_are_moved_as_a_whole() -> None:
    key = [[1, 2], [3, 4]]
    assert judge([[3, 4], [1, 2]], key, exact=True, unordered=True).accepted
    assert not judge([[1, 4], [3, 2]], key, exact=True, unordered=True).accepted
    assert not judge([[2, 1], [4, 3]], key, exact=True, unordered=True).accepted


def test_a_strange_element_is_named() -> None:
    comparison = judge([3, 7, 1], [1, 2, 3], atol=0.1, unordered=True)
    assert (comparison.reason, comparison.path, comparison.actual) == (
        Reason.WRONG_VALUE,
        ((1,),),
        7,
    )
    assert (comparison.expected, comparison.wrong, comparison.total) == (2, 1, 3)


def test_a_value_given_twice_is_named() -> None:
    comparison = judge([1, 2, 2], [1, 2, 3], atol=0.1, unordered=True)
    assert (comparison.verdict, comparison.reason) == (Verdict.INCORRECT, Reason.REPEATED)
    assert comparison.path == ((2,),)


def test_each_key_counts_as_often_as_it_stands_there() -> None:
    assert judge([2, 1, 2], [1, 2, 2], exact=True, unordered=True).accepted
    assert not judge([2, 1, 1], [1, 2, 2], exact=True, unordered=True).accepted


@pytest.mark.parametrize(
    ("actual", "verdict"),
    [
        (["2.72", "0.41"], Verdict.CORRECT),
        (["2.7", "0.41"], Verdict.IMPRECISE),
        (["2.7", "0.4"], Verdict.IMPRECISE),
        (["2.8", "0.41"], Verdict.INCORRECT),
    ],
)
def test_digits_count_in_any_order_too(actual: list[str], verdict: Verdict) -> None:
    assert judge(actual, ["0.41", "2.72"], decimals=2, unordered=True).verdict is verdict


def test_too_many_digits_are_told_in_any_order_too() -> None:
    comparison = judge(["2.72", "0.410"], ["0.41", "2.72"], decimals=2, strict=True, unordered=True)
    assert (comparison.verdict, comparison.reason) == (
        Verdict.IMPRECISE,
        Reason.TOO_MANY_DIGITS,
    )


def test_published_digits_belong_to_each_key() -> None:
    key = ["0.5", "3.25"]
    assert judge([3.254, 0.54], key, published=True, unordered=True).accepted
    assert not judge([3.26, 0.5], key, published=True, unordered=True).accepted


def test_zero_is_judged_beside_the_sizes_of_all() -> None:
    assert judge([4.0, 0.0028], [0.0, 4.0], rtol=0.1, unordered=True).accepted
    assert not judge([4.0, 0.0028], [0.0, 4.0], rtol=0.1, unordered=True, scale="entry").accepted


@pytest.mark.lengthy
def test_more_elements_than_can_be_paired_are_the_authors_fault() -> None:
    with pytest.raises(ValueError, match="at most 200"):
        judge(np.arange(201), np.arange(201), exact=True, unordered=True)
    assert judge(np.arange(200)[::-1], np.arange(200), exact=True, unordered=True).accepted


def test_a_long_list_of_different_length_is_merely_of_the_wrong_shape() -> None:
    assert judge(np.zeros(10**6), [1, 2], atol=1, unordered=True).reason is Reason.WRONG_SHAPE


@given(
    st.lists(st.floats(-3, 3), min_size=1, max_size=5),
    st.randoms(use_true_random=False),
    st.floats(0.0, 1.5),
    st.lists(st.floats(-1, 1), min_size=5, max_size=5),
    st.booleans(),
)
def test_any_order_is_accepted_where_some_order_is(
    key: list[float], order: Any, atol: float, noise: list[float], rows: bool
) -> None:
    actual = [number + noise[i] for i, number in enumerate(key)]
    order.shuffle(actual)
    form = (lambda numbers: [[n, 1.0] for n in numbers]) if rows else list
    tolerance = Tolerance(atol=Fraction(atol))
    some = any(
        compare_array(actual=list(one), expected=key, tolerance=tolerance).accepted
        for one in itertools.permutations(actual)
    )
    comparison = compare_array(
        actual=form(actual),
        expected=form(key),
        tolerance=Tolerance(atol=Fraction(atol), unordered=True),
    )
    assert comparison.accepted is some


@given(st.lists(st.integers(0, 2**6 - 1), max_size=6))
def test_a_matching_is_as_large_as_any(allowed: list[int]) -> None:
    pairs = matched(allowed)
    used = [key for key in pairs if key is not None]
    assert len(set(used)) == len(used)
    assert all(key is None or allowed[answer] >> key & 1 for answer, key in enumerate(pairs))

    def most(answer: int, free: int) -> int:
        if answer == len(allowed):
            return 0
        keys = [key for key in range(6) if allowed[answer] & free & (1 << key)]
        skipped = most(answer + 1, free)
        return max([skipped, *(1 + most(answer + 1, free & ~(1 << key)) for key in keys)])

    assert len(used) == most(0, 2**6 - 1)


def test_a_long_chain_of_movers_is_followed() -> None:
    """Every answer but the last prefers a key that the next one needs."""
    count = 200
    allowed = [0b11 << i for i in range(count - 1)] + [0b1]
    assert None not in matched(allowed)


# -- either sign ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "accepted"),
    [
        ([0.6, -0.8], True),
        ([-0.6, 0.8], True),
        ([0.6, 0.8], False),
        ([-0.6, -0.8], False),
        ([1.2, -1.6], False),
    ],
)
@pytest.mark.parametrize("bound", [{"atol": 0.01}, {"rtol": 0.01, "norm": 2}, {"decimals": 2}])
def test_the_sign_of_the_whole_is_free_and_no_other(
    actual: list[float], accepted: bool, bound: dict[str, Any]
) -> None:
    key = [0.6, -0.8]
    assert judge(actual, key, up_to_sign=True, **bound).accepted is accepted
    assert judge(np.array(actual), tuple(key), up_to_sign=True, **bound).accepted is accepted


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.int64, np.float32])
def test_keys_of_every_type_have_an_opposite(kind: Any) -> None:
    key = np.array([0, 100], dtype=kind)
    assert judge([0, -100], key, exact=True, up_to_sign=True).accepted
    assert not judge([0, 156], key, exact=True, up_to_sign=True).accepted


def test_the_least_whole_number_has_an_opposite() -> None:
    assert judge([2**63], np.array([-(2**63)]), exact=True, up_to_sign=True).accepted


def test_digits_are_those_of_the_key_whatever_its_sign() -> None:
    assert judge(["-0.414", "1/2"], ["0.41", "-0.5"], published=True, up_to_sign=True).accepted
    assert not judge(["-0.416", "0.5"], ["0.41", "-0.5"], published=True, up_to_sign=True).accepted


def test_the_nearer_sign_is_reported() -> None:
    comparison = judge([-1.0, -2.0, 3.5], [1.0, 2.0, -3.0], atol=0.1, up_to_sign=True)
    assert (comparison.path, comparison.wrong, comparison.difference) == (((2,),), 1, 0.5)


# -- any multiple --------------------------------------------------------------------------------


@pytest.mark.parametrize("factor", [1.0, -1.0, 0.25, 1e-150, -1e150, 3.0])
@pytest.mark.parametrize("bound", [{"rtol": 1e-9}, {"rtol": 1e-9, "norm": 2}])
def test_every_multiple_has_the_right_direction(factor: float, bound: dict[str, Any]) -> None:
    key = np.array([[3.0, -4.0], [0.5, 0.0]])
    assert judge(key * factor, key, proportional=True, **bound).accepted
    assert judge((key * factor).tolist(), key * 7, proportional=True, **bound).accepted


def test_the_bound_is_on_the_scale_of_the_key() -> None:
    assert judge([10.0, 0.09], [1.0, 0.0], atol=0.01, proportional=True).accepted
    assert not judge([10.0, 0.11], [1.0, 0.0], atol=0.01, proportional=True).accepted


def test_the_multiple_is_that_of_least_squares() -> None:
    """[1, 1.1] is nearest to 1.05 times [1, 1], from which it is 0.05 / 1.05 away."""
    for atol, accepted in ((0.0477, True), (0.0475, False)):
        comparison = judge([1.0, 1.1], [1, 1], atol=atol, proportional=True)
        assert comparison.accepted is accepted


def test_with_a_norm_the_bound_is_that_of_the_angle() -> None:
    for degrees, accepted in ((0.9, True), (1.1, False)):
        angle = math.radians(degrees)
        actual = [5 * math.cos(angle), 5 * math.sin(angle)]
        limit = math.tan(math.radians(1))
        comparison = judge(actual, [2.0, 0.0], rtol=limit, norm=2, proportional=True)
        assert comparison.accepted is accepted


@pytest.mark.parametrize(
    ("actual", "reason"),
    [
        pytest.param([0.0, 0.0], Reason.NO_DIRECTION, id="zeros"),
        pytest.param(["0", "-0.0"], Reason.NO_DIRECTION, id="typed zeros"),
        pytest.param([4.0, -3.0], Reason.WRONG_VALUE, id="at a right angle"),
        pytest.param([3.0, 4.1], Reason.WRONG_VALUE, id="beside"),
        pytest.param([3.0, -4.0], Reason.WRONG_VALUE, id="one sign"),
    ],
)
def test_another_direction_or_none_is_refused(actual: Any, reason: Reason) -> None:
    comparison = judge(actual, [3, 4], rtol=0.01, proportional=True)
    assert (comparison.verdict, comparison.reason) == (Verdict.INCORRECT, reason)
    assert comparison.path == ()


def test_whole_numbers_beyond_all_floats_have_a_direction() -> None:
    assert judge([10**400, 2 * 10**400], [1, 2], rtol=1e-9, proportional=True).accepted
    assert not judge([10**400, 3 * 10**400], [1, 2], rtol=1e-9, proportional=True).accepted


@pytest.mark.parametrize("bound", [{"rtol": 0.01}, {"rtol": 0.01, "norm": 2}, {"atol": 0.01}])
@pytest.mark.parametrize(
    ("actual", "reason", "path"),
    [
        pytest.param([math.inf, math.inf], Reason.NOT_FINITE, ((0,),), id="all infinite"),
        pytest.param([math.inf, 4.0], Reason.NOT_FINITE, ((0,),), id="one infinite"),
        pytest.param([3.0, -math.inf], Reason.NOT_FINITE, ((1,),), id="negative"),
        pytest.param(np.array([3.0, math.inf]), Reason.NOT_FINITE, ((1,),), id="in an array"),
        pytest.param(
            np.array([3.0, math.inf], np.float32), Reason.NOT_FINITE, ((1,),), id="single precision"
        ),
        pytest.param(["3", "inf"], Reason.NOT_FINITE, ((1,),), id="typed"),
        pytest.param([10**400, math.inf], Reason.NOT_FINITE, ((1,),), id="beside a whole number"),
        pytest.param([math.inf, math.nan], Reason.NOT_FINITE, ((0,),), id="before nan"),
        pytest.param([math.nan, math.inf], Reason.NAN_AT, ((0,),), id="after nan"),
    ],
)
def test_an_infinity_has_no_direction(
    actual: Any, reason: Reason, path: Path, bound: dict[str, Any]
) -> None:
    comparison = judge(actual, [3.0, 4.0], proportional=True, **bound)
    assert (comparison.verdict, comparison.reason) == (Verdict.INVALID, reason)
    assert comparison.path == path


@pytest.mark.parametrize("bound", [{"rtol": 0.01}, {"rtol": 0.01, "norm": 2}, {"atol": 0.01}])
def test_a_direction_so_wrong_that_its_scale_overflows_is_wrong(bound: dict[str, Any]) -> None:
    """Almost at a right angle to a huge key: on the scale of the key it has no finite numbers."""
    comparison = judge([1.0, 0.999], [1e308, -1e308], proportional=True, **bound)
    assert (comparison.verdict, comparison.reason) == (Verdict.INCORRECT, Reason.WRONG_VALUE)


@pytest.mark.parametrize("key", [[0.0, 0.0], 3.0, 0.0, "3"])
def test_a_key_without_direction_is_the_authors_fault(key: Any) -> None:
    with pytest.raises(ValueError, match="no direction"):
        judge(key, key, rtol=0.1, proportional=True)


VECTORS = st.lists(st.floats(0.1, 10) | st.floats(-10, -0.1), min_size=2, max_size=6)


@given(VECTORS, st.floats(1e-3, 1e3), st.booleans())
def test_a_multiple_is_accepted_and_a_turned_one_is_not(
    key: list[float], factor: float, negative: bool
) -> None:
    multiple = np.array(key) * (-factor if negative else factor)
    assert judge(multiple, key, rtol=1e-6, scale="entry", proportional=True).accepted
    multiple[0] *= -1
    assert not judge(multiple, key, rtol=1e-6, scale="entry", proportional=True).accepted


# -- all of them ---------------------------------------------------------------------------------

WHOLE: list[dict[str, Any]] = [
    {"rtol": 0.1, "norm": 1},
    {"rtol": 0.1, "norm": 2},
    {"rtol": 0.1, "norm": "inf"},
    {"rtol": 0.1, "unordered": True},
    {"rtol": 0.1, "up_to_sign": True},
    {"rtol": 0.1, "proportional": True},
]


@pytest.mark.parametrize("tolerance", WHOLE, ids=str)
@pytest.mark.parametrize(
    ("actual", "reason", "path"),
    [
        pytest.param([1.0, math.nan], Reason.NAN_AT, ((1,),), id="nan"),
        pytest.param([math.inf, 2.0], Reason.NOT_FINITE, ((0,),), id="infinity"),
        pytest.param(["nan", "2"], Reason.NAN_AT, ((0,),), id="typed nan"),
        pytest.param([1.0, True], Reason.BOOLEAN, ((1,),), id="a boolean"),
        pytest.param([[1.0, 2.0]], Reason.WRONG_SHAPE, (), id="an axis more"),
        pytest.param([1.0], Reason.WRONG_SHAPE, (), id="too short"),
        pytest.param([[1.0], [1.0, 2.0]], Reason.RAGGED, (), id="ragged"),
    ],
)
def test_nothing_but_finite_numbers_passes_as_a_whole(
    tolerance: dict[str, Any], actual: Any, reason: Reason, path: Path
) -> None:
    comparison = judge(actual, [1.0, 2.0], **tolerance)
    assert (comparison.verdict, comparison.reason) == (Verdict.INVALID, reason)
    assert comparison.path == path


@pytest.mark.parametrize("tolerance", WHOLE, ids=str)
@pytest.mark.parametrize("nothing", [[], [[], []], np.zeros((0, 3))], ids=repr)
def test_nothing_is_nothing(tolerance: dict[str, Any], nothing: Any) -> None:
    assert judge(nothing, nothing, **tolerance).accepted
    assert not judge([1.0], nothing, **tolerance).accepted


@pytest.mark.parametrize("tolerance", WHOLE, ids=str)
def test_a_key_that_is_not_finite_is_the_authors_fault(tolerance: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not finite"):
        judge([1.0, 2.0], [1.0, math.inf], **tolerance)


@pytest.mark.parametrize("tolerance", WHOLE, ids=str)
def test_each_array_of_a_tuple_is_a_whole_of_its_own(tolerance: dict[str, Any]) -> None:
    key = (np.array([100.0, 200.0]), {"b": [3.0, 4.0, 5.0]})
    assert judge(key, key, **tolerance).accepted
    comparison = judge((key[0], {"b": [9.0, 4.0, 5.0]}), key, **tolerance)
    assert not comparison.accepted
    assert comparison.path[:2] == (1, "b")
