"""The kinds of archives, known by what is in them, and their members as they are declared."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import lzma
import stat
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import IO, BinaryIO

from grader.submissions.archive_names import ArchiveFault

__all__ = [
    "ArchiveKind",
    "Member",
    "kind_of",
    "members_of",
]

_CHUNK = 1 << 16
_MOST_OF_A_DIRECTORY = 16 << 20  #: bytes that say which files are in a zip
_AS_MANY_AS_CAN_BE_SAID = 0xFFFF
_MOST_MEMORY = 256 << 20
_READ_IN_ZIP = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_BLOCK = 512


class ArchiveKind(Enum):
    """What an archive is, by its first bytes."""

    ZIP = b"PK"
    GZIP = b"\x1f\x8b"
    BZIP2 = b"BZh"
    XZ = b"\xfd7zXZ\x00"
    TAR = b"ustar"
    RAR = b"Rar!\x1a\x07"
    SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c"
    ZSTANDARD = b"\x28\xb5\x2f\xfd"


_UNREAD = {ArchiveKind.RAR: "RAR", ArchiveKind.SEVEN_ZIP: "7z", ArchiveKind.ZSTANDARD: "Zstandard"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Something in an archive. `what` is file, folder, link or device."""

    name: str
    size: int  #: in bytes, as it is declared
    what: str
    open: Callable[[], IO[bytes]]
    encrypted: bool = False


def kind_of(head: bytes) -> ArchiveKind:
    """The kind of an archive with these first 512 bytes. Raises ArchiveFault."""
    if not head:
        msg = "it is empty"
        raise ArchiveFault(msg)
    for kind in ArchiveKind:
        if kind is ArchiveKind.TAR:
            known = head[257:262] == kind.value
        elif kind is ArchiveKind.ZIP:
            known = head[:4] in (b"PK\x03\x04", b"PK\x05\x06")
        else:
            known = head.startswith(kind.value)
        if known:
            break
    else:
        msg = "it is not an archive, whatever its name says"
        raise ArchiveFault(msg)
    if kind in _UNREAD:
        msg = f"it is a {_UNREAD[kind]} archive, which is not opened; hand in a zip"
        raise ArchiveFault(msg)
    return kind


@contextlib.contextmanager
def members_of(source: BinaryIO, kind: ArchiveKind, *, room: int) -> Iterator[Iterator[Member]]:
    """The members of an archive; at most `room` bytes of a tar are unpacked to find them.

    Raises ArchiveFault, also while the members are looked at.
    """
    opened = _zip if kind is ArchiveKind.ZIP else _tar
    try:
        with opened(source, kind, room) as members:
            yield members
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, zlib.error, lzma.LZMAError) as error:
        msg = "it is damaged, or only a part of it"
        raise ArchiveFault(msg) from error
    except (struct.error, ValueError, OverflowError, IndexError, NotImplementedError) as error:
        msg = "it is damaged"
        raise ArchiveFault(msg) from error


@contextlib.contextmanager
def _zip(source: BinaryIO, _kind: ArchiveKind, _room: int) -> Iterator[Iterator[Member]]:
    declared = _entries_declared(source)
    with zipfile.ZipFile(source) as archive:
        if declared not in (None, len(archive.infolist())):
            msg = "it is damaged"  # the reader does not hold one against the other
            raise ArchiveFault(msg)
        yield (_member_of_zip(archive, info) for info in archive.infolist())


def _entries_declared(source: BinaryIO) -> int | None:
    """How many files a zip says it has, or None where there may be more than it can say so.

    Raises ArchiveFault for too many: the reader takes all of the directory into memory.
    """
    entries = None
    source.seek(0, 2)
    source.seek(max(0, source.tell() - (1 << 16) - 64))
    end = source.read()
    place = end.rfind(b"PK\x05\x06")
    if place >= 0 and len(end) >= place + 22:
        entries, size = struct.unpack_from("<HI", end, place + 10)
        if size > _MOST_OF_A_DIRECTORY:
            msg = "it holds too many files"
            raise ArchiveFault(msg)
    source.seek(0)
    return None if entries == _AS_MANY_AS_CAN_BE_SAID else entries


