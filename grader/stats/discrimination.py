"""Facility and discrimination of each question, as item analysis defines them.

Sources: Moodle's quiz statistics; the corrected item-total correlation is that of Henrysson (1963),
since a question that is part of the total it is compared with always looks better than it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from grader.model.assignment import Question
from grader.stats.answers import AnswerSeen, Student

__all__ = ["QuestionFigures", "correlation", "figures_of", "interval_of"]

_LEAST = 15  #: students, for anything to be said of a correlation
_POOR = 0.2
_Z = 1.96  #: 95 per cent
_ROUNDING = 1e-12  #: of a variance, in that of its largest number


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFigures:
    """One question. What is None is not defined, or cannot be said of so few students."""

    question: str
    max_score: float
    students: int  #: who were asked
    answered: int
    scored: int  #: have a score
    full: int  #: have all points, or more
    held: int  #: we could not mark
    pending: int  #: wait for a person
    #: mean score in that of the maximum, 0 to 1; an omitted answer has 0; None also where all that
    #: was answered waits for a person
    facility: float | None
    facility_answered: float | None  #: the same of those who answered
    discrimination: float | None  #: correlation with the rest of the total, −1 to 1
    interval: tuple[float, float] | None  #: of it, 95 per cent; None of fewer than 15
    poor: bool  #: the whole interval is below 0.2
    efficiency: float | None  #: covariance with the rest in the most that these marks allow


def figures_of(students: Sequence[Student], question: Question) -> QuestionFigures:
    """Of everybody with a score; a bonus question that was left out is not an answer of anybody."""
    asked = [one for one in students if question.id in one.answers]
    answers = [one.answers[question.id] for one in asked]
    pairs = [
        (float(answer.score), float(student.total - answer.score))
        for student, answer in zip(asked, answers, strict=True)
        if answer.score is not None
    ]
    scores, rests = [score for score, _ in pairs], [rest for _, rest in pairs]
    r = correlation(scores, rests)
    interval = None if r is None else interval_of(r, len(pairs))
    waiting = [one for one in answers if one.score is None]
    held = sum(not _is_pending(one) for one in waiting)
    # Of those who answered none has a score: the others alone say nothing of the question.
    waits = len(waiting) > held and not any(
        one.answered and one.score is not None for one in answers
    )
    most = question.points
    return QuestionFigures(
        question=question.id,
        max_score=float(most),
        students=len(asked),
        answered=sum(one.answered for one in answers),
        scored=len(pairs),
        full=sum(one.score is not None and one.score >= one.max_score for one in answers),
        held=held,
        pending=len(waiting) - held,
        facility=None if waits else _facility(scores, float(most)),
        facility_answered=_facility(
            [float(one.score) for one in answers if one.answered and one.score is not None],
            float(most),
        ),
        discrimination=r,
        interval=interval,
        poor=interval is not None and interval[1] < _POOR,
        efficiency=_efficiency(scores, rests),
    )


def _is_pending(answer: AnswerSeen) -> bool:
    return answer.verdict.value == "pending" and not answer.unreadable


def _facility(scores: Sequence[float], most: float) -> float | None:
    return math.fsum(scores) / len(scores) / most if scores and most else None


def correlation(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Pearson's; None where one of the two is the same for all, or there are fewer than three."""
    if len(xs) < 3:
        return None
    dx, dy = _deviations(xs), _deviations(ys)
    if dx is None or dy is None:
        return None
    norm = math.sqrt(math.fsum(x * x for x in dx)) * math.sqrt(math.fsum(y * y for y in dy))
    r = math.fsum(x * y for x, y in zip(dx, dy, strict=True)) / norm
    return max(-1.0, min(1.0, r))


def _deviations(numbers: Sequence[float]) -> list[float] | None:
    """From the mean; None where they are all the same but for rounding."""
    mean = math.fsum(numbers) / len(numbers)
    found = [number - mean for number in numbers]
    size = max(map(abs, numbers))
    spread = max(map(abs, found))
    return None if spread <= _ROUNDING * size or not spread else found


def interval_of(r: float, count: int) -> tuple[float, float] | None:
    """95 per cent, by Fisher's transformation: tanh(atanh r ± 1.96/√(n − 3)); None of under 15."""
    if count < _LEAST:
        return None
    if abs(r) >= 1 - _ROUNDING:
        return r, r
    half = _Z / math.sqrt(count - 3)
    return math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)


def _efficiency(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Moodle's: the covariance in that of the same numbers, both in order."""
    if len(xs) < 3 or _deviations(xs) is None or _deviations(ys) is None:
        return None
    most = _covariance(sorted(xs), sorted(ys))
    return _covariance(xs, ys) / most if most > 0 else None


def _covariance(xs: Sequence[float], ys: Sequence[float]) -> float:
    mean_x, mean_y = math.fsum(xs) / len(xs), math.fsum(ys) / len(ys)
    return math.fsum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
