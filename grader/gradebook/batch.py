"""Mark a class and keep nothing: collect in parallel, judge in order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.gradebook.asking import Askings, ClassGivens
from grader.gradebook.marker import Marker
from grader.gradebook.marking import collect_one, held, judge_one
from grader.gradebook.not_collected import NotCollected
from grader.model.graded import Graded
from grader.model.outcome import SubmissionOutcome
from grader.model.verdict import Reason
from grader.plan import make_plan
from grader.sandbox.contract import Sandbox
from grader.submissions.submission import Submission, group_of

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["default_workers", "grade_class"]


def default_workers() -> int:
    """As many as children are run at once."""
    from grader.sandbox.machine import at_once

    return at_once()


def grade_class(
    marker: Marker,
    submissions: Sequence[Submission],
    sandbox: Sandbox,
    *,
    workers: int | None = None,
    drawn: ClassGivens | None = None,
    tell: Callable[[SubmissionOutcome], None] | None = None,
) -> Graded:
    """Mark every submission. One that cannot be run is held; it touches no other.

    `drawn` are the givens of each student's variant, where there are variants. `tell` is told each
    outcome when it is there, from any thread.
    """
    assignment = marker.assignment
    try:
        plan = make_plan(assignment)
    except OSError as error:  # the data of the assignment were there when the spec was read
        detail = f"the data of the assignment cannot be read: {error.strerror}"
        fault = NotCollected(reason=Reason.SANDBOX_FAULT, detail=detail)
        outcomes = tuple(held(assignment, one, fault) for one in submissions)
        return Graded(assignment=assignment, submissions=outcomes, tier=sandbox.tier)

    askings = Askings(assignment=assignment, plan=plan, drawn=drawn or {})

    def one(submission: Submission) -> SubmissionOutcome:
        asking = askings.of(submission.id)
        found = collect_one(asking.plan, submission, sandbox, assignment)
        return judge_one(marker, submission, found, asking)

    if len(submissions) == 1:  # without threads: they take time to import, and a student waits
        try:
            alone = one(submissions[0])
        except BaseException:
            sandbox.stop()
            marker.stop()
            raise
        if tell is not None:
            tell(alone)
        return Graded(assignment=assignment, submissions=(alone,), tier=sandbox.tier)
    from concurrent.futures import ThreadPoolExecutor

    groups = _Groups(one)

    def each(submission: Submission) -> SubmissionOutcome:
        # Where variants are drawn each of a group is marked by their own.
        outcome = one(submission) if drawn else groups.outcome(submission)
        if tell is not None:
            tell(outcome)
        return outcome

    # Threads, not processes: the work happens in the students' processes, which they wait for.
    with ThreadPoolExecutor(max_workers=workers or default_workers()) as pool:
        try:
            outcomes = tuple(pool.map(each, submissions))
        except BaseException:
            sandbox.stop()  # leaving the pool waits for its threads
            marker.stop()
            pool.shutdown(cancel_futures=True)
            raise
    return Graded(assignment=assignment, submissions=outcomes, tier=sandbox.tier)


class _Groups:
    """What several handed in together is marked once, and counts for each of them."""

    def __init__(self, mark: Callable[[Submission], SubmissionOutcome]) -> None:
        self._mark = mark
        self._lock = threading.Lock()
        self._first: dict[str, Future[SubmissionOutcome]] = {}

    def outcome(self, submission: Submission) -> SubmissionOutcome:
        from concurrent.futures import Future

        group = group_of(submission)
        if not group:
            return self._mark(submission)
        with self._lock:
            known = self._first.get(group)
            first = self._first.setdefault(group, Future())
        if known is None:
            try:
                first.set_result(self._mark(submission))
            except BaseException as error:
                first.set_exception(error)
                raise
        return replace(first.result(), submission=submission.id)
