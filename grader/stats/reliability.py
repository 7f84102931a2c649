"""How far the total is to be relied on: Cronbach's alpha, and the standard error of a mark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from grader.stats.answers import Student

__all__ = ["Reliability", "reliability"]

_LEAST_STUDENTS = 30
_LEAST_QUESTIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """Questions that build on each other make alpha look better than it is."""

    alpha: float
    error: float  #: standard error of measurement, in points
    students: int
    questions: int


def reliability(students: Sequence[Student]) -> Reliability | None:
    """Of those who have a score of every question that anybody has one of; None where these are
    fewer than 30 students or 5 questions, or all have the same total.

    alpha = k/(k−1)·(1 − Σ s²ᵢ/s²); the error is s·√(1 − alpha) (Cronbach 1951).
    """
    scored = {
        name for one in students for name, answer in one.answers.items() if answer.score is not None
    }
    rows = []
    for one in students:
        scores = [
            float(answer.score)
            for name, answer in sorted(one.answers.items())
            if name in scored and answer.score is not None
        ]
        if len(scores) == len(scored):
            rows.append(scores)
    count = len(scored)
    if len(rows) < _LEAST_STUDENTS or count < _LEAST_QUESTIONS:
        return None
    total = _variance([math.fsum(row) for row in rows])
    if not total > 0:
        return None
    parts = math.fsum(_variance(column) for column in zip(*rows, strict=True))
    alpha = count / (count - 1) * (1 - parts / total)
    return Reliability(
        alpha=alpha,
        error=math.sqrt(total) * math.sqrt(max(0.0, 1 - alpha)),
        students=len(rows),
        questions=count,
    )


def _variance(numbers: Sequence[float]) -> float:
    mean = math.fsum(numbers) / len(numbers)
    return math.fsum((number - mean) ** 2 for number in numbers) / (len(numbers) - 1)
