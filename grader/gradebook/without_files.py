"""Somebody who handed in nothing and is marked by a person, as after an oral exam."""

from __future__ import annotations

from fractions import Fraction

from grader.gradebook.attempts import WITHOUT_FILES, hand_in
from grader.gradebook.book import Gradebook
from grader.gradebook.runs import keep_marked, marked_to_keep, outcome_of
from grader.gradebook.source import source_of
from grader.model.outcome import NOTHING_HANDED_IN, Note, Outcome, SubmissionOutcome
from grader.model.verdict import Audience, Reason, Verdict
from grader.submissions.submission import Submission

__all__ = ["attempt_without_files"]


def attempt_without_files(book: Gradebook, assignment: str, student: str, *, now: str) -> bool:
    """Give a student who has none an attempt in the last run, with every question missing; whether
    that could be done: somebody else has to be in that run.

    The first files that they hand in later belong to it, and take its marks along. For use within
    `writing`.
    """
    row = book.row(
        "SELECT run, submission, place FROM marked JOIN run ON run.id = marked.run"
        " WHERE assignment = ? AND (complete OR kind = 'grade') ORDER BY run DESC, place DESC",
        assignment,
    )
    if row is None:
        return False
    source = source_of(Submission(id=""))
    submission = hand_in(book, assignment, student, source, now=now, correct=False)
    book.run("UPDATE submission SET origin = ? WHERE id = ?", WITHOUT_FILES, submission)
    like = outcome_of(book, row["run"], row["submission"], student)
    missing = SubmissionOutcome(
        submission=student,
        outcomes=tuple(map(_missing, like.outcomes)),
        notes=(Note(audience=Audience.STUDENT, text=NOTHING_HANDED_IN),),
    )
    keep_marked(
        book,
        row["run"],
        submission,
        marked_to_keep(missing),
        place=row["place"] + 1,
        source=source.digest,
        job=None,
    )
    return True


def _missing(one: Outcome) -> Outcome:
    return Outcome(
        question=one.question,
        verdict=Verdict.MISSING,
        reason=Reason.NOT_ANSWERED,
        score=Fraction(0),
        max_score=one.max_score,
        bonus=one.bonus,
    )
