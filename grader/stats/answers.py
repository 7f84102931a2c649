"""What statistics take: of every student the attempt that counts, read once from its outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.model.fact import Fact, Facts
from grader.model.fact_explaining import ChargedBefore, Explained, Tried
from grader.model.fact_marking import Compared
from grader.model.outcome import Outcome, PartOutcome, SubmissionOutcome
from grader.model.verdict import Reason, Verdict

__all__ = ["AnswerSeen", "PartSeen", "Student", "is_right", "read_class"]

_RIGHT = (Verdict.CORRECT, Verdict.FOLLOWS, Verdict.IMPRECISE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSeen:
    """One part, row or case; a question without any has one, labelled ""."""

    label: str
    verdict: Verdict
    reason: Reason | None
    share: Fraction
    credit: Fraction | None
    distance: float | None  #: from the right numbers, in tolerances
    mistakes: tuple[str, ...]  #: that give this answer
    compared: Compared | None  #: of one that is not right: what was seen beside the key


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSeen:
    """What came of one question of one student."""

    question: str
    verdict: Verdict
    score: Fraction | None  #: that counts; None: held, or for a person
    max_score: Fraction
    bonus: bool
    lenient: tuple[str, ...]  #: readings beyond the plain grammar, each once
    unreadable: bool  #: a person has to read it, since we cannot
    parts: tuple[PartSeen, ...]

    @property
    def answered(self) -> bool:
        return self.verdict is not Verdict.MISSING

    def part(self, label: str) -> PartSeen | None:
        return next((one for one in self.parts if one.label == label), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """One student's counted attempt."""

    name: str
    answers: Mapping[str, AnswerSeen]  #: by question
    total: Fraction  #: of the questions that have a score
    final: Fraction | None  #: the mark that counts; None while something is held or pending
    counted: Fraction  #: what per cents are of


def is_right(verdict: Verdict) -> bool:
    """Right as far as it goes: too few digits do not make it another value."""
    return verdict in _RIGHT


def read_class(submissions: Iterable[SubmissionOutcome]) -> Sequence[Student]:
    """Everybody, one read after another: of the outcomes only this is held in memory."""
    return [_student(one) for one in submissions]


def _student(one: SubmissionOutcome) -> Student:
    return Student(
        name=one.submission,
        answers={outcome.question: _answer(outcome) for outcome in one.outcomes},
        total=one.score,
        final=one.final,
        counted=one.counted,
    )


def _answer(outcome: Outcome) -> AnswerSeen:
    lenient = {*outcome.lenient}.union(*(part.lenient for part in outcome.parts))
    whole = _mistakes(outcome.facts.items)
    parts = tuple(_part(part, whole) for part in outcome.parts)
    return AnswerSeen(
        question=outcome.question,
        verdict=outcome.verdict,
        score=outcome.score,
        max_score=outcome.max_score,
        bonus=outcome.bonus,
        lenient=tuple(sorted(lenient)),
        unreadable=outcome.unreadable,
        parts=parts or (_whole(outcome, whole),),
    )


def _whole(outcome: Outcome, mistakes: tuple[str, ...]) -> PartSeen:
    worth = outcome.max_score or Fraction(1)
    return PartSeen(
        label="",
        verdict=outcome.verdict,
        reason=outcome.reason,
        share=Fraction(1),
        credit=None if outcome.score is None else outcome.score / worth,
        distance=outcome.distance,
        mistakes=mistakes,
        compared=_compared(outcome.facts),
    )


def _part(part: PartOutcome, whole: tuple[str, ...]) -> PartSeen:
    """`whole`: the mistakes that a fact about the question names; they are those of its parts that
    are called known mistakes and say no more."""
    known = part.reason in (Reason.KNOWN_MISTAKE, Reason.CHARGED_BEFORE)
    return PartSeen(
        label=part.label,
        verdict=part.verdict,
        reason=part.reason,
        share=part.share,
        credit=part.credit,
        distance=part.distance,
        mistakes=_mistakes(part.facts.items) or (whole if known else ()),
        compared=_compared(part.facts),
    )


def _mistakes(facts: Iterable[Fact]) -> tuple[str, ...]:
    """The set that the mark is from, else the one that is named first."""
    named: tuple[str, ...] = ()
    for fact in facts:
        if isinstance(fact, Tried) and (fact.used_mistakes or fact.used_start is not None):
            return tuple(sorted(fact.used_mistakes or ()))
        if isinstance(fact, Explained) and fact.mistakes and not named:
            named = fact.mistakes[0]
        if isinstance(fact, ChargedBefore) and not named:
            named = fact.mistakes
    return tuple(sorted(named))


def _compared(facts: Facts) -> Compared | None:
    return next((one for one in facts.items if isinstance(one, Compared)), None)
