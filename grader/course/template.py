"""The process that prepares an assignment, from which those that judge are forked."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
import warnings
from collections.abc import Callable, Sequence

from grader.course.serving import PID, SEAT, Answer, Kinds, fork, serve
from grader.solver.progress import Progress

__all__ = ["CourseTemplate"]

_START_SECONDS = 60.0  # for a fork: on a machine that is very busy
_END_SECONDS = 2.0


class CourseTemplate:
    """One process; closed by whoever made it."""

    def __init__(
        self,
        prepare: Callable[[], tuple[Answer, Kinds | None]],
        progress: Progress,
        *,
        seats: Sequence[Progress],
        output: int,
    ) -> None:
        """Fork it. What came of preparing is to be read from `control`; it prints to `output`.

        It shows its calls on `progress`; those that judge, by their number, on `seats`.
        """
        self.pid = 0
        self._forks = False  #: whether it has forked, so that there may be processes of its own
        self._closed = threading.Event()
        self.control, theirs = socket.socketpair()
        with theirs, warnings.catch_warnings():
            # Where there are threads by now, none of them is needed there.
            warnings.simplefilter("ignore", DeprecationWarning)

            def run() -> None:
                serve(theirs, output, progress, seats, prepare)

            self._fork(lambda: fork(run, output=output, keep=(theirs.fileno(), output)))

    def _fork(self, forked: Callable[[], int]) -> None:
        """From a thread that lives as long as this does: the process ends with its thread."""
        if threading.current_thread() is threading.main_thread():
            self.pid = forked()
            return
        failed: list[OSError] = []
        done = threading.Event()

        def stay() -> None:
            try:
                self.pid = forked()
            except OSError as error:
                failed.append(error)
            done.set()
            self._closed.wait()

        threading.Thread(target=stay, daemon=True).start()
        done.wait()
        if failed:
            self.control.close()
            self._closed.set()
            raise failed[0]

    def forked(self, seat: int) -> tuple[int, socket.socket] | None:
        """A new process that judges, and where to ask it; None where this one has ended."""
        try:
            self.control.settimeout(_START_SECONDS)
            self.control.sendall(SEAT.pack(seat))
            told, descriptors, _, _ = socket.recv_fds(self.control, PID.size, 1)
        except OSError:
            return None
        if not descriptors:
            return None
        self._forks = True
        return int(PID.unpack(told)[0]), socket.socket(fileno=descriptors[0])

    def ending(self) -> str:
        """How the process ended, once it has."""
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        code = os.waitstatus_to_exitcode(status)
        how = f"with exit code {code}" if code >= 0 else f"by {signal.Signals(-code).name}"
        return f"the process that runs the course's code ended {how}"

    def close(self) -> None:
        """End it, and wait until it has ended. Those that judge are to be ended before."""
        self.control.close()
        if self.pid:
            if not (self._forks and self._ends_itself()):
                with contextlib.suppress(OSError):
                    os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
            self.pid = 0
        self._closed.set()

    def _ends_itself(self) -> bool:
        """Whether it ends, and with it what is left of those that it forked."""
        deadline = time.monotonic() + _END_SECONDS
        while time.monotonic() < deadline:
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                return True
            time.sleep(0.005)
        return False
