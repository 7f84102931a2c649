"""Points and per cents as people read them."""

from __future__ import annotations

from fractions import Fraction

__all__ = ["points_text", "signed_text"]

_PLACES = 100


def points_text(number: Fraction) -> str:
    """At most two decimals, and none where they are zero; the middle goes up."""
    sign = "−" if number < 0 else ""
    hundredths = int(abs(number) * _PLACES + Fraction(1, 2))
    whole, rest = divmod(hundredths, _PLACES)
    digits = f"{whole}.{rest:02}".rstrip("0").rstrip(".")
    return f"{sign}{digits}" if hundredths else "0"


def signed_text(number: Fraction) -> str:
    """The same with its sign."""
    return points_text(number) if number < 0 else f"+{points_text(number)}"
