"""Digits of numbers as they were typed."""

from __future__ import annotations

import math
from fractions import Fraction

from grader.model.value import NumberText

__all__ = ["decimal_places", "exponent10", "last_unit", "significant_figures", "stated_digits"]


def decimal_places(number: NumberText) -> int | None:
    """Places after the point, negative for `12e3`; None where no decimal was typed."""
    decimal = number.decimal
    return None if decimal is None else -int(decimal.as_tuple().exponent)


def last_unit(number: NumberText) -> Fraction | None:
    """The value of one unit in the last digit typed: 1/100 for `0.41`."""
    places = decimal_places(number)
    return None if places is None else Fraction(10) ** -places


def significant_figures(number: NumberText) -> tuple[int, int] | None:
    """The least and the greatest number of significant figures that the text may state.

    Zeros at the end of a whole number without a point may or may not count: `1000` states 1 to 4.
    Zero states none. None where no decimal was typed.
    """
    if number.decimal is None:
        return None
    mantissa = number.text.lower().partition("e")[0].lstrip("+-")
    digits = mantissa.replace(".", "").lstrip("0")
    ambiguous = "." not in mantissa and "e" not in number.text.lower()
    return len(digits.rstrip("0") if ambiguous else digits), len(digits)


def stated_digits(number: NumberText, *, places: bool) -> tuple[int, int] | None:
    """The least and the greatest number of decimal places, or else of significant figures."""
    if not places:
        return significant_figures(number)
    decimals = decimal_places(number)
    return None if decimals is None else (decimals, decimals)


def exponent10(number: Fraction) -> int:
    """The k with 10^k <= |number| < 10^(k+1), for a number other than zero."""
    size = abs(number)
    # From the bits, since Python refuses to write out whole numbers of more than 4300 digits.
    bits = size.numerator.bit_length() - size.denominator.bit_length()
    guess = math.floor(bits * math.log10(2))
    while size < Fraction(10) ** guess:
        guess -= 1
    while size >= Fraction(10) ** (guess + 1):
        guess += 1
    return guess
