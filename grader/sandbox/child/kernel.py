"""System calls by name, through libc, and the constants that the walls use of them."""

from __future__ import annotations

import builtins
import ctypes
import os
import platform
import sys
from typing import Any

from syscalls import NUMBERS

__all__ = ["MACHINE", "call", "no_new_privs", "prctl"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

#: The machine whose numbers this process uses; empty where there is no table for it.
MACHINE = platform.machine() if sys.platform == "linux" and sys.maxsize > 1 << 32 else ""
if MACHINE not in NUMBERS:
    MACHINE = ""

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_GET_NAME = 16
PR_CAPBSET_READ = 23
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_GET_NO_NEW_PRIVS = 39

CLONE_NEWNS = 0x20000
CLONE_NEWUTS = 0x4000000
CLONE_NEWIPC = 0x8000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_NOSUID = 0x2
MS_NODEV = 0x4
MS_NOEXEC = 0x8
MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000
MNT_DETACH = 0x2

AT_FDCWD = -100
AT_RECURSIVE = 0x8000
MOUNT_ATTR_RDONLY = 0x1
MOUNT_ATTR_NOSUID = 0x2
MOUNT_ATTR_NODEV = 0x4

SECCOMP_SET_MODE_FILTER = 1


def _syscall() -> Any:
    """libc's own, with room for a number and six arguments."""
    libc = ctypes.CDLL(None, use_errno=True)
    function = libc.syscall
    # Variadic, so every argument has to be as wide as a register; a pointer takes numbers too.
    function.argtypes = [ctypes.c_long] + [ctypes.c_void_p] * 6
    function.restype = ctypes.c_long
    return function


_call = _syscall() if MACHINE else None
_numbers = NUMBERS.get(MACHINE, {})


def call(name: str, *arguments: Any) -> int:
    """What a system call returns. Raises OSError with its name, also where it does not exist.

    Arguments are whole numbers, None for a null pointer, text or bytes (passed as C strings), or
    what ctypes takes for a pointer.
    """
    number = _numbers.get(name)
    if _call is None or number is None:
        raise OSError(38, "{}: not on this machine".format(name))  # ENOSYS
    given = [os.fsencode(item) if isinstance(item, str) else item for item in arguments]
    result: int = _call(number, *given, *[None] * (6 - len(given)))
    if result == -1:
        error = ctypes.get_errno()
        raise OSError(error, "{}: {}".format(name, os.strerror(error)))
    return result


def prctl(option: int, *arguments: Any) -> int:
    return call("prctl", option, *arguments)


def no_new_privs() -> None:
    """Nothing started from here on gains rights by being started. Filters and rulesets need it."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)
