"""Find what was handed in, and collect its responses: the only place where students' code runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.checks.prepare import Prepared
from grader.collect.collect import Collected
from grader.collect.collect import collect as collect_planned
from grader.plan import make_plan
from grader.sandbox.contract import Sandbox
from grader.submissions.importers import find_submissions
from grader.submissions.opened import open_together
from grader.submissions.submission import Submission

__all__ = ["collect", "find", "find_one"]


def find(prepared: Prepared, paths: Iterable[Path | str]) -> list[Submission]:
    """Every submission below the paths, however it was handed in. Raises SubmissionFault."""
    return find_submissions([Path(path) for path in paths], prepared.assignment.files)


def find_one(prepared: Prepared, paths: Sequence[Path | str]) -> Submission:
    """One submission of a folder, or of several files. Raises SubmissionFault."""
    return open_together([Path(path) for path in paths], prepared.assignment.files)


def collect(prepared: Prepared, submission: Submission, sandbox: Sandbox) -> Collected:
    """What a submission gives for everything that is asked. Raises SandboxFault.

    For a whole class `grade` is quicker: it makes the plan once, and several run at a time.
    """
    assignment = prepared.assignment
    return collect_planned(make_plan(assignment), submission, sandbox, assignment.data)
