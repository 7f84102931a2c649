"""End what a student's code started and left running outside of its process group."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

__all__ = ["end_leftovers"]

_ROUNDS = 5


def end_leftovers(scratch: Path) -> None:
    """Kill every process that has this job's folder as its HOME, as the worker's children have.

    A child may leave the group of the worker (`start_new_session=True`) and outlive it. One that
    also cleans its environment is not found: the tiers with walls see to that.
    """
    mark = b"\0HOME=" + os.fsencode(scratch) + b"\0"
    for _ in range(_ROUNDS):  # one may start another while we look
        running = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
        if not sum(_end(pid, mark) for pid in running):
            return


def _end(pid: int, mark: bytes) -> bool:
    """Kill the process if it bears the mark; whether it did."""
    with contextlib.suppress(OSError):
        descriptor = os.pidfd_open(pid) if _marked(pid, mark) else -1
        if descriptor < 0:
            return False
        try:
            # Looked at again: the number may have passed to another process meanwhile.
            if _marked(pid, mark):
                signal.pidfd_send_signal(descriptor, signal.SIGKILL)
                return True
        finally:
            os.close(descriptor)
    return False


def _marked(pid: int, mark: bytes) -> bool:
    with Path(f"/proc/{pid}/environ").open("rb") as stream:
        return mark in b"\0" + stream.read() + b"\0"
