"""What all processes of a submission are together, where an assignment lets it have several.

The kernel keeps a limit of memory for each process, and counts threads and processes as one. So
these are looked at from outside, at every beat and at the end of every call.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from grader.model.assignment import Limits
from grader.sandbox.ended import MemoryUsedUp, TooManyProcesses
from grader.sandbox.meter import below, lives

__all__ = ["expect_within"]

_BESIDE_KIB = 32 << 10  # of a child before any of the student's code, and of what pages are kept in
_COUNTED = ("Pss_Anon:", "Pss_Shmem:")  # shared pages in equal parts; no files


def expect_within(pid: int, limits: Limits) -> None:
    """Raises TooManyProcesses or MemoryUsedUp. `pid` is the student's first process, as we see it.

    Those that have ended and that nobody waited for do not count.
    """
    started = [one for one in below(pid) if lives(one)]
    if 1 + len(started) > limits.processes:
        raise TooManyProcesses
    if started and sum(map(_kib, (pid, *started))) > limits.memory_mib * 1024 + _BESIDE_KIB:
        raise MemoryUsedUp


def _kib(pid: int) -> int:
    """Memory of a process; 0 where we may not see it, as only root may."""
    total = 0
    with contextlib.suppress(OSError, ValueError):
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        for line in text.splitlines()[1:]:
            name, number = line.split()[:2]
            total += int(number) if name in _COUNTED else 0
    return total
