"""Run a command where the kernel gives no walls: `python without_walls.py CALL,… COMMAND …`.

The system calls named (by their numbers) answer ENOSYS from here on, for whatever is started too.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06  # of the kernel's classic filter language
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2


def refuse(numbers: list[int]) -> None:
    """Have the kernel answer these system calls with ENOSYS, in this process and its children."""
    code = [struct.pack("HBBI", _LOAD, 0, 0, 0)]
    for left, number in zip(range(len(numbers), 0, -1), numbers, strict=True):
        code.append(struct.pack("HBBI", _EQUAL, left, 0, number))
    code.append(struct.pack("HBBI", _RETURN, 0, 0, _ALLOW))
    code.append(struct.pack("HBBI", _RETURN, 0, 0, _ERRNO | errno.ENOSYS))
    program = ctypes.create_string_buffer(b"".join(code))
    header = ctypes.create_string_buffer(
        struct.pack("HxxxxxxP", len(code), ctypes.addressof(program))
    )
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for arguments in ((_NO_NEW_PRIVS, 1, 0), (_SET_SECCOMP, _FILTER, ctypes.addressof(header))):
        if prctl(arguments[0], *map(ctypes.c_ulong, arguments[1:]), 0, 0) != 0:
            sys.exit("the filter of this test cannot be installed")


if __name__ == "__main__":
    refuse([int(number) for number in sys.argv[1].split(",")])
    os.execv(sys.argv[2], sys.argv[2:])
