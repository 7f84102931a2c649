"""Where points were lost: every lost point of a class under one cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from grader.model.verdict import Reason, Verdict
from grader.stats.answers import AnswerSeen, PartSeen, Student

__all__ = ["Cause", "Lost", "LostPoints", "losses", "lost_points"]

_FAILED = (
    Verdict.RAISED,
    Verdict.TIMED_OUT,
    Verdict.MEMORY_EXCEEDED,
    Verdict.OUTPUT_EXCEEDED,
    Verdict.CRASHED,
    Verdict.BLOCKED,
)
_TOLD = (Reason.TOO_FEW_DIGITS, Reason.TOO_MANY_DIGITS, Reason.CARRIED_FORWARD)


class Cause(StrEnum):
    """Why points were lost."""

    EXPLAINED = "explained"  #: a named mistake, a wrong start, too few digits
    UNEXPLAINED = "unexplained"
    UNANSWERED = "unanswered"
    FAILED_CODE = "failed_code"  #: it raised, ended, was stopped
    BY_A_PERSON = "by_a_person"  #: who marked the answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What one part of one answer lost."""

    student: str
    question: str
    part: PartSeen
    cause: Cause
    points: Fraction  #: above 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LostPoints:
    """All that a class lost, without what is bonus and what has no score."""

    total: Fraction
    by_cause: Mapping[Cause, Fraction]

    def share(self, cause: Cause) -> float | None:
        """0 to 1; None where nothing was lost."""
        return float(self.by_cause[cause] / self.total) if self.total else None


def lost_points(students: Sequence[Student]) -> LostPoints:
    """The sum of all losses, and of those of each cause."""
    by_cause = dict.fromkeys(Cause, Fraction(0))
    for student in students:
        for answer in student.answers.values():
            for lost in losses(student.name, answer):
                by_cause[lost.cause] += lost.points
    return LostPoints(total=sum(by_cause.values(), Fraction(0)), by_cause=by_cause)


def losses(student: str, answer: AnswerSeen) -> Iterator[Lost]:
    """What an answer lost, divided among its parts as each fell short of its share.

    So the losses of an answer add up to all that it lost, also where one wrong part costs all.
    """
    if answer.score is None or answer.bonus or answer.score >= answer.max_score:
        return
    all_lost = answer.max_score - answer.score
    short = [part.share * (1 - (part.credit or 0)) for part in answer.parts]
    whole = sum(short, Fraction(0))
    if whole <= 0:  # a person gave less than the parts say
        short = [part.share for part in answer.parts]
        whole = sum(short, Fraction(0)) or Fraction(1)
    for part, lacking in zip(answer.parts, short, strict=True):
        if lacking > 0:
            yield Lost(
                student=student,
                question=answer.question,
                part=part,
                cause=_cause(answer, part),
                points=all_lost * lacking / whole,
            )


def _cause(answer: AnswerSeen, part: PartSeen) -> Cause:
    if answer.verdict in (Verdict.PENDING, Verdict.GRADER_ERROR):
        return Cause.BY_A_PERSON
    if part.verdict is Verdict.MISSING:
        return Cause.UNANSWERED
    if part.verdict in _FAILED:
        return Cause.FAILED_CODE
    told = part.mistakes or part.reason in _TOLD
    follows = part.verdict in (Verdict.FOLLOWS, Verdict.IMPRECISE)
    return Cause.EXPLAINED if told or follows else Cause.UNEXPLAINED
