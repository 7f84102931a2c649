"""Rounding of points to multiples of a number."""

from __future__ import annotations

from fractions import Fraction

from grader.model.course_rules import Rounding, RoundMode

__all__ = ["rounded"]

_HALF = Fraction(1, 2)


def rounded(points: Fraction, rule: Rounding, *, at_most: Fraction) -> Fraction:
    """The multiple of `rule.to` that `points` become.

    It does not lift anybody above `at_most`, what can be reached, who was not above it before.
    """
    quotient = points / rule.to
    below = quotient // 1
    rest = quotient - below
    up = {
        RoundMode.HALF_UP: rest >= _HALF,
        RoundMode.HALF_EVEN: rest > _HALF or (rest == _HALF and below % 2 == 1),
        RoundMode.UP: rest > 0,
        RoundMode.DOWN: False,
    }[rule.mode]
    found = (below + up) * rule.to
    return min(found, at_most) if points <= at_most else found
