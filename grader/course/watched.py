"""A course's code run in a process of its own, and watched from this one.

What a course writes is trusted to mean well, not to be without faults: a reference may never end,
end the process, print, or change what numpy computes. So its code runs in a process that is forked
before anything else is started, and this one looks how long each of its functions takes. That
process prepares the assignment, and forks another one which judges: when this ends, or takes too
long, it is forked anew, with everything prepared.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import threading
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course.counted import Counted
from grader.course.printed import Printed
from grader.course.serving import PID, Answer, Kinds, Request, fork, serve, unpacked, write_message
from grader.judge.other_variants import RightElsewhere
from grader.judge.submission import SubmissionJudged
from grader.model.assignment import Assignment
from grader.model.diagnostic import Diagnostic, Place
from grader.model.response import Response
from grader.model.value import Value
from grader.solver.progress import Moment, Progress
from grader.spec.load import SpecFault

__all__ = ["CourseFault", "WatchedCourse"]

_START_SECONDS = 60.0  # for a fork: on a machine that is very busy
_END_SECONDS = 2.0
_BETWEEN = 10  # times as long as a step may take: our own work between two steps
_MOST_REFUSED = 5


class CourseFault(Exception):
    """The process that runs the course's code ended, or failed; says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Overran:
    """A function of the author's, or our work between two, that took too long."""

    moment: Moment
    seconds: float  #: that it may take


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vanished:
    """The process ended before it answered."""

    moment: Moment


