"""One child process: asked for, asked, listened to, and ended whatever happens."""

from __future__ import annotations

import contextlib
import os
import secrets
import selectors
import signal
import struct
import time
from types import TracebackType
from typing import Any

from grader.model.assignment import Limits
from grader.sandbox.child.wire import CodecError, Unsendable, decode, encode, frame
from grader.sandbox.contract import Job, SandboxFault
from grader.sandbox.zygote import Usage, Zygote

__all__ = ["ChildEnded", "ChildProcess", "CpuUsedUp", "MemoryUsedUp", "OutputExceeded", "TimedOut"]

_REQUEST_BYTES = 64 << 20
_KEPT_OUTPUT = (64 << 10) + 1  # one byte more than is shown tells that there was more
_START_SECONDS = 60.0
_CHUNK = 1 << 16
_OVERHEAD = 4096  # what a reply holds besides its value
_COPIES = 7  # a result, its repetition, its digits, up to three earlier ones, arguments that grew
_CPU_SLACK = 0.5  # seconds: the limit is kept by ticks, which on a busy machine fall unevenly
_CPU_SHARE = 0.6  # of the limit, where the kernel ended the process: the clocks drift apart
_NEARLY = 0.9  # a process that needs more memory than it may have ends before it has all of it


class TimedOut(Exception):
    """No answer within the time allowed."""


class CpuUsedUp(Exception):
    """The process ended when its processor time was used up."""


class MemoryUsedUp(Exception):
    """The process ended when it held about all the memory that it may have."""


class OutputExceeded(Exception):
    """More printed text than allowed."""


class ChildEnded(Exception):
    """The process ended, or sent something that is not an answer."""


