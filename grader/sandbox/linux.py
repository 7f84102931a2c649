"""The door to all that needs Linux. It is imported everywhere, and asks nothing of the machine.

Students' code is run behind walls of Linux's making. Elsewhere everything else works: sheets and
reports are read and judged, and of code it is said that it was not run.
"""

from __future__ import annotations

import os
import sys

from grader.model.response import Response
from grader.model.verdict import Reason, Verdict
from grader.sandbox.contract import Job, JobResult, NothingRuns

__all__ = ["NEEDS_LINUX", "NotRunHere", "is_linux"]

NEEDS_LINUX = "code is run on Linux only (on Windows: in WSL; on a Mac: in a virtual machine)"


def is_linux() -> bool:
    """Whether processes can be forked, watched and walled off as we do it."""
    return sys.platform == "linux" and hasattr(os, "fork")


class NotRunHere(NothingRuns):
    """In the place of a sandbox: every call waits for a machine that can make it."""

    def run(self, job: Job) -> JobResult:
        waiting = Response.failed(Verdict.PENDING, Reason.SANDBOX_FAULT, NEEDS_LINUX)
        return JobResult(responses={call.id: waiting for call in job.calls})
