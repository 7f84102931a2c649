"""The total of a course: the mean of what everybody has of each assignment, by weight."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from grader.gradebook.grades.rounding import rounded
from grader.model.course_rules import CourseRules
from grader.model.grade import CourseTotal, Grade

__all__ = ["course_total"]

_HUNDRED = Fraction(100)


def course_total(grades: Sequence[Grade], rules: CourseRules) -> CourseTotal:
    """One person's total in per cent, from their grades of every assignment before rounding.

    What is excused, or can give no points, counts for nothing.
    """
    counting = [
        (rules.of(one.assignment).weight, one)
        for one in grades
        if not one.excused and one.max_points > 0 and rules.of(one.assignment).weight > 0
    ]
    waiting = tuple(one.assignment for _, one in counting if one.unrounded is None)
    weights = sum((weight for weight, _ in counting), Fraction(0))
    exact = None
    if weights and not waiting:
        earned = sum(
            (weight * one.unrounded / one.max_points for weight, one in counting if one.unrounded),
            Fraction(0),
        )
        exact = _HUNDRED * earned / weights
    final = exact
    if exact is not None and rules.rounding is not None:
        final = rounded(exact, rules.rounding, at_most=_HUNDRED)
    return CourseTotal(
        person=grades[0].person,
        per_cent=final,
        unrounded=exact,
        weights={one.assignment: weight for weight, one in counting},
        waiting=waiting,
    )
