"""One number against its key: every mode at its boundary, digits, and what never passes."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from grader.compare.comparison import Comparison
from grader.compare.number import as_float, as_real, compare_number
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText
from grader.model.verdict import Reason, Verdict

CORRECT, INCORRECT, IMPRECISE = Verdict.CORRECT, Verdict.INCORRECT, Verdict.IMPRECISE


def typed(number: Any) -> Any:
    """A text as somebody's typing, anything else as it is."""
    if not isinstance(number, str):
        return number
    text = NumberText.parse(number)
    assert text is not None
    return text


def judge(actual: Any, expected: Any, **tolerance: Any) -> Comparison:
    return compare_number(
        actual=typed(actual), expected=typed(expected), tolerance=Tolerance.from_spec(tolerance)
    )


# -- the boundary of each mode -------------------------------------------------------------------

BOUNDARIES: list[tuple[str, dict[str, Any], Any, Any, Verdict]] = [
    ("atol inside", {"atol": 0.05}, "1.0499", "1", CORRECT),
    ("atol on the bound", {"atol": 0.05}, "1.05", "1", CORRECT),
    ("atol outside", {"atol": 0.05}, "1.0500000000000000001", "1", INCORRECT),
    ("atol below, on the bound", {"atol": 0.05}, "0.95", "1", CORRECT),
    ("atol below, outside", {"atol": 0.05}, "0.9499999999999999999", "1", INCORRECT),
    ("atol of a negative key", {"atol": 0.05}, "-1.05", "-1", CORRECT),
    ("atol around zero", {"atol": 0.05}, "-0.05", "0", CORRECT),
    ("atol around zero, outside", {"atol": 0.05}, "-0.051", "0", INCORRECT),
    ("rtol on the bound", {"rtol": 0.01}, "101", "100", CORRECT),
    ("rtol outside", {"rtol": 0.01}, "101.00000000000000001", "100", INCORRECT),
    ("rtol is of the key, not of the answer", {"rtol": 0.1}, "1.12", "1", INCORRECT),
    ("rtol of a negative key on the bound", {"rtol": 0.01}, "-101", "-100", CORRECT),
    ("rtol of zero demands zero", {"rtol": 0.01}, "1e-300", "0", INCORRECT),
    ("rtol of zero accepts zero", {"rtol": 0.01}, "-0.000", "0", CORRECT),
    ("rtol of a huge number", {"rtol": 0.01}, "1.01e9000", "1e9000", CORRECT),
    ("rtol of a huge number, outside", {"rtol": 0.01}, "1.011e9000", "1e9000", INCORRECT),
    ("rtol of a tiny number", {"rtol": 0.01}, "1.01e-9000", "1e-9000", CORRECT),
    ("rtol of a tiny number, outside", {"rtol": 0.01}, "1.011e-9000", "1e-9000", INCORRECT),
    ("the larger of the bounds, not their sum", {"rtol": 0.1, "atol": 0.1}, "1.15", "1", INCORRECT),
    ("atol where it is the larger bound", {"rtol": 0.1, "atol": 0.5}, "1.5", "1", CORRECT),
    ("decimals on the bound above", {"decimals": 2}, "0.415", "0.41", CORRECT),
    ("decimals on the bound below", {"decimals": 2}, "0.405", "0.41", CORRECT),
    ("decimals outside", {"decimals": 2}, "0.41500001", "0.41", INCORRECT),
    ("decimals of a negative key", {"decimals": 2}, "-0.1", "-0.0975", CORRECT),
    ("decimals zero", {"decimals": 0}, "2.5", "3", CORRECT),
    ("sigfigs on the bound", {"sigfigs": 3}, "1235", "1230", CORRECT),
    ("sigfigs outside", {"sigfigs": 3}, "1235.001", "1230", INCORRECT),
    ("sigfigs below a power of ten count finer", {"sigfigs": 2}, "9.94", "10", INCORRECT),
    ("sigfigs below a power of ten, on the bound", {"sigfigs": 2}, "9.95", "10", CORRECT),
    ("sigfigs above a power of ten", {"sigfigs": 2}, "10.5", "10", CORRECT),
    ("sigfigs of a huge number", {"sigfigs": 2}, "1.25e9000", "1.2e9000", CORRECT),
    ("sigfigs of a tiny number", {"sigfigs": 2}, "1.26e-9000", "1.2e-9000", INCORRECT),
    ("published on the bound", {"published": True}, "0.415", "0.41", CORRECT),
    ("published outside", {"published": True}, "0.4151", "0.41", INCORRECT),
    ("published counts zeros typed", {"published": True}, "0.4137", "0.410", INCORRECT),
    ("interval low end", {"interval": [0.1, 0.3]}, "0.1", "0.2", CORRECT),
    ("interval high end", {"interval": [0.1, 0.3]}, "0.3", "0.2", CORRECT),
    ("interval below", {"interval": [0.1, 0.3]}, "0.0999999999999999999", "0.2", INCORRECT),
    ("interval above", {"interval": [0.1, 0.3]}, "0.3000000000000000001", "0.2", INCORRECT),
    ("exact", {"exact": True}, "0.50", "1/2", CORRECT),
    ("exact, off by little", {"exact": True}, "0.5000000000000000001", "1/2", INCORRECT),
    ("exact whole numbers beyond 2^53", {"exact": True}, 2**53 + 1, 2**53, INCORRECT),
]


