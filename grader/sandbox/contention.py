"""Whether other programs kept the machine busy, where the kernel does not count who waits."""

from __future__ import annotations

import os
import time
from pathlib import Path

from grader.sandbox.cgroup import throttled_seconds

__all__ = ["Contention"]

_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100  # a second
_IDLE = (3, 4)  # places in the line of all processors: idle, waiting for a disk
_LITTLE = 0.5  # of the seconds gone by: less idle time than this was there for one more thread


class Contention:
    """What the machine did from when this was made."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._idle = _idle_seconds()
        self._throttled = throttled_seconds()

    def seen(self, used: float) -> bool:
        """Whether a child that used so much processor time may have wanted more.

        Where nothing is told of the machine, it is taken for one that is not busy.
        """
        seconds = time.monotonic() - self._began
        if throttled_seconds() - self._throttled > (1 - _LITTLE) * seconds:
            return True
        idle = _idle_seconds() - self._idle
        told = self._idle > 0
        return told and idle < _LITTLE * seconds and used < seconds


def _idle_seconds() -> float:
    """Of all processors together; 0 where it is not told."""
    try:
        with Path("/proc/stat").open(encoding="ascii") as stream:
            first = stream.readline().split()
        return sum(int(first[1 + place]) for place in _IDLE) / _TICKS
    except (OSError, ValueError, IndexError):
        return 0.0
