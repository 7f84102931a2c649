"""From the parts of a question to its verdict and its score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from grader.judge.mark.evidence import CaseEvidence, Evidence
from grader.model.assignment import Question
from grader.model.fact import Facts
from grader.model.outcome import Outcome, PartOutcome
from grader.model.verdict import Reason, Verdict

__all__ = ["Judged", "combine", "outcome_of", "whole"]

_RIGHT = (Verdict.CORRECT, Verdict.FOLLOWS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """The parts of a question, each judged by itself, before they are added up.

    `evidence` is what was read of the answers, for finding out why one is not right; nothing reads
    a response a second time.
    """

    question: Question
    parts: tuple[PartOutcome, ...]
    facts: Facts = field(default_factory=Facts)
    evidence: tuple[Evidence, ...] = ()
    cases: tuple[CaseEvidence, ...] = ()  #: of a function

    @property
    def is_right(self) -> bool:
        """Whether nothing in it needs a second look."""
        return all(part.verdict is Verdict.CORRECT for part in self.parts)


def outcome_of(judged: Judged | Outcome) -> Outcome:
    """The parts added up; an outcome is one already."""
    if isinstance(judged, Outcome):
        return judged
    return combine(judged.question, judged.parts, facts=judged.facts)


def whole(
    question: Question,
    verdict: Verdict,
    reason: Reason | None,
    *,
    score: Fraction | None = Fraction(0),
    facts: Facts | None = None,
) -> Outcome:
    """An outcome for a question that has no parts to tell apart; what waits has no score."""
    return Outcome(
        question=question.id,
        verdict=verdict,
        reason=reason,
        score=None if verdict is Verdict.PENDING else score,
        max_score=question.points,
        bonus=question.bonus,
        facts=facts or Facts(),
    )


def combine(
    question: Question, parts: Sequence[PartOutcome], *, facts: Facts | None = None
) -> Outcome:
    """Add the parts up: each earns its share of the points times its credit.

    One part that could not be judged holds the whole question: it has no score then. Where
    nothing was earned the verdict is that of the first part that a student may see failing; one
    that was answered comes before those that were not. Raises ValueError when there are no parts.
    """
    if not parts:
        msg = f"the question {question.id!r} has nothing to judge"
        raise ValueError(msg)
    held = next((part for part in parts if part.credit is None), None)
    if held is not None:
        return _outcome(question, held.verdict, held.reason, None, parts, facts)
    earned = _earned(parts)
    failed = [part for part in parts if part.verdict not in _RIGHT]
    if not failed:
        following = [part for part in parts if part.verdict is Verdict.FOLLOWS]
        verdict = Verdict.FOLLOWS if following else Verdict.CORRECT
        charged = following and all(one.reason is Reason.CHARGED_BEFORE for one in following)
        reason = Reason.CHARGED_BEFORE if charged else None
        return _outcome(question, verdict, reason, question.points * earned, parts, facts)
    first = min(failed, key=lambda part: (part.hidden, part.verdict is Verdict.MISSING))
    verdict, reason = first.verdict, first.reason
    if question.all_or_nothing:
        if earned > 0 and verdict in (Verdict.MISSING, Verdict.PARTIAL):
            verdict = Verdict.INCORRECT  # what is right earns nothing without the rest
        earned = Fraction(0)
    if earned > 0 and len(parts) > 1:
        verdict = Verdict.PARTIAL
    return _outcome(question, verdict, reason, question.points * earned, parts, facts)


def _earned(parts: Sequence[PartOutcome]) -> Fraction:
    """The credits of the parts by their shares. Most often all have the same credit."""
    found = {part.credit or Fraction(0) for part in parts}
    if len(found) == 1:
        return found.pop()
    total = sum((part.share for part in parts), Fraction(0))
    return sum((part.share * (part.credit or 0) for part in parts), Fraction(0)) / total


def _outcome(
    question: Question,
    verdict: Verdict,
    reason: Reason | None,
    score: Fraction | None,
    parts: Sequence[PartOutcome],
    facts: Facts | None,
) -> Outcome:
    """A question with a single unlabelled part speaks for itself: its facts move up."""
    facts = facts or Facts()
    lone = parts[0] if len(parts) == 1 and parts[0].label == "" else None
    return Outcome(
        question=question.id,
        verdict=verdict,
        reason=reason,
        score=score,
        max_score=question.points,
        bonus=question.bonus,
        read_as=lone.read_as if lone else "",
        lenient=lone.lenient if lone else (),
        distance=lone.distance if lone else None,
        facts=facts + lone.facts if lone else facts,
        parts=() if lone else tuple(parts),
    )
