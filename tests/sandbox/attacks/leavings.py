"""What outlives a process in the kernel: shared memory and queues, looked for and taken away."""

from __future__ import annotations

import ctypes
import platform

__all__ = ["remove_segment", "segment", "unlink_queue"]

_MQ_UNLINK = {"x86_64": 241, "aarch64": 181}


def segment(key: int) -> int:
    """The segment with this key, or -1."""
    return int(ctypes.CDLL(None).shmget(key, 0, 0))


def remove_segment(key: int) -> None:
    found = segment(key)
    if found >= 0:
        ctypes.CDLL(None).shmctl(found, 0, None)


def unlink_queue(name: str) -> None:
    ctypes.CDLL(None).syscall(_MQ_UNLINK[platform.machine()], name.encode())
