"""What lies in a folder that was handed in: listed and read without following anything."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import stat
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

__all__ = [
    "CannotRead",
    "Passed",
    "SubmissionFault",
    "Tree",
    "is_file",
    "is_folder",
    "is_junk",
    "list_tree",
    "open_below",
    "read_below",
]

_DEEPEST = 12
_MOST_ENTRIES = 5_000
_OF_COURSES = ("assignments", "reference", "examples")
_OF_AN_ENVIRONMENT = "pyvenv.cfg"
#: What opening says of a link, a socket, a device without a driver, and of what has gone.
_NO_FILE = {errno.ELOOP, errno.ENXIO, errno.ENODEV, errno.ENOENT, errno.ENOTDIR, errno.EISDIR}
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
#: Windows opens no folders. There a student's own files are read, which nobody changes meanwhile.
_OPENS_FOLDERS = hasattr(os, "O_DIRECTORY") and os.open in os.supports_dir_fd


class SubmissionFault(Exception):
    """A path given on the command line holds no submission."""


class CannotRead(Exception):
    """The machine does not let us read a file that is there; says why."""


class Passed(StrEnum):
    """Why something in a folder was not looked at; the words are in `notes.py`."""

    LINK = "link"
    STRANGE = "strange"
    CLOSED = "closed"
    DEEP = "deep"
    COMPILED = "compiled"
    ENVIRONMENT = "environment"
    COURSE = "course"
    MORE = "more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The regular files below a folder by their path in it, and what was passed over."""

    files: tuple[str, ...]
    passed: tuple[tuple[Passed, str], ...] = ()


def is_junk(name: str) -> bool:
    """What computers leave in folders without being asked."""
    return name.startswith(".") or name == "__MACOSX"


def is_file(path: Path) -> bool:
    """Whether there is one. Unlike Path.is_file, false in a folder that may not be entered."""
    return os.path.isfile(path)  # noqa: PTH113 - as said


def is_folder(path: Path) -> bool:
    """Whether there is one, as far as can be seen."""
    return os.path.isdir(path)  # noqa: PTH112 - the same


def list_tree(folder: Path, wanted: Collection[str] = ()) -> Tree:
    """List a folder, the upper levels first. Raises SubmissionFault if it cannot be read.

    Links are never followed, and nothing is opened but folders. At most 5000 entries are looked at,
    twelve folders deep; of these `wanted` are found even so.
    """
    files: list[str] = []
    passed: list[tuple[Passed, str]] = []
    waiting = deque([""])
    room = _MOST_ENTRIES
    while waiting:
        place = waiting.popleft()
        try:
            entries = _entries(folder, place, room)
        except OSError as error:
            if not place:
                msg = f"the folder cannot be read: {error.strerror}"
                raise SubmissionFault(msg) from None
            passed.append((Passed.CLOSED, place))
            continue
        if len(entries) > room:
            passed.append((Passed.MORE, place))
            files += [name for name in wanted if name not in files and _is_file(folder, name)]
            break
        room -= len(entries)
        if place and any(name == _OF_AN_ENVIRONMENT for name, _ in entries):
            passed.append((Passed.ENVIRONMENT, place))
            continue
        of_course = _OF_COURSES if _is_checkout(folder, place, entries) else ()
        for name, mode in entries:
            path = f"{place}/{name}" if place else name
            why = Passed.COURSE if name in of_course else _why_passed(path, name, mode)
            if why is not None:
                passed.append((why, path))
            elif stat.S_ISDIR(mode):
                waiting.append(path)
            else:
                files.append(path)
    return Tree(files=tuple(files), passed=tuple(passed))


def _is_checkout(folder: Path, place: str, entries: list[tuple[str, int]]) -> bool:
    """Whether a student works in the folder in which the course's assignments and keys lie."""
    if "assignments" not in {name for name, mode in entries if stat.S_ISDIR(mode)}:
        return False
    inside = f"{place}/assignments" if place else "assignments"
    with contextlib.suppress(OSError):
        slugs = _entries(folder, inside, _MOST_ENTRIES)
        return any(_is_file(folder, f"{inside}/{slug}/assignment.yaml") for slug, _ in slugs)
    return False


