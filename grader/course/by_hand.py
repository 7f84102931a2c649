"""Answers that people mark: what waits, what was marked, and new marks by the rubric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grader.collect.encoded import decode_one
from grader.course.editions import assignment_of
from grader.gradebook.book import Gradebook
from grader.gradebook.edition import kept_edition
from grader.gradebook.marks import counting_mark, events_of
from grader.model.assignment import ManualQuestion, Question, RubricLine
from grader.model.person_mark import PersonMark, RubricChoice
from grader.model.typed import texts_of
from grader.plan.fingerprint import digest
from grader.spec.problems import did_you_mean

__all__ = [
    "EVERY_ATTEMPT",
    "HandAnswer",
    "MarkFault",
    "answers_by_hand",
    "chosen_lines",
    "find_answer",
    "points_for",
]


EVERY_ATTEMPT = -1


class MarkFault(Exception):
    """A mark cannot be given; the message says why. Nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandAnswer:
    """One answer of one attempt, as a person sees it."""

    student: str
    assignment: str
    attempt: int
    submission: int
    source: str
    question: str
    verdict: str
    score: Fraction | None  #: that was judged
    max_points: Fraction
    rubric: Sequence[RubricLine]
    answer: str  #: as it was typed; of a figure the name of its file
    is_figure: bool = False
    mark: PersonMark | None
    seen: int  #: the last event about it, 0 for none

    @property
    def waits(self) -> bool:
        """Whether it has no points yet."""
        return self.points is None

    @property
    def points(self) -> Fraction | None:
        """The mark of a person, else what was judged."""
        return self.score if self.mark is None else self.mark.over(self.score, self.max_points)

    @property
    def version(self) -> str:
        """Changes with every event about it, and with the files it stands in."""
        return f"v{self.seen}-{digest('seen', [self.source, self.answer])[-8:]}"


def answers_by_hand(
    book: Gradebook, assignment: str, *, student: str = "", question: str = "", attempt: int = 0
) -> Iterator[HandAnswer]:
    """Every answer of the attempts in question, as the last run judged it: by question, then key.

    Without an attempt: the last one of everybody; or `EVERY_ATTEMPT`. Raises SpecFault where the
    assignment cannot be read by this version any more.
    """
    rows = list(
        book.rows(
            "WITH chosen AS (SELECT submission, max(run) AS run FROM marked"
            " JOIN run ON run.id = marked.run WHERE assignment = ?1"
            " AND (complete OR kind = 'grade') GROUP BY submission)"
            " SELECT key, submission.id AS submission, attempt, submission.source AS source,"
            " question, verdict, score_num, score_den, max_num, max_den, marked.job AS job, edition"
            " FROM chosen JOIN submission ON submission.id = chosen.submission"
            " JOIN student ON student.id = submission.student"
            " JOIN run ON run.id = chosen.run"
            " JOIN marked ON marked.run = chosen.run AND marked.submission = chosen.submission"
            " JOIN outcome ON outcome.run = chosen.run AND outcome.submission = chosen.submission"
            " WHERE ?2 IN ('', key) AND ?3 IN ('', question)"
            " AND (?4 IN (attempt, -1) OR (?4 = 0 AND attempt = (SELECT max(attempt) FROM"
            " submission AS one WHERE one.student = submission.student AND one.assignment = ?1)))"
            " ORDER BY position, key, attempt",
            assignment,
            student,
            question,
            attempt,
        )
    )
    editions: dict[str, Mapping[str, Question]] = {}
    for row in rows:
        if row["edition"] not in editions:
            made = assignment_of(kept_edition(book, row["edition"]))
            editions[row["edition"]] = {one.id: one for one in made.questions}
        yield _answer(book, assignment, row, editions[row["edition"]].get(row["question"]))


