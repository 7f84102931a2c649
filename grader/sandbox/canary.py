"""Attacks that no wall may let through, tried on decoys before any student's code is run.

What a machine says that it can do, and what its walls then stop, are two things: a kernel may
accept a rule and ignore it. So the walls are used once, by code that tries to get through.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.model.assignment import Limits
from grader.model.call import Call
from grader.sandbox.contract import Job, Sandbox
from grader.sandbox.folders import Folder

__all__ = ["try_walls"]

_TEXT = "decoy\n"
_LIMITS = Limits(wall_seconds=20, submission_seconds=40)

# The imports are part of the trial: what lies behind walls must still find Python's own library.
_SOURCE = """
import colorsys
import fcntl
import mmap
import os
import socket
import sys

import {package}


def reads(decoys, port, process):
    return open(decoys + "/decoy.txt").read()

def lists(decoys, port, process):
    return os.listdir(decoys)

def writes(decoys, port, process):
    open(decoys + "/written.txt", "w").close()
    return True

def truncates(decoys, port, process):
    os.truncate(decoys + "/decoy.txt", 0)
    return True

def truncates_by_opening(decoys, port, process):
    os.close(os.open(decoys + "/decoy.txt", os.O_RDONLY | os.O_TRUNC))
    return True

def connects_to_a_port(decoys, port, process):
    socket.create_connection(("127.0.0.1", port), 1).close()
    return True

def connects_to_a_socket(decoys, port, process):
    before = os.getcwd()
    os.chdir(decoys)  # the whole path may be longer than a socket's can be
    try:
        socket.socket(socket.AF_UNIX).connect("decoy.sock")
    finally:
        os.chdir(before)
    return True

def signals(decoys, port, process):
    if process == os.getpid():  # with numbers of its own, as the first process of a container
        raise ProcessLookupError
    os.kill(process, 0)
    return True

def has_signals_sent(decoys, port, process):
    ours, theirs = os.pipe()
    fcntl.fcntl(ours, fcntl.F_SETOWN, process)
    return True

def forks(decoys, port, process):
    if os.fork() == 0:
        os._exit(0)
    return True

def runs_a_program(decoys, port, process):
    os.execv("/bin/true", ["true"])

def has_memory_beyond_its_limit(decoys, port, process):
    mmap.mmap(-1, {too_much}).close()
    return True

def has_descriptors_of_others(decoys, port, process):
    for descriptor in range({own_descriptors}, 256):
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        return True
    raise FileNotFoundError

def escaped(decoys, port, process):
    os.listdir(os.getcwd())  # what the course provides is found, by its whole path too
    for folder in sys.path if {all_packages} else ():
        try:
            os.listdir(folder)
        except (FileNotFoundError, NotADirectoryError):
            pass
    through = []
    for attack in (has_descriptors_of_others, has_memory_beyond_its_limit, reads, lists, writes,
                   truncates, truncates_by_opening, connects_to_a_port, connects_to_a_socket,
                   signals, has_signals_sent, forks, runs_a_program):
        try:
            attack(decoys, port, process)
        except OSError:
            continue
        through.append(attack.__name__.replace("_", " "))
    return through
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decoys:
    folder: Path
    server: socket.socket  #: takes connections on a port
    local: socket.socket  #: takes connections by the path of a file

    @property
    def touched(self) -> bool:
        """Whether anything was done to them that the code inside does not need to tell."""
        for listening in (self.server, self.local):
            listening.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                listening.accept()[0].close()
                return True
        names = sorted(item.name for item in self.folder.iterdir())
        text = (self.folder / "decoy.txt").read_text(encoding="ascii")
        return text != _TEXT or names != ["decoy.sock", "decoy.txt"]


def try_walls(sandbox: Sandbox, *, with_numpy: bool = True, all_packages: bool = False) -> str:
    """What got through the walls, in words; nothing if they hold. Raises SandboxFault.

    With `all_packages` the folders of an interpreter's packages must be readable behind them.
    """
    with _decoys() as decoys:
        arguments = (str(decoys.folder), decoys.server.getsockname()[1], os.getpid())
        source = _SOURCE.format(
            package="numpy.polynomial" if with_numpy else "wave",
            all_packages=all_packages,
            too_much=2 * _LIMITS.memory_mib << 20,
            own_descriptors=5,  # of the worker's own, that the student's code finds
        )
        job = Job(
            files={"canary.py": source.encode()},
            provided="",
            calls=(Call(id="canary", group="canary", entry="escaped", arguments=arguments),),
            limits=_LIMITS,
        )
        response = sandbox.run(job).responses["canary"]
        if response.failure is not None:
            said = response.failure.message or response.failure.reason.value
            return f"code does not run behind it ({response.failure.exception or said}: {said})"
        if response.value:
            return f"code behind it {', '.join(map(str, response.value))}"
        return "code behind it reached a decoy" if decoys.touched else ""


@contextlib.contextmanager
def _decoys() -> Iterator[_Decoys]:
    """A file and a folder that everybody may read and write, and two sockets that listen."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(contextlib.closing(Folder())).path
        (folder / "decoy.txt").write_text(_TEXT, encoding="ascii")
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        local = stack.enter_context(socket.socket(socket.AF_UNIX))
        _bind(local, folder, "decoy.sock")
        local.listen()
        for path, mode in (("", 0o777), ("decoy.txt", 0o666), ("decoy.sock", 0o777)):
            (folder / path).chmod(mode)
        yield _Decoys(folder=folder, server=server, local=local)


def _bind(local: socket.socket, folder: Path, name: str) -> None:
    """Bind below a folder whose path may be longer than a socket's can be, by way of its number."""
    opened = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        local.bind(f"/proc/self/fd/{opened}/{name}")
    finally:
        os.close(opened)
