"""End what a student's code started and left running. Needed where no wall forbids processes."""

from __future__ import annotations

import builtins
import os
import signal

__all__ = ["end_children"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_ROUNDS = 1000


def end_children() -> None:
    """End every child of this process, and what their end makes its children.

    For a process that the kernel gives orphans to (a subreaper): whatever a student's code started
    comes here once its parent has ended, wherever it moved to.
    """
    for _ in range(_ROUNDS):  # one may start another while we look
        try:
            if os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG) is not None:
                continue
        except ChildProcessError:
            return
        for pid in _children():
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _children() -> list[int]:
    own, found = os.getpid(), []
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and _parent(name) == own:
                found.append(int(name))
        except OSError:
            pass  # it ended meanwhile
    return found


def _parent(pid: str) -> int:
    with open("/proc/{}/stat".format(pid), "rb") as stream:
        return int(stream.read().rpartition(b")")[2].split()[1])
