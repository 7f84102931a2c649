"""Seats for processes that judge: as many judge at once as there are processors."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.solver.progress import Progress

__all__ = ["Seat", "Seats"]


@dataclass(slots=True, kw_only=True, eq=False)
class Seat:
    """A place for one process, which is asked one thing at a time."""

    number: int
    progress: Progress  #: that whichever process sits here shows its calls on
    judge: tuple[int, socket.socket] | None = None  #: its id, and where to ask it

    def clear(self) -> None:
        """End the process that sits here, if there is one."""
        if self.judge is not None:
            pid, requests = self.judge
            self.judge = None
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            requests.close()


class Seats:
    """So many seats. A process is there only once that many are asked at the same time."""

    def __init__(self, count: int) -> None:
        self._all = [Seat(number=number, progress=Progress()) for number in range(count)]
        self._free = self._all[::-1]
        self._changed = threading.Condition()

    @property
    def progress(self) -> Sequence[Progress]:
        """Of each seat, by its number."""
        return [seat.progress for seat in self._all]

    @contextlib.contextmanager
    def taken(self) -> Iterator[Seat]:
        """A seat for one thread alone, which waits until there is one."""
        with self._changed:
            self._changed.wait_for(lambda: self._free)
            seat = self._free.pop()
        try:
            yield seat
        finally:
            with self._changed:
                self._free.append(seat)  # the next is asked of the same, which is warm
                self._changed.notify()

    def clear(self) -> None:
        """End all processes."""
        for seat in self._all:
            seat.clear()
