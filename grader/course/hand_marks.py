"""Give, adjust and take back one mark, and say what came of it: the outcome first, then notes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction

from grader.course.by_hand import HandAnswer, MarkFault, find_answer, points_for
from grader.course.together import same_files
from grader.gradebook.book import Gradebook
from grader.gradebook.grades import assignments_in
from grader.gradebook.marks import EventKind, MarkConflict, NewEvent, add_event, undo_last
from grader.model.number_text import points_text, signed_text
from grader.spec.problems import did_you_mean

__all__ = ["adjust_mark", "assignment_for", "give_mark", "undo_mark"]


def assignment_for(book: Gradebook, given: str, question: str) -> str:
    """The slug that is meant: the one that is named, the only one, or the only one with that
    question. Raises MarkFault."""
    marked = assignments_in(book)
    if given:
        if given in marked:
            return given
        near = did_you_mean(given, marked) or f"marked are {', '.join(marked) or 'none'}"
        msg = f"the gradebook has nothing of {given!r}; {near}"
        raise MarkFault(msg)
    if len(marked) != 1:
        having = [
            row["assignment"]
            for row in book.rows(
                "SELECT DISTINCT assignment FROM run JOIN outcome ON outcome.run = run.id"
                " WHERE question = ? ORDER BY assignment",
                question,
            )
        ]
        if len(having) == 1:
            return str(having[0])
        msg = f"say which with --assignment: there is {', '.join(having or marked) or 'none'}"
        raise MarkFault(msg)
    return marked[0]


def give_mark(
    book: Gradebook,
    answer: HandAnswer,
    points: Fraction | None,
    lines: Sequence[int] | None,
    *,
    comment: str,
    by: str,
    now: str,
    beyond: bool,
    also: Collection[str] = (),
) -> list[str]:
    """Add a mark. Raises MarkFault where it cannot be, or where somebody marked meanwhile.

    `also` are the keys of those who get the same.
    """
    found, rubric = points_for(answer, points, lines, beyond=beyond)
    event = NewEvent(
        submission=answer.submission,
        question=answer.question,
        by=by,
        points=found,
        worth=answer.max_points,
        rubric=rubric,
        comment=comment,
        beyond=beyond,
    )
    after = _added(book, answer, event, now=now)
    return [_state(after), *_notes(book, answer, after, by, also)]


def adjust_mark(
    book: Gradebook,
    answer: HandAnswer,
    points: Fraction,
    *,
    reason: str,
    by: str,
    now: str,
    beyond: bool,
) -> list[str]:
    """Add so many points to what there is. Raises MarkFault."""
    if answer.points is not None and not beyond:
        after = answer.points + points
        if not 0 <= after <= answer.max_points:
            msg = (
                f"{answer.question} would have {points_text(after)} of "
                f"{points_text(answer.max_points)}: give --beyond if that is meant"
            )
            raise MarkFault(msg)
    event = NewEvent(
        submission=answer.submission,
        question=answer.question,
        by=by,
        kind=EventKind.ADJUST,
        points=points,
        worth=answer.max_points,
        reason=reason,
        beyond=beyond,
    )
    found = _added(book, answer, event, now=now)
    told = [f"{_state(found)} ({signed_text(points)}: {reason})"]
    if found.points is None:
        told.append("the answer has no points yet: it will be added to them")
    return told


def undo_mark(book: Gradebook, answer: HandAnswer, *, by: str, reason: str, now: str) -> list[str]:
    """Take back the last mark or adjustment that is in force. Raises MarkFault."""
    with book.writing():
        undone = undo_last(book, answer.submission, answer.question, by=by, reason=reason, now=now)
    if undone is None:
        msg = f"nobody marked {answer.question} of {answer.student}, attempt {answer.attempt}"
        raise MarkFault(msg)
    what = "the mark" if undone.event.kind is EventKind.MARK else "the adjustment"
    given = undone.event.points or Fraction(0)
    shown = points_text(given) if undone.event.kind is EventKind.MARK else signed_text(given)
    return [f"{_state(_again(book, answer))}; {what} {shown} by {undone.event.by} is taken back"]


def _added(book: Gradebook, answer: HandAnswer, event: NewEvent, *, now: str) -> HandAnswer:
    try:
        with book.writing():
            add_event(book, event, now=now, seen=answer.seen)
    except MarkConflict as conflict:
        theirs = ", ".join(sorted({one.event.by for one in conflict.events}))
        msg = f"{theirs} marked it meanwhile: look again"
        raise MarkFault(msg) from conflict
    return _again(book, answer)


def _again(book: Gradebook, answer: HandAnswer) -> HandAnswer:
    return find_answer(book, answer.assignment, answer.student, answer.question, answer.attempt)


def _state(answer: HandAnswer) -> str:
    shown = "no points yet" if answer.points is None else points_text(answer.points)
    by = "as judged" if answer.mark is None else f"by {answer.mark.by}"
    return (
        f"{answer.student}, attempt {answer.attempt}, {answer.question}: "
        f"{shown} of {points_text(answer.max_points)}, {by}"
    )


def _notes(
    book: Gradebook,
    before: HandAnswer,
    after: HandAnswer,
    by: str,
    also: Collection[str],
) -> Iterator[str]:
    """What the marker may not know of."""
    mark = before.mark
    if mark is not None and mark.points is not None:
        whose = "you" if mark.by == by else mark.by
        yield f"{whose} had marked it with {points_text(mark.points)}, which stands in the history"
    if after.mark is not None and after.mark.adjustments:
        total = sum((one.points for one in after.mark.adjustments), Fraction(0))
        yield f"adjustments of {signed_text(total)} stay on top of it"
    others = [key for key in same_files(book, before) if key not in also]
    if others:
        names = ", ".join(others[:8]) + (", …" if len(others) > 8 else "")
        yield f"the same files were handed in by {names}, to whom the mark was not given"
