"""What stands in a gradebook, for the terminal."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from fractions import Fraction

from grader.gradebook.book import Gradebook
from grader.model.outcome import SubmissionOutcome

__all__ = ["class_page", "runs_page", "student_page"]


def _points(number: Fraction | None) -> str:
    """At most two decimals, and none where they are zero; – where there is no mark."""
    return "–" if number is None else f"{float(number):.2f}".rstrip("0").rstrip(".")


def _total(one: SubmissionOutcome) -> str:
    text = f"{_points(one.score)} / {_points(one.max_score)}"
    if one.counts is not None and one.final is not None:
        text += f", counts {_points(one.final)}"
    waiting = len(one.not_scored)
    return text + (f", {waiting} not marked yet" if waiting else "")


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
                for outcome in one.outcomes
            ]
    attempts = book.rows(
        "SELECT attempt, seen, submission.id, (SELECT count(*) FROM correction"
        " WHERE submission = submission.id) AS corrections FROM submission"
        " JOIN student ON student.id = submission.student"
        " WHERE key = ? AND assignment = ? ORDER BY attempt",
        student,
        assignment,
    )
    lines.append("  attempts:")
    for row in list(attempts):
        changed = f", corrected {row['corrections']} times" if row["corrections"] else ""
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
