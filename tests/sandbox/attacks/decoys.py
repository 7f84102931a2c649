"""What attacks are led to, and what became of it, seen from outside.

Everything here belongs to the test that made it: files in a folder of their own, sockets on the
loopback interface, one process that sleeps. `told` is all that an attack learns about it.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.sandbox.attacks.leavings import remove_segment, segment, unlink_queue
from tests.sandbox.attacks.watching import Watch, alive

__all__ = ["DATA", "SECRET", "Scene", "data_file", "expose"]

#: What nobody but the trusted side is to know. Built here, so that no file holds it.
SECRET = "-".join(["DECOY", secrets.token_hex(16)])
#: What the course provides to all students.
DATA = "1,2,3\n" * 100
_OWN_SIZE = 1000
_VICTIM = """
import ctypes, os, sys, time
ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1))  # lets others trace it, where that is asked
held = ctypes.create_string_buffer(os.environ["COURSE_DECOY"].encode())
file = os.open("held", os.O_RDWR | os.O_CREAT)
os.write(file, held.value)
print(ctypes.addressof(held), file, flush=True)
sys.stdin.read(1)
"""


class Scene:
    """The decoys of one test. A context manager; leaving it takes everything away."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        #: Open to all, or an attack by another user would fail before it came to any wall.
        self.folder = Path(tempfile.mkdtemp(prefix="decoys-", dir="/tmp"))
        self._stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.chmod(0o755)
        self.mark = f"decoy-{secrets.token_hex(8)}"
        self.told: dict[str, Any] = {"mark": self.mark, "grader": os.getpid()}
        self.visits: list[socket.socket] = []
        self.watch: Watch | None = None
        self.sibling_harmed: Callable[[], bool] = lambda: False

    def __enter__(self) -> Scene:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, *needs: str) -> Scene:
        for need in ("files", *needs):
            _MAKERS[need](self)
        return self

    def files(self) -> None:
        course = self.folder / "course"
        world = self.folder / "world"
        course.mkdir()
        world.mkdir()
        world.chmod(0o777)
        self.size = 1000 + secrets.randbelow(50_000)
        contents = {
            "answers.yaml": SECRET.ljust(self.size),
            "key.txt": SECRET,
            "own.txt": "o" * _OWN_SIZE,
            "train.csv": DATA,
            SECRET: "",
        }
        for name, text in contents.items():
            (course / name).write_text(text)
            (course / name).chmod(0o600 if name == "key.txt" else 0o644)
        (course / "latest").symlink_to(f"/nowhere/{SECRET}")
        self.own, self.data, self.world = course / "own.txt", course / "train.csv", world
        self._before = {path: _state(path) for path in (self.own, self.data)}
        self.told.update(
            course=str(course),
            world=str(world),
            answers=str(course / "answers.yaml"),
            key=str(course / "key.txt"),
            own=str(self.own),
            data=str(self.data),
            link=str(course / "latest"),
        )

    def changed(self) -> bool:
        """Whether a file of the course's is not what it was."""
        return any(_state(path) != before for path, before in self._before.items())

    def in_world(self) -> int:
        """Entries in the folder that everybody may write to."""
        return len(list(self.world.iterdir()))

    def world_mib(self) -> float:
        return sum(entry.lstat().st_size for entry in self.world.iterdir()) / (1 << 20)

    def victim(self) -> None:
        """A process of the same user's, with the secret in all places where a process has one."""
        home = self.folder / SECRET
        home.mkdir()
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _VICTIM, SECRET],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=home,
            env={"COURSE_DECOY": SECRET},
        )
        self._stack.enter_context(process)
        self._stack.callback(process.kill)
        assert process.stdout is not None
        address, file = map(int, process.stdout.readline().split())
        self.process = process
        self._as_born = _standing(process.pid)
        self.told.update(victim=process.pid, address=address, victim_file=file)

    def victim_dead(self) -> bool:
        """A signal takes a moment to arrive."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(0.2)
        return self.process.returncode is not None

    def victim_changed(self) -> bool:
        return not self.victim_dead() and _standing(self.process.pid) != self._as_born

    def _listen(self, kind: socket.SocketKind, family: int, address: Any) -> socket.socket:
        listener = self._stack.enter_context(socket.socket(family, kind))
        listener.bind(address)
        if kind == socket.SOCK_STREAM:
            listener.listen()
        listener.setblocking(False)
        self.visits.append(listener)
        return listener

    def tcp(self) -> None:
        listener = self._listen(socket.SOCK_STREAM, socket.AF_INET, ("127.0.0.1", 0))
        self.told["tcp"] = listener.getsockname()[1]
        free = self._stack.enter_context(socket.socket())
        free.bind(("127.0.0.1", 0))
        self.told["free"] = free.getsockname()[1]
        free.close()

    def udp(self) -> None:
        listener = self._listen(socket.SOCK_DGRAM, socket.AF_INET, ("127.0.0.1", 0))
        self.told["udp"] = listener.getsockname()[1]

    def unix(self) -> None:
        for name, kind in (("unix", socket.SOCK_STREAM), ("unix_datagrams", socket.SOCK_DGRAM)):
            path = str(self.folder / name)
            self._listen(kind, socket.AF_UNIX, path)
            Path(path).chmod(0o777)
            self.told[name] = path

    def abstract(self) -> None:
        kinds = {"abstract": socket.SOCK_STREAM, "abstract_datagrams": socket.SOCK_DGRAM}
        for name, kind in kinds.items():
            self.told[name] = f"{self.mark}-{name}"
            self._listen(kind, socket.AF_UNIX, f"\0{self.told[name]}")

    def visited(self) -> bool:
        """Whether anybody came to one of the sockets."""
        return any(map(_called_on, self.visits))

    def memory(self) -> None:
        """A number for a segment of shared memory that nobody has."""
        self.told["shm"] = key = 1 + secrets.randbelow(1 << 30)
        self._stack.callback(remove_segment, key)

    def has_segment(self) -> bool:
        return segment(self.told["shm"]) >= 0

    def sibling(self) -> None:
        """Without walls: just another process. A tier has another student's instead."""
        self.victim()
        self.told["sibling"] = self.process.pid
        self.sibling_harmed = self.victim_dead

    def shared(self) -> None:
        self._stack.callback(lambda: Path(f"/dev/shm/{self.mark}").unlink(missing_ok=True))
        self._stack.callback(unlink_queue, self.mark)

    def has_shared_file(self) -> bool:
        return Path(f"/dev/shm/{self.mark}").exists()

    def earlier(self) -> None:
        """Another student's work, with the secret in it, was run before."""
        self.told["earlier"] = True

    def watched(self) -> None:
        self.watch = self._stack.enter_context(Watch(self.told.get("free", 0), self.told["data"]))

    @property
    def seen_by_watch(self) -> Watch:
        assert self.watch is not None
        return self.watch

    def survivors(self) -> list[int]:
        """Processes that came after the watch began and are still there."""
        deadline = time.monotonic() + 0.3  # what was just killed takes a moment to go
        while left := [pid for pid in self.seen_by_watch.new_processes() if alive(pid)]:
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        return left


