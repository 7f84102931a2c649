"""Final marks made by hand, for tests of what is done with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from grader.model.grade import Grade, GradeStep, QuestionGrade
from grader.model.person import Person

__all__ = ["grade_of"]


def grade_of(
    key: str,
    points: float | str | None,
    *,
    out_of: int = 10,
    ids: Mapping[str, str] | None = None,
    feedback: Sequence[str] = (),
    steps: Sequence[str] = (),
    attempt: int | None = 1,
    excused: bool = False,
    **person: Any,
) -> Grade:
    """One person with a single question `q1`; without points it waits."""
    number = None if points is None else Fraction(str(points))
    return Grade(
        person=Person(key=key, ids=ids or {}, **person),
        assignment="hw1",
        attempt=attempt,
        questions=(
            QuestionGrade(
                question="q1",
                points=number,
                max_points=Fraction(out_of),
                verdict="pending" if points is None else "partial",
                feedback=feedback,
            ),
        ),
        points=number,
        max_points=Fraction(out_of),
        steps=tuple(GradeStep(text=text, points=number or Fraction(0)) for text in steps),
        waiting=("q1",) if points is None else (),
        excused=excused,
    )