@pytest.mark.parametrize(
    ("tolerance", "actual", "expected", "verdict"),
    [pytest.param(*row[1:], id=row[0]) for row in BOUNDARIES],
)
def test_verdict_turns_exactly_at_the_bound(
    tolerance: dict[str, Any], actual: str, expected: str, verdict: Verdict
) -> None:
    assert judge(actual, expected, **tolerance).verdict is verdict


TENTHS = st.integers(-(10**6), 10**6)


@given(TENTHS, TENTHS, st.integers(0, 10**6), st.integers(0, 1000))
@example(105, 100, 5, 0)
@example(-105, -100, 0, 50)
def test_typed_numbers_are_accepted_up_to_the_larger_bound_and_no_further(
    actual: int, expected: int, atol: int, rtol: int
) -> None:
    # Everything in units of 10^-3, and rtol in thousandths: plain integers say what is right.
    assume(atol or rtol)
    comparison = judge(f"{actual}e-3", f"{expected}e-3", atol=float(f"{atol}e-3"), rtol=rtol / 1000)
    assert comparison.accepted is (
        abs(actual - expected) * 1000 <= max(atol * 1000, rtol * abs(expected))
    )


MODES = st.sampled_from(
    [
        {"atol": 0.03},
        {"rtol": 0.01},
        {"rtol": 0.001, "atol": 0.02},
        {"decimals": 1},
        {"sigfigs": 1},
        {"sigfigs": 3},
        {"published": True},
        {"exact": True},
        {"interval": [-2000, 2000]},
    ]
)
CENTS = st.integers(-(10**5), 10**5)


@given(MODES, CENTS, st.integers(0, 10**4), st.integers(0, 10**4), st.booleans(), st.booleans())
@example({"sigfigs": 2}, 1000, 5, 40, True, True)
def test_what_is_nearer_on_the_same_side_is_accepted_too(
    mode: dict[str, Any], key: int, one: int, other: int, below: bool, computed: bool
) -> None:
    near, far = sorted((one, other))
    sign = -1 if below else 1

    def accepted(distance: int) -> bool:
        text = f"{key + sign * distance}e-2"
        return judge(float(text) if computed else text, f"{key}e-2", **mode).accepted

    assert accepted(near) or not accepted(far)


@given(MODES, CENTS, CENTS)
def test_signs_of_both_do_not_matter(mode: dict[str, Any], actual: int, key: int) -> None:
    plain, mirrored = (judge(f"{sign * actual}e-2", f"{sign * key}e-2", **mode) for sign in (1, -1))
    assert plain.verdict is mirrored.verdict


DOUBLES = st.floats(1e-6, 1e6) | st.floats(-1e6, -1e-6)


@given(DOUBLES, st.integers(-12, 12), st.floats(1e-9, 1.0), st.integers(-400, 400), st.booleans())
def test_scaling_by_a_power_of_two_changes_no_verdict(
    key: float, ulps: int, bound: float, power: int, relative: bool
) -> None:
    """Near the bound, where the 4 ulp count."""
    rtol, atol = (Fraction(bound), None) if relative else (None, Fraction(bound))
    edge = float(Fraction(key) + (Fraction(bound) * (abs(Fraction(key)) if relative else 1)))
    actual = edge + ulps * math.ulp(edge)
    verdicts = {
        compare_number(
            actual=math.ldexp(actual, shift),
            expected=math.ldexp(key, shift),
            tolerance=Tolerance(
                rtol=rtol, atol=None if atol is None else atol * Fraction(2) ** shift
            ),
        ).verdict
        for shift in (0, power)
    }
    assert len(verdicts) == 1


