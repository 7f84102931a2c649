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

__all__ = ["Real", "as_float", "as_real", "compare_number"]

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


def as_float(number: Real | Fraction) -> float:
    """The nearest floating-point number; an infinity where the number is too large for one."""
    try:
        return float(number)
    except OverflowError:
        return -math.inf if _exact(number) < 0 else math.inf


def compare_number(
    *, actual: Any, expected: Any, tolerance: Tolerance, scale_floor: float = 0.0
) -> Comparison:
    """Compare a number with the key.

    Typed numbers are compared exactly. Where either side was computed in floating point the bound
    is widened by 4 ulp, so that 3.1849999999999996 does not fail 3.19 at ±0.005. `scale_floor` is
    the least size that `rtol` is taken of (see `array`). An infinity equals only itself, and
    nothing equals NaN. Raises TypeError when `expected` is no number.
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
    if tolerance.interval is not None:
        accepted = _inside(given, tolerance.interval)
    elif tolerance.exact:
        accepted = _equal(given, key)
    else:
        accepted = difference <= bound + slack
    digits = _strict_digits(given, tolerance) if tolerance.strict else None
    if accepted and digits is None:
        return Comparison.correct()
    if accepted or (tolerance.judges_digits and _right_as_far(given, e, bound, slack)):
        return _refused(
            Verdict.IMPRECISE,
            digits or Reason.TOO_FEW_DIGITS,
            given,
            key,
            difference,
            bound,
            tolerance.imprecise_credit,
        )
    return _refused(Verdict.INCORRECT, Reason.WRONG_VALUE, given, key, difference, bound)


def _finite(number: Real) -> bool:
    if isinstance(number, NumberText):
        return number.is_finite
    return isinstance(number, int) or math.isfinite(number)


def _exact(number: Real | Fraction) -> Fraction:
    return number.exact if isinstance(number, NumberText) else Fraction(number)


def _slack(given: Real, key: Real) -> Fraction:
    """Four ulp at the size of the numbers, where one of them was computed in floating point."""
    if not (isinstance(given, float) or isinstance(key, float)):
        return Fraction(0)
    return _ulps(max(abs(_exact(given)), abs(_exact(key))))


def _ulps(size: Fraction) -> Fraction:
    number = as_float(size)
    return _SLACK_ULP * Fraction(math.ulp(number)) if math.isfinite(number) else Fraction(0)


def _inside(given: Real, interval: tuple[Fraction, Fraction]) -> bool:
    """Between the ends, which were typed: only a computed answer may miss them by 4 ulp."""
    s = _exact(given)
    ulps = [
        _ulps(max(abs(s), abs(end))) if isinstance(given, float) else Fraction(0)
        for end in interval
    ]
    low, high = interval
    return low - ulps[0] <= s <= high + ulps[1]


def _equal(given: Real, key: Real) -> bool:
    """Equal; a typed decimal equals the floating-point number that it is stored as: 0.1 is 0.1."""
    for typed, computed in ((given, key), (key, given)):
        if isinstance(typed, NumberText) and isinstance(computed, float):
            return float(typed) == computed
    return _exact(given) == _exact(key)


def _right_as_far(given: Real, e: Fraction, bound: Fraction, slack: Fraction) -> bool:
    """Whether the answer is right at its own, coarser precision, which must say something of e."""
    unit = last_unit(given) if isinstance(given, NumberText) else None
    if unit is None or not bound < unit / 2 <= abs(e) * _OWN_PRECISION:
        return False
    return abs(_exact(given) - e) <= unit / 2 + slack


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
        return unit / 2
    if tolerance.published:
        unit_typed = last_unit(key) if isinstance(key, NumberText) else None
        return (unit_typed or Fraction(0)) / 2
    if tolerance.interval is not None or tolerance.exact:
        return Fraction(0)
    size = max(abs(e), Fraction(scale_floor))
    return max(tolerance.atol or Fraction(0), (tolerance.rtol or Fraction(0)) * size)


def _strict_digits(given: Real, tolerance: Tolerance) -> Reason | None:
    """What is wrong with the number of digits typed, or None."""
    if not isinstance(given, NumberText):
        return None  # a computed value states no digits
    if tolerance.decimals is not None:
        places = decimal_places(given)
        stated = None if places is None else (places, places)
        wanted = tolerance.decimals
    else:
        stated = significant_figures(given)
        wanted = tolerance.sigfigs or 0
    if stated is None:
        return Reason.TOO_FEW_DIGITS  # a fraction states none
    low, high = stated
    if high < wanted:
        return Reason.TOO_FEW_DIGITS
    return Reason.TOO_MANY_DIGITS if low > wanted else None


def _compare_infinite(given: Real, key: Real) -> Comparison:
    if _finite(given):
        return _refused(Verdict.INCORRECT, Reason.WRONG_VALUE, given, key, None, None)
    s = float(given)
    if math.isnan(s):
        return Comparison.invalid(Reason.NAN_AT, actual=given)
    if not _finite(key) and s == float(key):
        return Comparison.correct()
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
        difference=None if difference is None else as_float(difference),
        allowed=None if bound is None else as_float(bound),
        wrong=1,
    )
