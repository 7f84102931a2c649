"""How verdicts and points are written, wherever people read them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction

from grader.judge.words.tell import told
from grader.model.assignment import Mistake
from grader.model.outcome import Outcome, SubmissionOutcome
from grader.model.verdict import Audience, Verdict

__all__ = [
    "GLYPHS",
    "MARKED",
    "VERDICT_WORDS",
    "below",
    "feedback_lines",
    "has_faults",
    "points",
    "read_as_lines",
    "score_line",
    "tier_line",
]

GLYPHS: Mapping[Verdict, str] = {
    Verdict.CORRECT: "✓",
    Verdict.FOLLOWS: "→",
    Verdict.PARTIAL: "◐",
    Verdict.IMPRECISE: "≈",
    Verdict.INCORRECT: "✗",
    Verdict.MISSING: "–",
    Verdict.INVALID: "!",
    Verdict.RAISED: "R",
    Verdict.TIMED_OUT: "T",
    Verdict.MEMORY_EXCEEDED: "M",
    Verdict.OUTPUT_EXCEEDED: "O",
    Verdict.CRASHED: "C",
    Verdict.BLOCKED: "B",
    Verdict.PENDING: "?",
    Verdict.SKIPPED: "·",
    Verdict.GRADER_ERROR: "#",
}
MARKED = ("✎", "marked by a person")
VERDICT_WORDS: Mapping[Verdict, str] = {
    verdict: verdict.value.replace("_", " ") for verdict in Verdict
} | {
    Verdict.FOLLOWS: "follows from an earlier answer",
    Verdict.INVALID: "not an answer",
    Verdict.RAISED: "raised an exception",
    Verdict.PENDING: "waits for a person",
    Verdict.GRADER_ERROR: "could not be marked",
}
_PARTS_SHOWN = 6
_LONGEST_LINE = 160
_LABELS_SHOWN = 3


def points(number: Fraction) -> str:
    """At most two decimals, and none where they are zero."""
    return f"{float(number):.2f}".rstrip("0").rstrip(".")


def score_line(outcome: SubmissionOutcome) -> str:
    """`12.5 / 20`, how much of it is bonus, and what the total leaves out.

    What we cannot read counts in the total, with no points until a person has read it.
    """
    text = f"{points(outcome.score)} / {points(outcome.max_score + outcome.unreadable)}"
    if outcome.bonus:
        text += f", {points(outcome.bonus)} of it bonus"
    unread = [o for o in outcome.not_scored if o.unreadable]
    left_out = [o for o in outcome.not_scored if not o.unreadable]
    waiting = [o for o in left_out if o.verdict is Verdict.PENDING]
    held = [o for o in left_out if o.verdict is not Verdict.PENDING]
    groups = ((unread, "not readable yet"), (waiting, "for a person"), (held, "not marked"))
    for group, words in groups:
        for bonus, kind in ((False, ""), (True, "bonus ")):
            worth = sum((o.max_score for o in group if o.bonus is bonus), Fraction(0))
            if worth:
                text += f", {points(worth)} {kind}{words}"
    return text


def tier_line(tier: str) -> str:
    """The footer that says what stood around the students' code."""
    return f"sandbox: {tier} (no walls)" if tier == "basic" else f"sandbox: {tier}"


def has_faults(outcome: SubmissionOutcome) -> bool:
    """Whether something could not be marked through no fault of the student's."""
    return any(item.verdict is Verdict.GRADER_ERROR for item in outcome.not_scored)


def below(outcome: SubmissionOutcome, per_cent: float) -> bool:
    """Whether the score is under so many per cent of what counts; where nothing does, it is not.

    Bonus points count in the score, and their questions not in what it is compared with.
    """
    return outcome.score * 100 < Fraction(str(per_cent)) * outcome.counted


def feedback_lines(
    outcome: Outcome, audience: Audience, mistakes: Sequence[Mistake] = ()
) -> list[str]:
    """What this audience reads about a question, parts that are not right included.

    `mistakes` are those that the facts may name. What the question says already is not said of a
    part again, and parts of which the same is said share a line.
    """
    failed = [part for part in outcome.parts if part.verdict is not Verdict.CORRECT]
    if audience is Audience.STUDENT:
        failed = [part for part in failed if not part.hidden]
    alike: dict[Hashable, list[str]] = {}
    sentences: dict[Hashable, tuple[str, ...]] = {}
    for part in failed:
        facts, said = part.facts, outcome.facts
        if audience is Audience.STUDENT:  # what staff alone know decides nothing that they read
            facts, said = facts.for_student(), said.for_student()
        facts = facts.without(said)
        key = facts.content()
        if key not in sentences:
            sentences[key] = told(facts, mistakes).read_by(audience)
        if sentences[key]:
            alike.setdefault(key, []).append(part.label)
    fresh = [_lines(_labels(labels), sentences[key]) for key, labels in alike.items()]
    lines = [*outcome.feedback.read_by(audience)]
    lines += [line for one in fresh[:_PARTS_SHOWN] for line in one]
    if len(fresh) > _PARTS_SHOWN:
        lines.append(f"… and {len(fresh) - _PARTS_SHOWN} more like these")
    return lines


def read_as_lines(outcome: Outcome, audience: Audience) -> list[str]:
    """How answers were understood, where that is not letter for letter what was typed."""
    if outcome.read_as:
        return [f"read as {outcome.read_as}"]
    return [
        f"{part.label}: read as {part.read_as}"
        for part in outcome.parts
        if part.read_as and not (part.hidden and audience is Audience.STUDENT)
    ]


def _lines(labels: str, sentences: Sequence[str]) -> list[str]:
    """What is said of a part: in one line, or a sentence a line where that would be too long."""
    line = f"{labels}: {'; '.join(sentences)}"
    return [line] if len(line) <= _LONGEST_LINE else [f"{labels}: {one}" for one in sentences]


def _labels(labels: list[str]) -> str:
    """Parts of which the same is said, the first of them by their names."""
    more = len(labels) - _LABELS_SHOWN
    shown = ", ".join(labels[:_LABELS_SHOWN])
    return f"{shown} and {more} more" if more > 0 else shown
