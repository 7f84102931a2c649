"""Marks of people, as events that are only ever added: marks, adjustments, and undoings of either.

What was judged stays as it is. The last mark that was not undone counts in its place, and the
adjustments that were not undone come on top.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import Any

from grader.gradebook.book import Gradebook
from grader.model.person_mark import Adjustment, OtherMark, PersonMark, RubricChoice

__all__ = [
    "EventKind",
    "MarkConflict",
    "MarkEvent",
    "NewEvent",
    "add_event",
    "counting_mark",
    "events_of",
    "in_force",
    "marks_in_run",
    "marks_of_assignment",
    "undo_last",
]


class EventKind(StrEnum):
    """What an event does."""

    MARK = "mark"
    ADJUST = "adjust"
    UNDO = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """What is to be added. `points` of a mark are what is given, of an adjustment what is added."""

    submission: int
    question: str
    by: str
    kind: EventKind = EventKind.MARK
    points: Fraction | None = None
    worth: Fraction = Fraction(0)  #: what the question is worth now
    rubric: tuple[RubricChoice, ...] = ()
    comment: str = ""
    reason: str = ""
    beyond: bool = False
    undoes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkEvent:
    """What stands in the gradebook."""

    id: int
    at: str  #: ISO 8601, UTC
    source: str  #: digest of the files of the attempt at that time
    event: NewEvent


class MarkConflict(Exception):
    """Somebody added events after those that were seen; `events` are theirs."""

    def __init__(self, events: Sequence[MarkEvent]) -> None:
        super().__init__("the answer was marked meanwhile")
        self.events = events


def add_event(book: Gradebook, new: NewEvent, *, now: str, seen: int | None = None) -> int:
    """The id of the event that is added. For use within `writing`.

    `seen` is the id of the last event that its author knew of, 0 for none. Raises MarkConflict
    where there is a later one; None adds it whatever there is.
    """
    if seen is not None:
        later = [one for one in events_of(book, new.submission, new.question) if one.id > seen]
        if later:
            raise MarkConflict(later)
    points = (None, None) if new.points is None else new.points.as_integer_ratio()
    return book.run(
        "INSERT INTO mark (submission, question, at, marker, kind, points_num, points_den, max_num,"
        " max_den, rubric, comment, reason, beyond, supersedes, source)"
        " SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, source FROM submission WHERE id = ?",
        new.question,
        now,
        new.by,
        new.kind.value,
        *points,
        *new.worth.as_integer_ratio(),
        json.dumps([_choice(one) for one in new.rubric], ensure_ascii=False),
        new.comment,
        new.reason,
        int(new.beyond),
        new.undoes,
        new.submission,
    )


def undo_last(
    book: Gradebook, submission: int, question: str, *, by: str, reason: str, now: str
) -> MarkEvent | None:
    """Take back the last event that is in force, by another event; None where there is none.

    For use within `writing`.
    """
    known = in_force(events_of(book, submission, question))
    if not known:
        return None
    undone = known[-1]
    new = NewEvent(
        submission=submission,
        question=question,
        by=by,
        kind=EventKind.UNDO,
        reason=reason,
        undoes=undone.id,
    )
    add_event(book, new, now=now)
    return undone


def in_force(events: Iterable[MarkEvent]) -> list[MarkEvent]:
    """Marks and adjustments that were not undone, in their order."""
    known = list(events)
    undone = {one.event.undoes for one in known}
    return [one for one in known if one.event.kind is not EventKind.UNDO and one.id not in undone]


def counting_mark(events: Iterable[MarkEvent]) -> PersonMark | None:
    """What the events about one answer come to; None where all were undone."""
    known = in_force(events)
    if not known:
        return None
    last_of: dict[str, MarkEvent] = {}
    for one in known:
        if one.event.kind is EventKind.MARK:
            last_of.pop(one.event.by, None)  # the order is that of the last marks
            last_of[one.event.by] = one
    adjusting = [one.event for one in known if one.event.kind is EventKind.ADJUST]
    mark = next(reversed(last_of.values()), None)
    given = mark.event if mark is not None else None
    latest = mark or known[-1]
    return PersonMark(
        by=known[-1].event.by,
        points=given.points if given else None,
        comment=given.comment if given else "",
        rubric=given.rubric if given else (),
        adjustments=tuple(
            Adjustment(points=one.points or Fraction(0), reason=one.reason, by=one.by)
            for one in adjusting
        ),
        others=tuple(
            OtherMark(points=one.event.points, by=one.event.by)
            for one in last_of.values()
            if given and one.event.points is not None and one.event.points != given.points
        ),
        beyond=any(one.beyond for one in (*adjusting, *([given] if given else []))),
        worth=latest.event.worth,
        source=latest.source,
    )


def events_of(book: Gradebook, submission: int, question: str = "") -> list[MarkEvent]:
    """Every event about one answer, or about all of an attempt, oldest first."""
    rows = book.rows(
        "SELECT * FROM mark WHERE submission = ? AND ? IN ('', question) ORDER BY id",
        submission,
        question,
    )
    return [_event(row) for row in rows]


def marks_of_assignment(book: Gradebook, assignment: str) -> Mapping[int, Mapping[str, PersonMark]]:
    """What counts of people's marks, by submission and question."""
    return _folded(
        book.rows(
            "SELECT mark.* FROM mark JOIN submission ON submission.id = mark.submission"
            " WHERE assignment = ? ORDER BY mark.submission, question, mark.id",
            assignment,
        )
    )


def marks_in_run(book: Gradebook, run: int) -> Mapping[int, Mapping[str, PersonMark]]:
    """The same, of all submissions in a run."""
    return _folded(
        book.rows(
            "SELECT mark.* FROM mark JOIN marked ON marked.submission = mark.submission"
            " WHERE run = ? ORDER BY mark.submission, question, mark.id",
            run,
        )
    )


def _folded(rows: Iterator[Any]) -> Mapping[int, Mapping[str, PersonMark]]:
    found: dict[int, dict[str, PersonMark]] = {}
    for (submission, question), events in groupby(
        map(_event, rows), lambda one: (one.event.submission, one.event.question)
    ):
        mark = counting_mark(events)
        if mark is not None:
            found.setdefault(submission, {})[question] = mark
    return found


def _event(row: Any) -> MarkEvent:
    points = row["points_num"]
    return MarkEvent(
        id=row["id"],
        at=row["at"],
        source=row["source"],
        event=NewEvent(
            submission=row["submission"],
            question=row["question"],
            by=row["marker"],
            kind=EventKind(row["kind"]),
            points=None if points is None else Fraction(points, row["points_den"]),
            worth=Fraction(row["max_num"], row["max_den"]),
            rubric=tuple(map(_chosen, json.loads(row["rubric"]))),
            comment=row["comment"],
            reason=row["reason"],
            beyond=bool(row["beyond"]),
            undoes=row["supersedes"],
        ),
    )


def _choice(one: RubricChoice) -> Mapping[str, Any]:
    return {
        "line": one.line,
        "text": one.text,
        "points": None if one.points is None else str(one.points),
    }


def _chosen(data: Mapping[str, Any]) -> RubricChoice:
    points = data["points"]
    return RubricChoice(
        line=data["line"],
        text=data["text"],
        points=None if points is None else Fraction(points),
    )