# -- four ulp ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "expected", "tolerance"),
    [
        pytest.param("3.19", 3.1849999999999996, {"decimals": 2}, id="key a hair below"),
        pytest.param("0.3", 0.1 + 0.2 + 0.01, {"atol": 0.01}, id="key a hair off"),
        pytest.param(0.1 + 0.2, "0.29", {"atol": 0.01}, id="answer a hair off"),
        pytest.param(1.0000000000000002, "0.5", {"interval": [0, 1]}, id="answer beside an end"),
    ],
)
def test_noise_of_floating_point_is_forgiven(
    actual: Any, expected: Any, tolerance: dict[str, Any]
) -> None:
    assert judge(actual, expected, **tolerance).accepted


@pytest.mark.parametrize(
    ("actual", "expected", "tolerance"),
    [
        pytest.param("3.19", "3.1849999999999996", {"decimals": 2}, id="both typed"),
        pytest.param(5, 4, {"atol": 0.9999999999999999}, id="whole numbers"),
        pytest.param("1.0000000000000002", 0.5, {"interval": [0, 1]}, id="typed beside an end"),
        pytest.param(1.0 + 2**-52, 1.0, {"exact": True}, id="exact"),
    ],
)
def test_what_was_not_computed_gets_no_allowance(
    actual: Any, expected: Any, tolerance: dict[str, Any]
) -> None:
    assert judge(actual, expected, **tolerance).verdict is INCORRECT


@given(DOUBLES, DOUBLES | st.just(0.0), st.floats(1e-12, 10.0), st.integers(-8, 8))
def test_allowance_is_four_ulp_and_never_more(
    key: float, offset: float, bound: float, ulps: int
) -> None:
    edge = float(Fraction(key) + Fraction(math.copysign(bound, offset)))
    actual = edge + ulps * math.ulp(edge)
    comparison = compare_number(
        actual=actual, expected=key, tolerance=Tolerance(atol=Fraction(bound))
    )
    beyond = abs(Fraction(actual) - Fraction(key)) - Fraction(bound)
    assert comparison.accepted is (beyond <= 4 * Fraction(math.ulp(max(abs(actual), abs(key)))))


@pytest.mark.parametrize("key", [1e17, -1e300, 1e-300])
def test_a_key_far_from_the_interval_does_not_widen_it(key: float) -> None:
    assert judge(50.0, key, interval=[0, 1]).verdict is INCORRECT


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("key", [0.1, 1e-300, 1e300, 2.0**-1022, 123456.789])
@pytest.mark.parametrize("factor", [-1.0, 0.0, 2.0, 1.0 + 1e-14, 1.0 - 1e-14, 1e16])
def test_allowance_helps_no_answer_that_is_wrong(key: float, factor: float, sign: int) -> None:
    actual = sign * key * factor
    comparison = judge(actual, sign * key, rtol=1e-15)
    assert comparison.verdict in (INCORRECT, Verdict.INVALID)


def test_a_computed_decimal_equals_the_same_typed_decimal_exactly() -> None:
    assert judge(0.1, "0.1", exact=True).accepted
    assert judge("0.1", 0.1, exact=True).accepted
    assert not judge(0.1 + 0.2, "0.3", exact=True).accepted


# -- digits --------------------------------------------------------------------------------------

