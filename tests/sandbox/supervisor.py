"""Set-up calls of the walls, watched one by one from outside, and answered in the kernel's place.

A helper process puts itself under a filter that asks us about some system calls (seccomp's user
notification); it and all that it starts wait for our answer: go on, an error, or a lie ("done").
Run as a program: `{"walls": …, "answers": […]}` comes in. A first run shows which calls there are;
then each of them, and where it is made more than once also the last, gets each answer, a run each.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grader.model.assignment import Limits
from grader.model.call import Call
from grader.sandbox import forked
from grader.sandbox.canary import try_walls
from grader.sandbox.child import kernel
from grader.sandbox.child.syscalls import NUMBERS
from grader.sandbox.contract import Job, SandboxFault
from grader.sandbox.interpreter import Interpreter, find_interpreter
from grader.sandbox.walls import Walls

__all__ = ["LIE", "supervised"]

LIE = 0  #: answer that a call was made which was not
_SECONDS = 20.0  # for one run
_MARK = 0o123  # what the student's code sets its umask to: we see it from here
_MARKED = """
import os
open("data.py").close()
os.umask(0o123)

def f():
    return 1
"""
_WATCHED = """
    setsid unshare setns mount umount2 pivot_root mount_setattr prctl setrlimit prlimit64 setgroups
    setresgid setresuid setreuid setregid setuid setgid chdir symlink symlinkat
    landlock_create_ruleset landlock_add_rule landlock_restrict_self capset seccomp close_range
    dup2 dup3 clone clone3 fork vfork mkdir mkdirat rmdir unlinkat umask chroot
    pidfd_open
"""
_PRCTL = {
    1: "PDEATHSIG", 4: "DUMPABLE", 24: "CAPBSET_DROP", 36: "CHILD_SUBREAPER", 38: "NO_NEW_PRIVS",
}  # fmt: skip
_LIMITS = {
    getattr(resource, name): name.removeprefix("RLIMIT_")
    for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_NPROC")
}
_FILES = {
    b"/proc/self/oom_score_adj", b"/proc/self/setgroups", b"/proc/self/uid_map",
    b"/proc/self/gid_map",
}  # fmt: skip
_MOUNTS = ((0x1000, "bind"), (0x40000, "private"))
_NEW = {0x20000: "NS", 0x10000000: "USER", 0x20000000: "PID"}
_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_CONTINUE = 1
_ALLOW = 0x7FFF0000
_OPENING = os.O_PATH | os.O_CREAT | os.O_WRONLY


@dataclass(slots=True)
class _Run:
    """One run of the helper: who was seen, what they called, what came of it."""

    tier: str
    failing: tuple[str, int, int] | None
    depths: dict[int, int] = field(default_factory=dict)  #: of each process below the command
    calls: list[str] = field(default_factory=list)
    ran: bool = False  #: whether a line of the student's code was run

    def answer(self, pid: int, name: str, arguments: tuple[int, ...]) -> int | None:
        """None to go on, else an error number or LIE."""
        if pid not in self.depths:
            self.depths[pid] = self.depths.get(_parent(pid), -1) + 1
        if name == "umask":
            self.ran |= arguments[0] == _MARK
            return None
        key = self._key(pid, name, arguments)
        if not key:
            return None
        self.calls.append(key)
        if self.failing is None:
            return None
        wanted, occurrence, answer = self.failing
        now = answer == LIE or self.calls.count(key) == occurrence  # a liar lies every time
        return answer if key == wanted and now else None

    def _key(self, pid: int, name: str, arguments: tuple[int, ...]) -> str:
        detail = ""
        if name == "prctl":
            detail = _PRCTL.get(arguments[0], "")
        elif name in ("setrlimit", "prlimit64"):
            if name == "prlimit64" and not arguments[2]:
                return ""
            which = arguments[0] if name == "setrlimit" else arguments[1]
            detail, name = _LIMITS.get(which, ""), "setrlimit"
        elif name in ("open", "openat"):
            detail, name = self._opened(pid, arguments[name == "openat" :]), "open"
        elif name == "unshare":
            detail = next(word for bit, word in _NEW.items() if arguments[0] & bit)
        elif name == "mount":
            detail = next((word for bit, word in _MOUNTS if arguments[3] & bit), "tmpfs")
        elif name in ("fork", "vfork", "clone", "clone3"):
            name = "fork"
        else:
            name = {"symlinkat": "symlink", "mkdirat": "mkdir", "dup3": "dup2"}.get(name, name)
            detail = "-"
        if not detail and name != "fork":
            return ""
        who = ("command", "zygote", "child") if self.tier != "full" else _IN_FULL
        role = who[min(self.depths[pid], len(who) - 1)]
        return " ".join(part for part in (role, name, detail) if part not in ("", "-"))

    @staticmethod
    def _opened(pid: int, arguments: tuple[int, ...]) -> str:
        if arguments[1] & os.O_PATH:
            return "O_PATH"
        with contextlib.suppress(OSError), Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
            memory.seek(arguments[0])
            path = memory.read(64).split(b"\0")[0]
            if path in _FILES:
                return path.decode()
        return "O_CREAT" if arguments[1] & os.O_CREAT else ""


_IN_FULL = ("command", "zygote", "room", "child")


def _parent(pid: int) -> int:
    text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    return int(text.rpartition(")")[2].split()[1])


def supervised(walls: Walls, failing: tuple[str, int, int] | None) -> dict[str, Any]:
    """What came of a job of this program's own in a sandbox with these walls."""
    names = {number: name for name, number in NUMBERS[os.uname().machine].items()}
    run = _Run(tier=walls.tier, failing=failing)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    helper = os.fork()
    if helper == 0:
        ours.close()
        _help(walls, theirs, tried=failing is not None and failing[2] == LIE)
    theirs.close()
    outcome = ""
    try:
        _, (listener,), _, _ = socket.recv_fds(ours, 16, 1)
        waiting = select.poll()
        waiting.register(ours, select.POLLIN)
        waiting.register(listener, select.POLLIN)
        deadline = time.monotonic() + _SECONDS
        while not outcome:
            ready = dict(waiting.poll(max(0, 1000 * (deadline - time.monotonic()))))
            if not ready:
                outcome = "nothing came of it in time"
            elif ours.fileno() in ready:
                outcome = ours.recv(1 << 16).decode() or "the helper ended"
            elif ready[listener] & select.POLLIN:
                with contextlib.suppress(OSError):
                    _serve(listener, run, names)
        os.close(listener)
    finally:
        ours.close()
        for pid in {helper, *run.depths}:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        os.waitpid(helper, 0)
    return {"outcome": outcome, "ran": run.ran, "calls": Counter(run.calls)}


