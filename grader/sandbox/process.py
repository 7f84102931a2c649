"""One child process: asked for, asked, listened to, and ended whatever happens."""

from __future__ import annotations

import contextlib
import os
import selectors
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from grader.model.assignment import Limits
from grader.model.verdict import Reason
from grader.sandbox.child.wire import CodecError, decode
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
from grader.sandbox.exchange import Exchange
from grader.sandbox.meter import Meter
from grader.sandbox.output import Output
from grader.sandbox.requests import packed
from grader.sandbox.stood import read_stack
from grader.sandbox.together import expect_within
from grader.sandbox.waited import Stopwatch, Time
from grader.sandbox.zygote import Usage, Zygote

__all__ = ["ChildProcess"]

_START_SECONDS = 60.0
_CHUNK = 1 << 16
_OVERHEAD = 4096  # what a reply holds besides its value
_REPLY_ITEMS = 1000  # the values in it are packed, and count as one each
_COPIES = 7  # a result, its repetition, its digits, up to three earlier ones, arguments that grew
_ENDING_SECONDS = 20.0  # for a process that ends by itself, on a machine that is busy
_UNSEEN_SECONDS = 0.2  # the same where it cannot be told whether it does
_IN_A_CROWD = 4.0  # times the limit by the wall, where others run beside
_ALONE = 10.0
_OF_CELLS, _OF_FILES = 0.6, 0.9  # of the time for loading: the rest is for what is imported


class ChildProcess:
    """A context manager around one process; leaving it ends the process and all it started."""

    def __init__(self, job: Job, zygote: Zygote, scratch: str = "", *, alone: bool = False) -> None:
        """`alone`: no other child runs, and more patience is had with the machine."""
        self._job = job
        self._zygote = zygote
        self._alone = alone
        self._walled = not zygote.lets_processes_start
        self.counted = 0.0  #: seconds of the child's own until the last reply was there
        self._output = Output(job.limits.output_kib << 10)
        self._is_loading = False  #: what is printed then is bounded by the time for it
        self._max_reply = (job.limits.output_kib << 10) + _OVERHEAD
        self._exchange = Exchange(_COPIES * self._max_reply + (1 << 16))
        self._last = self._exchange.expect()  #: the nonce of what was answered last, or is now
        self._output.expect(self._last)
        with contextlib.ExitStack() as ours:
            self._selector = ours.enter_context(selectors.DefaultSelector())
            with contextlib.ExitStack() as theirs:
                their_requests, self._request_end = _pipe(theirs, ours)
                self._reply_end, their_replies = _pipe(ours, theirs)
                self._output_end, their_output = _pipe(ours, theirs)
                ours.callback(self._end)
                request = {"nonce": self._last, "scratch": scratch, "limits": _limits(job.limits)}
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
        try:
            told = self.call((), _START_SECONDS)
            self.take_printed()
        except (TimedOut, OutputExceeded, ChildEnded, CpuUsedUp, MemoryUsedUp) as error:
            msg = "the process for the student's code ended before it was ready"
            raise SandboxFault(msg) from error
        if told.get("ready") is not True:
            msg = f"the walls around the student's code cannot be put up: {told.get('refused')}"
            raise SandboxFault(msg)

    def load(self, seconds: float, part: int = 0) -> dict[str, Any]:
        """Send the files and wait until that part of them was run that `child/statements.py` calls
        so: 0 is all. Raises the exceptions of this module, and OutputExceeded never: what is
        printed while files are loaded is read and forgotten."""
        start = {
            "files": list(self._job.files.items()),
            "at_start": self._job.at_start,
            "course": self._job.course,
            "packages": dict(self._job.packages),
            "entries": list({call.entry: 0 for call in self._job.calls}),
            "provided": self._job.provided,
            "reply_bytes": self._max_reply,
            "seed": self._job.seed,
            "seconds": (_OF_CELLS * seconds, _OF_FILES * seconds),
            "part": part,
        }
        self._is_loading = True
        loaded = self.call((packed(start),), seconds)
        self._is_loading = False
        return loaded

    def take_printed(self) -> bytes:
        """What was printed for the last thing asked: the first 64 KiB, and a byte if there was
        more."""
        self._output.drain(self._output_end)
        return self._output.take(self._last)

    def where(self) -> bytes:
        """What a child whose time is over writes of where it stands. It is of no use after this."""
        return read_stack(self._zygote.ask_where, self._reply_end, self._exchange.most)

    @property
    def looks_ahead(self) -> bool:
        """Whether `call` makes use of more than one request now."""
        # What several processes come to is looked at after each call.
        return self._exchange.waiting <= 1 and self._job.limits.processes == 1

    def call(self, requests: Sequence[bytes], seconds: float) -> dict[str, Any]:
        """The child's answer to the first of these, which are `packed`. Raises the exceptions of
        this module.

        The others are what will be asked next, in this order: some of them are sent already, so
        that nobody waits for us. So they must not hold what the code of the first may not know.
        """
        self.counted = 0.0
        if len(requests) <= self._exchange.waiting and self._exchange.has_reply():
            self._last = self._exchange.nonce  # the child was done before we came to it
            return self._read(self._exchange.take())
        watch = self._watch(seconds)  # what we do ourselves, before and after, is not the child's
        try:
            self._ask(requests[self._exchange.waiting :], watch)
            self._last = self._exchange.nonce
            while not self._exchange.has_reply():
                self._wait(watch)
            received = self._exchange.take()
            self._expect_within_together()
            self._expect_time(watch.finish())
        finally:
            self.counted = watch.counted
        return self._read(received)

    def _ask(self, requests: Sequence[bytes], watch: Stopwatch) -> None:
        """Send the first of these, and of the others those for which there is room."""
        for request in requests:
            if self._exchange.waiting and not self._exchange.has_room_for(request):
                return
            nonce, message = self._exchange.ask(request)
            self._output.expect(nonce)
            try:
                self._send(message, watch)
            except BrokenPipeError:
                if self._exchange.waiting == 1:
                    raise self._ended() from None
                return  # it ended, and what it answered before is heard first

    def _read(self, received: bytes) -> dict[str, Any]:
        """A reply that bears the nonce of what was asked last."""
        try:
            reply = decode(received, _REPLY_ITEMS)
        except CodecError:
            raise ChildEnded from None
        self._output.drain(self._output_end)
        self._expect_little_output()
        # Written by the student's code, not by the worker, if it does not know the nonce.
        given = reply.pop("nonce", None) if isinstance(reply, dict) else None
        if type(given) is not bytes or given != self._last:
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

    def _wait(self, watch: Stopwatch) -> set[int]:
        """Take in what there is, and say which descriptors were ready."""
        # Before: what arrives is read however late we come to it.
        self._expect_time(watch.beat(answers=self._exchange.has_begun))
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
        self._exchange.feed(chunk)

    def _read_output(self) -> None:
        chunk = os.read(self._output_end, _CHUNK)
        if not chunk:
            self._selector.unregister(self._output_end)
            return
        self._output.feed(chunk)
        self._expect_little_output()

    def _expect_little_output(self) -> None:
        if self._output.is_too_much and not self._is_loading:
            raise OutputExceeded

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
