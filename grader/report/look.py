"""Which submissions need a person to look at them, each with its one reason."""

from __future__ import annotations

from collections.abc import Iterator

from grader.model.fact import Fact
from grader.model.fact_marking import Failed, Held
from grader.model.outcome import (
    EXCUSED,
    NOTHING_HANDED_IN,
    RIGHT_ELSEWHERE,
    Outcome,
    SubmissionOutcome,
)
from grader.model.response import Failure
from grader.model.verdict import Reason, Verdict

__all__ = ["reason_to_look"]

_HELD = {
    Reason.MACHINE_BUSY: "the machine was too busy",
    Reason.MACHINE_MEMORY: "its process was ended on this machine",
    Reason.SANDBOX_FAULT: "the code could not be run here",
    Reason.JUDGE_FAULT: "it could not be judged",
    Reason.FILES_UNREADABLE: "",  # the detail says which
}


def reason_to_look(submission: SubmissionOutcome) -> str:
    """Why staff should look at a submission, the gravest reason; "" where there is none."""
    outcomes = submission.outcomes
    for outcome in outcomes:
        if outcome.verdict is Verdict.GRADER_ERROR:
            return f"held: {_held(outcome)}"
    for outcome in outcomes:
        if outcome.unreadable:
            return f"unreadable: {_unreadable(outcome)}"
    if any(note.text == EXCUSED for note in submission.notes):
        return ""
    if any(note.text == NOTHING_HANDED_IN for note in submission.notes):
        return "nothing handed in"
    for failure in _failures(outcomes):
        if failure.loading or failure.reason is Reason.SYNTAX_ERROR:
            return f"did not load{f': {failure.file}' if failure.file else ''}"
    if outcomes and all(outcome.verdict is Verdict.MISSING for outcome in outcomes):
        return "no answers: nothing that was asked for is in the files"
    return next(
        (note.text for note in submission.notes if note.text.startswith(RIGHT_ELSEWHERE)), ""
    )


def _held(outcome: Outcome) -> str:
    details = [fact.detail for fact in outcome.facts.items if isinstance(fact, Held)]
    words = _HELD.get(outcome.reason, "") if outcome.reason else ""
    return words or "".join(details[:1]) or "it could not be marked"


def _unreadable(outcome: Outcome) -> str:
    """The line of a sheet, or the files of which all that is missing may be in one."""
    for failure in _failures((outcome,)):
        if failure.reason is Reason.UNREADABLE:
            return f"line {failure.line} of {failure.file}" if failure.line else failure.message
    return outcome.question


def _failures(outcomes: tuple[Outcome, ...]) -> Iterator[Failure]:
    for fact in _facts(outcomes):
        if isinstance(fact, Failed):
            yield fact.failure


def _facts(outcomes: tuple[Outcome, ...]) -> Iterator[Fact]:
    for outcome in outcomes:
        yield from outcome.facts.items
        for part in outcome.parts:
            yield from part.facts.items
