"""Rules by which marks count, beside what was judged; all that were set are kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from grader.gradebook.book import Gradebook
from grader.model.course_rules import Attempts

__all__ = ["AttemptScore", "Rules", "counting", "rules_of", "set_rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Those of one assignment."""

    attempts: Attempts = Attempts.LAST
    lowest_run: int | None = None  #: nobody gets less than in this run or a later one


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptScore:
    """What one attempt got in one run."""

    submission: int
    attempt: int
    score: Fraction  #: of the questions that have one


def rules_of(book: Gradebook, assignment: str) -> Rules:
    """The rules as they were set last."""
    found = {
        row["name"]: row["value"]
        for row in book.rows(
            "SELECT name, value FROM rule WHERE assignment = ? ORDER BY id", assignment
        )
    }
    lowest = found.get("never_lower", "")
    return Rules(
        attempts=Attempts(found.get("attempts", Attempts.LAST)),
        lowest_run=int(lowest) if lowest else None,
    )


def set_rule(book: Gradebook, assignment: str, name: str, value: str, *, now: str) -> None:
    """Nothing where it is so already. For use within `writing`."""
    row = book.row(
        "SELECT value FROM rule WHERE assignment = ? AND name = ? ORDER BY id DESC LIMIT 1",
        assignment,
        name,
    )
    if row is None or row["value"] != value:
        book.run(
            "INSERT INTO rule (assignment, name, value, at) VALUES (?, ?, ?, ?)",
            assignment,
            name,
            value,
            now,
        )


def counting(scores: Iterable[AttemptScore], rule: Attempts) -> tuple[AttemptScore, Fraction]:
    """The attempt that is shown, and the score that counts. There is at least one attempt."""
    tried = sorted(scores, key=lambda one: one.attempt)
    if rule is Attempts.BEST:
        best = max(tried, key=lambda one: (one.score, one.attempt))
        return best, best.score
    if rule is Attempts.AVERAGE:
        return tried[-1], sum((one.score for one in tried), Fraction(0)) / len(tried)
    return tried[-1], tried[-1].score
