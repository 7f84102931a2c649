"""Is one number right? Exact arithmetic on what was typed; inclusive bounds; scaled by the key."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from grader.compare.bound import Sides, bound_of
from grader.compare.comparison import Comparison
from grader.compare.digits import exponent10, last_unit, stated_digits
from grader.compare.refusal import no_number
from grader.compare.screen import beyond_doubt
from grader.model.fact_marking import Detail
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText, Value
from grader.model.verdict import Reason, Verdict

__all__ = [
    "Real",
    "as_float",
    "as_real",
    "bound_at",
    "compare_number",
    "exact",
    "is_finite",
    "last_place",
    "refused",
    "slack",
]

Real: TypeAlias = NumberText | int | float

_SLACK_ULP = 4
_OWN_PRECISION = Fraction(1, 4)  # an imprecise answer pins the value to a quarter at least
_WHOLE = 2**53  # whole numbers up to here are floating-point numbers
_MOST_BITS = 1_000_000  # of a whole number: more could be sent to cost time, never to be right
_LEAST_SINGLE = -125  # below this exponent single precision has no finer units
_ZERO = Fraction(0)
_CORRECT = Comparison.correct()
_KINDS = frozenset(np.sctypeDict.values())
_INTS = frozenset(kind for kind in _KINDS if np.dtype(kind).kind in "iu")
_FLOATS = frozenset(kind for kind in _KINDS if np.dtype(kind).kind == "f")


def as_real(value: Any) -> Real | None:
    """A plain real number, or None: booleans, complex numbers, texts and durations give None."""
    kind = type(value)
    if kind is np.ndarray and value.shape == () and value.dtype.kind in "iuf":
        value = value[()]
        kind = type(value)
    if kind is float or kind is int or kind is NumberText:
        real: Real = value
        return real
    if kind in _INTS:
        return int(value)
    return float(value) if kind in _FLOATS else None


def as_float(number: Real | Fraction) -> float:
    """The nearest floating-point number; an infinity where the number is too large for one."""
    try:
        return float(number)
    except OverflowError:
        return -math.inf if exact(number) < 0 else math.inf


def compare_number(
    *,
    actual: Any,
    expected: Any,
    tolerance: Tolerance,
    scale_floor: float = 0.0,
    scale: Fraction | None = None,
) -> Comparison:
    """Compare a number with the key.

    Typed numbers are compared exactly. Where either side was computed in floating point the bound
    is widened by 4 ulp, so that 3.1849999999999996 does not fail 3.19 at ±0.005; `ulp` itself and
    `exact` are not widened. `rtol` is taken of `scale`, or else of max(|expected|, scale_floor)
    (see `array`). An infinity equals only itself, and NaN only a key that somebody typed as NaN:
    one that was computed is equal to nothing. What the tolerance says of arrays as a whole is not
    looked at. Raises TypeError when `expected` is not a number.
    """
    if _is_double(actual) and _is_double(expected):
        size = max(abs(expected), scale_floor) if scale is None else as_float(scale)
        sure = beyond_doubt(actual, expected, tolerance, size)
        if sure:
            return _CORRECT
        if sure is False:
            bound = bound_of(tolerance, _Exact(actual, expected, scale_floor, scale))
            distance = Fraction(abs(actual - expected))  # rounded once, as any report of it is
            wrong = Verdict.INCORRECT, Reason.WRONG_VALUE
            return refused(*wrong, actual, expected, distance, bound)
    key, given = as_real(expected), as_real(actual)
    if key is None:
        msg = f"the expected value {expected!r} is not a number"
        raise TypeError(msg)
    if given is None:
        return no_number(actual)
    if type(given) is int and given.bit_length() > _MOST_BITS:
        detail = Detail(bits=given.bit_length())
        return Comparison.invalid(Reason.TOO_LONG, actual=given, detail=detail)
    if not (is_finite(key) and is_finite(given)):
        return _compare_infinite(given, key)
    bound = bound_of(tolerance, _Exact(given, key, scale_floor, scale))
    return _compare_finite(given, key, tolerance, bound)


def _is_double(number: Any) -> bool:
    return type(number) is float or (type(number) is int and abs(number) <= _WHOLE)


def _compare_finite(given: Real, key: Real, tolerance: Tolerance, bound: Fraction) -> Comparison:
    e = exact(key)
    difference = abs(exact(given) - e)
    allowance = _ZERO if tolerance.ulp is not None else slack(given, key)
    if tolerance.interval is not None:
        accepted = _inside(given, tolerance.interval)
    elif tolerance.exact:
        accepted = _equal(given, key)
    else:
        accepted = difference <= bound + allowance
    digits = _strict_digits(given, tolerance) if tolerance.strict else None
    if accepted and digits is None:
        return _CORRECT
    if accepted or (tolerance.judges_digits and _right_as_far(given, e, bound, allowance)):
        return refused(
            Verdict.IMPRECISE,
            digits or Reason.TOO_FEW_DIGITS,
            given,
            key,
            difference,
            bound,
            tolerance.imprecise_credit,
        )
    return refused(Verdict.INCORRECT, Reason.WRONG_VALUE, given, key, difference, bound)


def bound_at(
    given: Real, key: Real, tolerance: Tolerance, floor: float, scale: Fraction | None
) -> Fraction:
    """How far from the key the tolerance lets this finite number be; 0 where it names no distance.
    `floor` and `scale` are those of `compare_number`."""
    return bound_of(tolerance, _Exact(given, key, floor, scale))


def is_finite(number: Real) -> bool:
    if isinstance(number, NumberText):
        return number.is_finite
    return isinstance(number, int) or math.isfinite(number)


def exact(number: Real | Fraction) -> Fraction:
    """The number itself. Only for finite numbers."""
    return number.exact if isinstance(number, NumberText) else Fraction(number)


def slack(given: Real, key: Real) -> Fraction:
    """Four ulp at the size of the numbers, where one of them was computed in floating point."""
    if not (isinstance(given, float) or isinstance(key, float)):
        return _ZERO
    return _ulps(max(abs(exact(given)), abs(exact(key))))


def _ulps(size: Fraction) -> Fraction:
    number = as_float(size)
    return _SLACK_ULP * Fraction(math.ulp(number)) if math.isfinite(number) else _ZERO


def _inside(given: Real, interval: tuple[Fraction, Fraction]) -> bool:
    """Between the ends, which were typed: only a computed answer may miss them by 4 ulp."""
    s = exact(given)
    ulps = [_ulps(max(abs(s), abs(end))) if isinstance(given, float) else _ZERO for end in interval]
    low, high = interval
    return low - ulps[0] <= s <= high + ulps[1]


def _equal(given: Real, key: Real) -> bool:
    """Equal; a typed decimal equals the floating-point number that it is stored as: 0.1 is 0.1."""
    for typed, computed in ((given, key), (key, given)):
        if isinstance(typed, NumberText) and isinstance(computed, float):
            return float(typed) == computed
    return exact(given) == exact(key)


def _right_as_far(given: Real, e: Fraction, bound: Fraction, allowance: Fraction) -> bool:
    """Whether the answer is right at its own, coarser precision, which must say something of e."""
    unit = last_unit(given) if isinstance(given, NumberText) else None
    if unit is None or not bound < unit / 2 <= abs(e) * _OWN_PRECISION:
        return False
    return abs(exact(given) - e) <= unit / 2 + allowance


class _Exact(Sides[Fraction]):
    """The parts of a bound as fractions."""

    __slots__ = ("_floor", "_given", "_key", "_scale")

    def __init__(self, given: Real, key: Real, floor: float, scale: Fraction | None) -> None:
        """`scale` is the size of every key, where it is set, and `floor` else the least."""
        self._given = given
        self._key = key
        self._floor = floor
        self._scale = scale

    def number(self, given: Fraction | None) -> Fraction:
        return _ZERO if given is None else given

    def size(self) -> Fraction:
        if self._scale is not None:
            return self._scale
        return max(abs(exact(self._key)), Fraction(self._floor))

    def larger(self, one: Fraction, other: Fraction) -> Fraction:
        return max(one, other)

    def half_of_ten_to(self, power: int) -> Fraction:
        return Fraction(1, 2 * 10**-power) if power <= 0 else Fraction(10**power, 2)

    def unit_of_figures(self, figures: int) -> Fraction:
        e = exact(self._key)
        exponents = [exponent10(x) for x in (exact(self._given), e) if x != 0]
        return Fraction(10) ** (min(exponents) - figures + 1) if e != 0 else _ZERO

    def unit_as_typed(self) -> Fraction:
        unit = last_unit(self._key) if isinstance(self._key, NumberText) else None
        return unit or _ZERO

    def last_place(self, dtype: str) -> Fraction:
        return last_place(as_float(self._key), dtype)


def last_place(number: float, dtype: str) -> Fraction:
    """One unit in the last place of that type; nothing where the number is too large for it."""
    if dtype == "float64":
        return Fraction(math.ulp(number)) if math.isfinite(number) else _ZERO
    with np.errstate(over="ignore"):
        single = float(np.float32(number))
    if not math.isfinite(single):
        return _ZERO
    # numpy's spacing of the largest number is infinite.
    exponent = math.frexp(single)[1] if single else _LEAST_SINGLE
    return Fraction(2) ** (max(exponent, _LEAST_SINGLE) - 24)


def _strict_digits(given: Real, tolerance: Tolerance) -> Reason | None:
    """What is wrong with the number of digits typed, or None."""
    if not isinstance(given, NumberText):
        return None  # a computed value states no digits
    stated = stated_digits(given, places=tolerance.decimals is not None)
    wanted = tolerance.sigfigs or 0 if tolerance.decimals is None else tolerance.decimals
    if stated is None:
        return Reason.TOO_FEW_DIGITS  # a fraction states none
    low, high = stated
    if high < wanted:
        return Reason.TOO_FEW_DIGITS
    return Reason.TOO_MANY_DIGITS if low > wanted else None


def _compare_infinite(given: Real, key: Real) -> Comparison:
    if is_finite(given):
        return refused(Verdict.INCORRECT, Reason.WRONG_VALUE, given, key, None, None)
    s = float(given)
    if math.isnan(s):
        if isinstance(key, NumberText) and math.isnan(float(key)):
            return _CORRECT
        return Comparison.invalid(Reason.NAN_AT, actual=given)
    if not is_finite(key):
        if s == float(key):
            return _CORRECT
        return refused(Verdict.INCORRECT, Reason.WRONG_VALUE, given, key, None, None)
    return Comparison.invalid(Reason.NOT_FINITE, actual=given)


def refused(
    verdict: Verdict,
    reason: Reason,
    given: Value,
    key: Value,
    difference: Fraction | None,
    bound: Fraction | None,
    credit: Fraction = _ZERO,
) -> Comparison:
    """A number that is not right, real or complex: how far it is off, and how far it may be."""
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
