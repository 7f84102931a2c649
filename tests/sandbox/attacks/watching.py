"""Looks at this machine's processes from outside while an attack runs."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

__all__ = ["Watch", "alive", "descendants", "has_right"]

_SUBREAPER = 36


class Watch:
    """A thread that looks while an attack runs, and keeps the most that it saw.

    Processes whose parents end come to this process, as its children: so all that an attack left
    behind is found, and can be ended.
    """

    def __init__(self, port: int, locked: str) -> None:
        self.most_processes = 0
        self.most_threads = 0
        self.got_in = False
        self.lock_held = False
        self._port = port
        self._locked = locked
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
        self._before = set(descendants())
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        for pid in self.new_processes():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
        ctypes.CDLL(None).prctl(_SUBREAPER, 0, 0, 0, 0)

    def end(self) -> None:
        self._over.set()
        self._thread.join()

    def new_processes(self) -> list[int]:
        return [pid for pid in descendants() if pid not in self._before]

    def _look(self) -> None:
        while not self._over.wait(0.02):
            new = self.new_processes()
            self.most_processes = max(self.most_processes, len(new))
            self.most_threads = max([self.most_threads, *map(_threads, new)])
            self._knock()
            self._lock()

    def _knock(self) -> None:
        if self._port and not self.got_in:
            with contextlib.suppress(OSError), socket.socket() as here:
                here.settimeout(0.5)
                here.connect(("127.0.0.1", self._port))
                self.got_in = bool(here.recv(100))

    def _lock(self) -> None:
        with Path(self._locked).open("rb+") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.lock_held = True


def descendants() -> list[int]:
    """All processes below this one, and below those."""
    children: dict[int, list[int]] = {}
    for pid, parent in _parents():
        children.setdefault(parent, []).append(pid)
    found, waiting = [], [os.getpid()]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _parents() -> Iterator[tuple[int, int]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                yield int(entry.name), int(fields[1])


def alive(pid: int) -> bool:
    """Whether a process runs. One that has ended and waits to be looked at is taken away."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    if state == "Z":
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        return False
    return True


def _threads(pid: int) -> int:
    with contextlib.suppress(OSError):
        return len(list(Path(f"/proc/{pid}/task").iterdir()))
    return 0


def has_right(which: int) -> bool:
    """Whether this process has a capability."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:"):
            return bool(int(line.split()[1], 16) >> which & 1)
    return False
