"""Judge what was collected, and mark a class."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from grader.checks.prepare import Prepared
from grader.course.options import RunOptions
from grader.course.watched import WatchedCourse
from grader.judge.submission import SubmissionJudged
from grader.model.graded import Graded
from grader.model.outcome import SubmissionOutcome
from grader.model.response import Response
from grader.sandbox.contract import NothingRuns, Sandbox
from grader.submissions.submission import Submission

__all__ = ["grade", "judge"]


def judge(prepared: Prepared, responses: Mapping[str, Response]) -> SubmissionJudged:
    """Outcomes and diagnosis of one submission, from its responses alone: no code runs."""
    return prepared.judge(responses)


def grade(
    course: Prepared | WatchedCourse,
    submissions: Sequence[Submission],
    sandbox: Sandbox,
    options: RunOptions | None = None,
    *,
    tell: Callable[[SubmissionOutcome], None] | None = None,
) -> Graded:
    """Collect and judge every submission. One that cannot be run is held; it touches no other.

    The course's own code runs in a process of its own, unless the options say otherwise; then its
    drivers are tried first. Raises SpecFault where one would fail beside everybody's code,
    UlimitsTooLow where the machine's owner allows less than the assignment promises, and
    VariantFault where somebody has no variant. `tell` is told
    each outcome when it is there, from any thread.
    """
    from grader.gradebook.batch import grade_class

    if not isinstance(sandbox, NothingRuns):
        from grader.sandbox.ulimits import expect_ulimits

        expect_ulimits(course.assignment.limits)
    options = options or RunOptions()

    def graded(marker: Prepared | WatchedCourse) -> Graded:
        drawn = {}
        if marker.assignment.variants is not None:
            from grader.course.variants import drawn_givens, names_of

            drawn = {**drawn_givens(marker, options.secret, names_of(submissions))}
        workers = options.workers
        return grade_class(marker, submissions, sandbox, workers=workers, drawn=drawn, tell=tell)

    if isinstance(course, WatchedCourse) or not options.watched:
        return graded(course)
    from grader.course.drivers import expect_drivers_work
    from grader.course.watch import watch

    with watch(course) as watched:
        expect_drivers_work(watched, sandbox)
        return graded(watched)
