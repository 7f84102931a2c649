"""What a student reads of what was judged, as the sentences of a grade."""

from __future__ import annotations

from collections.abc import Sequence

from grader.model.assignment import Assignment
from grader.model.grade import Grade, QuestionGrade
from grader.model.outcome import Outcome, SubmissionOutcome
from grader.model.person import Person
from grader.model.verdict import Audience
from grader.report.words import feedback_lines, read_as_lines

__all__ = ["judged_grade", "remarks_on", "sentences_on"]


def judged_grade(assignment: Assignment, submission: SubmissionOutcome) -> Grade:
    """The grade of a submission by what was judged alone, without marks of people and rules."""
    return Grade(
        person=Person(key=submission.submission),
        assignment=assignment.slug,
        attempt=submission.attempt or 1,
        questions=[
            QuestionGrade(
                question=one.question,
                points=one.score,
                max_points=one.max_score,
                bonus=one.bonus,
                verdict=one.verdict.value,
                feedback=sentences_on(one, assignment),
            )
            for one in submission.outcomes
        ],
        points=submission.final,
        max_points=assignment.points,
        waiting=[one.question for one in submission.not_scored],
        remarks=remarks_on(submission),
    )


def sentences_on(outcome: Outcome, assignment: Assignment) -> Sequence[str]:
    """What students read of their own answer, with nothing of the key."""
    return [
        *feedback_lines(outcome, Audience.STUDENT, assignment.mistakes),
        *read_as_lines(outcome, Audience.STUDENT),
    ]


def remarks_on(submission: SubmissionOutcome) -> Sequence[str]:
    """What they read about the files, and of a mistake that several answers share."""
    notes = [note.text for note in submission.notes if note.audience is Audience.STUDENT]
    shared = [
        f"One mistake accounts for {', '.join(one.explains)}: {one.feedback}"
        for one in submission.diagnosis
        if len(one.explains) > 1
    ]
    return [*notes, *shared]
