"""One submission: collected, then judged. What goes wrong on our side holds it, and no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from grader.collect.collect import Collected, collect
from grader.gradebook.marker import Marker
from grader.gradebook.not_collected import NotCollected
from grader.judge.submission import SubmissionJudged, hold
from grader.judge.words.fault import said
from grader.model.assignment import Assignment
from grader.model.outcome import RIGHT_ELSEWHERE, Note, SubmissionOutcome
from grader.model.response import Response
from grader.model.verdict import Audience, Reason
from grader.plan import Plan
from grader.plan.placeholders import given_text
from grader.sandbox.contract import Sandbox, SandboxFault
from grader.submissions.submission import Submission

if TYPE_CHECKING:
    from grader.gradebook.asking import Asking
    from grader.gradebook.jobs import JobToKeep
    from grader.gradebook.remembered import Remembered
    from grader.gradebook.runs import MarkedToKeep

__all__ = ["collect_one", "collected_and_judged", "held", "judge_one"]

_LONGEST = 200  # characters of the givens of a variant
_MOST_NAMED = 3


def collect_one(
    plan: Plan,
    submission: Submission,
    sandbox: Sandbox,
    assignment: Assignment,
    known: Collected | None = None,
) -> Collected | NotCollected:
    """What a submission gives; `known` is what it gave before, in the same setting."""
    if submission.unreadable:
        return NotCollected(reason=Reason.FILES_UNREADABLE, detail=submission.unreadable)
    try:
        return collect(plan, submission, sandbox, assignment.data, known)
    except SandboxFault as fault:
        return NotCollected(reason=fault.reason, detail=str(fault))
    except Exception as error:  # noqa: BLE001 - a fault of ours must not become a student's zero
        return NotCollected(reason=Reason.SANDBOX_FAULT, detail=f"{type(error).__name__}: {error}")


def judge_one(
    marker: Marker, submission: Submission, found: Collected | NotCollected, asking: Asking
) -> SubmissionOutcome:
    """The outcomes of what was collected. What was collected is not kept: it may be large."""
    if isinstance(found, NotCollected):
        return held(marker.assignment, submission, found)
    try:
        judged = _judged(marker, found.responses, asking)
    except Exception as error:  # noqa: BLE001 - the same
        fault = NotCollected(reason=Reason.JUDGE_FAULT, detail=said(error))
        return held(marker.assignment, submission, fault)
    return SubmissionOutcome(
        submission=submission.id,
        outcomes=judged.outcomes,
        diagnosis=judged.diagnosis,
        notes=(*found.notes, *_notes(marker, found.responses, asking, judged)),
        printed=found.printed,
    )


def _judged(marker: Marker, responses: Mapping[str, Response], asking: Asking) -> SubmissionJudged:
    if asking.givens is None:
        return marker.judge(responses)
    return marker.judge(responses, asking.givens)


def _notes(
    marker: Marker, responses: Mapping[str, Response], asking: Asking, judged: SubmissionJudged
) -> Iterator[Note]:
    """Which variant it was judged by, and for staff whether it looks like that of others."""
    if asking.givens is None:
        return
    told = ", ".join(f"{name} = {given_text(value)}" for name, value in asking.givens.items())
    told = told if len(told) <= _LONGEST else f"{told[:_LONGEST]}…"
    yield Note(audience=Audience.STUDENT, text=f"marked by the variant with {told}")
    if all(one.score == one.max_score for one in judged.outcomes) or not asking.others:
        return
    try:
        found = marker.elsewhere(responses, asking.givens, asking.others)
    except Exception as error:  # noqa: BLE001 - it changes no mark, so nothing is held
        text = f"could not be held against the variants of others: {said(error)}"
        yield Note(audience=Audience.STAFF, text=text)
        return
    if found is not None:
        names = ", ".join(found.students[:_MOST_NAMED])
        more = len(found.students) - _MOST_NAMED
        text = (
            f"{RIGHT_ELSEWHERE} {names}{f' and {more} more' * (more > 0)}: "
            f"{', '.join(found.questions)} (something to look at; no mark depends on it)"
        )
        yield Note(audience=Audience.STAFF, text=text)


def collected_and_judged(
    marker: Marker,
    asking: Asking,
    submission: Submission,
    sandbox: Sandbox,
    known: JobToKeep | None,
    *,
    is_kept: bool,
    remembered: Remembered,
) -> tuple[JobToKeep | None, MarkedToKeep]:
    """One submission as it is kept; without a job where all of it `is_kept`, as known."""
    # Not above: who keeps nothing need not wait until all of this is imported.
    from grader.gradebook.jobs import to_keep
    from grader.gradebook.runs import marked_to_keep

    if is_kept and known is not None:
        job = known
    else:
        before = None if known is None else known.opened()
        found = collect_one(asking.plan, submission, sandbox, marker.assignment, before)
        try:
            job = to_keep(found)
        except Exception as error:  # noqa: BLE001 - a fault of ours holds this one, and no other
            job = to_keep(NotCollected(reason=Reason.SANDBOX_FAULT, detail=said(error)))
    new = None if is_kept and known is not None else job
    if job.fault is not None:
        return new, marked_to_keep(held(marker.assignment, submission, job.fault))
    try:
        return new, _judged_to_keep(marker, asking, submission, job, remembered)
    except Exception as error:  # noqa: BLE001 - the same
        fault = NotCollected(reason=Reason.JUDGE_FAULT, detail=said(error))
        return new, marked_to_keep(held(marker.assignment, submission, fault))


def _judged_to_keep(
    marker: Marker,
    asking: Asking,
    submission: Submission,
    job: JobToKeep,
    remembered: Remembered,
) -> MarkedToKeep:
    from grader.gradebook.runs import marked_to_keep
    from grader.gradebook.source import notes_from

    if asking.givens is not None:  # what is said beside the outcomes hangs on the whole class
        return marked_to_keep(judge_one(marker, submission, job.opened(), asking))
    judged = remembered.judged(marker, job.responses)
    return judged.beside(notes_from(job.notes), job.printed)


def held(assignment: Assignment, submission: Submission, fault: NotCollected) -> SubmissionOutcome:
    """Every question held for staff, with no score."""
    outcomes = tuple(hold(one, fault.reason, fault.detail) for one in assignment.questions)
    return SubmissionOutcome(submission=submission.id, outcomes=outcomes, notes=submission.notes)
