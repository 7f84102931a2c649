"""The sandbox: a zygote for each worker, and a child of it for each submission.

How much its walls keep out is its tier; see docs/security.md.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from grader.model.assignment import Limits
from grader.sandbox import machine
from grader.sandbox.again import run_again_if_hindered
from grader.sandbox.child import wire
from grader.sandbox.contract import Job, JobResult, SandboxFault
from grader.sandbox.folders import Folder
from grader.sandbox.gate import Gate
from grader.sandbox.interpreter import Interpreter, find_interpreter
from grader.sandbox.run import Run
from grader.sandbox.walls import Walls
from grader.sandbox.zygote import Zygote

__all__ = ["ForkSandbox"]

#: What the working folder is called where there is a private root: its path, and its name.
_IN_ROOM = ("/grader-scratch", "grader-scratch", "/grader-data", "grader-data")
_EMPTY = Job(files={}, provided="", calls=(), limits=Limits())
_OURS = str(Path(wire.__file__).parent)
#: Where an editable installation says that it lies, in a note that code can read.
_CHECKOUT = str(Path(wire.__file__).parents[3])


class ForkSandbox:
    """Runs jobs from many threads; each has a zygote to itself while it runs."""

    def __init__(self, walls: Walls, *, python: str = "") -> None:
        """`python` is the interpreter of jobs that name none."""
        self.tier = walls.tier
        self.variant = ""  #: how the walls are built here, in words
        self._walls = walls
        self._python = python
        self._lock = threading.Lock()
        self._stopped = False
        self._gate = Gate()
        self._most: dict[Limits, int] = {}  #: as it was before any child of these limits ran
        self._grounds: dict[tuple[object, ...], _Ground] = {}
        self._running: set[Zygote] = set()

    def run(self, job: Job) -> JobResult:
        if job.limits.processes > 1 and self.tier == "container":
            msg = (
                f"the assignment allows {job.limits.processes} processes, and the walls of the "
                "tier container cannot keep more than one within bounds"
            )
            raise SandboxFault(msg)
        return run_again_if_hindered(partial(self._run, job), lambda: self._stopped)

    def _run(self, job: Job, alone: bool) -> JobResult:
        """One run, as soon as there is room for it."""
        room = self._room(job.limits)
        try:
            with self._gate.passed(room, alone=alone):
                if alone and room:
                    machine.wait_for_room(job.limits, lambda: self._stopped)
                ground = self._ground(job)
                with self._borrowed(ground) as zygote:
                    on_disk = self.tier == "basic"
                    names = ground.names
                    run = Run(job, zygote, on_disk=on_disk, folders=names, alone=alone)
                    return run.finish()
        except OSError as error:  # no memory, descriptors, processes or disk left
            msg = f"the student's code cannot be run here: {error.strerror}"
            raise SandboxFault(msg) from error

    def _room(self, limits: Limits) -> int:
        """How many children of these limits run at a time: as processors and memory allow."""
        with self._lock:
            if limits not in self._most:
                self._most[limits] = min(machine.at_once(), machine.fitting(limits))
            return self._most[limits]

    def warm_up(self) -> None:
        """Start what a first job needs. Raises SandboxFault."""
        with self._borrowed(self._ground(_EMPTY)) as zygote:
            self.variant = self._walls.describe(zygote.landlock)

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            self._gate.close()
            for zygote in self._running:
                zygote.kill()

    def close(self) -> None:
        with self._lock:
            self._stopped = True
            for ground in self._grounds.values():
                ground.clear()
            self._grounds.clear()

    def _ground(self, job: Job) -> _Ground:
        """What zygotes of jobs like this one have in common."""
        python = job.python or self._python
        key = (python, job.preload, tuple(job.data.items()))
        with self._lock:
            if key not in self._grounds:
                for other in self._grounds.values():  # another assignment: theirs are not needed
                    other.end_idle()
                self._grounds[key] = _Ground(find_interpreter(python), job)
            return self._grounds[key]

    @contextlib.contextmanager
    def _borrowed(self, ground: _Ground) -> Iterator[Zygote]:
        """A zygote for one job. One that failed is not used again."""
        with self._lock:
            zygote = ground.take()
        if zygote is None:
            zygote = Zygote(
                ground.interpreter,
                self._walls,
                folder=ground.folder,
                preload=ground.preload,
            )
        try:
            with self._lock:
                self._running.add(zygote)
                if self._stopped:
                    msg = "the marking was stopped"
                    raise SandboxFault(msg)
            yield zygote
        except BaseException:
            zygote.close()
            raise
        else:
            ground.idle.append(zygote)
        finally:
            with self._lock:
                self._running.discard(zygote)


class _Ground:
    """What jobs stand on: an interpreter, what is imported in it, and the course's data."""

    def __init__(self, interpreter: Interpreter, job: Job) -> None:
        self.interpreter = interpreter
        self.preload = job.preload
        self._kept = Folder()
        self.folder = self._kept.path
        self.idle: list[Zygote] = []
        for name, source in job.data.items():
            place = self.folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, place)
            else:
                shutil.copyfile(source, place)
        for item in (self.folder, *self.folder.rglob("*")):
            item.chmod(0o555 if item.is_dir() else 0o444)

    def take(self) -> Zygote | None:
        """One that waits for a job; those that somebody ended meanwhile are put away."""
        while self.idle:
            zygote = self.idle.pop()
            if not zygote.has_ended(within=0):
                return zygote
            zygote.close()
        return None

    @property
    def names(self) -> dict[str, str]:
        """Folders that a traceback or a warning may name, and what is shown in their place."""
        hidden = (_OURS, _CHECKOUT, *self.interpreter.places)
        inner_first = sorted(hidden, key=len, reverse=True)
        own = (str(self.folder), self.folder.name, *_IN_ROOM)
        return dict.fromkeys(own, ".") | dict.fromkeys(inner_first, "…")

    def end_idle(self) -> None:
        while self.idle:
            self.idle.pop().close()

    def clear(self) -> None:
        self.end_idle()
        self._kept.close()