def _serve(listener: int, run: _Run, names: dict[int, str]) -> None:
    notice = bytearray(80)
    fcntl.ioctl(listener, _RECEIVE, notice, True)
    ident, pid, _, number, _, _, *arguments = struct.unpack("=QIIiIQ6Q", notice)
    answer = run.answer(pid, names[number], tuple(arguments))
    if answer is None:
        reply = struct.pack("=QqiI", ident, 0, 0, _CONTINUE)
    else:
        reply = struct.pack("=QqiI", ident, 0, -answer, 0)
    fcntl.ioctl(listener, _SEND, bytearray(reply), True)


def _help(walls: Walls, control: socket.socket, *, tried: bool) -> None:
    """Be the command: go under the filter, run a job, tell what came of it. Never returns.

    The walls may be `tried` first, as they are before anything is marked.
    """
    said = "it failed"
    try:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.geteuid() == 0:  # whatever is done to mounts stays in here
            kernel.call("unshare", kernel.CLONE_NEWNS)
            kernel.call("mount", "none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE, None)
        listener = _listener()
        socket.send_fds(control, [b"listener"], [listener])
        os.close(listener)
        call = Call(id="f", group="f", entry="f")
        job = Job(
            files={"f.py": _MARKED.encode()},
            provided="",
            calls=(call,),
            limits=Limits(),
            data={"data.py": Path(__file__)},
        )
        # What is refused once would be run again, and go well then.
        vars(forked)["run_again_if_hindered"] = lambda run, _stopped: run(False)
        sandbox = forked.ForkSandbox(walls)
        try:
            noticed = try_walls(sandbox, with_numpy=False) if tried else ""
            if noticed:
                raise SandboxFault(noticed)
            response = sandbox.run(job).responses["f"]
            said = f"answered {response.value}" if response.failure is None else "failed"
            if response.failure is not None:
                said += f": {response.failure}"
        except SandboxFault as fault:
            said = f"refused: {fault}"
        finally:
            sandbox.close()
    except BaseException as error:  # noqa: BLE001 - told, and looked at by the test
        said = f"{type(error).__name__}: {error}"
    finally:
        control.send(said.encode()[: 1 << 15])
        os._exit(0)


def _listener() -> int:
    """A filter that asks about every watched call, and the descriptor to be asked on."""
    table = NUMBERS[kernel.MACHINE]
    numbers = [table[name] for name in _WATCHED.split() if name in table]
    code = [(0x20, 0, 0, 0)]
    for name, flags in (("open", 24), ("openat", 32)):  # most files are opened to be read
        code += [(0x15, 0, 3, table.get(name, 0xFFFF)), (0x20, 0, 0, flags)]
        code += [(0x45, len(numbers) + 2 + 4 * (name == "open"), 0, _OPENING), (0x06, 0, 0, _ALLOW)]
    code += [(0x15, len(numbers) - i, 0, number) for i, number in enumerate(numbers)]
    code += [(0x06, 0, 0, _ALLOW), (0x06, 0, 0, 0x7FC00000)]
    packed = b"".join(struct.pack("=HBBI", *item) for item in code)
    program = ctypes.create_string_buffer(packed, len(packed))
    header = struct.pack("=H6xQ", len(code), ctypes.addressof(program))
    pointer = ctypes.create_string_buffer(header, len(header))
    try:
        return int(kernel.call("seccomp", kernel.SECCOMP_SET_MODE_FILTER, 8, pointer))
    except OSError as error:
        if error.errno != errno.EACCES:
            raise
    kernel.no_new_privs()
    return int(kernel.call("seccomp", kernel.SECCOMP_SET_MODE_FILTER, 8, pointer))


def _bare(path: str) -> Interpreter:
    """Without numpy, for it takes as long to import as all the rest does."""
    return replace(find_interpreter(path), site=())


def _main() -> None:
    told = json.load(sys.stdin)
    walls = Walls(**told["walls"])
    forked.find_interpreter = _bare  # type: ignore[assignment, attr-defined]  # in its place
    first = supervised(walls, None)
    outcomes = []
    for answer in told["answers"]:
        for key, times in first["calls"].items():
            if answer == LIE and key.endswith("fork"):
                continue  # each side would take itself for the other
            for occurrence in sorted({1, times} if told["last"] and answer != LIE else {1}):
                outcome = supervised(walls, (key, occurrence, answer))
                del outcome["calls"]
                outcomes.append([key, occurrence, answer, outcome])
    json.dump([first, outcomes], sys.stdout)


if __name__ == "__main__":
    _main()
