"""Which attempt of whom a submission is."""

from __future__ import annotations

import sqlite3

from grader.gradebook.book import Gradebook
from grader.gradebook.source import Source
from grader.model.course_rules import Attempts

__all__ = ["WITHOUT_FILES", "counted_attempts", "hand_in", "keep_source", "last_attempt"]

WITHOUT_FILES = "marked without files"  #: the origin of an attempt of which only marks are there


def hand_in(
    book: Gradebook, assignment: str, name: str, source: Source, *, now: str, correct: bool
) -> int:
    """The id of the submission that this is, made now where there is none.

    Changed files are a new attempt. With `correct` they take the place of the last one, and so do
    files that can be read where those before could not be, or where there were none. Files that
    cannot be read are not an attempt of anybody who has one. What was there before stays in the
    history. For use within `writing`.
    """
    book.run("INSERT OR IGNORE INTO student (key) VALUES (?)", name)
    keep_source(book, source)
    last = last_attempt(book, assignment, name)
    if last is None or not (
        source.unreadable
        or correct
        or last["unreadable"]
        or last["content"] in (source.content, source.by_heads)
        or last["origin"] == WITHOUT_FILES
    ):
        return book.run(
            "INSERT INTO submission (student, assignment, attempt, source, seen)"
            " SELECT id, ?, ?, ?, ? FROM student WHERE key = ?",
            assignment,
            1 if last is None else last["attempt"] + 1,
            source.digest,
            now,
            name,
        )
    if last["source"] != source.digest and not (source.unreadable and not last["unreadable"]):
        book.run(
            "INSERT INTO correction (submission, source, at) VALUES (?, ?, ?)",
            last["id"],
            last["source"],
            now,
        )
        book.run(
            "UPDATE submission SET source = ?, origin = '' WHERE id = ?", source.digest, last["id"]
        )
    return int(last["id"])


def counted_attempts(
    book: Gradebook, assignment: str, rule: Attempts, most: int | None
) -> frozenset[int]:
    """The ids of the attempts on which somebody's mark hangs: of the first `most` all of them, or
    by the rule `last` the last one."""
    counted: dict[int, list[int]] = {}
    for row in book.rows(
        "SELECT id, student, attempt FROM submission WHERE assignment = ? ORDER BY attempt",
        assignment,
    ):
        theirs = counted.setdefault(row["student"], [])
        if most is None or row["attempt"] <= most or not theirs:
            theirs[:] = [row["id"]] if rule is Attempts.LAST else [*theirs, row["id"]]
    return frozenset(one for theirs in counted.values() for one in theirs)


def keep_source(book: Gradebook, source: Source) -> None:
    """For use within `writing`."""
    book.run(
        "INSERT OR IGNORE INTO source (digest, content, unreadable, archive) VALUES (?, ?, ?, ?)",
        source.digest,
        source.content,
        source.unreadable,
        source.archive,
    )


def last_attempt(book: Gradebook, assignment: str, name: str) -> sqlite3.Row | None:
    """id, attempt, source, origin, content and unreadable of the last attempt, or None."""
    return book.row(
        "SELECT submission.id, attempt, source, origin, content, unreadable FROM submission"
        " JOIN source ON source.digest = submission.source"
        " JOIN student ON student.id = submission.student"
        " WHERE student.key = ? AND assignment = ? ORDER BY attempt DESC LIMIT 1",
        name,
        assignment,
    )