def _why_passed(path: str, name: str, mode: int) -> Passed | None:
    if stat.S_ISLNK(mode):
        return Passed.LINK
    if stat.S_ISREG(mode):
        return None
    if not stat.S_ISDIR(mode):
        return Passed.STRANGE
    if name == "__pycache__":
        return Passed.COMPILED
    return Passed.DEEP if path.count("/") >= _DEEPEST else None


def _entries(folder: Path, place: str, most: int) -> list[tuple[str, int]]:
    """Names and modes in the order of the names; one more than `most` if there are more."""
    if not _OPENS_FOLDERS:
        return _entries_by_path(folder / place, most)
    with _opened(folder, place) as descriptor:
        with os.scandir(descriptor) as found:
            names = (entry.name for entry in found if not is_junk(entry.name))
            taken = sorted(itertools.islice(names, most + 1))
        entries = []
        for name in taken:
            with contextlib.suppress(FileNotFoundError):  # it went while we looked
                status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                entries.append((name, status.st_mode))
        return entries


def _entries_by_path(folder: Path, most: int) -> list[tuple[str, int]]:
    names = sorted(name for name in os.listdir(folder) if not is_junk(name))  # noqa: PTH208 - names alone
    return [(name, (folder / name).lstat().st_mode) for name in names[: most + 1]]


@contextlib.contextmanager
def _opened(folder: Path, place: str) -> Iterator[int]:
    """A descriptor of a folder below `folder`, none on the way to it a link."""
    descriptor = os.open(folder, _FOLDER)
    try:
        for part in place.split("/") if place else ():
            inner = os.open(part, _FOLDER | _NO_LINK, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)


def _is_file(folder: Path, name: str) -> bool:
    try:
        return read_below(folder, name, 0) is not None
    except CannotRead:
        return True


def read_below(folder: Path, name: str, limit: int) -> bytes | None:
    """At most `limit` bytes of a regular file; links, pipes and devices are never opened.

    None for what is not a regular file. Raises CannotRead for one that cannot be read.
    """
    try:
        with open_below(folder, name) as stream:
            return None if stream is None else stream.read(limit)
    except OSError as error:
        raise CannotRead(error.strerror) from None


@contextlib.contextmanager
def open_below(folder: Path, name: str) -> Iterator[BinaryIO | None]:
    """A regular file, or None for what is none. Raises CannotRead."""
    place, _, last = name.rpartition("/")
    if not _OPENS_FOLDERS:
        with _open_by_path(folder, name) as stream:
            yield stream
        return
    try:
        with _opened(folder, place) as above:
            # Without NONBLOCK a pipe that took the file's place would keep us waiting.
            how = os.O_RDONLY | _NO_LINK
            stream = os.fdopen(os.open(last, how, dir_fd=above), "rb")
    except OSError as error:
        if error.errno not in _NO_FILE:
            raise CannotRead(error.strerror) from None
        yield None
        return
    with stream:
        yield stream if stat.S_ISREG(os.fstat(stream.fileno()).st_mode) else None


@contextlib.contextmanager
def _open_by_path(folder: Path, name: str) -> Iterator[BinaryIO | None]:
    parts = name.split("/")
    try:
        for depth in range(1, len(parts) + 1):
            mode = folder.joinpath(*parts[:depth]).lstat().st_mode
            if not (stat.S_ISREG if depth == len(parts) else stat.S_ISDIR)(mode):
                yield None
                return
        opened = folder.joinpath(name).open("rb")
    except OSError as error:
        if error.errno not in _NO_FILE:
            raise CannotRead(error.strerror) from None
        yield None
        return
    with opened as stream:
        yield stream
