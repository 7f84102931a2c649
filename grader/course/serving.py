"""The side on which a course's code runs: prepares it once, and forks what judges from that."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import pickle
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TextIO, TypeAlias

from grader.model.diagnostic import Diagnostic
from grader.solver.progress import Progress, watched_by

__all__ = [
    "PID",
    "SEAT",
    "Answer",
    "Kinds",
    "Request",
    "fork",
    "serve",
    "unpacked",
    "write_message",
]

Kinds: TypeAlias = Mapping[str, Callable[..., Any]]
"""What can be asked of a process that judges."""

PID = struct.Struct(">i")
SEAT = struct.Struct(">H")
_LENGTH = struct.Struct(">Q")
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of a process that judges."""

    what: str  #: a key of its `Kinds`
    arguments: tuple[Any, ...] = ()
    refused: frozenset[str] = frozenset()  #: functions that ran too long before


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a request; with a `fault` there is no value."""

    value: Any = None
    fault: str = ""  #: in words
    trace: str = ""  #: of the fault, for who looks for it in our code
    diagnostics: tuple[Diagnostic, ...] = ()  #: about the author's files


def fork(run: Callable[[], None], *, output: int, keep: Collection[int]) -> int:
    """Fork a process that does this, and give its id.

    It prints to `output`, reads nothing, and of the open files has those to `keep` and no others.
    It ends when it is done, and at once when the process that forked it ends.
    """
    _flush()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            _settle(parent, output, keep)
            run()
        except BaseException:  # noqa: BLE001 - whatever it is, nothing of the caller may go on here
            with contextlib.suppress(BaseException):
                traceback.print_exc()
        with contextlib.suppress(BaseException):
            _flush()
        os._exit(0)
    return pid


def _settle(parent: int, output: int, keep: Collection[int]) -> None:
    prctl = ctypes.CDLL(None).prctl
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)  # the key is in here
    if os.getppid() != parent:
        os._exit(1)
    os.setpgid(0, 0)  # so that a signal to its own group ends nothing of ours
    # Ctrl-C reaches all processes of a terminal: the one that watches ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for usual in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(usual, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - names of descriptors
        if int(name) > 2 and int(name) not in keep:
            # Not closed: an object that thinks it is its own would close the next of that number.
            with contextlib.suppress(OSError):
                os.dup2(nothing, int(name))
    sys.stdout = sys.__stdout__ = _printing_to(1)  # type: ignore[misc, assignment]  # a plain stream of text
    sys.stderr = sys.__stderr__ = _printing_to(2)  # type: ignore[misc, assignment]  # a plain stream of text


def _printing_to(descriptor: int) -> TextIO:
    return open(descriptor, "w", encoding="utf-8", errors="replace", closefd=False)


def _flush() -> None:
    """Whatever the course's code has put in their place."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


def serve(
    control: socket.socket,
    output: int,
    progress: Progress,
    seats: Sequence[Progress],
    prepare: Callable[[], tuple[Answer, Kinds | None]],
) -> None:
    """Prepare, say what came of it, and fork a process that judges whenever one is asked for.

    `prepare` gives what is said, and where that is not a fault also what can be asked for. Which of
    the `seats` is free for a process is said with the question for it.
    """
    watched_by(progress)
    own = os.getpid()
    os.register_at_fork(after_in_child=_not_watched)
    answer, kinds = prepare()
    _end_unless(own)
    _flush()
    write_message(control, answer)
    if kinds is None:
        return
    gc.freeze()  # what is prepared stays, and is shared by all that are forked
    while len(asked := control.recv(SEAT.size, socket.MSG_WAITALL)) == SEAT.size:
        _reap(os.WNOHANG)
        ours, theirs = socket.socketpair()
        seat = seats[SEAT.unpack(asked)[0]]
        seat.allow(progress.seconds)
        run = partial(_answer_all, theirs, seat, kinds)
        pid = fork(run, output=output, keep=(output, theirs.fileno()))
        theirs.close()
        with ours:
            socket.send_fds(control, [PID.pack(pid)], [ours.fileno()])
    _reap(0)  # who asked has ended them; else they stay, where the first process collects none


def _reap(flags: int) -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, flags)[0]:
            pass


def _not_watched() -> None:
    """What the course's code forks does not show its calls where ours are looked for."""
    watched_by(Progress())


def _end_unless(own: int) -> None:
    """A copy of this process, which the course's code forked and let go on, says nothing for it."""
    if os.getpid() != own:
        os._exit(0)


def _answer_all(requests: socket.socket, progress: Progress, kinds: Kinds) -> None:
    watched_by(progress)
    own = os.getpid()
    while (request := _read_message(requests)) is not None:
        progress.begin(request.refused)
        try:
            answer = Answer(value=kinds[request.what](*request.arguments))
        except Exception as error:  # noqa: BLE001 - told to the other side
            fault = f"{type(error).__name__}: {error}"
            answer = Answer(fault=fault, trace=traceback.format_exc())
        _end_unless(own)
        _flush()
        write_message(requests, answer)


def write_message(to: socket.socket, message: Any) -> None:
    """Send one object of ours."""
    packed = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    to.sendall(_LENGTH.pack(len(packed)))
    to.sendall(packed)


def _read_message(source: socket.socket) -> Any:
    """The next object that the other side sent, or None where there is no more to come."""
    taken = bytearray()
    while (message := unpacked(taken)) is None:
        chunk = source.recv(1 << 20)
        if not chunk:
            return None
        taken += chunk
    return message


def unpacked(taken: bytearray) -> Any:
    """The object that was sent with these bytes, once they are all there; None before that."""
    if len(taken) < _LENGTH.size:
        return None
    end = _LENGTH.size + _LENGTH.unpack_from(taken)[0]
    return pickle.loads(taken[_LENGTH.size : end]) if len(taken) >= end else None  # noqa: S301 - ours
