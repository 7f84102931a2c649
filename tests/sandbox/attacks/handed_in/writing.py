"""A student's code that changes files and folders that are not its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from rawcall import call

_MIB = 1 << 20


def fill_disk(told: dict[str, Any]) -> Any:
    """48 MiB into each folder that lets it, one MiB a file."""
    written = 0
    for folder in (".", told["world"], "/dev/shm", "/tmp", "/var/tmp"):
        for n in range(48 if folder in (".", told["world"]) else 1):
            name = os.path.join(folder, "{}-{}".format(told["mark"], n))
            try:
                with open(name, "wb") as stream:
                    written += stream.write(bytes(_MIB))
            except OSError:
                break
            if folder not in (".", told["world"]):
                os.unlink(name)
    return written // _MIB


def inode_bomb(told: dict[str, Any]) -> Any:
    made = 0
    for folder in (told["world"], "."):
        for n in range(2400):
            try:
                os.close(os.open(os.path.join(folder, "n{}".format(n)), os.O_CREAT | os.O_WRONLY))
            except OSError:
                break
            made += 1
        if made == 2400:
            break
    return made


def write_world_dir(told: dict[str, Any]) -> Any:
    with open(os.path.join(told["world"], "mine"), "w") as stream:
        return stream.write("mine")


def symlink_plant(told: dict[str, Any]) -> Any:
    os.symlink("/etc/passwd", os.path.join(told["world"], "planted"))


def rename_own_file(told: dict[str, Any]) -> Any:
    os.rename(told["own"], os.path.join(told["world"], "taken"))


def remove_own_file(told: dict[str, Any]) -> Any:
    os.unlink(told["own"])


def chmod_own_file(told: dict[str, Any]) -> Any:
    for path in (told["own"], told["data"]):
        _each(
            path,
            lambda path: os.chmod(path, 0o666),
            lambda path: os.fchmod(os.open(path, os.O_RDONLY), 0o666),
        )


def _each(path: str, *ways: Callable[[str], Any]) -> None:
    for way in ways:
        try:
            way(path)
        except (KeyError, OSError):
            pass


def utime_own_file(told: dict[str, Any]) -> Any:
    for path in (told["own"], told["data"], "train.csv"):
        _each(
            path,
            lambda path: os.utime(path, (1, 1)),
            lambda path: os.utime(os.open(path, os.O_RDONLY), (1, 1)),
        )


def setxattr_own_file(told: dict[str, Any]) -> Any:
    for path in (told["own"], told["data"], "train.csv"):
        try:
            os.setxattr(path, "user.decoy", b"1")
        except OSError:
            pass


def truncate_own_file(told: dict[str, Any]) -> Any:
    """Older Landlock does not see this: the file need not be opened."""
    os.truncate(told["own"], 0)


def truncate_by_open(told: dict[str, Any]) -> Any:
    """Older Landlock takes it for reading."""
    os.close(os.open(told["own"], os.O_RDONLY | os.O_TRUNC))


def truncate_data_file(told: dict[str, Any]) -> Any:
    """A file that the sandbox itself lets be read, by each way there is."""
    ways: tuple[Callable[[str], Any], ...] = (
        lambda path: os.truncate(path, 0),
        lambda path: os.open(path, os.O_RDONLY | os.O_TRUNC),
        lambda path: os.open(path, os.O_WRONLY | os.O_TRUNC),
        lambda path: os.open(path, os.O_RDWR | os.O_TRUNC),
        lambda path: os.open(path, 3 | os.O_TRUNC),  # an access mode that is none
        lambda path: os.ftruncate(os.open(path, os.O_RDWR), 0),
        lambda path: call("creat", os.fsencode(path), 0o644),
        lambda path: call("truncate", os.fsencode(path), 0),
    )
    for path in (told["data"], "train.csv"):
        _each(path, *ways)


def write_data_file(told: dict[str, Any]) -> Any:
    for path in (told["data"], "train.csv"):
        for flags in (os.O_WRONLY, os.O_RDWR, os.O_WRONLY | os.O_APPEND):
            try:
                os.write(os.open(path, flags), b"changed")
            except OSError:
                pass