RIGHT = (CORRECT, None, Fraction(1))
SHORT = (IMPRECISE, Reason.TOO_FEW_DIGITS, Fraction(1, 2))
LONG = (IMPRECISE, Reason.TOO_MANY_DIGITS, Fraction(1, 2))
WRONG = (INCORRECT, Reason.WRONG_VALUE, Fraction(0))
STRICT_2 = {"decimals": 2, "strict": True}
DIGITS: list[tuple[str, dict[str, Any], Any, Any, tuple[Verdict, Reason | None, Fraction]]] = [
    ("too few, but right", {"decimals": 2}, "0.4", "0.41", SHORT),
    ("too few and wrong", {"decimals": 2}, "0.5", "0.41", WRONG),
    ("zero says nothing", {"decimals": 2}, "0", "0.41", WRONG),
    ("zero with an exponent", {"decimals": 2}, "0e5", "9", WRONG),
    ("two digits of three", {"sigfigs": 3}, "1.2e3", "1230", SHORT),
    ("coarser than a quarter", {"sigfigs": 3}, "1e3", "1230", WRONG),
    ("half a unit above a quarter", {"decimals": 1}, "2", "1.6", WRONG),
    ("half a unit below a quarter", {"decimals": 1}, "2", "2.1", SHORT),
    ("dropped zeros are fine", {"decimals": 3}, "0.41", "0.410", RIGHT),
    ("more digits are fine", {"sigfigs": 2}, "0.4137", "0.41", RIGHT),
    ("a computed value is right or wrong", {"decimals": 2}, 0.4, "0.41", WRONG),
    ("a fraction has no coarser precision", {"decimals": 2}, "2/5", "0.41", WRONG),
    ("published", {"published": True}, "0.4", "0.41", SHORT),
    ("bounds know no digits", {"atol": 0.005}, "0.4", "0.41", WRONG),
    ("strict", STRICT_2, "0.41", "0.4137", RIGHT),
    ("strict counts zeros", {"decimals": 3, "strict": True}, "0.410", "0.41", RIGHT),
    ("strict, too few", STRICT_2, "0.4", "0.4001", SHORT),
    ("strict, too few for its value", STRICT_2, "0.4", "0.41", SHORT),
    ("strict, too many", STRICT_2, "0.410", "0.41", LONG),
    ("strict, wrong", STRICT_2, "0.51", "0.41", WRONG),
    ("strict, zero says nothing", STRICT_2, "0", "0.41", WRONG),
    ("strict, zero for zero", STRICT_2, "0", "0.001", SHORT),
    ("strict, a fraction states no digits", {"decimals": 0, "strict": True}, "4/2", "2", SHORT),
    ("strict, a computed value", STRICT_2, 0.4100001, "0.41", RIGHT),
    ("strict sigfigs", {"sigfigs": 3, "strict": True}, "100.", "100.4", RIGHT),
    ("strict sigfigs may be ambiguous", {"sigfigs": 2, "strict": True}, "100", "100", RIGHT),
    ("strict sigfigs of a mantissa", {"sigfigs": 2, "strict": True}, "1e3", "1000", SHORT),
    ("strict is no laxer at a power of ten", {"sigfigs": 2, "strict": True}, "10.", "9.5", SHORT),
]


@pytest.mark.parametrize(
    ("tolerance", "actual", "expected", "outcome"),
    [pytest.param(*row[1:], id=row[0]) for row in DIGITS],
)
def test_digits_are_judged_beside_the_value(
    tolerance: dict[str, Any],
    actual: Any,
    expected: Any,
    outcome: tuple[Verdict, Reason | None, Fraction],
) -> None:
    comparison = judge(actual, expected, **tolerance)
    assert (comparison.verdict, comparison.reason, comparison.credit) == outcome


def test_imprecise_credit_is_the_authors() -> None:
    comparison = judge("0.4", "0.41", decimals=2, imprecise_credit=0.25)
    assert comparison.credit == Fraction(1, 4)


@given(CENTS, CENTS, st.integers(0, 3), st.sampled_from(["decimals", "sigfigs"]))
def test_strict_accepts_nothing_that_is_otherwise_refused(
    actual: int, key: int, digits: int, mode: str
) -> None:
    wanted = {mode: max(digits, 1)}
    strict = judge(f"{actual}e-2", f"{key}e-2", strict=True, **wanted)
    if strict.accepted:
        assert judge(f"{actual}e-2", f"{key}e-2", **wanted).accepted


@given(st.decimals(-100, 100, places=1), st.decimals(-100, 100, places=3))
def test_imprecise_is_only_what_the_key_rounds_to(actual: Any, key: Any) -> None:
    comparison = judge(str(actual), str(key), decimals=2)
    if comparison.verdict is IMPRECISE:
        assert abs(actual - key) * 20 <= 1


