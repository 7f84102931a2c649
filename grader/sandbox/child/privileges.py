"""Giving up what a process may do, for good. Every step raises OSError if it fails."""

from __future__ import annotations

import builtins
import ctypes
import os
import struct

import kernel

__all__ = ["become", "drop_capabilities", "give_up_gaining"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_LAST_CAPABILITY = 63
_EINVAL = 22
_VERSION_3 = 0x20080522  # of linux/capability.h: two words a set
_NONE = ctypes.create_string_buffer(struct.pack("=6I", 0, 0, 0, 0, 0, 0))
_HEADER = ctypes.create_string_buffer(struct.pack("=Ii", _VERSION_3, 0))


def give_up_gaining() -> None:
    """No program that is started gives rights; nobody of the same user may look into this one."""
    for capability in range(_LAST_CAPABILITY + 1):
        try:
            # Only what is there: to root in a container that took all of them away, nothing is.
            if kernel.prctl(kernel.PR_CAPBSET_READ, capability):
                _drop_for_good(capability)
        except OSError as error:
            if error.errno == _EINVAL:  # this kernel knows no capability of this number
                break
            raise
    kernel.no_new_privs()
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)


def _drop_for_good(capability: int) -> None:
    """Root can, and has to. Others may have none to drop any with, and have none of it either."""
    try:
        kernel.prctl(kernel.PR_CAPBSET_DROP, capability)
    except OSError:
        if os.geteuid() == 0:
            raise


def become(identity: int, *, keep_reading: bool) -> None:
    """Be another user, with a group of the same number and no other.

    With `keep_reading` files are read as the user who one was, and the other one is who counts for
    the number of tasks: for an installation of Python that only its owner can read.
    """
    os.setgroups([])
    if keep_reading:
        os.setresgid(identity, -1, -1)
        os.setresuid(identity, -1, -1)
    else:
        os.setresgid(identity, identity, identity)
        os.setresuid(identity, identity, identity)
    real = {os.getuid(), os.getgid()}
    effective = set() if keep_reading else {os.geteuid(), os.getegid()}
    if real | effective != {identity} or os.getgroups():
        raise OSError("setresuid: it was said to be done, and was not")


def drop_capabilities() -> None:
    """Of what root may do, and what a user namespace gave, nothing is left."""
    kernel.call("capset", _HEADER, _NONE)
