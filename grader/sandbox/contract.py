"""What a sandbox offers: it is given files and calls, and gives back plain data.

However the walls are built, callers see only this. A student's failure is a value (a `Response`
with a `Failure`); `SandboxFault` means that we could not run the code, and is nobody's zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from grader.model.assignment import Limits
from grader.model.call import Call
from grader.model.response import Failure, Response
from grader.model.verdict import Reason

__all__ = [
    "Job",
    "JobResult",
    "MachineFault",
    "NotLoaded",
    "NothingRuns",
    "Sandbox",
    "SandboxFault",
    "Taken",
]


class SandboxFault(Exception):
    """The student's code could not be run, through no fault of the student's."""

    reason = Reason.SANDBOX_FAULT


class MachineFault(SandboxFault):
    """It was run, and what the machine did to it leaves open what would have come of it."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Job:
    """One submission's modules, and what to ask of them."""

    #: path below the top folder → source; names are looked up in this order. Of a notebook
    #: its code, as `sandbox.child.cells.packed` gives it.
    files: Mapping[str, bytes]
    provided: str
    calls: tuple[Call, ...]
    limits: Limits
    #: Files of the course's, which are there to be imported and answer nothing.
    course: tuple[str, ...] = ()
    #: Files that are run first; None: all at the top. Others are run when they are needed.
    at_start: tuple[str, ...] | None = None
    #: name → folder that is imported under it as well, "" for the top
    packages: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    data: Mapping[str, Path] = field(default_factory=dict)  #: name → file or folder to be read
    preload: tuple[str, ...] = ()  #: modules that are there before the files are loaded
    python: str = ""  #: path of the interpreter, if it is not the one that runs us


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLoaded:
    """A file that failed while it was run. What it had defined by then answers."""

    file: str
    failure: Failure
    chain: tuple[
        tuple[str, int], ...
    ] = ()  #: the files being run, at the line that imports the next
    went_on: bool = False  #: below that line, what defines something was run


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A function that was taken for one of nearly its name, which nothing defines."""

    wanted: str
    name: str
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JobResult:
    #: One for every call, by its id, with what was printed during the call.
    responses: Mapping[str, Response]
    taken: tuple[Taken, ...] = ()  #: in calls that are not hidden
    not_loaded: tuple[NotLoaded, ...] = ()  #: of the files that are run first, or are imported
    #: Printed while the files were loaded. Of a job 64 KiB are kept in all, and a line says so.
    printed: str = ""
    #: What went wrong in cells of notebooks while they were run; the other cells were run.
    failed_cells: tuple[Failure, ...] = ()
    #: What ended the process while the files were loaded: of all files only what defines something
    #: was run then, in another one.
    ended: Failure | None = None


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

    def close(self) -> None:
        """End what was started for jobs. None may run any more, and none can be run after it."""
        ...


class NothingRuns:
    """A sandbox for what needs none."""

    tier = ""

    def run(self, job: Job) -> JobResult:  # noqa: ARG002 - as every sandbox
        msg = "no code is to be run here"
        raise SandboxFault(msg)

    def stop(self) -> None:
        """Nothing runs."""

    def close(self) -> None:
        """Nothing was started."""
