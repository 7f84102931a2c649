"""Whose answers a person marks at once: those of a group, and of somebody without files."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from grader.course.by_hand import HandAnswer, find_answer
from grader.gradebook.attempts import WITHOUT_FILES
from grader.gradebook.book import Gradebook
from grader.gradebook.people_rows import person_of
from grader.gradebook.roster import have_handed_in
from grader.gradebook.without_files import attempt_without_files

__all__ = ["answer_to_mark", "same_files", "together_with"]


@contextlib.contextmanager
def answer_to_mark(
    book: Gradebook, assignment: str, student: str, question: str, attempt: int, *, now: str
) -> Iterator[HandAnswer]:
    """The answer of somebody, who gets an attempt without files where they handed in nothing; it
    stays only if something of it is marked. Raises MarkFault where there is no answer."""
    made = not attempt and student not in have_handed_in(book, assignment)
    if made:
        with book.writing():
            made = attempt_without_files(book, assignment, student, now=now)
    try:
        yield find_answer(book, assignment, student, question, attempt)
    finally:
        if made:
            with book.writing():
                book.run(
                    "DELETE FROM submission WHERE assignment = ? AND student ="
                    " (SELECT id FROM student WHERE key = ?)"
                    " AND id NOT IN (SELECT submission FROM mark)",
                    assignment,
                    student,
                )


def same_files(book: Gradebook, answer: HandAnswer) -> Sequence[str]:
    """The keys of others who handed in the same files for the same assignment."""
    return [key for key, _, _ in _others(book, answer)]


def together_with(book: Gradebook, answer: HandAnswer) -> Sequence[HandAnswer]:
    """The same answer of the others who handed it in together: the same files, in one place of a
    download, or by people of one group of the roster."""
    own = book.row(
        "SELECT student.*, origin FROM submission JOIN student ON student.id = submission.student"
        " WHERE submission.id = ?",
        answer.submission,
    )
    assert own is not None
    group = person_of(own).ids.get("group", "")
    return [
        find_answer(book, answer.assignment, key, answer.question, attempt)
        for key, attempt, (origin, theirs) in _others(book, answer)
        if (own["origin"] and origin == own["origin"]) or (group and group == theirs)
    ]


def _others(book: Gradebook, answer: HandAnswer) -> Iterator[tuple[str, int, tuple[str, str]]]:
    """Key, attempt, and origin and group, of the last attempts that hold the same files, but for
    those that hold none."""
    rows = book.rows(
        "SELECT student.*, attempt, origin FROM submission"
        " JOIN student ON student.id = submission.student"
        " WHERE source = ? AND assignment = ? AND submission.student <>"
        " (SELECT student FROM submission WHERE id = ?)"
        " AND attempt = (SELECT max(attempt) FROM submission AS one"
        " WHERE one.student = submission.student AND one.assignment = submission.assignment)"
        " ORDER BY key",
        answer.source,
        answer.assignment,
        answer.submission,
    )
    for row in rows:
        if row["origin"] != WITHOUT_FILES:
            group = person_of(row).ids.get("group", "")
            yield row["key"], row["attempt"], (row["origin"], group)
