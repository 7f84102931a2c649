"""When work was handed in, as staff tell it: downloads of some platforms do not say it.

What staff tell takes the place of what a download said, and a later download changes it no more.
Each time that is told stands in `import_note`, with who told it and when.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from grader.gradebook.book import Gradebook

__all__ = ["ToldTimes", "keep_times"]


@dataclass(slots=True, kw_only=True)
class ToldTimes:
    """Keys of people, and what became of the times that were told of them."""

    kept: list[str] = field(default_factory=list)  #: new, or another than was known
    #: of those kept the others than were known: "ada: 2027-03-02 10:00 instead of …"
    instead: list[str] = field(default_factory=list)
    without_work: list[str] = field(default_factory=list)  #: who handed in nothing
    of_earlier: list[str] = field(default_factory=list)  #: it is the time of an earlier attempt


def keep_times(
    book: Gradebook, assignment: str, times: Mapping[str, datetime], *, by: str, now: str
) -> ToldTimes:
    """Keep when the last attempt of each of these people was handed in, by key. `by` says who told
    it, or where it stands. A time without a zone is kept without one.

    For use within `writing`.
    """
    told = ToldTimes()
    for key, time in times.items():
        attempts = _attempts(book, assignment, key)
        text = time.isoformat(timespec="seconds")
        if not attempts:
            told.without_work.append(key)
        elif text in (before for _, before in attempts[:-1]):
            told.of_earlier.append(key)
        elif attempts[-1][1] != text:
            submission, before = attempts[-1]
            told.kept.append(key)
            if before:
                told.instead.append(f"{key}: {time:%Y-%m-%d %H:%M} instead of {before}")
            book.run("UPDATE submission SET handed_in = ? WHERE id = ?", text, submission)
            instead = f", instead of {before}" if before else ""
            book.run(
                "INSERT INTO import_note (submission, at, text) VALUES (?, ?, ?)",
                submission,
                now,
                f"handed in {text}{instead}, told by {by}",
            )
    return told


def _attempts(book: Gradebook, assignment: str, key: str) -> list[tuple[int, str]]:
    """The id of every attempt, oldest first, and when it was handed in, if that is known."""
    rows = book.rows(
        "SELECT submission.id AS id, handed_in FROM submission"
        " JOIN student ON student.id = submission.student"
        " WHERE assignment = ? AND key = ? ORDER BY attempt",
        assignment,
        key,
    )
    return [(row["id"], row["handed_in"] or "") for row in rows]
