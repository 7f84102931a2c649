"""What the kernel counts of one child, read from outside."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Look", "Meter", "below", "lives"]

_NANOSECONDS = 1e9
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100  # a second
_ENDS = 0x4  # of a process's flags: it has run its last
_MOST_BELOW = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was counted up to a moment; seconds."""

    at: float
    used: float  #: processor time of the process, all its threads
    main: float  #: of its main thread
    delay: float  #: how long the main thread was ready to run and did not
    ours: float  #: the same of our own thread, which the child may wait for
    others: float  #: processor time of the processes that it started
    state: str  #: of its main thread, as one letter; a question mark where we did not look

    @property
    def own(self) -> float:
        """Processor time of all of its own that can keep its main thread waiting."""
        return max(0.0, self.used - self.main) + self.others


class Meter:
    """To be closed. The thread that makes it is the one that waits for the child."""

    def __init__(self, pid: int, *, starter: int = 0, starts_processes: bool = False) -> None:
        """`pid` is the child as we see it, 0 where it cannot be seen.

        With `starts_processes`, those are counted that the child started, and those that its own
        left behind: they are children of `starter` then, or of the child.
        """
        self.pid = pid
        self._starter = starter
        self._starts_processes = starts_processes and bool(pid)
        self._opened = contextlib.ExitStack()
        self._delays = self._open(f"/proc/{pid}/schedstat") if pid else -1
        self._ours = self._open("/proc/thread-self/schedstat") if pid else -1
        #: Whether this kernel does at all. The child may not have run yet; our own thread has.
        self.counts_delay = self._delays >= 0 and _delay(self._ours)[0] > 0

    def _open(self, path: str) -> int:
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return -1
        self._opened.callback(os.close, descriptor)
        return descriptor

    def close(self) -> None:
        self._opened.close()

    def look(self, *, closely: bool = False) -> Look:
        """What there is to see; `closely` tells the state too."""
        main, delay = _delay(self._delays)
        used = _used(self.pid) if self.pid else 0.0
        return Look(
            at=time.monotonic(),
            used=used,
            main=main if self.counts_delay else used,
            delay=delay,
            ours=_delay(self._ours)[1],
            others=self._used_by_others() if self._starts_processes else 0.0,
            state=_stat(self.pid)[0] if closely and self.pid else "?",
        )

    def _used_by_others(self) -> float:
        """Those that ended are counted with the process that was told of their end."""
        lost = set(_children(self._starter)) - {self.pid} if self._starter else set()
        others = lost.union(below(self.pid), *map(below, lost))
        return _of_ended(self.pid) + sum(_used(one) + _of_ended(one) for one in others)

    def ends_by_itself(self) -> bool:
        """Whether it has ended, or is about to: what is done to it from now on is not the reason.

        Where it cannot be seen, it is taken for one that goes on.
        """
        threads = _threads(self.pid) if self.pid else []
        return bool(threads) and all(_ends(f"{self.pid}/task/{thread}") for thread in threads)


def below(pid: int) -> set[int]:
    """All processes that this one started and that still belong to it, and those that they did."""
    found: set[int] = set()
    waiting = [pid]
    while waiting and len(found) < _MOST_BELOW:
        more = set(_children(waiting.pop())) - found
        found |= more
        waiting += more
    return found


def lives(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    return _stat(pid)[0] not in "ZX?"


def _children(pid: int) -> Iterable[int]:
    """Of each of its threads; nothing on a kernel that does not tell."""
    for thread in _threads(pid):
        with contextlib.suppress(OSError):
            path = Path(f"/proc/{pid}/task/{thread}/children")
            yield from map(int, path.read_text(encoding="ascii").split())


def _threads(pid: int) -> list[str]:
    try:
        return [entry.name for entry in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return []


def _ends(thread: str) -> bool:
    """Whether a thread has run its last; also of one that has gone meanwhile."""
    state, *fields = _stat(thread)
    return state in "ZX?" or (len(fields) > 5 and bool(int(fields[5]) & _ENDS))


def _delay(descriptor: int) -> tuple[float, float]:
    """Processor time and run delay of one thread; zeros where they are not counted."""
    try:
        used, delay, _ = os.pread(descriptor, 100, 0).split()
    except (OSError, ValueError):
        return 0.0, 0.0
    return int(used) / _NANOSECONDS, int(delay) / _NANOSECONDS


def _used(pid: int) -> float:
    """Processor time of a process with all its threads, those that ended among them."""
    try:
        return time.clock_gettime((~pid << 3) | 2)  # CPUCLOCK_SCHED of the process
    except OSError:
        return 0.0


def _of_ended(pid: int) -> float:
    """Processor time of its children whose end it was told of."""
    fields = _stat(pid)
    return (int(fields[13]) + int(fields[14])) / _TICKS if len(fields) > 14 else 0.0


def _stat(pid: int | str) -> list[str]:
    """The fields of `stat` from the state on; at least one. A question mark where it has gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ["?"]
    return text.rpartition(")")[2].split() or ["?"]
