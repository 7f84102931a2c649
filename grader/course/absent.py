"""Those who handed in nothing, in the table of marks: a row a question, as after an oral exam."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from grader.course.by_hand import HandAnswer, answers_by_hand
from grader.gradebook.attempts import WITHOUT_FILES
from grader.gradebook.book import Gradebook
from grader.gradebook.people_rows import person_of
from grader.gradebook.source import source_of
from grader.gradebook.without_files import attempt_without_files
from grader.model.verdict import Verdict
from grader.submissions.submission import Submission

__all__ = ["absent_answers", "attempts_for_rows", "marked_without_files"]

_ROW = re.compile(r"absent-(\d{1,15})-(.+)-(\w+)")


def absent_answers(
    book: Gradebook, assignment: str, question: str = ""
) -> Iterator[tuple[str, HandAnswer]]:
    """Of everybody without an attempt, who is not excused, every question as not answered, by the
    name of its row."""
    last = book.row(
        "SELECT key, attempt FROM marked JOIN run ON run.id = marked.run"
        " JOIN submission ON submission.id = marked.submission"
        " JOIN student ON student.id = submission.student"
        " WHERE run.assignment = ? AND (complete OR kind = 'grade')"
        " ORDER BY run DESC, place DESC LIMIT 1",
        assignment,
    )
    if last is None:
        return
    asked = [
        *answers_by_hand(
            book, assignment, student=last["key"], question=question, attempt=last["attempt"]
        )
    ]
    nothing = source_of(Submission(id="")).digest
    rows = book.rows(
        "SELECT * FROM student WHERE id NOT IN"
        " (SELECT student FROM submission WHERE assignment = ?) ORDER BY key",
        assignment,
    )
    for row in [*rows]:
        if person_of(row).excused & {"", assignment}:
            continue
        for one in asked:
            yield (
                f"absent-{row['id']}-{assignment}-{one.question}",
                replace(
                    one,
                    student=row["key"],
                    attempt=1,
                    submission=0,
                    source=nothing,
                    verdict=Verdict.MISSING.value,
                    score=Fraction(0),
                    answer="",
                    mark=None,
                    seen=0,
                ),
            )


def marked_without_files(book: Gradebook, assignment: str) -> set[int]:
    """The attempts of those who were marked and handed in nothing."""
    found = book.rows(
        "SELECT id FROM submission WHERE assignment = ? AND origin = ?", assignment, WITHOUT_FILES
    )
    return {row["id"] for row in found}


@contextlib.contextmanager
def attempts_for_rows(
    book: Gradebook, rows: Iterable[str], *, now: str
) -> Iterator[Mapping[str, HandAnswer]]:
    """The answers that rows of `absent_answers` speak of, of attempts that are made where there are
    none, and that stay only if something of them is marked. For use within `writing`."""
    wanted: dict[tuple[int, str], list[str]] = {}
    for row in rows:
        if found := _ROW.fullmatch(row):
            wanted.setdefault((int(found[1]), found[2]), []).append(row)
    answers: dict[str, HandAnswer] = {}
    for (student, assignment), named in wanted.items():
        there = book.row(
            "SELECT key, EXISTS (SELECT 1 FROM submission WHERE student = ?1 AND assignment = ?2)"
            " AS has_one FROM student WHERE id = ?1",
            student,
            assignment,
        )
        if there is None:
            continue
        if not there["has_one"]:
            attempt_without_files(book, assignment, there["key"], now=now)
        of_question = {
            one.question: one for one in answers_by_hand(book, assignment, student=there["key"])
        }
        for row in named:
            if (one := of_question.get(row.rpartition("-")[2])) is not None:
                answers[row] = one
    yield answers
    for student, assignment in wanted:
        book.run(
            "DELETE FROM submission WHERE student = ? AND assignment = ? AND origin = ?"
            " AND id NOT IN (SELECT submission FROM mark)",
            student,
            assignment,
            WITHOUT_FILES,
        )
