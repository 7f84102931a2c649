"""The submissions that need a look stand under the table, each with its one reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from grader.model.fact import Facts
from grader.model.fact_marking import Failed, Held
from grader.model.graded import Graded
from grader.model.outcome import (
    EXCUSED,
    NOTHING_HANDED_IN,
    RIGHT_ELSEWHERE,
    Note,
    Outcome,
    SubmissionOutcome,
)
from grader.model.response import Failure
from grader.model.verdict import Audience, Reason, Verdict
from grader.report.look import reason_to_look
from grader.report.text import class_table

RIGHT = Outcome(question="a", verdict=Verdict.CORRECT, score=Fraction(1), max_score=Fraction(1))
MISSING = replace(RIGHT, verdict=Verdict.MISSING, score=Fraction(0), reason=Reason.NOT_ANSWERED)


def failed(verdict: Verdict, reason: Reason, **said: Any) -> Outcome:
    failure = replace(Failure(verdict=verdict, reason=reason), **said)
    score = None if verdict is Verdict.PENDING else Fraction(0)
    facts = Facts.of(Failed(failure=failure))
    return replace(MISSING, verdict=verdict, reason=reason, score=score, facts=facts)


HELD = replace(
    MISSING,
    verdict=Verdict.GRADER_ERROR,
    reason=Reason.FILES_UNREADABLE,
    score=None,
    facts=Facts.of(Held(detail="hw.py (Permission denied) cannot be read")),
)
BUSY = replace(HELD, reason=Reason.MACHINE_BUSY)
PHOTO = failed(Verdict.PENDING, Reason.UNREADABLE, message="photo.jpg is a picture")
LINE = failed(Verdict.PENDING, Reason.UNREADABLE, file="answers.yaml", line=3)
SYNTAX = failed(Verdict.RAISED, Reason.SYNTAX_ERROR, file="hw.py", line=1)
LOADING = failed(Verdict.TIMED_OUT, Reason.TIME_LIMIT, file="hw.py", line=1, loading=True)
RAISED = failed(Verdict.RAISED, Reason.EXCEPTION, file="hw.py", line=1)
BONUS = replace(RIGHT, bonus=True)
WRONG = replace(RIGHT, verdict=Verdict.INCORRECT, score=Fraction(0))


def submission(*outcomes: Outcome, note: str = "") -> SubmissionOutcome:
    notes = (Note(audience=Audience.STUDENT, text=note),) if note else ()
    return SubmissionOutcome(submission="ann", outcomes=outcomes, notes=notes)


@pytest.mark.parametrize(
    ("marked", "reason"),
    [
        (submission(RIGHT, HELD), "held: hw.py (Permission denied) cannot be read"),
        (submission(BUSY, PHOTO), "held: the machine was too busy"),
        (submission(RIGHT, PHOTO), "unreadable: photo.jpg is a picture"),
        (submission(LINE, RIGHT), "unreadable: line 3 of answers.yaml"),
        (submission(MISSING, note=NOTHING_HANDED_IN), "nothing handed in"),
        (submission(SYNTAX, MISSING), "did not load: hw.py"),
        (submission(LOADING, RIGHT), "did not load: hw.py"),
        (submission(MISSING), "no answers: nothing that was asked for is in the files"),
        (submission(WRONG, note=f"{RIGHT_ELSEWHERE} bo: a"), f"{RIGHT_ELSEWHERE} bo: a"),
        (submission(MISSING, note=EXCUSED), ""),
        # right work, wrong work and work that is left out need none
        (submission(RIGHT, MISSING), ""),
        (submission(MISSING, BONUS), ""),
        (submission(RAISED, MISSING), ""),
        (submission(WRONG), ""),
        (submission(replace(RIGHT, verdict=Verdict.PENDING, reason=Reason.FOR_A_PERSON)), ""),
    ],
)
def test_each_has_its_one_reason(marked: SubmissionOutcome, reason: str) -> None:
    assert reason_to_look(marked) == reason


def test_they_stand_under_the_table(marked: Callable[..., Graded]) -> None:
    graded = marked("ann", "王小明", "bob")
    ann, other, bob = graded.submissions
    nothing = (Note(audience=Audience.STUDENT, text=NOTHING_HANDED_IN),)
    long = failed(Verdict.PENDING, Reason.UNREADABLE, message="photo.jpg is a picture " * 5)
    told = replace(
        graded,
        submissions=(
            replace(ann, notes=nothing),
            replace(other, outcomes=(long, *other.outcomes[1:])),
            bob,
        ),
    )
    table = class_table(told)
    assert "  2 submissions need a look:\n    ann     nothing handed in\n    王小明" in table
    assert max(map(len, table.split("\n"))) <= 80
    assert "a look" not in class_table(graded)
