"""A student's code that uses the machine up: processes, threads, memory, time, output.

Each has a bound of its own, so that nothing is harmed where nothing stops it.
"""

from __future__ import annotations

import ctypes
import functools
import mmap
import os
import signal
import sys
import threading
import time
from typing import Any

from rawcall import attempt, call

_MIB = 1 << 20


def fork_bomb(told: dict[str, Any]) -> Any:
    started = 0
    for _ in range(60):
        try:
            if not os.fork():
                time.sleep(1.5)
                os._exit(0)
        except OSError:
            break
        started += 1
    time.sleep(0.3)
    return started


def _threads(count: int, stack: int) -> int:
    threading.stack_size(stack)
    stop = threading.Event()
    started = []
    try:
        for _ in range(count):
            thread = threading.Thread(target=stop.wait, args=(2,), daemon=True)
            thread.start()
            started.append(thread)
    except (RuntimeError, MemoryError):
        pass
    time.sleep(0.2)
    stop.set()
    return len(started)


def thread_bomb(told: dict[str, Any]) -> Any:
    return _threads(300, 4 * _MIB)


def thread_bomb_small(told: dict[str, Any]) -> Any:
    """With little stack each, so that the bound on memory does not stop them."""
    return _threads(400, 64 << 10)


def mem_bomb(told: dict[str, Any]) -> Any:
    """1.2 GiB of address space in pieces; none of it is touched."""
    kept = [mmap.mmap(-1, 64 * _MIB) for _ in range(19)]
    return len(kept) * 64


def memfd_bomb(told: dict[str, Any]) -> Any:
    """Memory that is a file, and counts as neither."""
    written = 0
    for n in range(120):
        descriptor = call("memfd_create", b"n%d" % n, 0)
        written += os.write(descriptor, bytes(_MIB))
    return written // _MIB


def shared_memory_bomb(told: dict[str, Any]) -> Any:
    """Memory that stays when the process is gone."""
    segments = [call("shmget", 0, 4 * _MIB, 0o1600) for _ in range(8)]
    for segment in segments:
        attempt(functools.partial(call, "shmctl", segment, 0, None))
    return len(segments)


def pipe_bomb(told: dict[str, Any]) -> Any:
    """Memory in the kernel: pipes made as large as they may be, and filled."""
    import fcntl

    filled = 0
    for _ in range(64):
        try:
            _, writing = os.pipe()
            fcntl.fcntl(writing, 1031, _MIB)
            os.set_blocking(writing, False)
            filled += os.write(writing, bytes(_MIB))
        except OSError:
            break
    return filled // _MIB


def socket_bomb(told: dict[str, Any]) -> Any:
    """Memory in the kernel again: pairs of sockets that hold what nobody reads. Up to 160 MiB."""
    import resource
    import socket

    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (OSError, ValueError):
        pass
    kept, filled = [], 0
    try:
        while filled < 160 * _MIB:
            pair = socket.socketpair()
            kept.append(pair)
            for one in pair:
                filled += _fill(one)
    except OSError:
        pass
    return filled // _MIB


def _fill(one: Any) -> int:
    one.setblocking(False)
    filled, block = 0, bytes(1 << 16)
    try:
        while True:
            filled += one.send(block)
    except BlockingIOError:
        return filled


def timer_bomb(told: dict[str, Any]) -> Any:
    """Timers, of which all processes of one user may have only so many together."""
    made, timer = 0, ctypes.c_void_p()
    while made < 5000:
        try:
            call("timer_create", 1, None, ctypes.byref(timer))
        except OSError:
            break
        made += 1
    return made


def infinite_loop(told: dict[str, Any]) -> Any:
    while True:
        pass


def sleep_forever(told: dict[str, Any]) -> Any:
    while True:
        time.sleep(1000)


def sigstop_self(told: dict[str, Any]) -> Any:
    while True:
        os.kill(os.getpid(), signal.SIGSTOP)
        time.sleep(1000)


def ignore_signals(told: dict[str, Any]) -> Any:
    for which in set(range(1, 65)) - {9, 19, 32, 33}:
        try:
            signal.signal(which, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        time.sleep(1000)


def huge_stdout(told: dict[str, Any]) -> Any:
    for _ in range(40):
        os.write(1, b"x" * _MIB)
    return "written"


def huge_result(told: dict[str, Any]) -> Any:
    return "x" * (4 * _MIB)


def stack_overflow(told: dict[str, Any]) -> Any:
    sys.setrecursionlimit(10**8)

    def deeper(n: int) -> int:
        return max(map(deeper, [n + 1]))

    return deeper(0)


def segfault(told: dict[str, Any]) -> Any:
    return ctypes.string_at(8)