def find_answer(
    book: Gradebook, assignment: str, student: str, question: str, attempt: int
) -> HandAnswer:
    """The answer of this student. Raises MarkFault where there is none."""
    found = [*answers_by_hand(book, assignment, student=student, attempt=attempt)]
    if not found:
        which = f"attempt {attempt} of {student}" if attempt else student
        msg = f"nothing of {which} was marked for {assignment}"
        raise MarkFault(msg)
    for one in found:
        if one.question == question:
            return one
    ids = [one.question for one in found]
    near = did_you_mean(question, ids) or f"it has {', '.join(ids)}"
    msg = f"{assignment} has no question {question!r}; {near}"
    raise MarkFault(msg)


def chosen_lines(answer: HandAnswer, lines: Sequence[int]) -> tuple[RubricChoice, ...]:
    """The lines of the rubric with these numbers, from 1. Raises MarkFault."""
    count = len(answer.rubric)
    for line in lines:
        if not 1 <= line <= count:
            there = f"it has lines 1 to {count}" if count else "it has none"
            msg = f"{answer.question} has no line {line} in its rubric: {there}"
            raise MarkFault(msg)
    return tuple(
        RubricChoice(
            line=line, text=answer.rubric[line - 1].text, points=answer.rubric[line - 1].points
        )
        for line in sorted(set(lines))
    )


def points_for(
    answer: HandAnswer,
    points: Fraction | None,
    lines: Sequence[int] | None,
    *,
    beyond: bool,
) -> tuple[Fraction, tuple[RubricChoice, ...]]:
    """What a mark comes to. Raises MarkFault where points and lines disagree, or go too far."""
    rubric = chosen_lines(answer, lines or ())
    found = points
    if lines is not None:
        if all(one.points is not None for one in rubric):
            by_lines = sum((one.points or Fraction(0) for one in rubric), Fraction(0))
            if points is not None and points != by_lines:
                msg = (
                    f"the lines that were chosen give {float(by_lines):g} points, not "
                    f"{float(points):g}: leave out the points, or adjust the mark with a reason"
                )
                raise MarkFault(msg)
            found = by_lines
        elif points is None:
            msg = f"lines of the rubric of {answer.question} have no points: say how many"
            raise MarkFault(msg)
    if found is None:
        msg = f"how many points does {answer.question} get? Give points, or lines of the rubric"
        raise MarkFault(msg)
    if not beyond and not 0 <= found <= answer.max_points:
        msg = (
            f"{float(found):g} is outside of 0 to {float(answer.max_points):g}, what "
            f"{answer.question} is worth: give --beyond if that is meant"
        )
        raise MarkFault(msg)
    return found, rubric


def _answer(book: Gradebook, assignment: str, row: Any, question: Question | None) -> HandAnswer:
    events = events_of(book, row["submission"], row["question"])
    scored = row["score_num"] is not None
    return HandAnswer(
        student=row["key"],
        assignment=assignment,
        attempt=row["attempt"],
        submission=row["submission"],
        source=row["source"],
        question=row["question"],
        verdict=row["verdict"],
        score=Fraction(row["score_num"], row["score_den"]) if scored else None,
        max_points=Fraction(row["max_num"], row["max_den"]),
        rubric=question.rubric if isinstance(question, ManualQuestion) else (),
        answer=_said(book, row),
        is_figure=question is not None and question.nature.file,
        mark=counting_mark(events),
        seen=max((one.id for one in events), default=0),
    )


def _said(book: Gradebook, row: Any) -> str:
    """What the sheets say, or why they cannot be read."""
    kept = book.row(
        "SELECT coalesce(value, blob.bytes) AS content FROM response"
        " LEFT JOIN blob ON blob.digest = response.blob WHERE job = ? AND call = ?",
        row["job"],
        row["question"],
    )
    if kept is None:
        return ""
    response = decode_one(kept["content"])
    if response.failure is not None:
        return response.failure.typed or response.failure.message
    value = texts_of(response.value)
    return value if isinstance(value, str) else "" if value is None else repr(value)
