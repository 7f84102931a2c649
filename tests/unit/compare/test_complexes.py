"""Complex numbers: by the modulus of the difference, or part by part for digits."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.compare import Comparison, compare
from grader.compare.array import compare_array
from grader.compare.separation import tolerances_apart
from grader.model.tolerance import Tolerance
from grader.model.value import ComplexText, NumberText
from grader.model.verdict import Reason, Verdict

CORRECT, INCORRECT, IMPRECISE = Verdict.CORRECT, Verdict.INCORRECT, Verdict.IMPRECISE
PI = 3.1415 - 1.9528j
VECTOR = np.array([1j, 2.0, 3 - 1j])
TURN = np.exp(1j)


def judge(actual: Any, expected: Any, **tolerance: Any) -> Comparison:
    return compare(actual=actual, expected=expected, tolerance=Tolerance.from_spec(tolerance))


@pytest.mark.parametrize(
    ("actual", "expected", "tolerance", "verdict"),
    [
        pytest.param("3-2i", "3 - 2i", {"exact": True}, CORRECT, id="exact"),
        pytest.param("3-2i", "3 + 2i", {"exact": True}, INCORRECT, id="exact conjugate"),
        pytest.param("0.1i", 0.1j, {"exact": True}, CORRECT, id="exact beside a computed one"),
        pytest.param("3 - 2.05i", "3-2i", {"atol": 0.05}, CORRECT, id="at the bound"),
        pytest.param("3 - 2.0500001i", "3-2i", {"atol": 0.05}, INCORRECT, id="beyond the bound"),
        pytest.param("3.03-2.04i", "3-2i", {"atol": 0.05}, CORRECT, id="3 4 5 at the bound"),
        pytest.param("3.03-2.041i", "3-2i", {"atol": 0.05}, INCORRECT, id="3 4 5 beyond it"),
        pytest.param("3.04-2.04i", "3-2i", {"atol": 0.05}, INCORRECT, id="both parts inside"),
        pytest.param("0.001+100i", "100i", {"rtol": 1e-5}, CORRECT, id="rtol of the modulus"),
        pytest.param("0.0011+100i", "100i", {"rtol": 1e-5}, INCORRECT, id="beyond rtol"),
        pytest.param("3.14-1.95i", PI, {"decimals": 2}, CORRECT, id="decimals"),
        pytest.param("3.14-1.96i", PI, {"decimals": 2}, INCORRECT, id="decimals of the other part"),
        pytest.param("3.1-2.0i", PI, {"decimals": 2}, IMPRECISE, id="too few decimals"),
        pytest.param("3.14-2.0i", PI, {"decimals": 2}, IMPRECISE, id="in one part"),
        pytest.param("3.2-2.0i", PI, {"decimals": 2}, INCORRECT, id="and the other is wrong"),
        pytest.param("3.14-1.95i", PI, {"decimals": 2, "strict": True}, CORRECT, id="strict"),
        pytest.param("3.14-1.953i", PI, {"decimals": 2, "strict": True}, IMPRECISE, id="too many"),
        pytest.param("3.14+0.00i", 3.1415 + 1e-4j, {"sigfigs": 3}, CORRECT, id="sigfigs"),
        pytest.param("3.15+0.00i", 3.1415 + 1e-4j, {"sigfigs": 3}, INCORRECT, id="sigfigs, off"),
        pytest.param("3.14+0.01i", 3.1415 + 1e-4j, {"sigfigs": 3}, INCORRECT, id="the small part"),
        pytest.param("2.54i", "2.5i", {"published": True}, CORRECT, id="published"),
        pytest.param("2.56i", "2.5i", {"published": True}, INCORRECT, id="beyond the band"),
        pytest.param("0.04+2.5i", "2.5i", {"published": True}, CORRECT, id="a part not typed"),
        pytest.param("0.06+2.5i", "2.5i", {"published": True}, INCORRECT, id="and beyond it"),
        pytest.param(1 + 1j, (1 + 1j) * (1 + 2**-52), {"ulp": 1}, CORRECT, id="ulp"),
        pytest.param(1 + 1j, (1 + 1j) * (1 + 2**-50), {"ulp": 1}, INCORRECT, id="more ulp"),
        pytest.param(1 + 1e-17j, 1 + 0j, {"ulp": 1}, CORRECT, id="ulp of the larger part"),
        pytest.param(7, 7 + 0j, {"rtol": 1e-6}, CORRECT, id="a real one for a complex key"),
        pytest.param(np.complex64(1 + 2j), 1 + 2j, {"rtol": 1e-6}, CORRECT, id="complex64"),
        pytest.param(np.array(1 + 2j), 1 + 2j, {"rtol": 1e-6}, CORRECT, id="an array without axes"),
        pytest.param("(1+2i)", "1+2j", {"rtol": 1e-6}, CORRECT, id="brackets"),
    ],
)
def test_one_complex_number(actual: Any, expected: Any, tolerance: Any, verdict: Verdict) -> None:
    assert judge(actual, expected, **tolerance).verdict is verdict


@pytest.mark.parametrize(
    ("actual", "expected", "tolerance", "verdict"),
    [
        pytest.param(VECTOR, VECTOR, {"rtol": 1e-6}, CORRECT, id="itself"),
        pytest.param(VECTOR.tolist(), VECTOR, {"rtol": 1e-6}, CORRECT, id="a list"),
        pytest.param(VECTOR.conj(), VECTOR, {"rtol": 1e-6}, INCORRECT, id="conjugate"),
        pytest.param(-VECTOR, VECTOR, {"rtol": 1e-6, "up_to_sign": True}, CORRECT, id="sign"),
        pytest.param(TURN * VECTOR, VECTOR, {"rtol": 1e-6, "up_to_sign": True}, INCORRECT, id="±"),
        pytest.param(TURN * VECTOR, VECTOR, {"rtol": 1e-6, "proportional": True}, CORRECT, id="∝"),
        pytest.param(VECTOR.conj(), VECTOR, {"atol": 0, "proportional": True}, INCORRECT, id="∝*"),
        pytest.param(0 * VECTOR, VECTOR, {"rtol": 0.1, "proportional": True}, INCORRECT, id="0"),
        pytest.param(VECTOR[::-1], VECTOR, {"rtol": 1e-6, "unordered": True}, CORRECT, id="set"),
        pytest.param(VECTOR[::-1], VECTOR, {"exact": True, "unordered": True}, CORRECT, id="exact"),
        pytest.param(VECTOR[[0, 0, 1]], VECTOR, {"rtol": 1, "unordered": True}, INCORRECT, id="2×"),
        pytest.param(VECTOR + 1e-3j, VECTOR, {"rtol": 1e-3, "norm": 2}, CORRECT, id="norm 2"),
        pytest.param(VECTOR + 1e-2j, VECTOR, {"rtol": 1e-3, "norm": 2}, INCORRECT, id="beyond it"),
        pytest.param(VECTOR + 6e-3, VECTOR, {"atol": 0.018, "norm": 1}, CORRECT, id="norm 1"),
        pytest.param(VECTOR + 6.1e-3, VECTOR, {"atol": 0.018, "norm": 1}, INCORRECT, id="beyond 1"),
        pytest.param(VECTOR + 1j, VECTOR, {"atol": 1, "norm": "inf"}, CORRECT, id="norm inf"),
        pytest.param(VECTOR + 1.1j, VECTOR, {"atol": 1, "norm": "inf"}, INCORRECT, id="beyond inf"),
        pytest.param(VECTOR + 3e-3, VECTOR, {"rtol": 1e-3, "scale": "max"}, CORRECT, id="max"),
        pytest.param(VECTOR + 4e-3, VECTOR, {"rtol": 1e-3, "scale": "max"}, INCORRECT, id="> max"),
        pytest.param(np.tile(VECTOR, 9), np.tile(VECTOR, 9), {"decimals": 3}, CORRECT, id="long"),
    ],
)
def test_complex_arrays(actual: Any, expected: Any, tolerance: Any, verdict: Verdict) -> None:
    assert judge(actual, expected, **tolerance).verdict is verdict


def test_typed_norms_are_exact() -> None:
    keys = [ComplexText.parse("3i"), NumberText("4")]
    given_ = [ComplexText.parse("3i+0.3"), ComplexText.parse("4+0.4i")]
    norm = Tolerance.from_spec({"atol": 0.5, "norm": 2})
    assert compare_array(actual=given_, expected=keys, tolerance=norm).accepted
    less = Tolerance.from_spec({"atol": 0.4999999999, "norm": 2})
    assert not compare_array(actual=given_, expected=keys, tolerance=less).accepted


@pytest.mark.parametrize("actual", [7 + 0j, np.complex64(7), "7+0j", np.array(7 + 0j)], ids=repr)
def test_a_complex_number_without_imaginary_part_is_the_real_one(actual: Any) -> None:
    assert judge(actual, 7.0, exact=True).accepted


@pytest.mark.parametrize(
    ("actual", "expected"),
    [(7 + 1e-9j, 7.0), ("7+1e-9i", "7"), ([1, 2 + 1j], [1, 2]), (np.array([1, 2j]), [1, 2])],
)
def test_any_other_is_refused_where_a_real_one_is_expected(actual: Any, expected: Any) -> None:
    refused = judge(actual, expected, rtol=1)
    assert (refused.verdict, refused.reason) == (Verdict.INVALID, Reason.COMPLEX)


@pytest.mark.parametrize(
    ("actual", "reason"),
    [
        (complex("nan"), Reason.NAN_AT),
        (complex("nan+1j"), Reason.NAN_AT),
        (complex("inf"), Reason.NOT_FINITE),
        (float("inf"), Reason.NOT_FINITE),
        (True, Reason.BOOLEAN),
        ("x", Reason.NOT_A_NUMBER),
        (None, Reason.NOT_A_NUMBER),
        ([1j], Reason.WRONG_SHAPE),
    ],
    ids=repr,
)
def test_what_never_passes_for_a_complex_number(actual: Any, reason: Reason) -> None:
    refused = judge(actual, 1j, rtol=1)
    assert (refused.verdict, refused.reason) == (Verdict.INVALID, reason)


def test_the_difference_is_a_modulus() -> None:
    wrong = judge("3+4i", 0j, atol=1)
    assert (wrong.difference, wrong.allowed) == (5.0, 1.0)


def test_an_interval_is_refused() -> None:
    with pytest.raises(ValueError, match="do not lie in an interval"):
        judge(1j, 1j, interval=[0, 1])


SMALL = st.integers(-40, 40).map(lambda n: n / 8)
POINTS = st.builds(complex, SMALL, SMALL)


@given(POINTS, POINTS, st.integers(0, 40))
def test_accepted_is_what_lies_in_the_circle(s: complex, e: complex, eighths: int) -> None:
    atol = Fraction(eighths, 8)
    gap = (Fraction(s.real) - Fraction(e.real)) ** 2 + (Fraction(s.imag) - Fraction(e.imag)) ** 2
    inside = gap <= atol**2
    tolerance = Tolerance(atol=atol)
    assert compare(actual=s, expected=e, tolerance=tolerance).accepted is inside
    assert compare(actual=[s] * 9, expected=[e] * 9, tolerance=tolerance).accepted is inside
    apart = tolerances_apart(s, e, tolerance)
    assert (apart <= 1 + 1e-9) is inside


@given(POINTS, POINTS, st.sampled_from([{"rtol": 0.25}, {"atol": 0.5}, {"rtol": 0.3, "atol": 1}]))
def test_turning_and_conjugating_both_changes_nothing(s: complex, e: complex, spec: Any) -> None:
    accepted = judge(s, e, **spec).accepted
    assert judge(1j * s, 1j * e, **spec).accepted is accepted
    assert judge(s.conjugate(), e.conjugate(), **spec).accepted is accepted


MODES = st.sampled_from(
    [{"decimals": 1}, {"sigfigs": 2}, {"exact": True}, {"ulp": 3}, {"rtol": 0.1}, {"atol": 0.1}]
)


@given(SMALL, SMALL, MODES)
def test_real_numbers_written_as_complex_ones_are_judged_alike(
    s: float, e: float, spec: Any
) -> None:
    real = judge(s, e, **spec).accepted
    assert judge(complex(s), e, **spec).accepted is real
    assert judge(complex(s), complex(e), **spec).accepted is real
    assert judge(s, complex(e), **spec).accepted is real


@pytest.mark.parametrize(
    ("actual", "expected", "accepted"),
    [
        ("nan", "nan", True),
        (float("nan"), "nan", True),
        (np.float32("nan"), "nan", True),
        (1.0, "nan", False),
        ("inf", "nan", False),
        ("nan", "inf", False),
        ("-inf", "inf", False),
        ("inf", ".inf", True),
    ],
)
def test_nan_and_infinities_are_right_where_they_were_stated(
    actual: Any, expected: str, accepted: bool
) -> None:
    assert judge(actual, expected, rtol=0.1).accepted is accepted
    keys = [NumberText("1"), NumberText(expected)]
    tolerance = Tolerance(rtol=Fraction(1, 10))
    number = float(NumberText(actual)) if isinstance(actual, str) else float(actual)
    found = compare_array(actual=np.array([1.0, number]), expected=keys, tolerance=tolerance)
    assert found.accepted is accepted
    assert (tolerances_apart(np.array([1.0, number]), keys, tolerance) == 0.0) is accepted
