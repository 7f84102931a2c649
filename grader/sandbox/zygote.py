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
from grader.sandbox.identity import Identity, tasks_of
from grader.sandbox.interpreter import Interpreter
from grader.sandbox.walls import Walls

__all__ = ["Usage", "Zygote"]

_PROGRAM = Path(__file__).parent / "child" / "zygote.py"
_MESSAGE_BYTES = 1 << 16
_START_SECONDS = 120.0  # large packages may be preloaded
_ANSWER_SECONDS = 30.0
_END_SECONDS = 2.0
_LAST_WORDS = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a child used, as the kernel accounts for it."""

    cpu_seconds: float = 0.0
    resident_kib: int = 0
    signal: int = 0  #: that ended it, or had ended it before we did; 0 if none


class Zygote:
    """One process that has everything imported and forks a child at a time."""

    def __init__(
        self,
        interpreter: Interpreter,
        walls: Walls,
        *,
        folder: Path,
        preload: Sequence[str] = (),
    ) -> None:
        """Start it; `folder` holds what the course provides. Raises SandboxFault."""
        self.lets_processes_start = walls.tier == "basic"
        self._identity = Identity() if walls.other_identity else None
        with contextlib.ExitStack() as undo:  # there may be no descriptor left for the next one
            undo.callback(self._free_identity)
            self._said = tempfile.TemporaryFile()  # noqa: SIM115 - not a pipe, which could fill up
            undo.callback(self._said.close)
            self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            undo.pop_all()
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
            self._free_identity()
            msg = f"the interpreter for the student's code does not start: {error.strerror}"
            raise SandboxFault(msg) from error
        finally:
            theirs.close()
        try:
            self._begin(interpreter, walls, folder, preload)
        except BaseException:
            self.close()
            raise

    def _begin(
        self,
        interpreter: Interpreter,
        walls: Walls,
        folder: Path,
        preload: Sequence[str],
    ) -> None:
        hello = {
            "tier": walls.tier,
            "site": list(interpreter.site),
            "readable": list(interpreter.readable),
            "preload": list(preload),
            "data": str(folder),
            "names": sorted(item.name for item in folder.iterdir()),
            "identity": self._identity.number if self._identity else 0,
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

    @property
    def pid(self) -> int:
        return self._process.pid

    def spawn(self, request: Mapping[str, Any], descriptors: Sequence[int]) -> int:
        """Fork a child that serves on these: requests, replies, output. Raises SandboxFault.

        Gives its number as we see it; 0 where it cannot be seen.
        """
        _, sent = self._exchange({"do": "spawn", **request}, descriptors, _ANSWER_SECONDS)
        try:
            return _number_of(sent[0]) if sent else 0
        finally:
            for descriptor in sent:
                os.close(descriptor)

    def ask_where(self) -> None:
        """Have the child write to its replies where it stands. Raises SandboxFault."""
        self._ask({"do": "say where"}, (), _ANSWER_SECONDS)

    def end_child(self, within: float = 0.0) -> Usage:
        """End the child, if there is one, and all that it started. Raises SandboxFault.

        It is given so many seconds to end by itself: then how it ended was not our doing.
        """
        told = self._ask({"do": "end", "within": within}, (), _ANSWER_SECONDS + within)
        if not told["ended"]:
            return Usage()
        return Usage(
            cpu_seconds=told["cpu_seconds"],
            resident_kib=told["resident_kib"],
            signal=told["signal"],
        )

    def has_room_for_tasks(self, limits: Mapping[str, int]) -> bool:
        """Whether a child, of which none may be there now, could start all tasks it is allowed.

        Counted from outside, and tried by a process like it that runs none of a student's code.
        Raises SandboxFault.
        """
        if self._identity is not None and tasks_of(self._identity.number):
            return False
        tried = self._ask({"do": "try tasks", "limits": dict(limits)}, (), _ANSWER_SECONDS)
        return bool(tried["room"])

    def kill(self) -> None:
        """End it and its child at once; from any thread."""
        if not self.lets_processes_start:
            self._process.kill()
            return
        # What a student's code left running is found by the zygote alone, so it goes last.
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        self._process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        """End it, and wait until it has."""
        self._control.close()
        if self.lets_processes_start:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_END_SECONDS)
        self._process.kill()
        self._process.wait()
        self._said.close()
        self._free_identity()

    def _free_identity(self) -> None:
        if self._identity is not None:
            self._identity.close()

    def _ask(
        self, message: Mapping[str, Any], descriptors: Sequence[int], seconds: float
    ) -> dict[str, Any]:
        return self._exchange(message, descriptors, seconds)[0]

    def _exchange(
        self, message: Mapping[str, Any], descriptors: Sequence[int], seconds: float
    ) -> tuple[dict[str, Any], list[int]]:
        """Its answer, and the descriptor that may come with it."""
        self._control.settimeout(seconds)
        sent: list[int] = []
        try:
            packed = encode(dict(message), _MESSAGE_BYTES)
            socket.send_fds(self._control, [packed], list(descriptors))
            told, sent, _, _ = socket.recv_fds(self._control, _MESSAGE_BYTES, 1)
            answer = decode(told) if told else {"failed": "it ended"}
        except (OSError, CodecError) as error:
            msg = f"the process that starts the students' code does not answer: {error}"
            raise SandboxFault(msg) from error
        if "failed" in answer:
            raise SandboxFault(str(answer["failed"]))
        assert isinstance(answer, dict)
        return answer, sent

    def _last_words(self) -> str:
        """The last line of what an interpreter that cannot start says."""
        with contextlib.suppress(OSError):
            size = self._said.seek(0, os.SEEK_END)
            self._said.seek(max(0, size - _LAST_WORDS))
            said = self._said.read(_LAST_WORDS).decode("utf-8", "replace")
            return said.strip().split("\n")[-1][:300]
        return ""


def _number_of(pidfd: int) -> int:
    """Of a process that may have another number where it was started; 0 if it has none here."""
    with contextlib.suppress(OSError, ValueError):
        text = Path(f"/proc/self/fdinfo/{pidfd}").read_text(encoding="ascii")
        return max(0, int(text.partition("\nPid:")[2].split()[0]))
    return 0


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
