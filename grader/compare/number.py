"""Is one number right? Exact arithmetic on what was typed; inclusive bounds; scaled by the key."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from grader.compare.comparison import Comparison
from grader.compare.digits import decimal_places, exponent10, last_unit, significant_figures
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText
from grader.model.verdict import Reason, Verdict

__all__ = ["Real", "as_real", "compare_number"]

Real: TypeAlias = NumberText | int | float

_SLACK_ULP = 4
_OWN_PRECISION = Fraction(1, 4)  # an imprecise answer pins the value to a quarter at least


def as_real(value: Any) -> Real | None:
    """A plain real number, or None: booleans, complex numbers and strings are none."""
    if isinstance(value, np.ndarray) and value.shape == ():
        value = value[()]
    if isinstance(value, np.bool_ | bool):
        return None
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, np.floating):
        return float(value)
    return value if type(value) in (NumberText, int, float) else None


def compare_number(
    *, actual: Any, expected: Any, tolerance: Tolerance, scale_floor: float = 0.0
) -> Comparison:
    """Compare a number with the key.

    Typed numbers are compared exactly. Where either side was computed in floating point the bound
    is widened by 4 ulp, so that 3.1849999999999996 does not fail 3.19 at ±0.005. `scale_floor` is
    the least size that `rtol` is taken of (see `array`). An infinity equals only itself, and
    nothing equals NaN.
    """
    key, given = as_real(expected), as_real(actual)
    if key is None:
        msg = f"the expected value {expected!r} is no number"
        raise TypeError(msg)
    if given is None:
        return Comparison.invalid(Reason.NOT_A_NUMBER, actual=actual)
    if not (_finite(key) and _finite(given)):
        return _compare_infinite(given, key)
    s, e = _exact(given), _exact(key)
    difference = abs(s - e)
    slack = _slack(given, key)
    bound = _bound(given, key, tolerance, scale_floor)
    accepted = (
        _inside(s, tolerance.interval, slack)
        if tolerance.interval is not None
        else difference <= bound + (0 if tolerance.exact else slack)
    )
    if tolerance.strict:
        digits = _strict_digits(given, tolerance)
        if digits is not None:
            right = difference <= max(bound, _own_half_unit(given) or Fraction(0)) + slack
            credit = tolerance.imprecise_credit if right else Fraction(0)
            verdict = Verdict.IMPRECISE if right else Verdict.INCORRECT
            reason = digits if right else Reason.WRONG_VALUE
            return _refused(verdict, reason, given, key, difference, bound, credit)
    if accepted:
        return Comparison.correct()
    if tolerance.judges_digits and not tolerance.strict:
        own = _own_half_unit(given)
        if own is not None and bound < own <= abs(e) * _OWN_PRECISION and difference <= own + slack:
            credit = tolerance.imprecise_credit
            return _refused(
                Verdict.IMPRECISE, Reason.TOO_FEW_DIGITS, given, key, difference, bound, credit
            )
    return _refused(Verdict.INCORRECT, Reason.WRONG_VALUE, given, key, difference, bound)


def _finite(number: Real) -> bool:
    return number.is_finite if isinstance(number, NumberText) else math.isfinite(number)


def _exact(number: Real) -> Fraction:
    return number.exact if isinstance(number, NumberText) else Fraction(number)


def _slack(given: Real, key: Real) -> Fraction:
    """Four ulp at the size of the numbers, where one of them was computed in floating point."""
    if not (isinstance(given, float) or isinstance(key, float)):
        return Fraction(0)
    size = max(abs(_float(given)), abs(_float(key)))
    return _SLACK_ULP * Fraction(math.ulp(size)) if math.isfinite(size) else Fraction(0)


def _float(number: Real) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf


def _inside(s: Fraction, interval: tuple[Fraction, Fraction], slack: Fraction) -> bool:
    low, high = interval
    return low - slack <= s <= high + slack


def _bound(given: Real, key: Real, tolerance: Tolerance, scale_floor: float) -> Fraction:
    """How far away the tolerance allows a number to be. Half units follow ISO 80000-1 rounding,
    with ties accepted either way."""
    e = _exact(key)
    if tolerance.decimals is not None:
        return Fraction(1, 2 * 10**tolerance.decimals)
    if tolerance.sigfigs is not None:
        # 9.5 is not 10 to two figures: the finer of the two places counts.
        sizes = [exponent10(x) for x in (_exact(given), e) if x != 0]
        unit = Fraction(10) ** (min(sizes) - tolerance.sigfigs + 1) if e != 0 else Fraction(0)
        if tolerance.strict and (s := _exact(given)) != 0 and e != 0:
            unit = Fraction(10) ** (exponent10(s) - tolerance.sigfigs + 1)
        return unit / 2
    if tolerance.published:
        unit_typed = last_unit(key) if isinstance(key, NumberText) else None
        return (unit_typed or Fraction(0)) / 2
    if tolerance.interval is not None or tolerance.exact:
        return Fraction(0)
    size = max(abs(e), Fraction(scale_floor))
    return max(tolerance.atol or Fraction(0), (tolerance.rtol or Fraction(0)) * size)


def _own_half_unit(given: Real) -> Fraction | None:
    unit = last_unit(given) if isinstance(given, NumberText) else None
    return None if unit is None else unit / 2


def _strict_digits(given: Real, tolerance: Tolerance) -> Reason | None:
    """What is wrong with the number of digits typed, or None."""
    if not isinstance(given, NumberText):
        return None  # a computed value states no digits
    if tolerance.decimals is not None:
        low = high = decimal_places(given) or 0
        wanted = tolerance.decimals
    else:
        low, high = significant_figures(given) or (0, 0)
        wanted = tolerance.sigfigs or 0
    if high < wanted:
        return Reason.TOO_FEW_DIGITS
    return Reason.TOO_MANY_DIGITS if low > wanted else None


def _compare_infinite(given: Real, key: Real) -> Comparison:
    s, e = _float(given), _float(key)
    if math.isnan(s):
        return Comparison.invalid(Reason.NAN_AT, actual=given)
    if s == e:
        return Comparison.correct()
    if _finite(given):
        return _refused(Verdict.INCORRECT, Reason.WRONG_VALUE, given, key, None, None)
    return Comparison.invalid(Reason.NOT_FINITE, actual=given)


def _refused(
    verdict: Verdict,
    reason: Reason,
    given: Real,
    key: Real,
    difference: Fraction | None,
    bound: Fraction | None,
    credit: Fraction = Fraction(0),
) -> Comparison:
    return Comparison(
        verdict=verdict,
        reason=reason,
        credit=credit,
        actual=given,
        expected=key,
        difference=None if difference is None else _as_float(difference),
        allowed=None if bound is None else _as_float(bound),
        wrong=1,
    )


def _as_float(number: Fraction) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf
