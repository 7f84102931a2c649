"""One child process: asked for, asked, listened to, and ended whatever happens."""

from __future__ import annotations

import contextlib
import os
import secrets
import selectors
import struct
from types import TracebackType
from typing import Any

from grader.model.assignment import Limits
from grader.model.verdict import Reason
from grader.sandbox.child.wire import CodecError, decode, frame
from grader.sandbox.contract import Job, MachineFault, SandboxFault
from grader.sandbox.ended import (
    ChildEnded,
    CpuUsedUp,
    MemoryUsedUp,
    OutputExceeded,
    TimedOut,
    cpu_seconds,
    why_ended,
)
from grader.sandbox.meter import Meter
from grader.sandbox.requests import NONCE_BYTES, packed
from grader.sandbox.stood import read_stack
from grader.sandbox.together import expect_within
from grader.sandbox.waited import Stopwatch, Time
from grader.sandbox.zygote import Usage, Zygote

__all__ = ["ChildProcess"]

_KEPT_OUTPUT = (64 << 10) + 1  # one byte more than is shown tells that there was more
_START_SECONDS = 60.0
_CHUNK = 1 << 16
_OVERHEAD = 4096  # what a reply holds besides its value
_REPLY_ITEMS = 1000  # the values in it are packed, and count as one each
_COPIES = 7  # a result, its repetition, its digits, up to three earlier ones, arguments that grew
_ENDING_SECONDS = 20.0  # for a process that ends by itself, on a machine that is busy
_UNSEEN_SECONDS = 0.2  # the same where it cannot be told whether it does
_IN_A_CROWD = 4.0  # times the limit by the wall, where others run beside
_ALONE = 10.0
_OF_CELLS = 0.6  # of the time for loading: the rest is for what is imported, and for functions
_OF_FILES = 0.8  # the same for files that are run as a whole


