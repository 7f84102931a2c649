"""Find what was handed in, and collect its responses: the only place where students' code runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from grader.collect.collect import Collected
from grader.collect.collect import collect as collect_planned
from grader.model.assignment import Assignment
from grader.plan import make_plan
from grader.sandbox.contract import Sandbox
from grader.submissions.opened import open_together
from grader.submissions.submission import Submission

__all__ = ["OfAssignment", "collect", "find", "find_one"]


class OfAssignment(Protocol):
    """What has an assignment: prepared here, or in a process that is watched."""

    @property
    def assignment(self) -> Assignment: ...


def find(
    course: OfAssignment,
    paths: Iterable[Path | str],
    *,
    kind: str | None = None,
    tell: Callable[[str], None] = lambda _text: None,
) -> Sequence[Submission]:
    """Every submission below the paths, however it was handed in. Raises SubmissionFault.

    `kind` is the name of an importer, for what is not recognised; `tell` is told what was
    recognised. Those of a large class are opened one by one, each time that they are gone through.
    """
    from grader.submissions.each import find_each

    return find_each([Path(path) for path in paths], course.assignment.files, kind=kind, tell=tell)


def find_one(course: OfAssignment, paths: Sequence[Path | str]) -> Submission:
    """One submission of a folder, or of several files. Raises SubmissionFault."""
    return open_together([Path(path) for path in paths], course.assignment.files)


def collect(course: OfAssignment, submission: Submission, sandbox: Sandbox) -> Collected:
    """What a submission gives for everything that is asked. Raises SandboxFault.

    For a whole class `grade` is quicker: it makes the plan once, and several run at a time.
    """
    assignment = course.assignment
    return collect_planned(make_plan(assignment), submission, sandbox, assignment.data)
