"""Points and per cents as people read them."""

from __future__ import annotations

import re
from fractions import Fraction

__all__ = ["points_text", "read_points", "signed_text"]

_PLACES = 100
_POINTS = re.compile(r"[+-]?\d{1,6}(?:[.,]\d{1,9}|/[1-9]\d{0,5})?", re.ASCII)


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


def read_points(text: str) -> Fraction | None:
    """Points as a person types them: `2`, `+1`, `2.5`, `2,5`, `5/2`; None for anything else."""
    plain = text.strip().replace("\N{MINUS SIGN}", "-").replace(" ", "")
    return Fraction(plain.replace(",", ".")) if _POINTS.fullmatch(plain) else None
