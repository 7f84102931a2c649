"""One child process: started, asked, listened to, and ended whatever happens."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import secrets
import select
import selectors
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from grader.sandbox.child.wire import CodecError, Unsendable, decode, encode, frame
from grader.sandbox.contract import Job, SandboxFault

__all__ = ["ChildEnded", "ChildProcess", "OutputExceeded", "TimedOut", "folders_of_ours"]

_WORKER = Path(__file__).parent / "child" / "worker.py"
_REQUEST_BYTES = 64 << 20
_KEPT_OUTPUT = 64 << 10
_STARTUP_SECONDS = 60.0
_CHUNK = 1 << 16
_OVERHEAD = 4096  # what a reply holds besides its value
_COPIES = 7  # a result, its repetition, its digits, up to three earlier ones, arguments that grew


class TimedOut(Exception):
    """No answer within the time allowed."""


class OutputExceeded(Exception):
    """More printed text than allowed."""


class ChildEnded(Exception):
    """The process ended, or sent something that is no answer."""


class ChildProcess:
    """A context manager around one process; leaving it kills the process and its group."""

    def __init__(self, job: Job, scratch: Path) -> None:
        self._job = job
        self._output = bytearray()
        self._output_total = 0
        self._buffer = bytearray()
        self._max_output = job.limits.output_kib << 10
        self._max_reply = self._max_output + _OVERHEAD
        with contextlib.ExitStack() as stack:
            self._selector = stack.enter_context(selectors.DefaultSelector())
            self._reply_end, child_end = os.pipe()
            stack.callback(os.close, self._reply_end)
            try:
                self._process = subprocess.Popen(
                    # Not -I: it would ignore PYTHONHASHSEED, and sets would print in any order.
                    [sys.executable, "-s", "-S", "-B", str(_WORKER), str(child_end)],
                    bufsize=0,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    pass_fds=(child_end,),
                    cwd=scratch,
                    env=_environment(scratch),
                    start_new_session=True,
                )
            finally:
                os.close(child_end)
            stack.callback(self._end)
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._request_end = self._process.stdin.fileno()
            self._output_end = self._process.stdout.fileno()
            for descriptor in (self._request_end, self._reply_end, self._output_end):
                os.set_blocking(descriptor, False)
            self._selector.register(self._reply_end, selectors.EVENT_READ)
            self._selector.register(self._output_end, selectors.EVENT_READ)
            self._cleanup = stack.pop_all()

    def __enter__(self) -> ChildProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._cleanup.close()

    def kill(self) -> None:
        """Kill the process and its group; whoever waits for an answer is told ChildEnded."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _end(self) -> None:
        # The group goes first: what the student's code started is in it.
        self.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def start(self) -> None:
        """Wait for the interpreter. No student's code has run by then: what fails is our fault.

        Nothing of this counts as the student's time: it says nothing about their code how long
        this machine takes to start an interpreter and to import numpy. Raises SandboxFault.
        """
        limits = self._job.limits
        hello = {
            "site": [_site_folder()],
            "limits": {
                "memory_mib": limits.memory_mib,
                "cpu_seconds": max(1, round(limits.cpu_seconds)),
                "file_mib": limits.file_mib,
            },
        }
        try:
            self._ask(hello, _STARTUP_SECONDS)
        except (TimedOut, OutputExceeded, ChildEnded) as error:
            said = self.take_printed().decode("utf-8", "replace").strip().split("\n")[-1]
            msg = f"the interpreter for the student's code does not start: {said[:300]}"
            raise SandboxFault(msg) from error

    def load(self, seconds: float) -> None:
        """Send the files and wait until they were run. Raises the exceptions of this module."""
        start = {
            "files": list(self._job.files.items()),
            "provided": self._job.provided,
            "reply_bytes": self._max_reply,
            "seed": self._job.seed,
        }
        self._ask(start, seconds)

    def call(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Carry one request to the child and bring its answer. Raises this module's exceptions."""
        return self._ask(request, seconds)

    def take_printed(self) -> bytes:
        """What was printed since the last time, the first 64 KiB of it."""
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
            self._send(frame(message), deadline)
            most = _COPIES * self._max_reply + len(message) + (1 << 16)
            reply = decode(self._receive(deadline, most))
        except Unsendable:
            msg = "the files or the arguments of a call are larger than 64 MiB"
            raise SandboxFault(msg) from None
        except BrokenPipeError:
            raise self._ended() from None
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
        self._selector.register(self._request_end, selectors.EVENT_WRITE)
        try:
            while unsent:
                if self._request_end in self._wait(deadline):
                    unsent = unsent[os.write(self._request_end, unsent[:_CHUNK]) :]
        finally:
            self._selector.unregister(self._request_end)

    def _receive(self, deadline: float, most: int) -> bytes:
        needed = 4
        while len(self._buffer) < needed:
            self._wait(deadline)
            if len(self._buffer) >= 4:
                needed = 4 + int(struct.unpack(">I", self._buffer[:4])[0])
                if needed > 4 + most:
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

    def _ended(self) -> TimedOut | ChildEnded:
        """Why there is no more to come: the kernel ends a process whose CPU time is used up."""
        descriptor = os.pidfd_open(self._process.pid)
        try:
            dead, _, _ = select.select([descriptor], [], [], 1.0)
        finally:
            os.close(descriptor)
        if dead:
            # Looked at, not collected: its number must stay taken until its group was killed.
            status = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
            if status is not None and status.si_status == signal.SIGXCPU:
                return TimedOut()
        return ChildEnded()


def _environment(scratch: Path) -> dict[str, str]:
    """Nothing of ours. One BLAS thread: more of them cost start-up time and address space."""
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {
        **threads,
        "PATH": "/usr/bin:/bin",
        "HOME": str(scratch),
        "LANG": "C.UTF-8",
        "MALLOC_ARENA_MAX": "2",
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0",
    }


def _site_folder() -> str:
    """Where the child finds numpy. Added by hand: `.pth` files there stay without effect."""
    spec = importlib.util.find_spec("numpy")
    if spec is None or spec.origin is None:
        msg = "numpy is not installed beside grader"
        raise SandboxFault(msg)
    return str(Path(spec.origin).parents[1])


def folders_of_ours() -> list[str]:
    """Folders of this installation that a traceback or a warning may name, inner ones first."""
    folders = {str(_WORKER.parent), _site_folder(), str(Path(os.__file__).parent)}
    return sorted(folders, key=len, reverse=True)
