"""From what was found out about an answer to its verdict, its credit and the facts of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import prod

from grader.judge.explain.distance import nearer
from grader.judge.explain.findings import Explanation, Findings, ids_of, start_of
from grader.model.assignment import CarryForward
from grader.model.fact import Fact, Facts
from grader.model.fact_explaining import (
    Explained,
    Follows,
    Start,
    StartTrivial,
    Tried,
)
from grader.model.fact_marking import Held
from grader.model.outcome import PartOutcome
from grader.model.verdict import Reason, Verdict

__all__ = ["held_part", "revised"]


def held_part(direct: PartOutcome, fault: str) -> PartOutcome:
    """A part whose explaining failed: it has no score, unless it has a full one already."""
    facts = direct.facts + Facts.of(Held(detail=fault))
    if direct.credit == 1:
        return replace(direct, facts=facts.kept_from_student())
    return replace(
        direct,
        verdict=Verdict.GRADER_ERROR,
        reason=Reason.JUDGE_FAULT,
        credit=None,
        facts=facts,
    )


def revised(
    direct: PartOutcome,
    findings: Findings,
    rivals: Sequence[Explanation],
    chosen: Explanation | None,
) -> PartOutcome:
    """The outcome of a part with the best credit that a hypothesis earns; never less than before.

    `chosen` is the explanation by mistakes that the joint diagnosis holds, `rivals` are those that
    cannot be told from it.
    """
    policy = findings.answer.question.carry_forward
    facts: list[Fact] = []
    verdict, reason, credit = direct.verdict, direct.reason, direct.credit or Fraction(0)
    follows = findings.follows
    start = _start(follows)
    used_start: Start | None = None
    used_mistakes: tuple[str, ...] | None = None
    if follows is not None and start is not None and follows.blocked:
        facts.append(StartTrivial(start=start, same_as=follows.blocked))
    elif follows is not None and start is not None:
        earned = follows.comparison.credit * policy.credit * findings.answer.shape_credit
        if follows.basis is not None and follows.basis.fabricated:
            earned *= policy.fabricated_credit
        basis = follows.basis
        own_fault = basis is not None and (basis.wrong or bool(basis.derived))
        escapes = direct.verdict is Verdict.IMPRECISE and not own_fault
        if earned > credit and not escapes:  # too few digits are not made up for by few before
            accepted = follows.comparison.accepted
            verdict = Verdict.FOLLOWS if accepted else Verdict.IMPRECISE
            if findings.answer.shape_credit < 1:
                verdict = Verdict.PARTIAL  # its axes are not right
            reason, credit = Reason.CARRIED_FORWARD, earned
            used_start = start
            actual = follows.comparison.actual
            facts.append(
                Follows(
                    start=start,
                    actual=actual,
                    precise=accepted,
                    earned=earned,
                    few_before=follows.few_before,
                    made_up=follows.basis is not None and follows.basis.fabricated,
                )
            )
    if chosen is not None:
        # Several sets may explain it: the best for the student counts, whichever is named.
        earned = max(_mistake_credit(one, policy) for one in findings.explained)
        earned *= findings.answer.shape_credit
        if earned > credit:
            verdict = Verdict.CORRECT if earned == 1 else Verdict.PARTIAL
            credit = earned
        if verdict is not Verdict.FOLLOWS:
            reason = Reason.KNOWN_MISTAKE
        used_start = _start(chosen)
        used_mistakes = tuple(mistake.id for mistake in chosen.mistakes)
        sets = [chosen.mistakes, *(one.mistakes for one in rivals)]
        facts.append(Explained(mistakes=ids_of(sets)))
    if not facts and findings.hint is not None and direct.verdict is Verdict.INCORRECT:
        facts.append(findings.hint)
    if start is not None or findings.tried:
        facts.append(
            Tried(
                start=start,
                mistakes=findings.tried,
                used_start=used_start,
                used_mistakes=used_mistakes,
            )
        )
    facts += findings.why_not
    # What is right after all is not told that it is not right.
    in_full = verdict in (Verdict.FOLLOWS, Verdict.CORRECT)
    kept = direct.facts.kept_from_student() if in_full else direct.facts
    return replace(
        direct,
        verdict=verdict,
        reason=reason,
        credit=credit,
        distance=_distance(direct, findings, verdict),
        facts=kept + Facts.of(*facts),
    )


def _distance(direct: PartOutcome, findings: Findings, verdict: Verdict) -> float | None:
    """Of what follows from what it follows from; of what is wrong from the nearest value that
    would have been right."""
    if verdict is Verdict.FOLLOWS:
        return findings.distance
    return nearer(direct.distance, findings.distance)


def _start(explanation: Explanation | None) -> Start | None:
    if explanation is None or explanation.basis is None:
        return None
    return start_of(explanation.basis)


def _mistake_credit(explanation: Explanation, policy: CarryForward) -> Fraction:
    """What the spec gives for these mistakes: all of them must have a credit."""
    if explanation.blocked:
        return Fraction(0)
    from_start = policy.credit if explanation.basis is not None else Fraction(1)
    if explanation.basis is not None and explanation.basis.fabricated:
        from_start *= policy.fabricated_credit
    return prod((mistake.credit for mistake in explanation.mistakes), start=from_start)
