"""The names in a folder or in an archive, looked at before anything is opened or unpacked."""

from __future__ import annotations

import contextlib
import functools
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from grader.submissions.archive import MOST_MEMBERS, most_written
from grader.submissions.archive_kinds import kind_of, members_of
from grader.submissions.archive_names import ArchiveFault, archive_stem, is_archive
from grader.submissions.tree import CannotRead, is_file, is_folder, is_junk, open_below

__all__ = ["Entry", "FolderNames", "Names", "names_of", "only_archive", "without_folders_around"]

_MOST_FOLDERS = 4  #: one inside the other, that archives put around everything
_GIT = ".git"  #: tells that a folder is a clone


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Entry:
    """Something in a folder. A link is neither a file nor a folder: it is not followed."""

    name: str
    is_folder: bool = False
    is_file: bool = False


class Names(Protocol):
    """`name` is that of the folder, or of the archive without its ending."""

    name: str

    def entries(self, below: str = "") -> Sequence[Entry]:
        """What lies in a folder, by name, without what computers leave in folders; nothing where
        there is no such folder."""
        ...

    def is_clone(self, below: str = "") -> bool:
        """Whether the folder is one of git's."""
        ...


class FolderNames:
    """Of a folder on the disk."""

    def __init__(self, folder: Path, name: str = "") -> None:
        self.folder = folder
        self.name = name or folder.resolve().name

    def entries(self, below: str = "") -> Sequence[Entry]:
        try:
            with os.scandir(self.folder / below) as found:
                return sorted(
                    Entry(
                        name=one.name,
                        is_folder=one.is_dir(follow_symlinks=False),
                        is_file=one.is_file(follow_symlinks=False),
                    )
                    for one in found
                    if not is_junk(one.name)
                )
        except OSError:
            return ()

    def is_clone(self, below: str = "") -> bool:
        return os.path.lexists(self.folder / below / _GIT)


class _ArchiveNames:
    """Of an archive, as it declares them."""

    def __init__(self, name: str, members: Sequence[tuple[str, bool]]) -> None:
        self.name = name
        self._entries: dict[str, dict[str, Entry]] = defaultdict(dict)
        self._clones: set[str] = set()
        for path, of_file in members:
            parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".")]
            for depth, part in enumerate(parts):
                above = "/".join(parts[:depth])
                if part == _GIT:
                    self._clones.add(above)
                if is_junk(part):
                    break
                last = depth == len(parts) - 1
                one = Entry(name=part, is_folder=not (last and of_file), is_file=last and of_file)
                self._entries[above].setdefault(part, one)

    def entries(self, below: str = "") -> Sequence[Entry]:
        return sorted(self._entries.get(below, {}).values())

    def is_clone(self, below: str = "") -> bool:
        return below in self._clones


class _Below:
    """Of a folder inside another."""

    def __init__(self, around: Names, below: str) -> None:
        self.name = below.rpartition("/")[2]
        self._around = around
        self._below = below

    def entries(self, below: str = "") -> Sequence[Entry]:
        return self._around.entries(f"{self._below}/{below}".rstrip("/"))

    def is_clone(self, below: str = "") -> bool:
        return self._around.is_clone(f"{self._below}/{below}".rstrip("/"))


def names_of(path: Path) -> Names | None:
    """The names in a folder or an archive; None for another file and a damaged archive."""
    if is_folder(path):
        return FolderNames(path)
    if not (is_file(path) and is_archive(path.name)):
        return None
    with contextlib.suppress(ArchiveFault, CannotRead, OSError):
        status = path.stat()
        return _in_archive(path, status.st_size, status.st_mtime_ns)
    return None


@functools.lru_cache(maxsize=4)  # each platform asks, and a tar is unpacked to be looked into
def _in_archive(path: Path, size: int, _changed: int) -> Names:
    """Raises ArchiveFault, CannotRead and OSError."""
    with open_below(path.parent, path.name) as source:
        if source is None:
            msg = "it cannot be read as a file"
            raise ArchiveFault(msg)
        kind = kind_of(source.read(512))
        source.seek(0)
        members: list[tuple[str, bool]] = []
        with members_of(source, kind, room=most_written(size)) as found:
            for member in found:
                members.append((member.name, member.what != "folder"))
                if len(members) > MOST_MEMBERS:
                    msg = "it holds too many files"
                    raise ArchiveFault(msg)
    return _ArchiveNames(archive_stem(path.name), members)


def only_archive(path: Path) -> Path:
    """The archive that is all there is in a folder, else the path itself."""
    inside = FolderNames(path).entries() if is_folder(path) else ()
    if len(inside) == 1 and inside[0].is_file and is_archive(inside[0].name):
        return path / inside[0].name
    return path


def without_folders_around(names: Names) -> Iterator[tuple[str, Names]]:
    """The names, and those below each folder that is all there is, with the path to it."""
    yield "", names
    below = ""
    for _ in range(_MOST_FOLDERS):
        inside = names.entries(below)
        if len(inside) != 1 or not inside[0].is_folder:
            return
        below = f"{below}/{inside[0].name}".lstrip("/")
        yield below, _Below(names, below)
