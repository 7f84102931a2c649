"""A student's code that asks the kernel for what a computation never needs."""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
from typing import Any

from rawcall import call, call_number

_NEW_USER = 0x10000000


def unshare_userns(told: dict[str, Any]) -> Any:
    """A namespace of its own, in which it would be root. Looked at in /proc where there is one."""
    call("unshare", _NEW_USER)
    return "unshared"


def clone3_userns(told: dict[str, Any]) -> Any:
    """A child in such a namespace, by the call whose flags no filter can see."""
    arguments = (ctypes.c_uint64 * 11)(_NEW_USER, 0, 0, 0, 17)
    pid = call("clone3", ctypes.byref(arguments), 88)
    if pid == 0:
        os._exit(0)
    return "cloned {}".format(pid)


def io_uring(told: dict[str, Any]) -> Any:
    """A ring through which files are opened without the calls that a filter watches."""
    return "ring {}".format(call("io_uring_setup", 1, (ctypes.c_char * 120)()))


def bpf(told: dict[str, Any]) -> Any:
    attributes = struct.pack("IIIIII", 2, 4, 4, 1, 0, 0).ljust(128, b"\0")
    return "map {}".format(call("bpf", 0, attributes, len(attributes)))


def perf_event(told: dict[str, Any]) -> Any:
    """Counts what another process does."""
    attributes = struct.pack("IIQ", 1, 112, 0).ljust(112, b"\0")
    return "counter {}".format(call("perf_event_open", attributes, told["victim"], -1, -1, 0))


def userfaultfd(told: dict[str, Any]) -> Any:
    """Holds the kernel up in the middle of a copy: the tool of many an exploit."""
    return "faults {}".format(call("userfaultfd", os.O_CLOEXEC | 1))


def x32_abi(told: dict[str, Any]) -> Any:
    """The same calls under other numbers."""
    if platform.machine() != "x86_64":
        return None
    return "called {}".format(call_number(0x40000000 | 39))


def foreign_abi(told: dict[str, Any]) -> Any:
    """A call by the gate of 32-bit programs: `int 0x80` with number 20, getpid."""
    import mmap

    if platform.machine() != "x86_64":
        return None
    code = bytes.fromhex("b814000000cd80c3")  # mov eax, 20; int 0x80; ret
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    got = ctypes.CFUNCTYPE(ctypes.c_int)(address)()
    return "called as {}".format(got) if got == os.getpid() else None


def chroot_escape(told: dict[str, Any]) -> Any:
    """Out of a changed root by the way that root has: another one, and up."""
    os.chroot(told["world"])
    for _ in range(30):
        os.chdir("..")
    os.chroot(".")
    return "outside" if os.path.exists(told["world"]) else "inside"


def raise_limits(told: dict[str, Any]) -> Any:
    """Takes its bounds away."""
    raised = []
    none = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    for which in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE):
        try:
            resource.setrlimit(which, none)
        except (OSError, ValueError):
            pass
        if resource.getrlimit(which) == none:
            raised.append(which)
    return "raised {}".format(raised) if raised else None


def become_root(told: dict[str, Any]) -> Any:
    """Back to who it may have been, and whatever that one may do."""
    for change in (os.setuid, os.seteuid, os.setgid, lambda _: os.setgroups([0])):
        try:
            change(0)
        except OSError:
            pass
    return "root" if 0 in os.getresuid() and _rights() else None


def _rights() -> int:
    """The capabilities in effect."""
    header = struct.pack("II", 0x20080522, 0)
    data = ctypes.create_string_buffer(24)
    call_number({"x86_64": 125, "aarch64": 90}[platform.machine()], header, data)
    low, _, _, high = struct.unpack_from("IIII", data.raw)
    return int(high << 32 | low)
