"""What a typed number says about its own precision."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.compare.digits import decimal_places, exponent10, last_unit, significant_figures
from grader.model.value import NumberText


def number(text: str) -> NumberText:
    typed = NumberText.parse(text)
    assert typed is not None
    return typed


@pytest.mark.parametrize(
    ("text", "places", "figures"),
    [
        ("0.410", 3, (3, 3)),
        ("-0.410", 3, (3, 3)),
        (".5", 1, (1, 1)),
        ("100.", 0, (3, 3)),
        ("100", 0, (1, 3)),
        ("1000", 0, (1, 4)),
        ("007", 0, (1, 1)),
        ("1e3", -3, (1, 1)),
        ("1.50E-2", 4, (3, 3)),
        ("100e1", -1, (3, 3)),
        ("12e3", -3, (2, 2)),
        ("0.00", 2, (0, 0)),
        ("3/4", None, None),
        ("inf", None, None),
        ("\N{MINUS SIGN}2.50", 2, (3, 3)),
    ],
)
def test_digits_of_typed_numbers(
    text: str, places: int | None, figures: tuple[int, int] | None
) -> None:
    assert decimal_places(number(text)) == places
    assert significant_figures(number(text)) == figures


@pytest.mark.parametrize(
    ("text", "unit"),
    [("0.41", Fraction(1, 100)), ("12e3", Fraction(1000)), ("100.", Fraction(1)), ("3/4", None)],
)
def test_the_last_digit_typed_has_a_unit(text: str, unit: Fraction | None) -> None:
    assert last_unit(number(text)) == unit


@given(st.fractions().filter(bool), st.integers(-300, 300))
def test_exponent_brackets_the_number(size: Fraction, shift: int) -> None:
    scaled = size * Fraction(10) ** shift
    exponent = exponent10(scaled)
    assert Fraction(10) ** exponent <= abs(scaled) < Fraction(10) ** (exponent + 1)


@pytest.mark.parametrize("exponent", [-9999, -1, 0, 1, 15, 16, 4300, 9999])
def test_exponent_of_a_power_of_ten_is_its_own(exponent: int) -> None:
    assert exponent10(Fraction(10) ** exponent) == exponent
    assert exponent10(-(Fraction(10) ** exponent)) == exponent
