"""What there is to compute grades from: everybody's attempts, with what counts of each question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import Any

from grader.gradebook.attempts import WITHOUT_FILES
from grader.gradebook.book import Gradebook
from grader.gradebook.marks import marks_of_assignment
from grader.gradebook.roster import LATE, TELLS_LATE
from grader.model.person_mark import PersonMark

__all__ = ["Attempt", "AttemptQuestion", "ClassWork", "class_work"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptQuestion:
    """One question of an attempt, as it was judged and as people marked it."""

    question: str
    verdict: str
    score: Fraction | None  #: that was judged
    max_points: Fraction
    bonus: bool
    mark: PersonMark | None = None

    @property
    def points(self) -> Fraction | None:
        """The mark of a person, else what was judged; None while it waits for either."""
        return self.score if self.mark is None else self.mark.over(self.score, self.max_points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What somebody handed in once, as a run judged it."""

    submission: int
    number: int  #: from 1
    run: int
    edition: str  #: digest of the edition that the run judged by
    source: str  #: digest of its files
    handed_in: datetime | None  #: as it was told, perhaps without a zone
    late_on_platform: bool = False  #: as the platform's download says
    in_time_on_platform: bool = False  #: as its download says of all that is not late
    without_files: bool = False  #: there are only marks of people
    questions: Sequence[AttemptQuestion]
    #: of questions that are not asked any more, by their id
    not_asked: Mapping[str, PersonMark] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassWork:
    """Everybody's work for one assignment."""

    assignment: str
    questions: Sequence[AttemptQuestion]  #: that there are, as the last run has them
    edition: str = ""  #: digest of the edition of that run
    attempts: Mapping[str, Sequence[Attempt]]  #: by student's key, oldest first
    #: of earlier runs below which nobody falls: the same, a mapping a run
    earlier: Sequence[Mapping[str, Sequence[Attempt]]] = ()


def class_work(book: Gradebook, assignment: str, *, lowest_run: int | None) -> ClassWork:
    """Every attempt as the last run judged it that marked it; trials do not count.

    `lowest_run`: the run from which on nobody loses, of which the outcomes are read too.
    """
    marks = marks_of_assignment(book, assignment)
    attempts = _attempts(book, assignment, marks)
    before = book.rows(
        "SELECT id FROM run WHERE assignment = ? AND complete AND id >= ? ORDER BY id",
        assignment,
        lowest_run,
    )
    runs = [row["id"] for row in before] if lowest_run is not None else []
    newest = max((one for tried in attempts.values() for one in tried), key=_age, default=None)
    return ClassWork(
        assignment=assignment,
        questions=() if newest is None else newest.questions,
        edition="" if newest is None else newest.edition,
        attempts=attempts,
        earlier=[_attempts(book, assignment, marks, run) for run in runs],
    )


def _age(one: Attempt) -> int:
    return one.run


def _attempts(
    book: Gradebook,
    assignment: str,
    marks: Mapping[int, Mapping[str, PersonMark]],
    run: int | None = None,
) -> Mapping[str, Sequence[Attempt]]:
    """As this run judged them, or each as the last run that did."""
    rows = book.rows(
        "WITH chosen AS (SELECT submission, max(run) AS run FROM marked"
        " JOIN run ON run.id = marked.run WHERE assignment = ?1"
        " AND (complete OR kind = 'grade') AND (?2 IS NULL OR run.id = ?2) GROUP BY submission)"
        " SELECT key, submission.id AS submission, attempt, source, handed_in, origin,"
        " chosen.run AS run, edition, question, verdict, score_num, score_den, max_num, max_den,"
        " bonus FROM chosen"
        " JOIN run ON run.id = chosen.run"
        " JOIN submission ON submission.id = chosen.submission"
        " JOIN student ON student.id = submission.student"
        " JOIN outcome ON outcome.run = chosen.run AND outcome.submission = chosen.submission"
        " ORDER BY key, attempt, position",
        assignment,
        run,
    )
    return {
        key: [*_of_student(of_student, marks)]
        for key, of_student in groupby(rows, lambda row: row["key"])
    }


def _of_student(
    rows: Iterable[Any], marks: Mapping[int, Mapping[str, PersonMark]]
) -> Iterator[Attempt]:
    for number, of_attempt in groupby(rows, lambda row: row["attempt"]):
        first, *rest = of_attempt
        late, tells = first["origin"].endswith(LATE), first["origin"].startswith(TELLS_LATE)
        mine = marks.get(first["submission"], {})
        yield Attempt(
            submission=first["submission"],
            number=number,
            run=first["run"],
            edition=first["edition"],
            source=first["source"],
            handed_in=_time(first["handed_in"]),
            late_on_platform=late,
            in_time_on_platform=tells and not late,
            without_files=first["origin"] == WITHOUT_FILES,
            questions=[_question(row, mine) for row in (first, *rest)],
            not_asked={
                question: mark
                for question, mark in mine.items()
                if question not in {row["question"] for row in (first, *rest)}
            },
        )


def _question(row: Any, marks: Mapping[str, PersonMark]) -> AttemptQuestion:
    scored = row["score_num"] is not None
    return AttemptQuestion(
        question=row["question"],
        verdict=row["verdict"],
        score=Fraction(row["score_num"], row["score_den"]) if scored else None,
        max_points=Fraction(row["max_num"], row["max_den"]),
        bonus=bool(row["bonus"]),
        mark=marks.get(row["question"]),
    )


def _time(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
