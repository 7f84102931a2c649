"""Is one complex number right? By the modulus of the difference, or part by part for digits."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from grader.compare.comparison import Comparison
from grader.compare.digits import exponent10
from grader.compare.number import (
    Real,
    as_float,
    as_real,
    compare_number,
    exact,
    is_finite,
    last_place,
    refused,
    slack,
)
from grader.compare.refusal import no_number
from grader.model.tolerance import Tolerance
from grader.model.value import ComplexText, NumberText
from grader.model.verdict import Reason, Verdict

__all__ = [
    "Number",
    "as_number",
    "compare_either",
    "is_complex",
    "modulus",
    "nearest",
    "number_is_finite",
    "parts_of",
    "room",
    "root",
]

Number: TypeAlias = Real | complex | ComplexText

_ROOT_BITS = 256
_ZERO = Fraction(0)
_REAL = frozenset((float, int, NumberText))
_WORST = (Verdict.CORRECT, Verdict.IMPRECISE, Verdict.INCORRECT, Verdict.INVALID)


class _Parts(NamedTuple):
    real: Real
    imag: Real


def as_number(value: Any) -> Number | None:
    """A plain number, real or complex, or None."""
    real = as_real(value)
    if real is not None:
        return real
    kind = type(value)
    if kind is complex or kind is ComplexText:
        number: Number = value
        return number
    if kind is np.ndarray and value.shape == () and value.dtype.kind == "c":
        return complex(value)
    return complex(value) if kind in _COMPLEX else None


_COMPLEX = frozenset(kind for kind in np.sctypeDict.values() if np.dtype(kind).kind == "c")


def is_complex(number: Any) -> bool:
    """Whether a number, as `as_number` gives it, is written as a complex one."""
    return isinstance(number, complex | ComplexText)


def parts_of(number: Number) -> tuple[Real, Real]:
    """The real and the imaginary part."""
    if isinstance(number, complex | ComplexText):
        return _Parts(number.real, number.imag)
    return _Parts(number, 0)


def number_is_finite(number: Number) -> bool:
    return all(map(is_finite, parts_of(number)))


def nearest(number: Number) -> float | complex:
    """The nearest floating-point number, complex where the number is written so."""
    if isinstance(number, complex | ComplexText):
        return complex(*map(as_float, parts_of(number)))
    return as_float(number)


def modulus(number: Number) -> Fraction:
    """The size of a finite number, exact for a real one, else to more than a hundred bits."""
    if isinstance(number, complex | ComplexText):
        return root(sum(exact(part) ** 2 for part in parts_of(number)) + _ZERO)
    return abs(exact(number))


def room(given: Number, key: Number) -> Fraction:
    """Four ulp at the size of the numbers, where one of them was computed in floating point."""
    if not (is_complex(given) or is_complex(key)):
        return slack(given, key)  # type: ignore[arg-type]  # both are real
    if not any(isinstance(part, float) for one in (given, key) for part in parts_of(one)):
        return _ZERO
    size = as_float(max(modulus(given), modulus(key)))
    return slack(size, size) if math.isfinite(size) else _ZERO


def root(square: Fraction) -> Fraction:
    """The square root to more than a hundred bits, which is far below any allowance."""
    product = square.numerator * square.denominator
    shift = max(0, _ROOT_BITS - product.bit_length())
    return Fraction(math.isqrt(product << 2 * shift), square.denominator << shift)


def compare_either(
    *,
    actual: Any,
    expected: Any,
    tolerance: Tolerance,
    scale_floor: float = 0.0,
    scale: Fraction | None = None,
) -> Comparison:
    """As `compare_number`, where either may be complex.

    Beside a real key a complex number whose imaginary part is exactly 0 is that real number, and
    any other is refused. Beside a complex key |actual − expected| ≤ max(atol, rtol·|expected|).
    What counts digits or last places holds for each of the two parts, with the units of the larger
    part; `published` with the units that each was typed with. Raises ValueError for an interval,
    which complex numbers have none of.
    """
    known = type(actual) in _REAL and type(expected) in _REAL
    given, key = (actual, expected) if known else (as_number(actual), as_number(expected))
    if known or not (is_complex(given) or is_complex(key)):
        return compare_number(
            actual=actual,
            expected=expected,
            tolerance=tolerance,
            scale_floor=scale_floor,
            scale=scale,
        )
    if key is None:
        msg = f"the expected value {expected!r} is not a number"
        raise TypeError(msg)
    if given is None:
        return no_number(actual)
    if not is_complex(key):
        real, imag = parts_of(given)
        if not is_finite(imag) or exact(imag):
            return no_number(actual)
        return compare_number(
            actual=real,
            expected=key,
            tolerance=tolerance,
            scale_floor=scale_floor,
            scale=scale,
        )
    if tolerance.interval is not None:
        msg = "complex numbers do not lie in an interval"
        raise ValueError(msg)
    if not number_is_finite(given):
        is_nan = any(math.isnan(as_float(part)) for part in parts_of(given) if not is_finite(part))
        return Comparison.invalid(Reason.NAN_AT if is_nan else Reason.NOT_FINITE, actual=given)
    if not number_is_finite(key):
        return refused(Verdict.INCORRECT, Reason.WRONG_VALUE, given, key, None, None)
    if tolerance.rtol is None and tolerance.atol is None:
        return _by_parts(given, key, tolerance)
    size = scale if scale is not None else max(modulus(key), Fraction(scale_floor))
    bound = max(tolerance.atol or _ZERO, (tolerance.rtol or _ZERO) * size)
    distance = _distance(given, key)
    if distance <= bound + room(given, key):
        return Comparison.correct()
    return refused(Verdict.INCORRECT, Reason.WRONG_VALUE, given, key, distance, bound)


def _distance(given: Number, key: Number) -> Fraction:
    pairs = zip(parts_of(given), parts_of(key), strict=True)
    return root(sum((exact(s) - exact(e)) ** 2 for s, e in pairs) + _ZERO)


def _by_parts(given: Number, key: Number, tolerance: Tolerance) -> Comparison:
    """Both parts in digits or last places; the worse of them says what the whole is."""
    pairs = list(zip(parts_of(given), parts_of(key), strict=True))
    if tolerance.ulp is not None:
        largest = as_float(max(abs(exact(e)) for _, e in pairs))
        bound = tolerance.ulp * last_place(largest, tolerance.dtype)
        if all(abs(exact(s) - exact(e)) <= bound for s, e in pairs):
            return Comparison.correct()
        distance = _distance(given, key)
        return refused(Verdict.INCORRECT, Reason.WRONG_VALUE, given, key, distance, bound)
    if tolerance.sigfigs is not None:
        tolerance = _as_decimals(given, key, tolerance)
    found = [compare_number(actual=s, expected=e, tolerance=tolerance) for s, e in pairs]
    worst = max(found, key=lambda one: _WORST.index(one.verdict))
    if worst.accepted:
        return worst
    return replace(
        worst, actual=given, expected=key, difference=as_float(_distance(given, key)), wrong=1
    )


def _as_decimals(given: Number, key: Number, tolerance: Tolerance) -> Tolerance:
    """So many significant figures of the larger part, as the decimal places that both must have."""
    assert tolerance.sigfigs is not None
    sizes = [max(abs(exact(part)) for part in parts_of(one)) for one in (given, key)]
    if not sizes[1]:
        return replace(tolerance, sigfigs=None, strict=False, exact=True)
    power = min(exponent10(size) for size in sizes if size) - tolerance.sigfigs + 1
    return replace(tolerance, sigfigs=None, decimals=-power)
