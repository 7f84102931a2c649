"""Runs: one judging of a class under one edition, each outcome kept as it came."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grader.gradebook.book import Gradebook
from grader.gradebook.edition import Edition, keep_edition
from grader.gradebook.outcome_json import from_json, to_json
from grader.judge.submission import SubmissionJudged
from grader.model.outcome import Note, Outcome, SubmissionOutcome
from grader.model.verdict import Verdict

__all__ = [
    "JudgedToKeep",
    "MarkedToKeep",
    "begin_run",
    "drop_run",
    "finish_run",
    "judged_to_keep",
    "keep_marked",
    "marked_to_keep",
    "outcome_of",
    "unfinished_run",
]

_LARGEST = 10**12
_OUTCOME = (
    "INSERT INTO outcome (run, submission, position, question, verdict, reason, score_num,"
    " score_den, max_num, max_den, bonus, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedToKeep:
    """What came of one submission, in the form in which it is kept."""

    detail: str
    held: bool
    outcomes: Sequence[tuple[Any, ...]]

    @property
    def size(self) -> int:
        return len(self.detail) + sum(len(one[-1]) for one in self.outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedToKeep:
    """What was judged of one submission, in the form in which it is kept."""

    diagnosis: str
    held: bool
    outcomes: Sequence[tuple[Any, ...]]

    @property
    def size(self) -> int:
        return len(self.diagnosis) + sum(len(one[-1]) for one in self.outcomes)

    def beside(self, notes: tuple[Note, ...], printed: str) -> MarkedToKeep:
        """With what is said of the files, and what was printed."""
        return MarkedToKeep(
            detail=f"[{to_json(notes)},{self.diagnosis},{to_json(printed)}]",
            held=self.held,
            outcomes=self.outcomes,
        )


def begin_run(
    book: Gradebook, edition: Edition, kind: str, options: Mapping[str, Any], *, now: str
) -> int:
    """A run that is not complete yet. For use within `writing`."""
    keep_edition(book, edition)
    return book.run(
        "INSERT INTO run (assignment, edition, started, kind, options) VALUES (?, ?, ?, ?, ?)",
        edition.assignment,
        edition.digest,
        now,
        kind,
        json.dumps(options),
    )


def unfinished_run(
    book: Gradebook, edition: Edition, kind: str, options: Mapping[str, Any]
) -> int | None:
    """The last run of the assignment, if it is this one and did not come to its end."""
    row = book.row(
        "SELECT * FROM run WHERE assignment = ? ORDER BY id DESC LIMIT 1", edition.assignment
    )
    if row is None or row["complete"] or row["kind"] != kind:
        return None
    same = row["edition"] == edition.digest and json.loads(row["options"]) == options
    return int(row["id"]) if same else None


def finish_run(book: Gradebook, run: int) -> None:
    """For use within `writing`."""
    book.run("UPDATE run SET complete = 1 WHERE id = ?", run)


def judged_to_keep(judged: SubmissionJudged | SubmissionOutcome) -> JudgedToKeep:
    """The form in which it is kept. Raises TypeError for what outcomes are not made of."""
    return JudgedToKeep(
        diagnosis=to_json(judged.diagnosis),
        held=any(one.verdict is Verdict.GRADER_ERROR for one in judged.outcomes),
        outcomes=[_columns(position, one) for position, one in enumerate(judged.outcomes)],
    )


def marked_to_keep(outcome: SubmissionOutcome) -> MarkedToKeep:
    """The form in which it is kept. Raises TypeError for what outcomes are not made of."""
    return judged_to_keep(outcome).beside(outcome.notes, outcome.printed)


def _columns(position: int, one: Outcome) -> tuple[Any, ...]:
    score = (None, None) if one.score is None else _ratio(one.score)
    return (
        position,
        one.question,
        one.verdict.value,
        None if one.reason is None else one.reason.value,
        *score,
        *_ratio(one.max_score),
        int(one.bonus),
        to_json(one),
    )


def _ratio(number: Fraction) -> tuple[int, int]:
    """For the columns, which take 64 bits; the whole of it stands in the detail."""
    return number.limit_denominator(_LARGEST).as_integer_ratio()


def keep_marked(
    book: Gradebook,
    run: int,
    submission: int,
    marked: MarkedToKeep,
    *,
    place: int,
    source: str,
    job: int | None,
) -> None:
    """Keep it in the place of what the same run had for it. For use within `writing`."""
    book.run("DELETE FROM marked WHERE run = ? AND submission = ?", run, submission)
    book.run(
        "INSERT INTO marked (run, submission, place, source, job, held, detail)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        run,
        submission,
        place,
        source,
        job,
        int(marked.held),
        marked.detail,
    )
    book.run_each(_OUTCOME, [(run, submission, *columns) for columns in marked.outcomes])


def outcome_of(
    book: Gradebook,
    run: int,
    submission: int,
    name: str,
    read: Callable[[str], Any] = from_json,
) -> SubmissionOutcome:
    """What came of a submission in a run, just as it was judged; `read` reads what is kept of a
    question."""
    row = book.row("SELECT detail FROM marked WHERE run = ? AND submission = ?", run, submission)
    assert row is not None
    notes, diagnosis, printed = from_json(row["detail"])
    found = book.rows(
        "SELECT detail FROM outcome WHERE run = ? AND submission = ? ORDER BY position",
        run,
        submission,
    )
    return SubmissionOutcome(
        submission=name,
        outcomes=tuple(read(one["detail"]) for one in found),
        notes=notes,
        diagnosis=diagnosis,
        printed=printed,
    )


def drop_run(book: Gradebook, run: int) -> None:
    """Take out a run that was only a trial. For use within `writing`."""
    book.run("DELETE FROM run WHERE id = ?", run)
