"""From what was found out about an answer to its verdict, its credit and the words for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import prod

from grader.judge.explain.recurrence import row_label
from grader.judge.explain.search import Findings, Hypothesis, MistakeSet
from grader.judge.mark.evidence import named
from grader.judge.words import shown, staff, student
from grader.model.assignment import CarryForward
from grader.model.outcome import Feedback, PartOutcome
from grader.model.verdict import Reason, Verdict

__all__ = ["mistake_credit", "mistake_words", "revised"]


def revised(
    direct: PartOutcome,
    findings: Findings,
    rivals: Sequence[Hypothesis],
    chosen: Hypothesis | None,
    hint: str = "",
) -> PartOutcome:
    """The outcome of a part with the best credit that a hypothesis earns; never less than before.

    `chosen` is the explanation by mistakes that the joint diagnosis holds, `rivals` are those that
    cannot be told from it, `hint` is said where nothing else was found.
    """
    policy = findings.answer.question.carry_forward
    lines: list[Feedback] = []
    verdict, reason, credit = direct.verdict, direct.reason, direct.credit or Fraction(0)
    follows = findings.follows
    used = "the key"
    if follows is not None and not follows.blocked:
        earned = follows.comparison.credit * policy.credit
        assert follows.basis is not None
        escapes = direct.verdict is Verdict.IMPRECISE and not follows.basis.wrong
        if earned > credit and not escapes:  # too few digits are not made up for by few before
            accepted = follows.comparison.accepted
            verdict = Verdict.FOLLOWS if accepted else Verdict.IMPRECISE
            reason, credit = Reason.CARRIED_FORWARD, earned
            used = f"own answers to {_basis_words(follows)}"
            lines.append(student(_follows_words(follows, policy)))
    elif follows is not None:
        assert follows.basis is not None
        several = len(follows.basis.places) > 1
        was = "answers to {} were" if several else "answer to {} was"
        lines.append(
            student(
                f"your {was.format(follows.basis.words)} not used for this one, because from there "
                "the question is trivial"
            )
        )
        lines.append(staff(f"from the own start the right way is the same as {follows.blocked}"))
    if chosen is not None:
        # Several sets may explain it: the best for the student counts, whichever is named.
        earned = max(mistake_credit(one, policy) for one in findings.explained)
        if earned > credit:
            verdict = Verdict.CORRECT if earned == 1 else Verdict.PARTIAL
            credit = earned
        if verdict is not Verdict.FOLLOWS:
            reason = Reason.KNOWN_MISTAKE
        used = _hypothesis_words(chosen)
        lines.append(student(mistake_words([chosen.mistakes, *(one.mistakes for one in rivals)])))
    if not lines and hint:
        lines.append(student(hint))
    kept = direct.feedback
    if verdict in (Verdict.FOLLOWS, Verdict.CORRECT):
        kept = tuple(replace(line, audience=staff("").audience) for line in kept)
    return replace(
        direct,
        verdict=verdict,
        reason=reason,
        credit=credit,
        feedback=(*kept, *lines, *_tried_words(findings, used)),
    )


def mistake_credit(hypothesis: Hypothesis, policy: CarryForward) -> Fraction:
    """What the spec gives for these mistakes: all of them must have a credit."""
    if hypothesis.blocked:
        return Fraction(0)
    from_start = policy.credit if hypothesis.basis is not None else Fraction(1)
    return prod((mistake.credit for mistake in hypothesis.mistakes), start=from_start)


def mistake_words(sets: Sequence[MistakeSet]) -> str:
    """What a student reads about the mistakes that explain an answer."""
    texts = [" And: ".join(one.feedback for one in mistakes) for mistakes in sets]
    distinct = list(dict.fromkeys(texts))
    if len(distinct) == 1:
        return distinct[0]
    return "this is consistent with more than one slip. Either: " + " Or: ".join(distinct[:4])


def _follows_words(follows: Hypothesis, policy: CarryForward) -> str:
    assert follows.basis is not None
    value = shown(follows.comparison.actual) if follows.comparison.actual is not None else "this"
    earned = float(follows.comparison.credit * policy.credit)
    counts = "it counts in full" if earned == 1 else f"it counts {earned:.0%}"
    if not follows.comparison.accepted:
        counts = f"with too few digits {counts}"
    if follows.basis.rows:
        origin = "the row before, as you gave it"
        if len(follows.basis.rows) > 1:
            origin = f"your own rows of {follows.basis.words}"
    elif follows.basis.own_formula:
        origin = f"your own formula in {follows.basis.words}"
    elif follows.basis.wrong:
        several = len(follows.basis.places) > 1
        which = "which are not right themselves" if several else "which is not right itself"
        origin = f"your own answer{'s' * several} to {follows.basis.words}, {which}"
    else:
        several = len(follows.basis.places) > 1
        origin = f"your answer{'s' * several} to {follows.basis.words} as you gave them"
        origin = origin if several else f"your answer to {follows.basis.words} as you gave it"
    return f"{value} follows from {origin}: {counts}"


def _basis_words(hypothesis: Hypothesis) -> str:
    return hypothesis.basis.words if hypothesis.basis is not None else ""


def _hypothesis_words(hypothesis: Hypothesis) -> str:
    names = " + ".join(mistake.id for mistake in hypothesis.mistakes)
    start = "the key" if hypothesis.basis is None else f"own answers to {_basis_words(hypothesis)}"
    return f"{names}, from {start}"


def _tried_words(findings: Findings, used: str) -> tuple[Feedback, ...]:
    tried = ["the key"]
    if findings.follows is not None:
        tried.append(f"own answers to {_basis_words(findings.follows)}")
    if findings.tried:
        count = len(findings.tried)
        named_ones = ", ".join(findings.tried[:4]) + (f" … ({count})" if count > 4 else "")
        tried.append(f"mistakes {named_ones}")
    lines = [staff(f"tried: {'; '.join(tried)}. Used: {used}")] if len(tried) > 1 else []
    lines += [staff(line) for line in findings.why_not]
    return tuple(lines)


def place_words(findings: Findings) -> str:
    """Where an answer stands, for a note about the whole submission."""
    answer = findings.answer
    words = named(answer.place)
    if answer.row is None:
        return words
    first = 0 if answer.question.includes_start else 1
    return f"{words}: {row_label(answer.row + first)}"
