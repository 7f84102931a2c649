"""Whom a gradebook knows, and how somebody is forgotten."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.gradebook.book import Gradebook, GradebookFault
from grader.gradebook.trouble import told
from grader.spec.problems import did_you_mean

__all__ = ["Forgotten", "expect_student", "forget", "note_export", "students"]

#: What nobody needs any more once its owner is gone.
_UNUSED_SOURCES = (
    "DELETE FROM source WHERE digest NOT IN (SELECT source FROM submission"
    " UNION SELECT source FROM correction UNION SELECT source FROM marked)"
)
_UNUSED_BLOBS = (
    "DELETE FROM blob WHERE digest NOT IN (SELECT blob FROM response WHERE blob IS NOT NULL)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """Files that may still hold what was forgotten."""

    exported: Sequence[str]
    backups: Sequence[str]


def students(book: Gradebook) -> Iterator[sqlite3.Row]:
    """key, assignment, and how many attempts, of everybody and every assignment."""
    return book.rows(
        "SELECT key, assignment, count(*) AS attempts FROM submission"
        " JOIN student ON student.id = submission.student GROUP BY key, assignment"
        " ORDER BY assignment, key"
    )


def expect_student(book: Gradebook, key: str) -> int:
    """The id of a student. Raises GradebookFault where there is none of that name."""
    row = book.row("SELECT id FROM student WHERE key = ?", key)
    if row is None:
        near = did_you_mean(key, [one["key"] for one in book.rows("SELECT key FROM student")])
        msg = f"there is no student {key!r} in {book.path}; {near}".rstrip("; ")
        raise GradebookFault(msg)
    return int(row["id"])


def forget(book: Gradebook, *keys: str) -> Forgotten:
    """Take out students and all that only they left. Raises GradebookFault, where one is not there
    or there is no room to write the file anew: nothing is changed then.

    What was deleted is overwritten, and no older page of the file or its log is left.
    """
    numbers = [expect_student(book, key) for key in keys]
    size = book.path.stat().st_size
    if shutil.disk_usage(book.path.parent).free < size:
        needed = f"{size / (1 << 20):.1f} MiB"
        msg = f"forgetting writes {book.path} anew, and there are no {needed} left for it"
        raise GradebookFault(f"{msg} on the disk; nothing was changed")
    # Of all assignments: who handed in nothing stands in the table of the class too.
    exported = [
        row["path"]
        for row in book.rows("SELECT DISTINCT path FROM export ORDER BY path")
        if Path(row["path"]).exists()
    ]
    with book.writing():
        book.run_each("DELETE FROM student WHERE id = ?", [(number,) for number in numbers])
        book.run(_UNUSED_SOURCES)  # and with them jobs and responses
        book.run(_UNUSED_BLOBS)
    with told(book.path):
        book.connection.execute("VACUUM")
        book.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    backups = sorted(map(str, book.path.parent.glob(f"{book.path.name}.v*.bak")))
    return Forgotten(exported=exported, backups=backups)


def note_export(book: Gradebook, assignment: str, path: Path, *, now: str) -> None:
    """Remember that a file holds the marks of a class: who is forgotten stands in it too."""
    with book.writing():
        book.run(
            "INSERT INTO export (assignment, at, path) VALUES (?, ?, ?)",
            assignment,
            now,
            str(path.absolute()),
        )
