"""Submissions, and what keeps a machine busy beside them: bounded, and ended with the test."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from grader.model.assignment import Limits
from grader.model.call import Call
from grader.sandbox.contract import Job, Sandbox, SandboxFault

__all__ = ["busy", "job", "outcome", "uses"]

_SECONDS = 60  # after which what keeps the machine busy ends by itself
_BUSY = f"import time\nend = time.time() + {_SECONDS}\nwhile time.time() < end: pass"
_LIMITS = Limits(wall_seconds=1, submission_seconds=10, cpu_seconds=20, memory_mib=256)


def uses(seconds: float) -> str:
    """A statement that needs so much processor time."""
    return f"start = time.process_time()\nwhile time.process_time() < start + {seconds}: pass"


def job(source: str, **limits: Any) -> Job:
    """One call of `f`, which gives 1, in a module that does this first; without it there is no
    `f`."""
    source = f"import os, signal, threading, time\n{source}\nif time:\n    def f(): return 1\n"
    return Job(
        files={"answers.py": source.encode()},
        provided="",
        calls=(Call(id="f", group="f", entry="f"),),
        limits=replace(_LIMITS, **limits),
    )


def outcome(sandbox: Sandbox, what: Job) -> str:
    """`right`, the verdict of what failed, or `held` and why."""
    try:
        response = sandbox.run(what).responses["f"]
    except SandboxFault as fault:
        return f"held: {fault.reason}"
    return response.failure.verdict.value if response.failure else "right"


@contextlib.contextmanager
def busy(loops: int) -> Iterator[None]:
    """So many programs beside that want a processor all the time, each in a session of its own.

    A kernel that shares a processor among sessions would else count them as one.
    """
    with contextlib.ExitStack() as stack:
        for _ in range(loops):
            command = [sys.executable, "-S", "-c", _BUSY]
            running = stack.enter_context(subprocess.Popen(command, start_new_session=True))
            stack.callback(running.kill)
        yield
