"""Totals leave out what has no score, and students read only what is theirs."""

from __future__ import annotations

import pytest

from grader.model.outcome import Feedback
from grader.model.verdict import Audience
from tests.build import outcome_of, submission_of

LINES = (
    Feedback(audience=Audience.STAFF, text="key"),
    Feedback(audience=Audience.STUDENT, text="try again"),
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
    submission = submission_of(*map(outcome_of, scores))
    assert submission.score == total
    assert submission.max_score == most
    assert len(submission.not_scored) == left_out


def test_students_read_their_lines_and_staff_read_all() -> None:
    outcome = outcome_of(1, feedback=LINES)
    assert outcome.feedback_for(Audience.STUDENT) == ("try again",)
    assert outcome.feedback_for(Audience.STAFF) == ("key", "try again")