class ChildProcess:
    """A context manager around one process; leaving it ends the process and all it started."""

    def __init__(self, job: Job, zygote: Zygote, scratch: str = "", *, alone: bool = False) -> None:
        """`alone`: no other child runs, and more patience is had with the machine."""
        self._job = job
        self._zygote = zygote
        self._alone = alone
        self._walled = not zygote.lets_processes_start
        self.counted = 0.0  #: seconds of the child's own in the last thing that was asked of it
        self._output = bytearray()
        self._output_total = 0
        self._buffer = bytearray()
        self._max_output = job.limits.output_kib << 10
        self._max_reply, self._most = self._max_output + _OVERHEAD, 1 << 16  #: of the next reply
        self._nonce = secrets.token_bytes(16)
        with contextlib.ExitStack() as ours:
            self._selector = ours.enter_context(selectors.DefaultSelector())
            with contextlib.ExitStack() as theirs:
                their_requests, self._request_end = _pipe(theirs, ours)
                self._reply_end, their_replies = _pipe(ours, theirs)
                self._output_end, their_output = _pipe(ours, theirs)
                ours.callback(self._end)
                request = {"nonce": self._nonce, "scratch": scratch, "limits": _limits(job.limits)}
                pid = zygote.spawn(request, (their_requests, their_replies, their_output))
            self._meter = Meter(
                pid,
                starter=zygote.pid if zygote.lets_processes_start else 0,
                starts_processes=zygote.lets_processes_start or job.limits.processes > 1,
            )
            ours.callback(self._meter.close)
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

    def _end(self, within: float = 0.0) -> Usage:
        return self._zygote.end_child(within)

    def _watch(self, seconds: float) -> Stopwatch:
        patience = _ALONE if self._alone else _IN_A_CROWD
        return Stopwatch(self._meter, seconds, patience=patience, alone=self._alone)

    def had_room_for_tasks(self) -> bool:
        """Whether as many threads and processes as it may have could be started; ends the child."""
        self._end()
        return self._zygote.has_room_for_tasks(_limits(self._job.limits))

    def start(self) -> None:
        """Wait until the walls are up; no code of theirs has run by then. Raises SandboxFault."""
        watch = self._watch(_START_SECONDS)
        try:
            told = self._hear(self._nonce, watch)
        except (TimedOut, OutputExceeded, ChildEnded, CpuUsedUp, MemoryUsedUp) as error:
            msg = "the process for the student's code ended before it was ready"
            raise SandboxFault(msg) from error
        finally:
            self.counted = watch.counted
        if told.get("ready") is not True:
            msg = f"the walls around the student's code cannot be put up: {told.get('refused')}"
            raise SandboxFault(msg)

    def load(self, seconds: float) -> dict[str, Any]:
        """Send the files and wait until they were run. Raises the exceptions of this module."""
        start = {
            "files": list(self._job.files.items()),
            "at_start": self._job.at_start,
            "course": self._job.course,
            "packages": dict(self._job.packages),
            "entries": list({call.entry: 0 for call in self._job.calls}),
            "provided": self._job.provided,
            "reply_bytes": self._max_reply,
            "seed": self._job.seed,
            "cell_seconds": _OF_CELLS * seconds,
            "file_seconds": _OF_FILES * seconds,
        }
        return self.call(packed(start), seconds)

    def take_printed(self) -> bytes:
        """What was printed since the last time: the first 64 KiB, and a byte if there was more."""
        self._drain()
        printed, self._output = bytes(self._output), bytearray()
        return printed

    def where(self) -> bytes:
        """What a child whose time is over writes of where it stands. It is of no use after this."""
        self._zygote.ask_where()
        return read_stack(self._reply_end, self._most)

    def call(self, request: bytes, seconds: float) -> dict[str, Any]:
        """The child's answer to one request, which is `packed`. Raises the exceptions of this
        module."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        self._output_total = 0
        message = request + nonce
        self._most = _COPIES * self._max_reply + len(message) + (1 << 16)
        watch = self._watch(seconds)  # what we do ourselves, before and after, is not the child's
        try:
            self._send(frame(message), watch)
            return self._hear(nonce, watch)
        except BrokenPipeError:
            raise self._ended() from None

    def _hear(self, nonce: bytes, watch: Stopwatch) -> dict[str, Any]:
        """The reply that bears this nonce."""
        try:
            received = self._receive(watch)
            self._expect_within_together()
            self._expect_time(watch.finish())
        finally:
            self.counted = watch.counted
        try:
            reply = decode(received, _REPLY_ITEMS)
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

    def _send(self, message: bytes, watch: Stopwatch) -> None:
        """A child that reads nothing must not keep us waiting, so this has the limit too."""
        unsent = memoryview(message)
        with contextlib.suppress(BlockingIOError):
            unsent = unsent[os.write(self._request_end, unsent[:_CHUNK]) :]
        if not unsent:
            return
        self._selector.register(self._request_end, selectors.EVENT_WRITE)
        try:
            while unsent:
                if self._request_end in self._wait(watch):
                    unsent = unsent[os.write(self._request_end, unsent[:_CHUNK]) :]
        finally:
            self._selector.unregister(self._request_end)

    def _receive(self, watch: Stopwatch) -> bytes:
        needed = 4
        while len(self._buffer) < needed:
            self._wait(watch)
            if len(self._buffer) >= 4:
                needed = 4 + int(struct.unpack(">I", self._buffer[:4])[0])
                if needed > 4 + self._most:
                    raise ChildEnded  # the worker sends nothing as long as this
        message = bytes(self._buffer[4:needed])
        del self._buffer[:needed]
        return message

    def _wait(self, watch: Stopwatch) -> set[int]:
        """Take in what there is, and say which descriptors were ready."""
        # Before: what arrives is read however late we come to it.
        self._expect_time(watch.beat(answers=bool(self._buffer)))
        self._expect_within_together()
        ready = {key.fd for key, _ in self._selector.select(watch.pause())}
        if self._output_end in ready:
            self._read_output()
        if self._reply_end in ready:
            self._read_reply()
        elif watch.ended:  # though something that it started still holds its end of the pipe
            raise self._ended()
        return ready

    def _expect_within_together(self) -> None:
        if self._meter.pid and self._job.limits.processes > 1 and self._walled:
            expect_within(self._meter.pid, self._job.limits)

    def _expect_time(self, said: Time) -> None:
        if said is Time.OVER:
            raise TimedOut
        if said is Time.UNCLEAR:
            msg = "the machine was too busy to tell whether the code is quick enough"
            raise MachineFault(Reason.MACHINE_BUSY, msg)

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

    def _time_to_end(self) -> float:
        """It ends, or it only closed its pipes and goes on: then it is ended by us."""
        if not self._meter.pid:
            return _UNSEEN_SECONDS
        return _ENDING_SECONDS if self._meter.ends_by_itself() else 0.0

    def _ended(self) -> Exception:
        """Why there is no more to come."""
        return why_ended(
            self._end(self._time_to_end()),
            self._job.limits,
            alone=self._alone,
            walled=self._walled,
        )


def _pipe(reading: contextlib.ExitStack, writing: contextlib.ExitStack) -> tuple[int, int]:
    """Both ends of a pipe, each closed with its stack."""
    ends = os.pipe()
    for stack, end in zip((reading, writing), ends, strict=True):
        stack.callback(os.close, end)
    return ends


def _limits(limits: Limits) -> dict[str, int]:
    return {
        "memory_mib": limits.memory_mib,
        "cpu_seconds": cpu_seconds(limits),
        "file_mib": limits.file_mib,
        "processes": limits.processes,
        "threads": limits.threads,
    }
