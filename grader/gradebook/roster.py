"""People in the gradebook: what rosters and downloads say of them is kept, and nothing lost."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import UTC

from grader.gradebook.book import Gradebook
from grader.gradebook.people_rows import extensions_json, person_of
from grader.gradebook.whose import merged
from grader.model.person import Person
from grader.submissions.submission import Delivery

__all__ = ["have_handed_in", "keep_delivery", "keep_people", "rename"]


def keep_people(
    book: Gradebook, people: Sequence[Person], *, counting: Collection[str] = ()
) -> None:
    """Keep what is known of people. An empty field changes nothing, another takes the place of what
    was there; ids, extensions and excuses are added to it. Excuses of `counting` are taken back.

    For use within `writing`.
    """
    for person in people:
        book.run("INSERT OR IGNORE INTO student (key) VALUES (?)", person.key)
        row = book.row("SELECT * FROM student WHERE key = ?", person.key)
        known = person_of(row)
        now = merged(person, known)
        excused = set() if person.key in counting else known.excused | person.excused
        book.run(
            "UPDATE student SET name = ?, email = ?, number = ?, section = ?, ids = ?,"
            " extensions = ?, excused = ? WHERE key = ?",
            now.name,
            now.email,
            now.number,
            now.section,
            json.dumps({**known.ids, **person.ids}, ensure_ascii=False),
            extensions_json({**known.extensions, **person.extensions}),
            json.dumps(sorted(excused), ensure_ascii=False),
            person.key,
        )


def rename(book: Gradebook, old: str, new: str) -> bool:
    """Call somebody by the roster's key who was known by a download's; whether it was done.

    Not where both are there. For use within `writing`.
    """
    if old == new or book.row("SELECT 1 FROM student WHERE key = ?", old) is None:
        return False
    if book.row("SELECT 1 FROM student WHERE key = ?", new) is not None:
        return False
    book.run("UPDATE student SET key = ? WHERE key = ?", new, old)
    return True


def have_handed_in(book: Gradebook, assignment: str) -> set[str]:
    """The keys of those who have an attempt."""
    rows = book.rows(
        "SELECT DISTINCT key FROM submission JOIN student ON student.id = submission.student"
        " WHERE assignment = ?",
        assignment,
    )
    return {row["key"] for row in rows}


def keep_delivery(book: Gradebook, submission: int, delivery: Delivery | None) -> None:
    """Keep when and where an attempt was handed in; of two times for the same files the earlier.

    For use within `writing`.
    """
    if delivery is None:
        return
    late = ", late" if delivery.late else ""
    book.run(
        "UPDATE submission SET origin = ? WHERE id = ?",
        f"{delivery.platform}: {delivery.place}{late}",
        submission,
    )
    if delivery.handed_in is not None:
        moment = delivery.handed_in.astimezone(UTC).isoformat(timespec="seconds")
        book.run(
            "UPDATE submission SET handed_in = ? WHERE id = ?"
            " AND (handed_in IS NULL OR handed_in > ?)",
            moment,
            submission,
            moment,
        )
