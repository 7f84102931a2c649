"""Folders of ours for temporary files, and what was left of those by runs that were killed."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import re
import secrets
import shutil
import stat
import tempfile
import time
from pathlib import Path

__all__ = ["Folder", "remove_abandoned"]

_PREFIX = "grader-run-"
_NAME = re.compile(re.escape(_PREFIX) + r"[a-z0-9_]{8}")
_OPEN: dict[Path, int] = {}  #: with the process that made them
_YOUNGEST_SECONDS = 60.0  # one that was just made may not be locked yet


class Folder:
    """A new folder that nobody else takes away, as long as this process runs. To be closed."""

    def __init__(self) -> None:
        self.path = _made()
        self._lock = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        with contextlib.suppress(OSError):  # some file systems have no locks
            fcntl.flock(self._lock, fcntl.LOCK_SH | fcntl.LOCK_NB)

    def close(self) -> None:
        """Remove it with all that is in it."""
        _remove(self.path)
        _OPEN.pop(self.path, None)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def _made() -> Path:
    """A folder that goes with this process, also where a signal ends us at the next line."""
    parent = Path(tempfile.gettempdir()).resolve()
    while True:
        path = parent / f"{_PREFIX}{secrets.token_hex(4)}"
        _OPEN[path] = os.getpid()
        try:
            path.mkdir(mode=0o700)
        except BaseException as error:
            if not isinstance(error, KeyboardInterrupt):
                del _OPEN[path]
            if not isinstance(error, FileExistsError):
                raise
        else:
            return path


@atexit.register
def _remove_open() -> None:
    for path, maker in tuple(_OPEN.items()):
        if maker == os.getpid():
            _remove(path)


def remove_abandoned() -> None:
    """Remove the folders of ours that nobody has locked: the kernel unlocks them at the end."""
    with contextlib.suppress(OSError):
        for entry in os.scandir(tempfile.gettempdir()):
            if _NAME.fullmatch(entry.name):
                with contextlib.suppress(OSError):
                    _remove_if_abandoned(entry.path)


def _remove_if_abandoned(path: str) -> None:
    opened = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        status = os.fstat(opened)
        old = time.time() - max(status.st_mtime, status.st_ctime) > _YOUNGEST_SECONDS
        if old and status.st_uid == os.geteuid() and stat.S_ISDIR(status.st_mode):
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove(Path(path))
    finally:
        os.close(opened)


def _remove(path: Path) -> None:
    """Also where it, or a folder below it, was made read-only."""
    with contextlib.suppress(OSError):  # somebody else may have tidied up
        path.chmod(0o755)
        for folder, folders, _ in os.walk(path):
            for name in folders:
                below = Path(folder, name)
                if not below.is_symlink():
                    below.chmod(0o755)
    shutil.rmtree(path, ignore_errors=True)
