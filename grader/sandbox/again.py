"""Where the machine was in the way of a run, it is made again alone; then the work is held."""

from __future__ import annotations

from collections.abc import Callable

from grader.sandbox.contract import JobResult, SandboxFault

__all__ = ["run_again_if_hindered"]


def run_again_if_hindered(
    run: Callable[[bool], JobResult], stopped: Callable[[], bool]
) -> JobResult:
    """What `run(alone)` gives, at first beside others and then, if that failed, alone.

    Everything is run again, so that what is not held is what a quiet machine gives. Raises the
    SandboxFault of the second run: it says why the work is held.
    """
    try:
        return run(False)
    except SandboxFault:
        if stopped():
            raise
    return run(True)
