"""The sandbox without walls: a process of its own, limits, and nothing shared but pipes.

It protects against accidents: loops, memory, output, crashes. It does not keep a student's code
from reading what the user who runs it can read.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections import deque
from pathlib import Path
from typing import Any

from grader.model.call import Call
from grader.model.response import Failure, Response
from grader.model.value import Opaque, Value
from grader.model.verdict import Reason, Verdict
from grader.sandbox.child.wire import OpaqueMark
from grader.sandbox.contract import Job, JobResult
from grader.sandbox.process import ChildEnded, ChildProcess, OutputExceeded, TimedOut
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

    def run(self, job: Job) -> JobResult:
        scratch = Path(tempfile.mkdtemp(prefix="grader-"))
        try:
            return _Run(job, scratch).finish()
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


class _Run:
    """One job: calls still to make, responses so far, and the time that is left."""

    def __init__(self, job: Job, scratch: Path) -> None:
        self._job = job
        self._scratch = scratch
        self._waiting = deque(job.calls)
        self._responses: dict[str, Response] = {}
        self._printed = bytearray()
        self._seconds_left = job.limits.submission_seconds

    def finish(self) -> JobResult:
        while self._waiting:
            if self._seconds_left <= 0:
                self._fail_all(TimedOut)
                break
            with ChildProcess(self._job, self._scratch) as child:
                self._use(child)
            self._printed += child.printed
        printed = bytes(self._printed[:_KEPT_OUTPUT]).decode("utf-8", "replace")
        return JobResult(
            responses={call.id: self._responses[call.id] for call in self._job.calls},
            printed=self._clean(printed, _KEPT_OUTPUT),
        )

    def _use(self, child: ChildProcess) -> None:
        """Make calls until none is left or the child has to be replaced."""
        try:
            self._timed(lambda seconds: child.load(seconds))
        except tuple(_KILLED) as killed:
            # What fails while loading would fail again: no call of this submission can be made.
            self._fail_all(type(killed))
            return
        if self._responses:
            child.discard_output()
        while self._waiting and self._seconds_left > 0:
            call = self._waiting.popleft()
            request = _request(call)
            try:
                reply = self._timed(lambda seconds, r=request: child.call(r, seconds))
            except tuple(_KILLED) as killed:
                self._responses[call.id] = self._killed(type(killed))
                self._postpone(call.group)
                return
            self._responses[call.id] = self._response(call, reply)

    def _timed(self, action: Any) -> Any:
        began = time.monotonic()
        try:
            return action(min(self._job.limits.wall_seconds, self._seconds_left))
        finally:
            self._seconds_left -= time.monotonic() - began

    def _postpone(self, group: str) -> None:
        """An endless function must not use up the time of the others."""
        self._waiting = deque(sorted(self._waiting, key=lambda call: call.group == group))

    def _fail_all(self, kind: type[Exception]) -> None:
        for call in self._waiting:
            self._responses[call.id] = self._killed(kind)
        self._waiting.clear()

    @staticmethod
    def _killed(kind: type[Exception]) -> Response:
        verdict, reason = _KILLED[kind]
        return Response.failed(verdict, reason)

    def _response(self, call: Call, reply: dict[Any, Any]) -> Response:
        """The child's reply, which student code may have written, as a response."""
        failure = reply.get("failure")
        if isinstance(failure, dict):
            return Response(failure=self._failure(failure))
        after = reply.get("arguments") if call.look_again else None
        return Response(
            value=_without_marks(reply.get("value")),
            inputs_after=tuple(after) if isinstance(after, tuple | list) else None,
        )

    def _failure(self, data: dict[Any, Any]) -> Failure:
        try:
            verdict, reason = Verdict(str(data.get("verdict"))), Reason(str(data.get("reason")))
        except ValueError:
            verdict, reason = Verdict.CRASHED, Reason.NO_ANSWER
        if verdict not in _FROM_CHILD:
            verdict, reason = Verdict.CRASHED, Reason.NO_ANSWER
        line = data.get("line")
        file = str(data.get("file", ""))
        return Failure(
            verdict=verdict,
            reason=reason,
            exception=self._clean(str(data.get("exception", "")), 100),
            message=self._clean(str(data.get("message", "")), _MESSAGE_LENGTH),
            file=file if file in self._job.files else "",
            line=line if type(line) is int and 0 < line < 10**7 else 0,
        )

    def _clean(self, text: str, limit: int) -> str:
        return clean_text(text, limit=limit, scratch=str(self._scratch))


_FROM_CHILD = {
    Verdict.MISSING,
    Verdict.INVALID,
    Verdict.RAISED,
    Verdict.MEMORY_EXCEEDED,
    Verdict.OUTPUT_EXCEEDED,
}


def _request(call: Call) -> dict[str, Any]:
    return {
        "entry": call.entry,
        "mode": call.mode,
        "arguments": list(call.arguments),
        "globals": dict(call.globals),
        "driver": None if call.driver is None else (call.driver.file, call.driver.source),
        "seed": call.seed,
        "look_again": call.look_again,
    }


def _without_marks(value: Value) -> Value:
    if isinstance(value, OpaqueMark):
        return Opaque(type_name=clean_text(value.type_name, limit=100), why=value.why[:100])
    if isinstance(value, list | tuple):
        return type(value)(_without_marks(item) for item in value)
    if isinstance(value, dict):
        return {key: _without_marks(item) for key, item in value.items()}
    return value
