"""People in the gradebook: what rosters and downloads say of them is kept, and nothing lost."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC

from grader.gradebook.book import Gradebook
from grader.gradebook.people_rows import extensions_json, people_of, person_of
from grader.gradebook.whose import merged, plain_name
from grader.model.person import Person
from grader.submissions.submission import Delivery

__all__ = [
    "LATE",
    "TELLS_LATE",
    "have_handed_in",
    "keep_delivery",
    "keep_people",
    "known_here",
    "people_for",
    "rename",
]

LATE = ", late"  #: ends the origin of what a platform says is late
TELLS_LATE = "canvas: "  #: begins the origin where a platform says so of all that is
#: Of a place in a download: the participant, who has another number in each assignment.
_MOODLE = re.compile(r"moodle: (.*)_(\d+)(?:, late)?", re.DOTALL)


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
    """Call somebody by the roster's key who was known by a download's; whether nothing is left
    under the old one.

    Where both are there, what the old one handed in becomes the new one's, with its marks, but for
    assignments for which both handed in. For use within `writing`.
    """
    one = book.row("SELECT id FROM student WHERE key = ?", old)
    if old == new or one is None:
        return old == new or one is None
    other = book.row("SELECT id FROM student WHERE key = ?", new)
    if other is None:
        book.run("UPDATE student SET key = ? WHERE key = ?", new, old)
        return True
    book.run(
        "UPDATE submission SET student = ?1 WHERE student = ?2 AND assignment NOT IN"
        " (SELECT assignment FROM submission WHERE student = ?1)",
        other["id"],
        one["id"],
    )
    if book.row("SELECT 1 FROM submission WHERE student = ?", one["id"]) is not None:
        return False
    book.run("DELETE FROM student WHERE id = ?", one["id"])
    return True


def have_handed_in(book: Gradebook, assignment: str) -> set[str]:
    """The keys of those who have an attempt."""
    rows = book.rows(
        "SELECT DISTINCT key FROM submission JOIN student ON student.id = submission.student"
        " WHERE assignment = ?",
        assignment,
    )
    return {row["key"] for row in rows}


def known_here(person: Person, origin: str) -> Person:
    """With the number that Moodle gave them in the assignment that this is the origin of; of what a
    group handed in the number is the group's."""
    found = _MOODLE.fullmatch(origin)
    if found is None or plain_name(found[1]) == plain_name(person.ids.get("group", "")):
        return person
    return replace(person, ids={**person.ids, "moodle": found[2]})


def people_for(book: Gradebook, assignment: str) -> Sequence[Person]:
    """Everybody that the gradebook knows, with the ids that they have in this assignment: without
    Moodle's number where they handed in nothing from there, since it is that of another one."""
    rows = book.rows(
        "SELECT key, origin FROM submission JOIN student ON student.id = submission.student"
        " WHERE assignment = ? ORDER BY attempt",
        assignment,
    )
    origins = {row["key"]: row["origin"] for row in rows}

    def here(person: Person) -> Person:
        ids = {name: text for name, text in person.ids.items() if name != "moodle"}
        return known_here(replace(person, ids=ids), origins.get(person.key, ""))

    return [here(person) for person in people_of(book)]


def keep_delivery(book: Gradebook, submission: int, delivery: Delivery | None) -> None:
    """Keep when and where an attempt was handed in; of two times for the same files the earlier,
    unless staff told when it was (`times`).

    For use within `writing`.
    """
    if delivery is None:
        return
    late = LATE if delivery.late else ""
    book.run(
        "UPDATE submission SET origin = ? WHERE id = ?",
        f"{delivery.platform}: {delivery.place}{late}",
        submission,
    )
    if delivery.handed_in is not None:
        moment = delivery.handed_in.astimezone(UTC).isoformat(timespec="seconds")
        book.run(
            "UPDATE submission SET handed_in = ? WHERE id = ?"
            " AND (handed_in IS NULL OR handed_in > ?)"
            " AND NOT EXISTS"
            " (SELECT 1 FROM import_note WHERE import_note.submission = submission.id)",
            moment,
            submission,
            moment,
        )
