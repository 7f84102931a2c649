"""How many children this machine has processors and memory for."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.model.assignment import Limits
from grader.sandbox import cgroup

__all__ = ["at_once", "fitting", "processors", "shortage", "wait_for_room"]

_MIB = 1 << 20
_PATIENCE_SECONDS = 30.0
_BESIDE = 48 * _MIB  # a template process and a child before any of the student's code


def processors() -> int:
    """As many as this process may use, by its affinity and by the quota of its group."""
    here = len(os.sched_getaffinity(0))
    quota = cgroup.processors()
    return here if quota is None else max(1, min(here, int(quota)))


def at_once() -> int:
    """How many children to run: one more than there are processors, since each waits for us between
    its calls; not so under a quota, which stops all of them together when it is used up."""
    return processors() + (cgroup.processors() is None)


def fitting(limits: Limits) -> int:
    """How many children that use all their memory there is room for now; 0 if not even for one."""
    return max(0, min(_rooms(), default=1 << 62) // _needed(limits))


def wait_for_room(limits: Limits, stopped: Callable[[], bool]) -> None:
    """Wait, not for ever, until there is memory for one child: another grader may need it now."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not fitting(limits) and not stopped() and time.monotonic() < deadline:
        time.sleep(0.5)


def shortage(limits: Limits) -> str:
    """What to say before a class where the memory is too small for one child; else nothing."""
    if fitting(limits):
        return ""
    return (
        f"the machine has {min(_rooms()) // _MIB} MiB of memory left, and a submission may use "
        f"{limits.memory_mib} MiB; one is run at a time, and one that the machine ends for want of "
        "memory is not marked"
    )


def _needed(limits: Limits) -> int:
    """Each of its processes may have as much; files of its own are kept in memory."""
    return (limits.memory_mib * limits.processes + limits.file_mib) * _MIB + _BESIDE


def _rooms() -> Iterator[int]:
    group = cgroup.free_bytes()
    if group is not None:
        yield group
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        told = {line.split()[0]: int(line.split()[1]) for line in lines if len(line.split()) > 1}
        yield told["MemAvailable:"] << 10
    except (OSError, ValueError, KeyError):
        return
