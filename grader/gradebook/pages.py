"""What stands in a gradebook, for the terminal."""

from __future__ import annotations

import json
import sqlite3
import textwrap
from collections.abc import Iterable, Sequence
from fractions import Fraction

from grader.gradebook.book import Gradebook
from grader.model.number_text import signed_text
from grader.model.outcome import SubmissionOutcome
from grader.model.person_mark import PersonMark
from grader.sandbox.text import clean_text

__all__ = ["class_page", "history_page", "runs_page", "student_page"]

_LONGEST = 2000
_WIDTH = 80


def _points(number: Fraction | None) -> str:
    """At most two decimals, and none where they are zero; – where there is no mark."""
    return "–" if number is None else f"{float(number):.2f}".rstrip("0").rstrip(".")


def _total(one: SubmissionOutcome) -> str:
    one = one.as_marked
    text = f"{_points(one.score)} / {_points(one.max_score)}"
    if one.counts is not None and one.final is not None:
        text += f", counts {_points(one.final)}"
    if one.marks:
        text += f", {len(one.marks)} by a person"
    waiting = len(one.not_scored)
    return text + (f", {waiting} not marked yet" if waiting else "")


def _by(mark: PersonMark | None) -> str:
    """Who marked it, and what other markers gave."""
    if mark is None:
        return ""
    others = "".join(f"; {_points(one.points)} by {one.by}" for one in mark.others)
    return f", by {mark.by}{others}"


def class_page(
    assignment: str, run: int, outcomes: Sequence[SubmissionOutcome], *, complete: bool
) -> str:
    """One line a student."""
    state = "" if complete else ", which did not come to its end: `grader grade` goes on"
    lines = [f"{assignment}: {len(outcomes)} students, run {run}{state}"]
    wide = max((len(one.submission) for one in outcomes), default=0)
    lines += [
        f"  {one.submission:<{wide}}  attempt {one.attempt}  {_total(one)}" for one in outcomes
    ]
    return "\n".join(lines) + "\n"


def student_page(
    book: Gradebook, assignment: str, student: str, outcomes: Iterable[SubmissionOutcome]
) -> str:
    """Every question of what counts, every attempt, and what each run gave."""
    lines = [f"{assignment}: {student}"]
    for one in outcomes:
        if one.submission == student:
            lines.append(f"  attempt {one.attempt}: {_total(one)}")
            wide = max((len(outcome.question) for outcome in one.outcomes), default=0)
            lines += [
                f"    {outcome.question:<{wide}}  {_points(outcome.score)} /"
                f" {_points(outcome.max_score)}  {outcome.verdict.value.replace('_', ' ')}"
                f"{_by(one.marks.get(outcome.question))}"
                for outcome in one.as_marked.outcomes
            ]
    attempts = book.rows(
        "SELECT attempt, seen, submission.id, (SELECT count(*) FROM correction"
        " WHERE submission = submission.id) AS corrections FROM submission"
        " JOIN student ON student.id = submission.student"
        " WHERE key = ? AND assignment = ? ORDER BY attempt",
        student,
        assignment,
    )
    found = list(attempts)
    lines.append("  attempts:" if found else "  handed in nothing")
    for row in found:
        times = "once" if row["corrections"] == 1 else f"{row['corrections']} times"
        changed = f", corrected {times}" if row["corrections"] else ""
        lines.append(f"    {row['attempt']}  first marked {row['seen']}{changed}")
        lines += _runs_of(book, row["id"])
    return "\n".join(lines) + "\n"


def _runs_of(book: Gradebook, submission: int) -> list[str]:
    rows = book.rows(
        "SELECT run.id, run.started, run.kind, score_num, score_den FROM outcome"
        " JOIN run ON run.id = outcome.run WHERE submission = ? ORDER BY run.id",
        submission,
    )
    totals: dict[tuple[int, str, str], Fraction] = {}
    for row in rows:
        key = (row["id"], row["started"], row["kind"])
        score = Fraction(row["score_num"] or 0, row["score_den"] or 1)
        totals[key] = totals.get(key, Fraction(0)) + score
    return [
        f"       run {run} ({kind}, {started}): {_points(score)}"
        for (run, started, kind), score in totals.items()
    ]


def history_page(book: Gradebook, student: str, *, assignment: str, question: str) -> str:
    """Every event of people's marks for this student, oldest first; what was undone is said."""
    rows = book.rows(
        "SELECT mark.*, assignment, attempt, EXISTS (SELECT 1 FROM mark AS later"
        " WHERE later.supersedes = mark.id) AS undone FROM mark"
        " JOIN submission ON submission.id = mark.submission"
        " JOIN student ON student.id = submission.student"
        " WHERE key = ? AND ? IN ('', assignment) AND ? IN ('', question) ORDER BY mark.id",
        student,
        assignment,
        question,
    )
    lines = []
    for row in rows:
        points = (
            None if row["points_num"] is None else Fraction(row["points_num"], row["points_den"])
        )
        chosen = ", ".join(str(one["line"]) for one in json.loads(row["rubric"]))
        what = {
            "mark": f"{_points(points)} of {_points(Fraction(row['max_num'], row['max_den']))}",
            "adjust": f"adjusted by {signed_text(points or Fraction(0))}",
            "undo": "the one before is taken back",
        }[row["kind"]]
        told = [what, *([f"lines {chosen}"] if chosen else [])]
        told += [_in_a_line(row[name]) for name in ("reason", "comment") if row[name]]
        lines.append(
            f"{row['at']}  {row['assignment']} attempt {row['attempt']}  {row['question']}"
        )
        said = f"{row['marker']}: {'; '.join(told)}{' (undone)' if row['undone'] else ''}"
        lines += textwrap.wrap(said, _WIDTH, initial_indent="  ", subsequent_indent="    ")
    return "\n".join(lines or [f"nobody marked {student} by hand"]) + "\n"


def _in_a_line(text: str) -> str:
    """Text of people's without line ends and what a terminal would obey."""
    return " ".join(clean_text(text, limit=_LONGEST).split())


def runs_page(rows: Iterable[sqlite3.Row]) -> str:
    """One line a run."""
    lines = []
    for row in rows:
        wanted = json.loads(row["options"]).get("submissions", row["marked"])
        state = "complete" if row["complete"] else f"unfinished, {row['marked']} of {wanted}"
        held = f", {row['held']} not marked" if row["held"] else ""
        edition = row["edition"].partition(":")[2][:8]
        lines.append(
            f"{row['id']:>3}  {row['started']}  {row['kind']:<7}  {row['assignment']}"
            f"  edition {edition}  {row['marked']} submissions  {state}{held}"
        )
    return "\n".join(lines or ["there is no run yet"]) + "\n"
