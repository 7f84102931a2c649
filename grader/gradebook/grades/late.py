"""How late work is, and what that costs. A unit that has begun counts whole."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from fractions import Fraction

from grader.gradebook.grades.clock import plus
from grader.model.course_rules import Deduction, LateRule, Of, Per

__all__ = ["deducted", "units_late"]

_DAYS = {Per.DAY: 1, Per.WEEK: 7}
_HOUR = timedelta(hours=1)


def units_late(handed_in: datetime, due: datetime, rule: LateRule, zone: tzinfo | None) -> int:
    """How many hours, days or weeks have begun since the end of the grace; both times in UTC."""
    after = handed_in - due - rule.grace
    if after <= timedelta(0):
        return 0
    if rule.per is Per.HOUR:
        return -(-after // _HOUR)
    days = _DAYS[rule.per]
    # A day of the clock on the wall is 23 to 25 hours long: begin below, and look.
    units = max(1, after // timedelta(days=days) - 1)
    while handed_in > plus(due, timedelta(days=days * units), zone) + rule.grace:
        units += 1
    return units


def deducted(units: int, rule: LateRule, *, score: Fraction, max_points: Fraction) -> Fraction:
    """The points that so many units cost, never more than there are."""
    base = max_points if rule.of is Of.MAX else score

    def points(one: Deduction) -> Fraction:
        return one.amount * base if one.is_share else one.amount

    lost = units * points(rule.deduct)
    if rule.most is not None:
        lost = min(lost, points(rule.most))
    return max(min(lost, score), Fraction(0))
