"""Mark a class: collect in parallel, judge in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from grader.collect.collect import collect
from grader.judge.explain.pipeline import said
from grader.judge.submission import SubmissionJudged, hold
from grader.model.assignment import Assignment
from grader.model.graded import Graded
from grader.model.outcome import SubmissionOutcome
from grader.model.response import Response
from grader.model.verdict import Reason
from grader.plan import Plan, make_plan
from grader.sandbox.contract import Sandbox, SandboxFault
from grader.sandbox.machine import processors
from grader.submissions.submission import Submission

__all__ = ["Marker", "default_workers", "grade_class"]


def default_workers() -> int:
    """As many as there are processors that this process may use, and run children at once."""
    return processors()


class Marker(Protocol):
    """What judges the submissions to one assignment, from many threads."""

    @property
    def assignment(self) -> Assignment: ...

    def judge(self, responses: Mapping[str, Response]) -> SubmissionJudged:
        """Raises an exception where a submission cannot be judged: it is held."""
        ...

    def stop(self) -> None:
        """Wait no longer for what is judged now or would be later."""
        ...


def grade_class(
    marker: Marker,
    submissions: Sequence[Submission],
    sandbox: Sandbox,
    *,
    workers: int | None = None,
) -> Graded:
    """Mark every submission. One that cannot be run is held; it touches no other."""
    assignment = marker.assignment
    try:
        plan = make_plan(assignment)
    except OSError as error:  # the data of the assignment were there when the spec was read
        detail = f"the data of the assignment cannot be read: {error.strerror}"
        held = [_held(assignment, one, Reason.SANDBOX_FAULT, detail) for one in submissions]
        return Graded(assignment=assignment, submissions=tuple(held), tier=sandbox.tier)

    def one(submission: Submission) -> SubmissionOutcome:
        return _grade(marker, plan, submission, sandbox)

    # Threads, not processes: the work happens in the students' processes, which they wait for.
    with ThreadPoolExecutor(max_workers=workers or default_workers()) as pool:
        try:
            outcomes = tuple(pool.map(one, submissions))
        except BaseException:
            sandbox.stop()  # leaving the pool waits for its threads
            marker.stop()
            pool.shutdown(cancel_futures=True)
            raise
    return Graded(assignment=assignment, submissions=outcomes, tier=sandbox.tier)


def _grade(
    marker: Marker, plan: Plan, submission: Submission, sandbox: Sandbox
) -> SubmissionOutcome:
    """Collect and judge one submission. What was collected is not kept: it may be large."""
    assignment = marker.assignment
    if submission.unreadable:
        return _held(assignment, submission, Reason.FILES_UNREADABLE, submission.unreadable)
    try:
        collected = collect(plan, submission, sandbox, assignment.data)
    except SandboxFault as fault:
        return _held(assignment, submission, fault.reason, str(fault))
    except Exception as error:  # noqa: BLE001 - a fault of ours must not become a student's zero
        detail = f"{type(error).__name__}: {error}"
        return _held(assignment, submission, Reason.SANDBOX_FAULT, detail)
    try:
        judged = marker.judge(collected.responses)
    except Exception as error:  # noqa: BLE001 - the same
        return _held(assignment, submission, Reason.JUDGE_FAULT, said(error))
    return SubmissionOutcome(
        submission=submission.id,
        outcomes=judged.outcomes,
        diagnosis=judged.diagnosis,
        notes=collected.notes,
        printed=collected.printed,
    )


def _held(
    assignment: Assignment, submission: Submission, reason: Reason, detail: str
) -> SubmissionOutcome:
    return SubmissionOutcome(
        submission=submission.id,
        outcomes=tuple(hold(question, reason, detail) for question in assignment.questions),
        notes=submission.notes,
    )
