"""The walls of a tier, in the order in which they go up; every step that fails refuses to run.

The zygote first encloses itself in what all of its children share (`enclose`); a child then locks
itself down (`lock_down`) before it gets any source. Each step raises OSError if it fails.
"""

from __future__ import annotations

import _thread
import builtins
import os
import resource
import signal
from typing import Any

import kernel
import namespaces
import privileges
from landlock import Ruleset, abi
from seccomp import Filter

__all__ = ["Confinement"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_MIB = 1 << 20
_TASKS_BESIDE = 256  # where a student's tasks and the user's other ones are counted together
_TASKS_OF_ROOM = 2  # the zygote, and the process that waits outside of it
_DESCRIPTORS = 256  # what sockets and pipes hold counts as nobody's memory
_TIMERS = 256  # and signals that wait: the kernel's memory too
_SMALL_STACK = 1 << 16
_FIRST_SPARE = 5  # 0 to 2, requests and replies come before


class Confinement:
    """The walls that `hello` asks for.

    `tier`; `readable`, paths that code may read; `data`, the folder of what the course provides,
    and `names`, what lies in it; `identity`, the user to become, or 0 to stay, and `keep_reading`
    as the old one; `own_user`, whether the room needs a user namespace; `abi`, the newest Landlock
    to use.
    """

    def __init__(self, hello: dict[str, Any]) -> None:
        self.tier: str = hello["tier"]
        self._hello = hello
        while os.open(os.devnull, os.O_RDONLY) < _FIRST_SPARE:
            pass  # a child's own descriptors come here: nothing of ours may lie in their way
        self.landlock = 0 if self.tier == "basic" else min(abi(), hello["abi"])
        self._space = _address_space()
        self._filters: dict[bool, Any] = {}
        self._ruleset: Any = None
        self._room: Any = None
        self._writable: list[str] = []
        self._parent = 0
        self._beside = 0

    def enclose(self) -> None:
        """What is the same for every child is done once, here. Another process may go on."""
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as stream:
            stream.write("1000")  # if memory runs out, a student's process goes first
        if self.tier == "basic":
            kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
        else:
            self._count_tasks()
            if self.tier == "full":
                self._room = namespaces.Room(self._hello["readable"], self._hello["data"])
                self._room.enter(self._hello["own_user"])
            else:
                readable = [*self._hello["readable"], self._hello["data"]]
                self._ruleset = Ruleset(readable, [os.devnull], most=self._hello["abi"])
            privileges.give_up_gaining()
            machine = os.uname().machine
            for processes in (False, True):
                self._filters[processes] = Filter(machine, processes=processes)
        self._parent = os.getpid()

    def _count_tasks(self) -> None:
        """How many tasks the kernel will count together with a student's own."""
        if self._hello["identity"]:
            self._beside = 0
        elif self._hello["own_user"]:
            self._beside = _TASKS_OF_ROOM
        else:
            self._beside = _tasks_of_user() + _TASKS_BESIDE

    def fork(self) -> int:
        """As os.fork; in `full` the child is the first process of a namespace of its own."""
        return int(self._room.fork()) if self._room is not None else os.fork()

    def has_room_for_tasks(self, limits: dict[str, Any]) -> bool:
        """Whether a child could have all the tasks that it may: one that runs no code of theirs."""
        try:
            pid = self.fork()
        except OSError:
            return False
        if pid == 0:
            refused = 1
            try:
                if self._hello["identity"]:
                    privileges.become(
                        self._hello["identity"], keep_reading=self._hello["keep_reading"]
                    )
                self._limit_tasks(limits)
                if self.tier != "basic":
                    privileges.drop_capabilities()  # with some of them a limit is none
                _thread.stack_size(_SMALL_STACK)
                held = _thread.allocate_lock()
                held.acquire()
                for _ in range(limits["threads"] + limits["processes"] - 2):
                    _thread.start_new_thread(held.acquire, ())
                refused = 0
            finally:
                os._exit(refused)
        return os.waitpid(pid, 0)[1] == 0

    def keep_only(self, descriptors: list[int]) -> None:
        """Requests, replies and output come to their places; everything else is closed."""
        requests, replies, output = descriptors
        # Not one that lies ready: the flags of that would be seen by the submissions to come.
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(requests, 3, inheritable=False)
        os.dup2(replies, 4, inheritable=False)
        os.dup2(output, 1)
        os.dup2(output, 2)
        first = _FIRST_SPARE
        if self._ruleset is not None:
            os.closerange(first, self._ruleset.fd)
            first = self._ruleset.fd + 1
        kernel.call("close_range", first, 0xFFFFFFFF, 0)

    def lock_down(self, request: dict[str, Any]) -> None:
        """All walls of the tier around this process, for good."""
        limits, identity = request["limits"], self._hello["identity"]
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        os.setsid()
        self._settle(request["scratch"], limits, identity)
        if identity:
            privileges.become(identity, keep_reading=self._hello["keep_reading"])
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)  # not before: another user clears it
        if os.getppid() not in (self._parent, 0):
            raise OSError("the process that started this one has gone")
        self._limit(limits)
        if self.tier == "basic":
            return
        if self._room is not None:
            self._ruleset = Ruleset(["/"], [*self._writable, os.devnull], most=self._hello["abi"])
        self._ruleset.restrict()
        self._ruleset.close()
        privileges.drop_capabilities()
        self._filters[limits["processes"] > 1].install(os.getpid())

    def _settle(self, scratch: str, limits: dict[str, Any], identity: int) -> None:
        """Go where a student's code works, and have what the course provides there."""
        data = self._hello["data"]
        if self._room is not None:
            data, scratch = namespaces.DATA, namespaces.SCRATCH
            reads_as = 0 if self._hello["keep_reading"] else identity
            self._writable = self._room.furnish(reads_as, limits)
        os.chdir(scratch or data)
        os.environ.update(HOME=scratch or data, TMPDIR=scratch or data)
        if scratch:
            for name in self._hello["names"]:
                os.symlink(os.path.join(data, name), name)

    def _limit(self, limits: dict[str, Any]) -> None:
        """Bounds that the kernel keeps. Address space counts from what the interpreter has."""
        space = self._space + limits["memory_mib"] * _MIB
        size = limits["file_mib"] * _MIB
        cpu = limits["cpu_seconds"]
        _bound(resource.RLIMIT_AS, space, space)
        _bound(resource.RLIMIT_CPU, cpu, cpu + 1)
        _bound(resource.RLIMIT_FSIZE, size, size)
        _bound(resource.RLIMIT_CORE, 0, 0)
        _bound(resource.RLIMIT_NOFILE, _DESCRIPTORS, _DESCRIPTORS)
        _bound(resource.RLIMIT_SIGPENDING, _TIMERS, _TIMERS)
        self._limit_tasks(limits)

    def _limit_tasks(self, limits: dict[str, Any]) -> None:
        tasks = self._beside + limits["threads"] + limits["processes"] - 1
        if self.tier != "basic":
            _bound(resource.RLIMIT_NPROC, tasks, tasks)


def _bound(which: int, soft: int, hard: int) -> None:
    """Never above what the machine's owner allows."""
    allowed = resource.getrlimit(which)[1]
    if allowed != resource.RLIM_INFINITY:
        soft, hard = min(soft, allowed), min(hard, allowed)
    resource.setrlimit(which, (soft, hard))


def _address_space() -> int:
    with open("/proc/self/statm", encoding="ascii") as stream:
        return int(stream.read().split()[0]) * resource.getpagesize()


def _tasks_of_user() -> int:
    own, tasks = os.getuid(), 0
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and os.stat("/proc/" + name).st_uid == own:
                tasks += len(os.listdir("/proc/{}/task".format(name)))
        except OSError:
            pass  # it ended meanwhile
    return tasks
