"""Totals leave out what has no score, and students read only what is theirs."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.model.outcome import Feedback, Outcome, SubmissionOutcome
from grader.model.verdict import Audience, Verdict


def outcome(score: int | None, most: int = 4) -> Outcome:
    return Outcome(
        question="q",
        verdict=Verdict.PENDING if score is None else Verdict.PARTIAL,
        score=None if score is None else Fraction(score),
        max_score=Fraction(most),
        feedback=Feedback(student=("try again",), staff=("key", "try again")),
    )


@pytest.mark.parametrize(
    ("scores", "total", "most", "left_out"),
    [
        ([1, 2], 3, 8, 0),
        ([1, None], 1, 4, 1),
        ([0, None, None], 0, 4, 2),
        ([None], 0, 0, 1),
        ([], 0, 0, 0),
    ],
)
def test_totals_leave_out_what_has_no_score(
    scores: list[int | None], total: int, most: int, left_out: int
) -> None:
    submission = SubmissionOutcome(submission="s", outcomes=tuple(map(outcome, scores)))
    assert submission.score == total
    assert submission.max_score == most
    assert len(submission.not_scored) == left_out


def test_students_read_their_lines_and_staff_read_all() -> None:
    assert outcome(1).feedback.read_by(Audience.STUDENT) == ("try again",)
    assert outcome(1).feedback.read_by(Audience.STAFF) == ("key", "try again")
