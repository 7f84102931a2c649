"""Whether a file lies on another machine: SQLite's shared memory does not work there."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["is_on_network"]

_NETWORK = ("nfs", "cifs", "smb", "9p", "afs", "ceph", "lustre", "gfs", "ocfs", "fuse.sshfs")
_MOUNTS = Path("/proc/self/mountinfo")


def is_on_network(path: Path, mounts: Path = _MOUNTS) -> bool:
    """What the kernel's table of mounts says of the folder that the file lies in."""
    device = os.stat(path.absolute().parent).st_dev  # noqa: PTH116 - of a folder that is there
    number = f"{os.major(device)}:{os.minor(device)}"
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) > 2 and fields[2] == number and after:
            return after.split()[0].startswith(_NETWORK)
    return False
