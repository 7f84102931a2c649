"""System calls by name, for attacks that the standard library has no function for."""

from __future__ import annotations

import ctypes
import os
import platform
import socket
from collections.abc import Callable
from typing import Any

NUMBERS = {
    "x86_64": {
        "add_key": 248,
        "bpf": 321,
        "clone3": 435,
        "creat": 85,
        "getrandom": 318,
        "io_uring_setup": 425,
        "keyctl": 250,
        "kill": 62,
        "memfd_create": 319,
        "mq_open": 240,
        "name_to_handle_at": 303,
        "open_by_handle_at": 304,
        "perf_event_open": 298,
        "pidfd_getfd": 438,
        "pidfd_open": 434,
        "pidfd_send_signal": 424,
        "process_vm_readv": 310,
        "ptrace": 101,
        "rt_sigqueueinfo": 129,
        "rt_tgsigqueueinfo": 297,
        "sendmmsg": 307,
        "shmctl": 31,
        "shmget": 29,
        "tgkill": 234,
        "timer_create": 222,
        "tkill": 200,
        "truncate": 76,
        "unshare": 272,
        "userfaultfd": 323,
    },
    "aarch64": {
        "add_key": 217,
        "bpf": 280,
        "clone3": 435,
        "getrandom": 278,
        "io_uring_setup": 425,
        "keyctl": 219,
        "kill": 129,
        "memfd_create": 279,
        "mq_open": 180,
        "name_to_handle_at": 264,
        "open_by_handle_at": 265,
        "perf_event_open": 241,
        "pidfd_getfd": 438,
        "pidfd_open": 434,
        "pidfd_send_signal": 424,
        "process_vm_readv": 270,
        "ptrace": 117,
        "rt_sigqueueinfo": 138,
        "rt_tgsigqueueinfo": 240,
        "sendmmsg": 269,
        "shmctl": 195,
        "shmget": 194,
        "tgkill": 131,
        "timer_create": 107,
        "tkill": 130,
        "truncate": 45,
        "unshare": 97,
        "userfaultfd": 282,
    },
}
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


def number(name: str) -> int:
    return NUMBERS[platform.machine()][name]


def call(name: str, *arguments: Any) -> int:
    """The result of a system call. Raises OSError as the functions of `os` do."""
    return call_number(number(name), *arguments)


def call_number(which: int, *arguments: Any) -> int:
    given = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    ctypes.set_errno(0)
    result = int(libc.syscall(ctypes.c_long(which), *given))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def attempt(*steps: Callable[[], Any]) -> None:
    """Each step, whether or not another was refused: behind one wall there may be no other."""
    for step in steps:
        try:
            step()
        except OSError:
            pass


def pipe() -> tuple[int, int]:
    """Two descriptors; what is written to the second can be read from the first."""
    try:
        return os.pipe()
    except OSError:
        reading, writing = socket.socketpair()
        return reading.detach(), writing.detach()
