"""Who gains, who loses and why, for the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from grader.gradebook.changes import Changes, Given, QuestionChange, StudentChange

__all__ = ["changes_page"]

_WIDTH = 100
_MOST_STUDENTS = 40


def changes_page(
    changes: Changes,
    *,
    heading: str,
    edits: Sequence[str],
    by: Mapping[tuple[int, str], Sequence[str]],
    all_students: bool = False,
) -> str:
    """A summary, a table of verdicts a question, and a few lines a student.

    `by` says which edits suffice alone for an answer; those beyond say which there are.
    """
    lines = [heading, "", *_summary(changes)]
    if edits:
        lines += ["", "  What was edited since the class was marked last:"]
        lines += [f"    {name}{_alone(name, changes, by)}" for name in edits]
    if changes.verdicts:
        lines += ["", "  Verdicts before and after:"]
        lines += _table(changes)
    shown = changes.students if all_students else changes.students[:_MOST_STUDENTS]
    for student in shown:
        lines += ["", *_student(student, by, several=len(edits) > 1)]
    if len(shown) < len(changes.students):
        more = len(changes.students) - len(shown)
        lines += ["", f"  … and {more} more: --all shows them"]
    return "\n".join(lines) + "\n"


def _summary(changes: Changes) -> Iterator[str]:
    gaining, losing = changes.gaining, changes.losing
    up = sum((one.gain for one in gaining), Fraction(0))
    down = sum((one.gain for one in losing), Fraction(0))
    same = changes.total - len(gaining) - len(losing)
    moved = f"{len(gaining)} gain{_signed(up)}, {len(losing)} lose{_signed(down)}"
    yield f"  {moved}, {same} have the same"
    kept = sum(one.kept for one in changes.students)
    if kept:
        yield f"  {kept} would have less, and keep what they had: nobody's mark goes down here"


def _signed(number: Fraction) -> str:
    return f" ({_points(number, sign=True)})" if number else ""


def _points(number: Fraction, *, sign: bool = False) -> str:
    """At most two decimals, and none where they are zero."""
    text = f"{float(abs(number)):.2f}".rstrip("0").rstrip(".")
    before = "\N{MINUS SIGN}" if number < 0 else "+" if sign else ""
    return before + text


def _alone(name: str, changes: Changes, by: Mapping[tuple[int, str], Sequence[str]]) -> str:
    """How many answers it changes by itself."""
    places = {(one.submission, one.question) for each in changes.students for one in each.questions}
    count = sum(name in by.get(place, ()) for place in places)
    return f": changes {count} answer{'s' * (count != 1)} by itself"


def _table(changes: Changes) -> Iterator[str]:
    wide = max(map(len, changes.verdicts))
    for question, counts in changes.verdicts.items():
        told = [
            f"{_words(before)} → {_words(after)}: {count}"
            for (before, after), count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        ]
        yield from textwrap.wrap(
            ", ".join(told),
            _WIDTH,
            initial_indent=f"    {question:<{wide}}  ",
            subsequent_indent=" " * (wide + 6),
        )


def _words(verdict: str) -> str:
    return verdict.replace("_", " ")


def _student(
    student: StudentChange, by: Mapping[tuple[int, str], Sequence[str]], *, several: bool
) -> Iterator[str]:
    marks = f"{_points(student.before)} → {_points(student.after)}"
    kept = ", not less than before" if student.kept else ""
    yield f"  {student.student}  {marks}{_signed(student.gain)}{kept}"
    for one in student.questions:
        yield f"    {_question(one)}{_why(by.get((one.submission, one.question), ()), several)}"


def _question(one: QuestionChange) -> str:
    points = [None if given is None else given.score for given in (one.before, one.after)]
    worth = ""
    if points[0] != points[1]:
        worth = "  " + " → ".join("–" if p is None else _points(p) for p in points)
    verdicts = f"{_verdict(one.before)} → {_verdict(one.after)}"
    return f"{one.question}: {verdicts}{worth}"


def _verdict(given: Given | None) -> str:
    if given is None:
        return "not asked"
    return _words(given.verdict) + (f" ({_words(given.reason)})" if given.reason else "")


def _why(edits: Sequence[str], several: bool) -> str:
    if not edits:
        return "  by several edits together" if several else ""
    return f"  by {' or by '.join(edits)}"