class WatchedCourse:
    """What judges the submissions to one assignment. Closed at the end, from the same thread."""

    def __init__(
        self, path: Path, prepare: Callable[[], tuple[Answer, Kinds | None]], *, seconds: float = 0
    ) -> None:
        """Fork, and prepare there. `path` is where the assignment lies; `seconds` is how long a
        step may take, where the assignment is not to say it.

        Raises SpecFault where its files are wrong or a step takes too long, CourseFault where the
        process ends.
        """
        self._path = path
        self._seconds = seconds
        self._progress = Progress()
        self._lock = threading.Lock()
        self._stopped = False
        self._judge: tuple[int, socket.socket] | None = None
        self._has_forked = False
        self.printed = Printed()  #: by the course's code
        self.warnings: tuple[Diagnostic, ...] = ()
        self._control, theirs = socket.socketpair()
        output = self.printed.writing
        keep = (theirs.fileno(), output)
        with theirs, warnings.catch_warnings():
            # A program that uses the API may have threads; none of them is needed there.
            warnings.simplefilter("ignore", DeprecationWarning)

            def run() -> None:
                serve(theirs, output, self._progress, prepare)

            self._pid = fork(run, output=output, keep=keep)
        self.printed.writing_is_theirs()
        try:
            self.assignment: Assignment = self._prepared()
        except BaseException:
            self.close()
            raise

    def _prepared(self) -> Assignment:
        answer = self._heard(self._control, self._pid)
        if isinstance(answer, _Overran):
            raise SpecFault(self._overran(answer))
        if isinstance(answer, _Vanished):
            raise CourseFault(f"{self._ending()} {_where(answer.moment, 'prepared')}")
        if answer.value is None and not answer.fault:
            raise SpecFault(*answer.diagnostics)
        assignment: Assignment = _value(answer)
        self.warnings = answer.diagnostics
        return assignment

    # -- asking ----------------------------------------------------------------------------------

    def judge(
        self, responses: Mapping[str, Response], givens: Mapping[str, Value] | None = None
    ) -> SubmissionJudged:
        """Outcomes and diagnosis of one submission, by its variant; from any thread. Raises
        CourseFault.

        A step that took too long is not called for this submission again: what hangs on it is not
        carried forward. All of it is judged anew then, by a process that judges nothing else.
        """
        refused: frozenset[str] = frozenset()
        failed = 0
        with self._lock:
            while True:
                asked = Request(what="judge", arguments=(responses, givens), refused=refused)
                answer = self._asked(asked)
                if isinstance(answer, Answer):
                    if refused or answer.fault:
                        self._end_judge()  # what it left undone or changed concerns nobody else
                    judged: SubmissionJudged = _value(answer)
                    return judged
                step = answer.moment.step
                overran = isinstance(answer, _Overran) and step not in refused and step
                if overran and len(refused) < _MOST_REFUSED:
                    refused |= {step}
                    continue
                failed += 1
                if failed == 2 or self._stopped:
                    what = "took too long" if isinstance(answer, _Overran) else "ended, twice,"
                    msg = f"the process that judges {what} {_where(answer.moment, 'judged')}"
                    raise CourseFault(msg)

    def elsewhere(
        self, responses: Mapping[str, Response], givens: Mapping[str, Value], others: Sequence[Any]
    ) -> RightElsewhere | None:
        """As of an assignment that is prepared here. Raises as `ask` does."""
        found: RightElsewhere | None = self.ask("elsewhere", responses, givens, others)
        return found

    def ask(self, what: str, *arguments: Any) -> Any:
        """What is said to one of the `Kinds`. Raises SpecFault if a step takes too long, and
        CourseFault."""
        with self._lock:
            answer = self._asked(Request(what=what, arguments=arguments))
        if isinstance(answer, _Overran):
            raise SpecFault(self._overran(answer))
        if isinstance(answer, _Vanished):
            msg = f"the process that checks ended {_where(answer.moment, 'checked')}"
            raise CourseFault(msg)
        return _value(answer)

    def _asked(self, request: Request) -> Answer | _Overran | _Vanished:
        """What comes of a request; a process that gave no answer is ended."""
        answer: Answer | _Overran | _Vanished = _Vanished(moment=self._progress.look())
        try:
            pid, requests = self._judge or self._forked()
            write_message(requests, request)
            answer = self._heard(requests, pid)
        except OSError:
            pass  # it is gone
        except BaseException:
            self._end_judge()
            raise
        if not isinstance(answer, Answer):
            self._end_judge()
        return answer

    def _forked(self) -> tuple[int, socket.socket]:
        """A new process that judges. Raises CourseFault where there can be none."""
        try:
            if self._stopped:
                raise OSError
            self._control.settimeout(_START_SECONDS)
            self._control.sendall(b"f")
            told, descriptors, _, _ = socket.recv_fds(self._control, PID.size, 1)
        except OSError:
            told, descriptors = b"", []
        if not descriptors:
            msg = "the process that prepared the assignment ended"
            raise CourseFault(msg)
        self._has_forked = True
        self._judge = int(PID.unpack(told)[0]), socket.socket(fileno=descriptors[0])
        return self._judge

    # -- watching --------------------------------------------------------------------------------

    def _heard(self, source: socket.socket, pid: int) -> Answer | _Overran | _Vanished:
        """The next answer, unless the process ends or takes too long before."""
        taken = bytearray()
        with Counted(pid) as counted, selectors.DefaultSelector() as selector:
            selector.register(source, selectors.EVENT_READ)
            selector.register(self.printed.reading, selectors.EVENT_READ)
            while True:
                ready = {key.fileobj for key, _ in selector.select(counted.pause())}
                self.printed.take()
                moment = self._progress.look()
                if source in ready:
                    chunk = source.recv(1 << 20)
                    taken += chunk
                    answer = unpacked(taken) if chunk else _Vanished(moment=moment)
                    if answer is not None:
                        self.printed.take()
                        return answer
                    continue
                if self._stopped:
                    return _Vanished(moment=moment)
                seconds = self._seconds or moment.seconds
                allowed = seconds if moment.step else _BETWEEN * seconds
                if seconds and counted.over(moment.number, allowed):
                    return _Overran(moment=moment, seconds=seconds)

    def _overran(self, overran: _Overran) -> Diagnostic:
        moment = overran.moment
        what = f"{moment.step!r}" if moment.file else "the course's code, while it is loaded,"
        place = Place(file=moment.file, line=moment.line, column=1) if moment.file else None
        return Diagnostic(
            code="S311",
            place=place or Place(file=str(self._path)),
            message=f"{what} runs for more than {overran.seconds:g} s",
            help="`limits: reference_seconds` says how long each step may take",
        )

    def _ending(self) -> str:
        """How the process that prepares ended."""
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        code = os.waitstatus_to_exitcode(status)
        how = f"with exit code {code}" if code >= 0 else f"by {signal.Signals(-code).name}"
        return f"the process that runs the course's code ended {how}"

    # -- ending ----------------------------------------------------------------------------------

    def stop(self) -> None:
        """Wait no longer for what is judged now or would be later; from any thread."""
        self._stopped = True

    def _end_judge(self) -> None:
        if self._judge is not None:
            pid, requests = self._judge
            self._judge = None
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            requests.close()

    def close(self) -> None:
        """End all of it, and wait until it has ended."""
        self._stopped = True
        self._end_judge()
        self._control.close()
        if self._pid:
            if not (self._has_forked and self._ends_itself()):
                os.kill(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)
            self._pid = 0
        self.printed.close()

    def _ends_itself(self) -> bool:
        """Whether the process that prepared ends, and with it what is left of those it forked."""
        deadline = time.monotonic() + _END_SECONDS
        while time.monotonic() < deadline:
            if os.waitpid(self._pid, os.WNOHANG)[0]:
                return True
            time.sleep(0.005)
        return False

    def __enter__(self) -> WatchedCourse:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _value(answer: Answer) -> Any:
    if answer.fault:
        if os.environ.get("GRADER_TRACEBACK"):
            raise CourseFault(f"{answer.fault}\n{answer.trace}")
        raise CourseFault(answer.fault)
    return answer.value


def _where(moment: Moment, doing: str) -> str:
    if moment.step and moment.file:
        return f"while {moment.step!r} ran ({moment.file}:{moment.line})"
    return "while the course's code was loaded" if moment.step else f"while it {doing}"