def _member_of_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    mode = info.external_attr >> 16
    what = "folder" if info.filename.endswith(("/", "\\")) else "file"
    if what == "file" and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        what = "link" if stat.S_ISLNK(mode) else "device"
        if stat.S_ISDIR(mode) and not info.file_size:
            what = "folder"
    return Member(
        name=_name_in_zip(info),
        size=info.file_size,
        what=what,
        open=lambda: _opened_in_zip(archive, info),
        encrypted=bool(info.flag_bits & 0x41),
    )


def _opened_in_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    """Raises NotImplementedError for what takes as much memory as the archive likes."""
    if info.compress_type not in _READ_IN_ZIP:
        raise NotImplementedError
    return archive.open(info)


def _name_in_zip(info: zipfile.ZipInfo) -> str:
    """Names that are not marked as UTF-8 are read as cp437; many programs write UTF-8 even so."""
    name = info.orig_filename.rstrip("\0")
    if info.flag_bits & 0x800:
        return name
    with contextlib.suppress(UnicodeError):
        return name.encode("cp437").decode("utf-8")
    return name


@contextlib.contextmanager
def _tar(source: BinaryIO, kind: ArchiveKind, room: int) -> Iterator[Iterator[Member]]:
    with contextlib.ExitStack() as stack:
        plain: IO[bytes] = source
        if kind is not ArchiveKind.TAR:
            plain = stack.enter_context(tempfile.TemporaryFile())
            _unpack_within(_chunks(source, kind), plain, room)
        plain.seek(0)
        archive = stack.enter_context(tarfile.open(fileobj=plain, mode="r:"))
        yield _members_of_tar(archive, plain)


def _chunks(source: BinaryIO, kind: ArchiveKind) -> Iterator[bytes]:
    """What a compressed file unpacks to."""
    if kind is ArchiveKind.XZ:
        yield from _chunks_of_xz(source)
        return
    with (
        gzip.GzipFile(fileobj=source) if kind is ArchiveKind.GZIP else bz2.BZ2File(source) as packed
    ):
        while chunk := packed.read(_CHUNK):
            yield chunk


def _chunks_of_xz(source: BinaryIO) -> Iterator[bytes]:
    """By hand: the file says how much memory it takes to unpack it."""
    waiting = source.read(_CHUNK)
    while waiting.strip(b"\0"):
        unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_MEMORY)
        while not unpacker.eof:
            yield unpacker.decompress(waiting, _CHUNK)
            waiting = source.read(_CHUNK) if unpacker.needs_input else b""
            if unpacker.needs_input and not waiting and not unpacker.eof:
                raise EOFError
        waiting = unpacker.unused_data or source.read(_CHUNK)


def _unpack_within(chunks: Iterator[bytes], plain: IO[bytes], room: int) -> None:
    try:
        for chunk in chunks:
            room -= len(chunk)
            if room < 0:
                msg = "it unpacks to more than is allowed, and to many times its own size"
                raise ArchiveFault(msg)
            plain.write(chunk)
    except OSError as error:
        if error.errno is not None:
            raise
        msg = "it is damaged, or only a part of it"  # what the readers raise has no number
        raise ArchiveFault(msg) from error


def _members_of_tar(archive: tarfile.TarFile, plain: IO[bytes]) -> Iterator[Member]:
    for info in archive:
        what = "file" if info.isreg() else "folder" if info.isdir() else "device"
        if info.issym() or info.islnk():
            what = "link"
        yield Member(name=info.name, size=info.size, what=what, open=_opener(archive, info))
    # The reader takes a broken header for the end.
    plain.seek(archive.offset)
    block = plain.read(_BLOCK)
    if block.strip(b"\0") or len(block) < _BLOCK:
        msg = "it is damaged, or only a part of it"
        raise ArchiveFault(msg)


def _opener(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        stream = archive.extractfile(info)
        assert stream is not None
        return stream

    return opened
