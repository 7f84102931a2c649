"""A private root and namespaces: what a student's process does not see, it cannot touch.

The zygote enters a room once. Each child then gets process numbers of its own, and a scratch
folder in memory that ends with it. Every step raises OSError if it fails.
"""

from __future__ import annotations

import builtins
import ctypes
import os
import signal
import struct
from typing import Any

import kernel

__all__ = ["DATA", "SCRATCH", "Room"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

DATA = "/grader-data"
SCRATCH = "/grader-scratch"
_SHARED = "/dev/shm"  # noqa: S108 - where libc looks for what processes share
_OLD = "/old"
_BASE = "/tmp"  # noqa: S108 - any folder that is there; the old root is seen whole from the new
_SCRATCH_MIB = 16
_SCRATCH_FILES = 2048
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


class Room:
    """What `readable` and `data` name is all that there is in it, and cannot be written."""

    def __init__(self, readable: list[str], data: str) -> None:
        self._readable = readable
        self._source = data
        self._own_pids = -1

    def enter(self, own_user: bool) -> None:
        """Go in. A user namespace gives an ordinary user what this needs; root does without.

        The process that calls this waits outside for the one that goes on, and ends with it.
        """
        user, group = os.getuid(), os.getgid()
        if own_user:
            kernel.call("unshare", kernel.CLONE_NEWUSER)
            _write("/proc/self/setgroups", "deny")
            _write("/proc/self/uid_map", "{0} {0} 1".format(user))
            _write("/proc/self/gid_map", "{0} {0} 1".format(group))
        before = _namespaces()
        kernel.call(
            "unshare",
            kernel.CLONE_NEWNS
            | kernel.CLONE_NEWNET
            | kernel.CLONE_NEWIPC
            | kernel.CLONE_NEWUTS
            | kernel.CLONE_NEWPID,
        )
        if before & _namespaces():  # what comes next would be done to the machine itself
            raise OSError("unshare: it was said to be done, and was not")
        outside = os.getpid()
        inside = os.fork()
        if inside:
            _wait_outside(inside)
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        os.stat("/proc/{}".format(outside))  # fails if it ended before it could take us with it
        self._own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY)
        self._build()

    def _build(self) -> None:
        _mount("none", "/", kernel.MS_REC | kernel.MS_PRIVATE)
        _mount("tmpfs", _BASE, kernel.MS_NOSUID | kernel.MS_NODEV, "tmpfs", "mode=755,size=1m")
        os.chdir(_BASE)
        os.mkdir("old")
        kernel.call("pivot_root", ".", "old")
        os.chdir("/")
        for path in sorted({*self._readable, *_DEVICES}):  # a folder comes before what lies in it
            self._bind(path, path)
        self._bind(self._source, DATA)
        os.mkdir(SCRATCH)
        os.mkdir(_SHARED)
        kernel.call("umount2", _OLD, kernel.MNT_DETACH)
        os.rmdir(_OLD)
        _protect("/", devices=True)  # with all that was bound, each as strict as before

    def _bind(self, source: str, place: str) -> None:
        """Show a file or folder of the old root here, and what a link on the way to it names."""
        real = _real(source)
        if real is None:
            return
        for shown in sorted({place, real if source == place else place}):
            if os.path.exists(shown):
                continue
            os.makedirs(os.path.dirname(shown), mode=0o755, exist_ok=True)
            if os.path.isdir(_OLD + real):
                os.mkdir(shown, 0o755)
            else:
                os.close(os.open(shown, os.O_CREAT | os.O_WRONLY, 0o644))
            _mount(_OLD + real, shown, kernel.MS_BIND | kernel.MS_REC)
            _protect(shown, devices=place in _DEVICES)

    def fork(self) -> int:
        """As os.fork; the child is the first process of a process namespace of its own."""
        kernel.call("unshare", kernel.CLONE_NEWPID)
        try:
            pid = os.fork()
        except BaseException:
            kernel.call("setns", self._own_pids, kernel.CLONE_NEWPID)
            raise
        if pid:
            kernel.call("setns", self._own_pids, kernel.CLONE_NEWPID)
        return pid

    def furnish(self, owner: int, limits: dict[str, Any]) -> list[str]:
        """In the child: folders to write in that nobody else sees. Their paths, scratch first.

        They are of `owner`, the user as whom the student's code uses files; 0 is who we are.
        """
        if os.getpid() != 1:
            raise OSError("unshare: it was said to be done, and was not")
        kernel.call("unshare", kernel.CLONE_NEWNS)
        # Processes share locks and queues through files in memory.
        folders = [SCRATCH, _SHARED] if limits["processes"] > 1 else [SCRATCH]
        size = max(_SCRATCH_MIB, limits["file_mib"])
        options = "mode=700,size={}m,nr_inodes={}".format(size, _SCRATCH_FILES)
        if owner:
            options += ",uid={0},gid={0}".format(owner)
        flags = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
        for folder in folders:
            _mount("tmpfs", folder, flags, "tmpfs", options)
        return folders


def _real(path: str) -> Any:
    """Where a path of the old root leads to, all links on the way followed; None if nowhere."""
    parts = [part for part in path.split("/") if part]
    real = ""
    for _ in range(400):
        if not parts:
            return real or "/"
        part = parts.pop(0)
        if part == "..":
            real = os.path.dirname(real).rstrip("/")
        elif part == ".":
            pass
        elif os.path.islink(_OLD + real + "/" + part):
            target = os.readlink(_OLD + real + "/" + part)
            real = "" if target.startswith("/") else real
            parts = [one for one in target.split("/") if one] + parts
        elif os.path.lexists(_OLD + real + "/" + part):
            real += "/" + part
        else:
            return None
    return None


def _mount(source: str, target: str, flags: int, kind: str = "", options: str = "") -> None:
    kernel.call("mount", source, target, kind, flags, options)


def _protect(path: str, devices: bool = False) -> None:
    """Nothing on this mount can be written; what else it forbids already stays forbidden."""
    flags = kernel.MOUNT_ATTR_RDONLY | kernel.MOUNT_ATTR_NOSUID
    if not devices:
        flags |= kernel.MOUNT_ATTR_NODEV
    change = ctypes.create_string_buffer(struct.pack("=4Q", flags, 0, 0, 0), 32)
    kernel.call("mount_setattr", kernel.AT_FDCWD, path, kernel.AT_RECURSIVE, change, 32)


def _namespaces() -> set[int]:
    return {os.stat("/proc/self/ns/" + name).st_ino for name in ("mnt", "net", "ipc", "uts")}


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as stream:
        stream.write(text)


def _wait_outside(inside: int) -> None:
    """Only wait: this process holds nothing, and ends when the one inside does."""
    os.closerange(0, 1 << 16)
    while True:
        try:
            os.waitpid(inside, 0)
        finally:
            os._exit(0)
