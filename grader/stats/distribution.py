"""How the marks of a class lie."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from grader.stats.answers import Student

__all__ = ["BINS", "Distribution", "distribution"]

BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """In per cent of what counts. What is None cannot be said of so few."""

    students: int  #: with anything to be counted
    provisional: int  #: of them, who have no final mark yet: taken as they are judged so far
    mean: float | None
    deviation: float | None  #: standard, of the sample (n − 1)
    least: float | None
    lower_quartile: float | None  #: quartiles as numpy's: linear between two marks
    median: float | None
    upper_quartile: float | None
    most: float | None
    bins: tuple[int, ...]  #: students from 0 to under 10 per cent, and so on; the last has 100 too


def distribution(students: Sequence[Student]) -> Distribution:
    """Whoever has nothing that counts, since all of it waits for a person, is left out."""
    counted = [one for one in students if one.counted]
    marks = sorted(_per_cent(one) for one in counted)
    bins = [0] * BINS
    for mark in marks:
        bins[min(max(int(mark * BINS / 100), 0), BINS - 1)] += 1
    return Distribution(
        students=len(marks),
        provisional=sum(one.final is None for one in counted),
        mean=math.fsum(marks) / len(marks) if marks else None,
        deviation=_deviation(marks),
        least=marks[0] if marks else None,
        lower_quartile=_quantile(marks, 0.25),
        median=_quantile(marks, 0.5),
        upper_quartile=_quantile(marks, 0.75),
        most=marks[-1] if marks else None,
        bins=tuple(bins),
    )


def _per_cent(student: Student) -> float:
    mark = student.total if student.final is None else student.final
    return float(100 * mark / student.counted)


def _deviation(marks: Sequence[float]) -> float | None:
    if len(marks) < 2:
        return None
    mean = math.fsum(marks) / len(marks)
    return math.sqrt(math.fsum((mark - mean) ** 2 for mark in marks) / (len(marks) - 1))


def _quantile(marks: Sequence[float], part: float) -> float | None:
    """Of sorted marks, linear between the two nearest."""
    if not marks:
        return None
    place = part * (len(marks) - 1)
    below = int(place)
    above = min(below + 1, len(marks) - 1)
    return marks[below] + (place - below) * (marks[above] - marks[below])