class ChildProcess:
    """A context manager around one process; leaving it ends the process and all it started."""

    def __init__(self, job: Job, zygote: Zygote, scratch: str = "") -> None:
        self._job = job
        self._zygote = zygote
        self._output = bytearray()
        self._output_total = 0
        self._buffer = bytearray()
        self._max_output = job.limits.output_kib << 10
        self._max_reply = self._max_output + _OVERHEAD
        self._most = 1 << 16  #: how long the reply may be that comes next
        self._nonce = secrets.token_bytes(16)
        with contextlib.ExitStack() as ours:
            self._selector = ours.enter_context(selectors.DefaultSelector())
            with contextlib.ExitStack() as theirs:
                their_requests, self._request_end = _pipe(theirs, ours)
                self._reply_end, their_replies = _pipe(ours, theirs)
                self._output_end, their_output = _pipe(ours, theirs)
                ours.callback(self._end)
                request = {"nonce": self._nonce, "scratch": scratch, "limits": _limits(job.limits)}
                zygote.spawn(request, (their_requests, their_replies, their_output))
            for descriptor in (self._request_end, self._reply_end, self._output_end):
                os.set_blocking(descriptor, False)
            self._selector.register(self._reply_end, selectors.EVENT_READ)
            self._selector.register(self._output_end, selectors.EVENT_READ)
            self._cleanup = ours.pop_all()

    def __enter__(self) -> ChildProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._cleanup.close()

    def _end(self) -> Usage:
        return self._zygote.end_child()

    def start(self) -> None:
        """Wait until the walls are up. No student's code has run by then: a failure is our fault.

        Nothing of this counts as the student's time. Raises SandboxFault.
        """
        try:
            told = self._hear(self._nonce, time.monotonic() + _START_SECONDS)
        except (TimedOut, OutputExceeded, ChildEnded, CpuUsedUp, MemoryUsedUp) as error:
            msg = "the process for the student's code ended before it was ready"
            raise SandboxFault(msg) from error
        if told.get("ready") is not True:
            msg = f"the walls around the student's code cannot be put up: {told.get('refused')}"
            raise SandboxFault(msg)

    def load(self, seconds: float) -> None:
        """Send the files and wait until they were run. Raises the exceptions of this module."""
        start = {
            "files": list(self._job.files.items()),
            "at_start": list(self._job.at_start),
            "provided": self._job.provided,
            "reply_bytes": self._max_reply,
            "seed": self._job.seed,
        }
        self._ask(start, seconds)

    def call(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Carry one request to the child and bring its answer. Raises this module's exceptions."""
        return self._ask(request, seconds)

    def take_printed(self) -> bytes:
        """What was printed since the last time: the first 64 KiB, and a byte if there was more."""
        self._drain()
        printed = bytes(self._output)
        self._output.clear()
        return printed

    def _ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        nonce = secrets.token_bytes(16)
        self._output_total = 0
        try:
            message = encode({**request, "nonce": nonce}, _REQUEST_BYTES)
            self._most = _COPIES * self._max_reply + len(message) + (1 << 16)
            self._send(frame(message), deadline)
        except Unsendable:
            msg = "the files or the arguments of a call are larger than 64 MiB"
            raise SandboxFault(msg) from None
        except BrokenPipeError:
            raise self._ended() from None
        return self._hear(nonce, deadline)

    def _hear(self, nonce: bytes, deadline: float) -> dict[str, Any]:
        """The reply that bears this nonce."""
        try:
            reply = decode(self._receive(deadline))
        except CodecError:
            raise ChildEnded from None
        self._drain()
        if self._output_total > self._max_output:
            raise OutputExceeded
        # Written by the student's code, not by the worker, if it does not know the nonce.
        given = reply.pop("nonce", None) if isinstance(reply, dict) else None
        if type(given) is not bytes or given != nonce:
            raise ChildEnded
        assert isinstance(reply, dict)
        return reply

    def _send(self, message: bytes, deadline: float) -> None:
        """A child that reads nothing must not keep us waiting, so this has the deadline too."""
        unsent = memoryview(message)
        with contextlib.suppress(BlockingIOError):
            unsent = unsent[os.write(self._request_end, unsent[:_CHUNK]) :]
        if not unsent:
            return
        self._selector.register(self._request_end, selectors.EVENT_WRITE)
        try:
            while unsent:
                if self._request_end in self._wait(deadline):
                    unsent = unsent[os.write(self._request_end, unsent[:_CHUNK]) :]
        finally:
            self._selector.unregister(self._request_end)

    def _receive(self, deadline: float) -> bytes:
        needed = 4
        while len(self._buffer) < needed:
            self._wait(deadline)
            if len(self._buffer) >= 4:
                needed = 4 + int(struct.unpack(">I", self._buffer[:4])[0])
                if needed > 4 + self._most:
                    raise ChildEnded  # the worker sends nothing as long as this
        message = bytes(self._buffer[4:needed])
        del self._buffer[:needed]
        return message

    def _wait(self, deadline: float) -> set[int]:
        """Take in what there is, and say which descriptors were ready."""
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise TimedOut
        ready = {key.fd for key, _ in self._selector.select(remaining)}
        if self._output_end in ready:
            self._read_output()
        if self._reply_end in ready:
            self._read_reply()
        return ready

    def _read_reply(self) -> None:
        chunk = os.read(self._reply_end, _CHUNK)
        if not chunk:
            raise self._ended()
        self._buffer += chunk
        if len(self._buffer) > 4 + self._most:
            raise ChildEnded  # nor does it send while it is being sent something

    def _read_output(self) -> None:
        chunk = os.read(self._output_end, _CHUNK)
        if not chunk:
            self._selector.unregister(self._output_end)
            return
        self._keep(chunk)
        if self._output_total > self._max_output:
            raise OutputExceeded

    def _keep(self, chunk: bytes) -> None:
        self._output_total += len(chunk)
        self._output += chunk[: max(0, _KEPT_OUTPUT - len(self._output))]

    def _drain(self) -> None:
        """Read what was printed up to now; code that goes on printing does not hold us here."""
        with contextlib.suppress(BlockingIOError):
            while self._output_total <= self._max_output:
                chunk = os.read(self._output_end, _CHUNK)
                if not chunk:
                    return
                self._keep(chunk)

    def _ended(self) -> Exception:
        """Why there is no more to come, as the kernel accounts for it: a signal alone may lie."""
        limits, used = self._job.limits, self._end()
        allowed = _cpu_seconds(limits)
        enough = allowed - _CPU_SLACK
        if used.signal in (signal.SIGXCPU, signal.SIGKILL):
            enough = min(enough, _CPU_SHARE * allowed)
        if used.cpu_seconds >= enough:
            return CpuUsedUp()
        if used.resident_kib >= _NEARLY * 1024 * limits.memory_mib:
            return MemoryUsedUp()
        return ChildEnded()


def _pipe(reading: contextlib.ExitStack, writing: contextlib.ExitStack) -> tuple[int, int]:
    """Both ends of a pipe, each closed with its stack."""
    ends = os.pipe()
    for stack, end in zip((reading, writing), ends, strict=True):
        stack.callback(os.close, end)
    return ends


def _limits(limits: Limits) -> dict[str, int]:
    return {
        "memory_mib": limits.memory_mib,
        "cpu_seconds": _cpu_seconds(limits),
        "file_mib": limits.file_mib,
        "processes": limits.processes,
        "threads": limits.threads,
    }


def _cpu_seconds(limits: Limits) -> int:
    """The kernel counts whole seconds, from one on."""
    return max(1, round(limits.cpu_seconds))