_MAKERS: Mapping[str, Callable[[Scene], None]] = {
    "files": Scene.files,
    "victim": Scene.victim,
    "tcp": Scene.tcp,
    "udp": Scene.udp,
    "unix": Scene.unix,
    "abstract": Scene.abstract,
    "memory": Scene.memory,
    "shared": Scene.shared,
    "sibling": Scene.sibling,
    "earlier": Scene.earlier,
    "watch": Scene.watched,
}


def expose(stack: contextlib.ExitStack) -> None:
    """Give this process what a grader may have: the secret in its environment and its files."""
    os.environ["COURSE_DECOY"] = SECRET
    stack.callback(os.environ.pop, "COURSE_DECOY")
    file = os.memfd_create("course", 0)
    stack.callback(os.close, file)
    os.write(file, SECRET.encode())
    os.set_inheritable(file, True)


@functools.cache
def data_file() -> Path:
    """The course's data. One for all tests: a sandbox gets its processes ready for the data."""
    folder = Path(tempfile.mkdtemp(prefix="decoys-", dir="/tmp"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    path = folder / "train.csv"
    path.write_text(DATA)
    return path


def _state(path: Path) -> tuple[Any, ...]:
    """All of a file but when it was read."""
    try:
        stat = path.stat()
        return (
            stat.st_mode,
            stat.st_uid,
            stat.st_mtime_ns,
            path.read_bytes(),
            tuple(os.listxattr(path)),
        )
    except FileNotFoundError:
        return ()


def _standing(pid: int) -> tuple[Any, ...]:
    """How the kernel treats a process."""
    status = Path(f"/proc/{pid}/limits").read_text()
    return (
        os.getpriority(os.PRIO_PROCESS, pid),
        os.sched_getscheduler(pid),
        os.sched_getaffinity(pid),
        status,
    )


def _called_on(listener: socket.socket) -> bool:
    try:
        if listener.type == socket.SOCK_STREAM:
            listener.accept()[0].close()
        else:
            listener.recv(100)
    except BlockingIOError:
        return False
    return True
