"""What a sandbox offers: it is given files and calls, and gives back plain data.

However the walls are built, callers see only this. A student's failure is a value (a `Response`
with a `Failure`); `SandboxFault` means that we could not run the code, and is nobody's zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from grader.model.assignment import Limits
from grader.model.call import Call
from grader.model.response import Response

__all__ = ["Job", "JobResult", "Sandbox", "SandboxFault"]


class SandboxFault(Exception):
    """The student's code could not be run, through no fault of the student's."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Job:
    """One submission's modules, and what to ask of them."""

    files: Mapping[str, bytes]  #: name → source of the modules handed in
    provided: str
    calls: tuple[Call, ...]
    limits: Limits
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JobResult:
    #: One for every call, by its id, with what was printed during the call.
    responses: Mapping[str, Response]
    printed: str = ""  #: printed while the files were loaded; 64 KiB are kept of a job in all


class Sandbox(Protocol):
    """Runs jobs, each in a process of its own, any number of them at a time from many threads.

    Calls are made in their order, except that hidden ones come after all others: what a student's
    code keeps from a hidden call must not reach anything that a student sees.
    """

    tier: str  #: what the walls keep out; see docs/security.md

    def run(self, job: Job) -> JobResult:
        """Run all calls within the limits. Raises SandboxFault, and nothing else."""
        ...

    def stop(self) -> None:
        """End every job that runs now or is begun later, at once."""
        ...
