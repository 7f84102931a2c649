"""What came of a run, read from the gradebook one submission at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from typing import overload

from grader.gradebook.book import Gradebook
from grader.gradebook.marks import marks_in_run
from grader.gradebook.outcome_json import OutcomeReader
from grader.gradebook.rules import AttemptScore, Rules, counting
from grader.gradebook.runs import outcome_of
from grader.model.outcome import SubmissionOutcome
from grader.model.person_mark import PersonMark
from grader.model.verdict import Verdict

__all__ = ["Counted", "StoredOutcomes", "counted_in", "lowest_of", "points_of"]

Counted = tuple[int, int, str, int, Fraction]
"""Place, submission, student's key, attempt, and the score that counts."""


class StoredOutcomes(Sequence[SubmissionOutcome]):
    """The outcomes that count in a run, in their order. Little is remembered: a class is large."""

    def __init__(self, book: Gradebook, run: int, rules: Rules) -> None:
        self._book = book
        self._run = run
        self._marks = marks_in_run(book, run)
        self._counted = list(counted_in(book, run, rules))
        self._reading = OutcomeReader()

    def __len__(self) -> int:
        return len(self._counted)

    @overload
    def __getitem__(self, index: int) -> SubmissionOutcome: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[SubmissionOutcome]: ...
    def __getitem__(self, index: int | slice) -> SubmissionOutcome | Sequence[SubmissionOutcome]:
        if isinstance(index, slice):
            return [self._read(one) for one in self._counted[index]]
        return self._read(self._counted[index])

    def __iter__(self) -> Iterator[SubmissionOutcome]:
        return map(self._read, self._counted)

    def held(self) -> list[str]:
        """The students of whom something could not be marked, by no person either, in their
        order."""
        rows = self._book.rows("SELECT submission FROM marked WHERE run = ? AND held", self._run)
        held = {row["submission"] for row in rows}
        return [
            one[2]
            for one in self._counted
            if one[1] in held and (one[1] not in self._marks or _is_held(self._read(one)))
        ]

    def _read(self, one: Counted) -> SubmissionOutcome:
        _, submission, name, attempt, counts = one
        outcome = outcome_of(self._book, self._run, submission, name, self._reading)
        outcome = replace(outcome, attempt=attempt, marks=self._marks.get(submission, {}))
        return outcome if counts == outcome.as_marked.score else replace(outcome, counts=counts)


def _is_held(outcome: SubmissionOutcome) -> bool:
    return any(one.verdict is Verdict.GRADER_ERROR for one in outcome.as_marked.not_scored)


def counted_in(book: Gradebook, run: int, rules: Rules) -> Iterator[Counted]:
    """Of every student in a run the attempt that is shown, and what counts, by the rules."""
    lowest = lowest_of(book, run, rules)
    for place, key, tried in _by_student(book, run):
        shown, counts = counting(tried, rules.attempts)
        yield place, shown.submission, key, shown.attempt, max(counts, lowest.get(key, counts))


def lowest_of(book: Gradebook, run: int, rules: Rules) -> dict[str, Fraction]:
    """The most that each student had, in runs from the one on from which nobody loses."""
    most: dict[str, Fraction] = {}
    if rules.lowest_run is None:
        return most
    before = book.rows(
        "SELECT id FROM run WHERE id >= ? AND id < ? AND complete"
        " AND assignment = (SELECT assignment FROM run WHERE id = ?) ORDER BY id",
        rules.lowest_run,
        run,
        run,
    )
    for one in [row["id"] for row in before]:
        for _, key, tried in _by_student(book, one):
            _, counts = counting(tried, rules.attempts)
            most[key] = max(counts, most.get(key, counts))
    return most


def _by_student(book: Gradebook, run: int) -> Iterator[tuple[int, str, list[AttemptScore]]]:
    """With the points that people gave in place of what was judged."""
    marks = marks_in_run(book, run)
    rows = book.rows(
        "SELECT place, key, marked.submission, attempt, question, score_num, score_den, max_num,"
        " max_den FROM marked"
        " JOIN submission ON submission.id = marked.submission"
        " JOIN student ON student.id = submission.student"
        " LEFT JOIN outcome ON outcome.run = marked.run"
        " AND outcome.submission = marked.submission"
        " WHERE marked.run = ? ORDER BY place, key, attempt, position",
        run,
    )
    for (place, key), of_student in groupby(rows, lambda row: (row["place"], row["key"])):
        tried = []
        for (submission, attempt), of_attempt in groupby(
            of_student, lambda row: (row["submission"], row["attempt"])
        ):
            given = marks.get(submission, {})
            points = (points_of(row, given.get(row["question"])) for row in of_attempt)
            score = sum((one for one in points if one is not None), Fraction(0))
            tried.append(AttemptScore(submission=submission, attempt=attempt, score=score))
        yield place, key, tried


def points_of(row: sqlite3.Row, mark: PersonMark | None) -> Fraction | None:
    """Of a row of `outcome`: the mark of a person if there is one, else what was judged."""
    score = None
    if row["score_num"] is not None:
        score = Fraction(row["score_num"], row["score_den"])
    if mark is None:
        return score
    return mark.over(score, Fraction(row["max_num"], row["max_den"]))
