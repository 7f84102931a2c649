"""Unpack an archive that strangers made: regular files only, into a private folder.

Nothing in an archive decides where something is written: names are checked, links and devices are
never made, and how much is written, how many files, and how many times the size of the archive, is
bounded. What is left out is told with its reason, and the rest goes on.
"""

from __future__ import annotations

import os
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from grader.submissions.archive_names import ArchiveFault
from grader.submissions.tree import is_junk

if TYPE_CHECKING:
    from grader.submissions.archive_kinds import ArchiveKind, Member

__all__ = ["MOST_MEMBERS", "Left", "most_written", "unpack"]

MOST_MEMBERS = 20_000
_MOST_UNPACKED = 4 << 30  #: as the archive declares it; most of it is never unpacked
_MOST_WRITTEN = 1 << 30
_MOST_TIMES = 200  #: the size of the archive, where it is more than a few files of numbers
_FEW_BYTES = 64 << 20
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A member that was not unpacked. `may_matter`: it may hold what was asked for."""

    name: str
    why: str
    may_matter: bool = True


class _Refused(Exception):
    """One member is not unpacked; says why."""


def unpack(source: BinaryIO, folder: Path, most_bytes: Callable[[str], int]) -> list[Left]:
    """Unpack an archive into an empty folder, of each file at most so many bytes as are read.

    Returns what was left out. Raises ArchiveFault where the archive as a whole is refused.
    """
    from grader.submissions.archive_kinds import kind_of, members_of

    size = os.fstat(source.fileno()).st_size
    kind = kind_of(source.read(512))
    source.seek(0)
    left: list[Left] = []
    written = 0
    with members_of(source, kind, room=most_written(size)) as found:
        members = _bounded(found, size)
        for group in _named(members, kind, left):
            try:
                content = _one_of(group, most_bytes)
                written += len(content)
                if written > _MOST_WRITTEN:
                    msg = f"it holds more than {_MOST_WRITTEN >> 20} MiB"
                    raise ArchiveFault(msg)
                _write(folder, group[0][0], content)
            except _Refused as refused:
                left.append(Left(name=group[0][1].name, why=str(refused)))
    return left


def most_written(size: int) -> int:
    """How many bytes are unpacked at most of an archive of this size."""
    return min(_MOST_WRITTEN, max(_FEW_BYTES, _MOST_TIMES * size))


def _bounded(found: Iterable[Member], size: int) -> list[Member]:
    """All members, if there are not too many of them. Raises ArchiveFault."""
    members: list[Member] = []
    declared = 0
    for member in found:
        members.append(member)
        declared += max(0, member.size)
        if len(members) > MOST_MEMBERS:
            msg = f"it holds more than {MOST_MEMBERS:,} files"
            raise ArchiveFault(msg)
        if declared > _MOST_UNPACKED or declared > max(_FEW_BYTES, _MOST_TIMES * size):
            msg = f"it would unpack to more than {declared >> 20} MiB, {declared // max(1, size)} "
            raise ArchiveFault(msg + "times its own size")
    return members


def _named(
    members: Sequence[Member], kind: ArchiveKind, left: list[Left]
) -> list[list[tuple[tuple[str, ...], Member]]]:
    """The regular files with the parts of their paths, those together that are one file elsewhere.

    What is not a regular file, and what has a name that is refused, goes to `left`.
    """
    groups: dict[str, list[tuple[tuple[str, ...], Member]]] = defaultdict(list)
    folders: set[tuple[str, ...]] = set()
    for member in members:
        try:
            parts = _parts(member.name, kind)
        except _Refused as refused:
            left.append(Left(name=member.name, why=str(refused)))
            continue
        if not parts or any(is_junk(part) for part in parts):
            continue
        if member.what == "folder":
            continue
        if member.what != "file":
            why = (
                "it is a link, not a file"
                if member.what == "link"
                else "it cannot be read as a file"
            )
            left.append(Left(name=member.name, why=why, may_matter=False))
            continue
        folders.update(parts[:end] for end in range(1, len(parts)))
        key = unicodedata.normalize("NFC", "/".join(parts)).casefold()
        groups[key].append((parts, member))
    for key, group in [*groups.items()]:
        if any(parts in folders for parts, _ in group):
            left.append(Left(name=group[0][1].name, why="there is a folder of the same name"))
            del groups[key]
    return [*groups.values()]


def _parts(name: str, kind: ArchiveKind) -> tuple[str, ...]:
    """The parts of a path below the top. Raises _Refused; a name is never made into another one."""
    from grader.submissions.archive_kinds import ArchiveKind

    if kind is ArchiveKind.ZIP:
        name = name.replace("\\", "/")  # as programs for Windows write it
        if name[1:2] == ":":
            msg = "its name is that of a drive"
            raise _Refused(msg)
    if name.startswith("/"):
        msg = "its name is an absolute path"
        raise _Refused(msg)
    if "\0" in name:
        msg = "its name has a character that no name may have"
        raise _Refused(msg)
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if ".." in parts:
        msg = "its name leads out of the archive"
        raise _Refused(msg)
    if any(len(os.fsencode(part)) > 255 for part in parts) or len(os.fsencode(name)) > 2000:
        msg = "its name is too long"
        raise _Refused(msg)
    return parts


def _one_of(
    group: Sequence[tuple[tuple[str, ...], Member]], most_bytes: Callable[[str], int]
) -> bytes:
    """The content that all of these have. Raises _Refused, also where they differ."""
    contents = {_read(member, most_bytes(parts[-1])) for parts, member in group}
    if len(contents) > 1:
        names = {parts for parts, _ in group}
        why = "it is there more than once, with different contents"
        if len(names) > 1:
            why = "there is another file whose name differs only in capitals or accents"
        raise _Refused(why)
    (content,) = contents
    return content


def _read(member: Member, most: int) -> bytes:
    if member.encrypted:
        msg = "it is encrypted"
        raise _Refused(msg)
    taken = bytearray()
    try:
        with member.open() as stream:
            while len(taken) < most and (chunk := stream.read(min(_CHUNK, most - len(taken)))):
                taken += chunk
    except ArchiveFault:
        raise
    except NotImplementedError:
        msg = "it is packed in a way that cannot be read"
        raise _Refused(msg) from None
    except Exception:  # noqa: BLE001 - what a damaged archive makes the readers raise has no end
        msg = "it is damaged"
        raise _Refused(msg) from None
    return bytes(taken)


def _write(folder: Path, parts: Sequence[str], content: bytes) -> None:
    """A new file below a folder in which there are no links."""
    try:
        place = folder.joinpath(*parts)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        how = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(place, how, 0o600), "wb") as stream:
            stream.write(content)
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
            raise
        msg = "it cannot be written under its name"
        raise _Refused(msg) from None


_OF_THE_MACHINE = (5, 28, 30, 122)  # EIO, ENOSPC, EROFS, EDQUOT: no fault of the archive
