"""What a run changed: who gains, who loses, and what came out of each question before and after."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from grader.gradebook.book import Gradebook
from grader.gradebook.marks import marks_in_run
from grader.gradebook.results import lowest_of, points_of
from grader.gradebook.rules import AttemptScore, Rules, counting
from grader.model.person_mark import PersonMark

__all__ = ["Changes", "Given", "QuestionChange", "StudentChange", "changes_of", "run_before"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What one answer got."""

    verdict: str
    reason: str | None
    score: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionChange:
    """One answer of which something else came out."""

    submission: int
    attempt: int
    question: str
    before: Given | None  #: None: the question was not there
    after: Given | None  #: None: it is there no more


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentChange:
    """A student with such answers, and the marks that count, those of people among them."""

    student: str
    before: Fraction
    after: Fraction
    kept: bool  #: it would be less, were there not the rule that nobody loses
    questions: tuple[QuestionChange, ...]

    @property
    def gain(self) -> Fraction:
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Those of a class. Whoever was never marked before is in none of the numbers."""

    students: Sequence[StudentChange]  #: with at least one answer of which something else came out
    total: int

    @property
    def gaining(self) -> Sequence[StudentChange]:
        return [one for one in self.students if one.gain > 0]

    @property
    def losing(self) -> Sequence[StudentChange]:
        return [one for one in self.students if one.gain < 0]

    @property
    def verdicts(self) -> Mapping[str, Counter[tuple[str, str]]]:
        """Question → how many answers went from which verdict to which."""
        found: dict[str, Counter[tuple[str, str]]] = {}
        for student in self.students:
            for one in student.questions:
                before = one.before.verdict if one.before else "not asked"
                after = one.after.verdict if one.after else "not asked"
                found.setdefault(one.question, Counter())[before, after] += 1
        return found


def run_before(book: Gradebook, run: int, submission: int) -> int | None:
    """The last run before this one that marked a submission, and was not a trial."""
    row = book.row(
        "SELECT max(run.id) AS run FROM marked JOIN run ON run.id = marked.run"
        " WHERE submission = ? AND run.id < ? AND (complete OR kind = 'grade')",
        submission,
        run,
    )
    return None if row is None or row["run"] is None else int(row["run"])


def changes_of(book: Gradebook, run: int, rules: Rules) -> Changes:
    """What a run changed of the marks before it."""
    lowest = lowest_of(book, run, rules)
    marks = marks_in_run(book, run)
    rows = book.rows(
        "SELECT key, submission.id, attempt FROM marked"
        " JOIN submission ON submission.id = marked.submission"
        " JOIN student ON student.id = submission.student WHERE run = ?"
        " ORDER BY place, key, attempt",
        run,
    )
    found: list[StudentChange] = []
    total = 0
    for student, attempts in groupby(list(rows), lambda row: str(row["key"])):
        change = _of_student(book, run, student, list(attempts), rules, lowest, marks)
        total += change is not None
        if change is not None and (change.questions or change.gain):
            found.append(change)
    return Changes(students=found, total=total)


def _of_student(
    book: Gradebook,
    run: int,
    student: str,
    attempts: Sequence[sqlite3.Row],
    rules: Rules,
    lowest: Mapping[str, Fraction],
    marks: Mapping[int, Mapping[str, PersonMark]],
) -> StudentChange | None:
    before: list[AttemptScore] = []
    after: list[AttemptScore] = []
    questions: list[QuestionChange] = []
    for row in attempts:
        submission, attempt = int(row["id"]), int(row["attempt"])
        mine = marks.get(submission, {})
        new, score = _given(book, run, submission, mine)
        after.append(AttemptScore(submission=submission, attempt=attempt, score=score))
        earlier = run_before(book, run, submission)
        if earlier is None:
            continue
        old, score = _given(book, earlier, submission, mine)
        before.append(AttemptScore(submission=submission, attempt=attempt, score=score))
        questions += _differences(submission, attempt, old, new)
    if not before:
        return None
    judged = counting(after, rules.attempts)[1]
    counts = max(judged, lowest.get(student, judged))
    was = counting(before, rules.attempts)[1]
    return StudentChange(
        student=student,
        before=max(was, lowest.get(student, was)),
        after=counts,
        kept=counts > judged,
        questions=tuple(questions),
    )


def _differences(
    submission: int, attempt: int, old: Mapping[str, Given], new: Mapping[str, Given]
) -> Iterator[QuestionChange]:
    for question in [*new, *(name for name in old if name not in new)]:
        if old.get(question) != new.get(question):
            yield QuestionChange(
                submission=submission,
                attempt=attempt,
                question=question,
                before=old.get(question),
                after=new.get(question),
            )


def _given(
    book: Gradebook, run: int, submission: int, marks: Mapping[str, PersonMark]
) -> tuple[dict[str, Given], Fraction]:
    """What each answer got in a run, and what all of it comes to with the marks of people."""
    rows = book.rows(
        "SELECT question, verdict, reason, score_num, score_den, max_num, max_den FROM outcome"
        " WHERE run = ? AND submission = ? ORDER BY position",
        run,
        submission,
    )
    given: dict[str, Given] = {}
    total = Fraction(0)
    for row in rows:
        total += points_of(row, marks.get(row["question"])) or 0
        given[row["question"]] = Given(
            verdict=row["verdict"],
            reason=row["reason"],
            score=points_of(row, None),
        )
    return given, total
