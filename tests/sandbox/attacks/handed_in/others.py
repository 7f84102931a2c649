"""A student's code that does something to other processes, or starts some of its own."""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import signal
import socket
import subprocess
import time
from typing import Any

from rawcall import attempt, call, pipe

_F_SETSIG = 10
_F_SETOWN_EX = 15
_FIOSETOWN, _SIOCSPGRP, _FIOASYNC = 0x8901, 0x8902, 0x5452


def kill_parent_probe(told: dict[str, Any]) -> Any:
    """Asks whether the process that started it, or the grader, is there: signal 0 does no harm."""
    found = []
    for pid in (os.getppid(), told["grader"]):
        if pid > 1:  # 0 is this process's own group
            try:
                os.kill(pid, 0)
                found.append("there is {}".format(pid))
            except OSError:
                pass
    return found or None


def kill_parent(told: dict[str, Any]) -> Any:
    """The process that started it; where that is the grader, another instead."""
    pid = os.getppid()
    os.kill(pid if pid not in (0, told["grader"]) else told["victim"], signal.SIGKILL)
    time.sleep(0.1)


def kill_decoy(told: dict[str, Any]) -> Any:
    os.kill(told["victim"], signal.SIGKILL)


def kill_sibling(told: dict[str, Any]) -> Any:
    """The process of another student, whose code runs at the same time."""
    os.kill(told["sibling"], signal.SIGKILL)


def kill_by_other_calls(told: dict[str, Any]) -> Any:
    """Each call that sends a signal, but for kill itself."""
    pid = told["victim"]
    info = (ctypes.c_int * 32)(signal.SIGKILL, 0, -1)
    attempt(
        lambda: call("tkill", pid, 9),
        lambda: call("tgkill", pid, pid, 9),
        lambda: call("rt_sigqueueinfo", pid, 9, info),
        lambda: call("rt_tgsigqueueinfo", pid, pid, 9, info),
        lambda: call("pidfd_send_signal", call("pidfd_open", pid, 0), 9, None, 0),
    )


def fcntl_setown_kill(told: dict[str, Any]) -> Any:
    """The kernel sends the signal, to whom the descriptor says."""
    reading, writing = pipe()
    attempt(
        lambda: fcntl.fcntl(reading, fcntl.F_SETOWN, told["victim"]),
        lambda: fcntl.fcntl(reading, _F_SETSIG, signal.SIGKILL),
        lambda: fcntl.fcntl(reading, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK),
        lambda: os.write(writing, b"x"),
    )


def fcntl_setown_ex_kill(told: dict[str, Any]) -> Any:
    reading, writing = pipe()
    owner = (ctypes.c_int * 2)(1, told["victim"])
    attempt(
        lambda: fcntl.fcntl(reading, _F_SETOWN_EX, bytes(owner)),
        lambda: fcntl.fcntl(reading, _F_SETSIG, signal.SIGKILL),
        lambda: fcntl.fcntl(reading, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK),
        lambda: fcntl.ioctl(reading, _FIOASYNC, (ctypes.c_int * 1)(1)),
        lambda: os.write(writing, b"x"),
    )


def ioctl_setown_kill(told: dict[str, Any]) -> Any:
    """The same owner set by ioctl; the signal it sends then (SIGIO) ends whom nothing guards."""
    for request in (_FIOSETOWN, _SIOCSPGRP):
        one, other = socket.socketpair()
        _signal_owner(one, other, request, told["victim"])


def _signal_owner(one: socket.socket, other: socket.socket, request: int, owner: int) -> None:
    attempt(
        lambda: fcntl.ioctl(one, request, (ctypes.c_int * 1)(owner)),
        lambda: fcntl.ioctl(one, _FIOASYNC, (ctypes.c_int * 1)(1)),
        lambda: fcntl.fcntl(one, fcntl.F_SETFL, os.O_ASYNC),
        lambda: other.send(b"x"),
    )


def setpriority_user(told: dict[str, Any]) -> Any:
    """Slows another process. Not all of the user's, as the call also could: these are not ours."""
    os.setpriority(os.PRIO_PROCESS, told["victim"], 15)


def prlimit_other(told: dict[str, Any]) -> Any:
    resource.prlimit(told["victim"], resource.RLIMIT_NOFILE, (57, 57))


def sched_other(told: dict[str, Any]) -> Any:
    pid = told["victim"]
    attempt(
        lambda: os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0)),
        lambda: os.sched_setaffinity(pid, {min(os.sched_getaffinity(0))}),
    )


def _keep_open() -> None:
    """What the program that follows has open, or it would be taken for ended."""
    for descriptor in range(3, 64):
        try:
            os.set_inheritable(descriptor, True)
        except OSError:
            pass


def exec_sh(told: dict[str, Any]) -> Any:
    _keep_open()
    os.execv("/bin/sh", ["sh", "-c", "echo shell-$((6 * 7)); sleep 0.2"])


def spawn_sh(told: dict[str, Any]) -> Any:
    return subprocess.run(["/bin/sh", "-c", "echo shell-$((6 * 7))"], stdout=-1).stdout


def exec_memory(told: dict[str, Any]) -> Any:
    """A program that is no file: written to memory, and run from there."""
    descriptor = call("memfd_create", b"program", 0)
    os.write(descriptor, b"#!/bin/sh\necho shell-$((6 * 7)); sleep 0.2\n")
    _keep_open()
    os.execve(descriptor, ["program"], {})


def daemon_survivor(told: dict[str, Any]) -> Any:
    """Leaves its group, its parents and its environment, by which it could be found."""
    if os.fork():
        time.sleep(0.3)
        return "left one"
    attempt(os.setsid, lambda: os.fork() and os._exit(0))
    attempt(lambda: os.execve("/bin/sleep", ["sleep", "20"], {}))
    time.sleep(20)
    os._exit(0)


def leftover_processes(told: dict[str, Any]) -> Any:
    """As careless code leaves them: in a session of their own, with nothing hidden."""
    for _ in range(3):
        subprocess.Popen(["/bin/sleep", "20"], start_new_session=True)
    return "left three"


def forked_child_goes_on(told: dict[str, Any]) -> Any:
    """A copy of itself that goes on when it is done, in the same group."""
    if not os.fork():
        time.sleep(20)
        os._exit(0)
    return "left one"