# -- what is no number, or not finite ------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [True, np.True_, 1 + 0j, np.complex128(1), "1", b"1", None, [1], {1: 1}, np.array([1.0])],
    ids=repr,
)
def test_what_is_no_real_number_is_none(value: Any) -> None:
    assert as_real(value) is None


@pytest.mark.parametrize(
    "value",
    [1, 1.0, np.int8(1), np.uint64(1), np.float16(1), np.longdouble(1), np.array(1.0)],
    ids=lambda value: type(value).__name__,
)
def test_real_numbers_of_every_type_are_accepted(value: Any) -> None:
    assert judge(value, "1", exact=True).accepted


INFINITE: list[tuple[str, Any, Any, Verdict, Reason | None]] = [
    ("nan", math.nan, 1.0, Verdict.INVALID, Reason.NAN_AT),
    ("typed nan", "nan", "1", Verdict.INVALID, Reason.NAN_AT),
    ("nan is not nan", math.nan, math.nan, Verdict.INVALID, Reason.NAN_AT),
    ("a number is not nan", 1.0, math.nan, INCORRECT, Reason.WRONG_VALUE),
    ("infinity", math.inf, 1.0, Verdict.INVALID, Reason.NOT_FINITE),
    ("infinity itself", math.inf, math.inf, CORRECT, None),
    ("typed infinity itself", "-.inf", -math.inf, CORRECT, None),
    ("the other infinity", -math.inf, math.inf, INCORRECT, Reason.WRONG_VALUE),
    ("a number for an infinity", 1e308, math.inf, INCORRECT, Reason.WRONG_VALUE),
    ("a large typed number is no infinity", "1e400", math.inf, INCORRECT, Reason.WRONG_VALUE),
    ("an infinity is no large typed number", math.inf, "1e400", Verdict.INVALID, Reason.NOT_FINITE),
    ("a large whole number is no infinity", 10**400, math.inf, INCORRECT, Reason.WRONG_VALUE),
    ("nor a negative one", -(10**400), math.inf, INCORRECT, Reason.WRONG_VALUE),
]


@pytest.mark.parametrize(
    ("actual", "expected", "verdict", "reason"),
    [pytest.param(*row[1:], id=row[0]) for row in INFINITE],
)
@pytest.mark.parametrize(
    "tolerance",
    [{"rtol": 1.0}, {"atol": 1e308}, {"decimals": 0}, {"sigfigs": 1}, {"exact": True}],
    ids=lambda tolerance: next(iter(tolerance)),
)
def test_an_infinity_equals_only_itself_and_nothing_equals_nan(
    actual: Any, expected: Any, verdict: Verdict, reason: Reason | None, tolerance: dict[str, Any]
) -> None:
    comparison = judge(actual, expected, **tolerance)
    assert (comparison.verdict, comparison.reason) == (verdict, reason)


@pytest.mark.parametrize(
    "actual",
    ["1e9999", "-1e9999", "1e-9999", 10**5000, -(10**5000)],
    ids=["huge", "negative huge", "tiny", "too long to write out", "negative, too long"],
)
@pytest.mark.parametrize(
    "tolerance",
    [{"rtol": 1e-6}, {"decimals": 2}, {"sigfigs": 3}, {"exact": True}, {"interval": [0.4, 0.5]}],
    ids=lambda tolerance: next(iter(tolerance)),
)
@pytest.mark.parametrize("expected", ["0.41", 0.41])
def test_enormous_and_tiny_numbers_are_merely_wrong(
    actual: Any, expected: Any, tolerance: dict[str, Any]
) -> None:
    assert judge(actual, expected, **tolerance).verdict is INCORRECT


def test_an_expected_value_that_is_no_number_is_refused() -> None:
    with pytest.raises(TypeError, match="not a number"):
        compare_number(actual=1, expected=True, tolerance=Tolerance(exact=True))


@pytest.mark.parametrize(
    ("number", "expected"),
    [(10**5000, math.inf), (-(10**5000), -math.inf), (Fraction(-1, 2), -0.5), (3, 3.0)],
    ids=["large", "negative large", "fraction", "whole"],
)
def test_as_float_never_overflows(number: Any, expected: float) -> None:
    assert as_float(number) == expected


def test_staff_see_the_difference_and_the_bound() -> None:
    comparison = judge("-1.25", "1", atol=0.5)
    assert (comparison.difference, comparison.allowed) == (2.25, 0.5)
