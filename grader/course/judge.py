"""Judge what was collected, and mark a class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.checks.prepare import Prepared
from grader.course.options import RunOptions
from grader.gradebook.batch import grade_class
from grader.judge.submission import SubmissionJudged
from grader.judge.submission import judge as judge_responses
from grader.model.graded import Graded
from grader.model.response import Response
from grader.sandbox.contract import Sandbox
from grader.submissions.submission import Submission

__all__ = ["grade", "judge"]


def judge(prepared: Prepared, responses: Mapping[str, Response]) -> SubmissionJudged:
    """Outcomes and diagnosis of one submission, from its responses alone: no code runs."""
    return judge_responses(prepared.assignment, prepared.key, responses)


def grade(
    prepared: Prepared,
    submissions: Sequence[Submission],
    sandbox: Sandbox,
    options: RunOptions | None = None,
) -> Graded:
    """Collect and judge every submission. One that cannot be run is held; it touches no other."""
    options = options or RunOptions()
    return grade_class(prepared, submissions, sandbox, workers=options.workers)
