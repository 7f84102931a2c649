"""How long something takes in another process, without the time in which it was kept waiting."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

__all__ = ["TICK_SECONDS", "Counted", "waited_seconds"]

TICK_SECONDS = 0.1  #: how often to look
_LONGEST_TICK = 3 * TICK_SECONDS
_MOST = 10  # times the limit, whatever is said of waiting: everything ends


def waited_seconds(pid: int) -> float:
    """How long the main thread of a process was ready to run and was not let; 0 if nobody says.

    Of the threads that the process has beside nothing is taken off: the course's code has none.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        told = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii")
        return int(told.split()[1]) / 1e9
    return 0.0


def _is_stopped(pid: int) -> bool:
    with contextlib.suppress(OSError, IndexError):
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return told.rpartition(")")[2].split()[0] in ("T", "t")
    return False


class Counted:
    """The time that one thing takes, counted by looking at it often.

    Between two looks at most three ticks count: where more passed, it was us who did not run, since
    everything was stopped or the machine slept. What its process waited for a processor, or was
    stopped, does not count.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._number = -1
        self._last = time.monotonic()
        self._begin()

    def _begin(self) -> None:
        self._passed = self._total = 0.0
        self._waited_before = waited_seconds(self._pid)

    def over(self, number: int, seconds: float) -> bool:
        """Whether the thing of this number was seen for so many seconds; another begins anew."""
        now = time.monotonic()
        passed, self._last = min(now - self._last, _LONGEST_TICK), now
        if number != self._number:
            self._number = number
            self._begin()
            return False
        self._total += passed
        if not _is_stopped(self._pid):
            self._passed += passed
        if self._passed < seconds:
            return False
        waited = waited_seconds(self._pid) - self._waited_before
        return self._passed - waited >= seconds or self._total >= _MOST * seconds
