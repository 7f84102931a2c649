"""One child process: started, asked, listened to, and ended whatever happens."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import secrets
import selectors
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from grader.sandbox.child.wire import CodecError, decode, encode, frame
from grader.sandbox.contract import Job, SandboxFault

__all__ = ["ChildEnded", "ChildProcess", "OutputExceeded", "TimedOut"]

_WORKER = Path(__file__).parent / "child" / "worker.py"
_REQUEST_BYTES = 64 << 20
_KEPT_OUTPUT = 64 << 10
_STARTUP_SECONDS = 60.0
_CHUNK = 1 << 16
_OVERHEAD = 4096  # what a reply holds besides its value


class TimedOut(Exception):
    """No answer within the time allowed."""


class OutputExceeded(Exception):
    """More printed text, or a longer answer, than allowed."""


class ChildEnded(Exception):
    """The process ended, or sent something that is no answer."""


class ChildProcess:
    """A context manager around one process; leaving it kills the process and all it started."""

    def __init__(self, job: Job, scratch: Path) -> None:
        self._job = job
        self._output = bytearray()
        self._output_total = 0
        self._buffer = bytearray()
        self._max_output = job.limits.output_kib << 10
        reply_end, child_end = os.pipe()
        self._reply_end = reply_end
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_WORKER), str(child_end)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=(child_end,),
                cwd=scratch,
                env=_environment(scratch),
                start_new_session=True,
            )
        except OSError as error:
            os.close(reply_end)
            msg = f"a process for the student's code cannot be started: {error.strerror}"
            raise SandboxFault(msg) from error
        finally:
            os.close(child_end)
        assert self._process.stdout is not None
        self._output_end = self._process.stdout.fileno()
        for descriptor in (self._reply_end, self._output_end):
            os.set_blocking(descriptor, False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._reply_end, selectors.EVENT_READ)
        self._selector.register(self._output_end, selectors.EVENT_READ)

    def __enter__(self) -> ChildProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # The group goes first: whatever the student's code started is in it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._drain()
        self._selector.close()
        os.close(self._reply_end)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()

    @property
    def printed(self) -> bytes:
        return bytes(self._output)

    def discard_output(self) -> None:
        """Forget what was printed so far: a replaced child prints again what its files print."""
        self._drain()
        self._output.clear()

    def load(self, seconds: float) -> None:
        """Send the files and wait until they were run. Raises the exceptions of this module.

        The time counts from when the interpreter is up: it says nothing about the student's code
        how long this machine takes to start one.
        """
        limits = self._job.limits
        start = {
            "site": _site_folders(),
            "files": list(self._job.files.items()),
            "provided": self._job.provided,
            "reply_bytes": self._max_output + _OVERHEAD,
            "seed": self._job.seed,
            "limits": {
                "memory_mib": limits.memory_mib,
                "cpu_seconds": max(1, round(limits.cpu_seconds)),
                "file_mib": limits.file_mib,
            },
        }
        self._ask({"ready": True}, _STARTUP_SECONDS)
        self._ask(start, seconds)

    def call(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Carry one request to the child and bring its answer. Raises this module's exceptions."""
        return self._ask(request, seconds)

    def _ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        nonce = secrets.token_bytes(16)
        deadline = time.monotonic() + seconds
        payload = encode({**request, "nonce": nonce}, _REQUEST_BYTES)
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(frame(payload))
            self._process.stdin.flush()
        except BrokenPipeError:
            raise ChildEnded from None
        try:
            reply = decode(self._receive(deadline))
        except CodecError:
            raise ChildEnded from None
        if not isinstance(reply, dict) or reply.pop("nonce", None) != nonce:
            raise ChildEnded  # written by the student's code, not by the worker
        return reply

    def _receive(self, deadline: float) -> bytes:
        needed = 4
        while len(self._buffer) < needed:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimedOut
            for key, _ in self._selector.select(remaining):
                if key.fd == self._output_end:
                    self._read_output()
                else:
                    self._read_reply()
            if len(self._buffer) >= 4:
                needed = 4 + struct.unpack(">I", self._buffer[:4])[0]
                if needed > self._max_output + (1 << 16) + _OVERHEAD:
                    raise OutputExceeded
        message = bytes(self._buffer[4:needed])
        del self._buffer[:needed]
        return message

    def _read_reply(self) -> None:
        chunk = os.read(self._reply_end, _CHUNK)
        if not chunk:
            raise ChildEnded
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
        try:
            while chunk := os.read(self._output_end, _CHUNK):
                self._keep(chunk)
                if self._output_total > self._max_output:
                    return
        except BlockingIOError:
            pass


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


def _site_folders() -> list[str]:
    """Where the child finds numpy. Added by hand: `.pth` files there stay without effect."""
    spec = importlib.util.find_spec("numpy")
    if spec is None or spec.origin is None:
        msg = "numpy is not installed beside grader"
        raise SandboxFault(msg)
    return [str(Path(spec.origin).parents[1])]
