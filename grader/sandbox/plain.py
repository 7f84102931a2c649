"""The sandbox without walls: a process of its own, limits, and nothing shared but pipes.

It protects against accidents: loops, memory, output, crashes. It does not keep a student's code
from reading what the user who runs it can read.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from grader.model.call import Call
from grader.model.response import Response
from grader.model.verdict import Reason, Verdict
from grader.sandbox.contract import Job, JobResult, SandboxFault
from grader.sandbox.leftovers import end_leftovers
from grader.sandbox.process import (
    ChildEnded,
    ChildProcess,
    OutputExceeded,
    TimedOut,
    folders_of_ours,
)
from grader.sandbox.replies import ReplyReader
from grader.sandbox.text import clean_text

__all__ = ["PlainSandbox"]

_KEPT_OUTPUT = 64 << 10
_MESSAGE_LENGTH = 500
_KILLED = {
    TimedOut: (Verdict.TIMED_OUT, Reason.TIME_LIMIT),
    OutputExceeded: (Verdict.OUTPUT_EXCEEDED, Reason.OUTPUT_LIMIT),
    ChildEnded: (Verdict.CRASHED, Reason.NO_ANSWER),
}


class PlainSandbox:
    """Starts an interpreter for each submission, and another after each call it had to kill."""

    tier = "basic"

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._running: set[ChildProcess] = set()

    def run(self, job: Job) -> JobResult:
        try:
            return _Run(job, self.keep).finish()
        except OSError as error:  # no memory, descriptors, processes or disk left
            msg = f"the student's code cannot be run here: {error.strerror}"
            raise SandboxFault(msg) from error

    @contextlib.contextmanager
    def keep(self, child: ChildProcess) -> Iterator[None]:
        """Have the child ended by `stop`, also when that was called before."""
        self._running.add(child)
        try:
            if self._stopped.is_set():
                msg = "the marking was stopped"
                raise SandboxFault(msg)
            yield
        finally:
            self._running.discard(child)

    def stop(self) -> None:
        self._stopped.set()
        for child in tuple(self._running):
            child.kill()


class _Run:
    """One job: calls still to make, responses so far, and the time that is left."""

    def __init__(
        self, job: Job, keep: Callable[[ChildProcess], contextlib.AbstractContextManager[None]]
    ) -> None:
        self._job = job
        self._keep = keep
        self._waiting = deque(sorted(job.calls, key=lambda call: call.hidden))
        self._responses: dict[str, Response] = {}
        self._printed: str | None = None  #: while the files were loaded, for the first time
        self._room = _KEPT_OUTPUT
        self._seconds_left = job.limits.submission_seconds
        self._folders = dict.fromkeys(folders_of_ours(), "…")
        self._read = ReplyReader(job.files, self._clean)

    def finish(self) -> JobResult:
        while self._waiting:
            if self._seconds_left <= 0:
                self._fail_all(TimedOut)
                break
            again = bool(self._responses)
            try:
                self._one_child(again=again)
            except (OSError, SandboxFault):
                if not again:
                    raise
                # Started again because of what the student's code did: a failure now is theirs, or
                # they could have their whole work held by spoiling the ground for a second start.
                self._fail_all(ChildEnded)
        return JobResult(
            responses={call.id: self._responses[call.id] for call in self._job.calls},
            printed=self._printed or "",
        )

    def _one_child(self, *, again: bool) -> None:
        """A process in a folder of its own: what an earlier one left behind is gone."""
        scratch = Path(tempfile.mkdtemp(prefix="grader-")).resolve()
        self._folders.update({str(scratch): ".", scratch.name: "."})
        try:
            with ChildProcess(self._job, scratch) as child, self._keep(child):
                if again:
                    self._timed(lambda _: child.start())
                else:
                    child.start()
                self._use(child)
        finally:
            end_leftovers(scratch)
            shutil.rmtree(scratch, ignore_errors=True)

    def _use(self, child: ChildProcess) -> None:
        """Make calls until none is left or the child has to be replaced."""
        failed = self._attempt(child.load)
        if self._printed is None:  # a replaced child prints again what its files print
            self._printed = self._kept(child.take_printed())
        child.take_printed()
        if isinstance(failed, Exception):
            # What fails while loading would fail again: no call of this submission can be made.
            self._fail_all(type(failed))
            return
        while self._waiting and self._seconds_left > 0:
            call = self._waiting.popleft()
            reply = self._attempt(partial(child.call, _request(call)))
            killed = isinstance(reply, Exception)
            response = self._killed(type(reply)) if killed else self._read(call, reply)
            printed = self._kept(child.take_printed())
            self._responses[call.id] = replace(response, printed=printed)
            if killed:
                self._postpone(call.group)
                return

    def _attempt(self, action: Callable[[float], Any]) -> Any:
        """What the action gives, or the exception that says why the child is of no more use."""
        try:
            return self._timed(action)
        except tuple(_KILLED) as killed:
            return killed

    def _kept(self, printed: bytes) -> str:
        text = self._clean(printed[: self._room].decode("utf-8", "replace"), _KEPT_OUTPUT)
        self._room -= len(printed[: self._room])
        return text

    def _timed(self, action: Callable[[float], Any]) -> Any:
        began = time.monotonic()
        try:
            return action(min(self._job.limits.wall_seconds, self._seconds_left))
        finally:
            self._seconds_left -= time.monotonic() - began

    def _postpone(self, group: str) -> None:
        """An endless function must not use up the time of the others. Hidden calls stay last."""

        def turn(call: Call) -> tuple[bool, bool]:
            return call.hidden, call.group == group

        self._waiting = deque(sorted(self._waiting, key=turn))

    def _fail_all(self, kind: type[Exception]) -> None:
        for call in self._waiting:
            self._responses[call.id] = self._killed(kind)
        self._waiting.clear()

    @staticmethod
    def _killed(kind: type[Exception]) -> Response:
        verdict, reason = _KILLED[kind]
        return Response.failed(verdict, reason)

    def _clean(self, text: str, limit: int) -> str:
        return clean_text(text, limit=limit, folders=self._folders)


def _request(call: Call) -> dict[str, Any]:
    return {
        "entry": call.entry,
        "mode": call.mode,
        "arguments": list(call.arguments),
        "globals": dict(call.globals),
        "driver": None if call.driver is None else (call.driver.file, call.driver.source),
        "seed": call.seed,
        "id": call.id,
        "group": call.group,
        "look_again": call.look_again,
        "look_back": call.look_back,
        "repeat": call.repeat,
        "digits": call.digits,
    }
