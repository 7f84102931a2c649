"""The template process of one worker: started, asked for children, and ended."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.sandbox.child.wire import CodecError, decode, encode
from grader.sandbox.contract import SandboxFault
from grader.sandbox.interpreter import Interpreter
from grader.sandbox.walls import Walls

__all__ = ["Usage", "Zygote"]

_PROGRAM = Path(__file__).parent / "child" / "zygote.py"
_MESSAGE_BYTES = 1 << 16
_START_SECONDS = 120.0  # large packages may be preloaded
_ANSWER_SECONDS = 30.0
_END_SECONDS = 2.0
_LAST_WORDS = 4096
_IDENTITIES = range(61000, 61184)  # free of what Debian, Fedora and systemd give out


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a child used, as the kernel accounts for it."""

    cpu_seconds: float = 0.0
    resident_kib: int = 0
    signal: int = 0  #: that ended it; 0 if none did


class Zygote:
    """One process that has everything imported and forks a child at a time."""

    def __init__(
        self,
        interpreter: Interpreter,
        walls: Walls,
        *,
        folder: Path,
        preload: Sequence[str] = (),
        slot: int = 0,
    ) -> None:
        """Start it; `folder` holds what the course provides. Raises SandboxFault."""
        self._forbids_processes = walls.tier != "basic"
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - not a pipe, which could fill up
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._process = subprocess.Popen(
                # Not -I: it would ignore PYTHONHASHSEED, and sets would print in any order.
                [interpreter.path, "-s", "-S", "-B", str(_PROGRAM), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._said,
                pass_fds=(theirs.fileno(),),
                cwd="/",
                env=_environment(folder),
                start_new_session=True,
            )
        except OSError as error:
            self._control.close()
            self._said.close()
            msg = f"the interpreter for the student's code does not start: {error.strerror}"
            raise SandboxFault(msg) from error
        finally:
            theirs.close()
        try:
            self._begin(interpreter, walls, folder, preload, slot)
        except BaseException:
            self.close()
            raise

    def _begin(
        self,
        interpreter: Interpreter,
        walls: Walls,
        folder: Path,
        preload: Sequence[str],
        slot: int,
    ) -> None:
        number = _IDENTITIES[(os.getpid() * 16 + slot) % len(_IDENTITIES)]
        hello = {
            "tier": walls.tier,
            "site": list(interpreter.site),
            "readable": list(interpreter.readable),
            "preload": list(preload),
            "data": str(folder),
            "names": sorted(item.name for item in folder.iterdir()),
            "identity": number if walls.other_identity else 0,
            "keep_reading": walls.keep_reading,
            "own_user": walls.own_user,
            "abi": walls.newest_abi,
        }
        try:
            self.landlock = int(self._ask(hello, (), _START_SECONDS)["landlock"])
        except SandboxFault as fault:
            said = self._last_words()
            msg = f"the interpreter for the student's code does not start: {said or fault}"
            raise SandboxFault(msg) from fault
        self._said.close()

    def has_ended(self, within: float = _END_SECONDS) -> bool:
        """Whether it ends within this time, after it did not answer."""
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            return False
        return True

    def spawn(self, request: Mapping[str, Any], descriptors: Sequence[int]) -> None:
        """Fork a child that serves on these: requests, replies, output. Raises SandboxFault."""
        self._ask({"do": "spawn", **request}, descriptors, _ANSWER_SECONDS)

    def end_child(self) -> Usage:
        """End the child, if there is one, and all that it started. Raises SandboxFault."""
        told = self._ask({"do": "end"}, (), _ANSWER_SECONDS)
        if not told["ended"]:
            return Usage()
        return Usage(
            cpu_seconds=told["cpu_seconds"],
            resident_kib=told["resident_kib"],
            signal=told["signal"],
        )

    def kill(self) -> None:
        """End it and its child at once; from any thread."""
        if self._forbids_processes:
            self._process.kill()
            return
        # What a student's code left running is found by the zygote alone, so it goes last.
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        self._process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        """End it, and wait until it has."""
        self._control.close()
        if not self._forbids_processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_END_SECONDS)
        self._process.kill()
        self._process.wait()
        self._said.close()

    def _ask(
        self, message: Mapping[str, Any], descriptors: Sequence[int], seconds: float
    ) -> dict[str, Any]:
        self._control.settimeout(seconds)
        try:
            packed = encode(dict(message), _MESSAGE_BYTES)
            socket.send_fds(self._control, [packed], list(descriptors))
            told = self._control.recv(_MESSAGE_BYTES)
            answer = decode(told) if told else {"failed": "it ended"}
        except (OSError, CodecError) as error:
            msg = f"the process that starts the students' code does not answer: {error}"
            raise SandboxFault(msg) from error
        if "failed" in answer:
            raise SandboxFault(str(answer["failed"]))
        assert isinstance(answer, dict)
        return answer

    def _last_words(self) -> str:
        """The last line of what an interpreter that cannot start says."""
        with contextlib.suppress(OSError):
            size = self._said.seek(0, os.SEEK_END)
            self._said.seek(max(0, size - _LAST_WORDS))
            said = self._said.read(_LAST_WORDS).decode("utf-8", "replace")
            return said.strip().split("\n")[-1][:300]
        return ""


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of ours. One BLAS thread: more of them cost start-up time and address space."""
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {
        **threads,
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "MALLOC_ARENA_MAX": "2",
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0",
    }
