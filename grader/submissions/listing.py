"""All that lies in a folder or in an archive, with what lies in the archives there."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from grader.submissions.archive_names import ArchiveFault, is_archive
from grader.submissions.layout import CODE, NOTEBOOKS, SHEETS
from grader.submissions.notes import shown
from grader.submissions.submission import NotRead
from grader.submissions.tree import (
    CannotRead,
    Passed,
    Tree,
    list_tree,
    open_below,
    read_below,
)

if TYPE_CHECKING:
    from grader.submissions.archive import Left

__all__ = ["Listing", "about_left", "list_archive", "list_files", "list_folder", "unpacked"]

_DEEPEST = 2  #: an archive, and one inside it
_MOST_ARCHIVES = 20


@dataclass(slots=True, kw_only=True)
class Listing:
    """Files by their path, with the folder that is trusted and the path below it that is not."""

    files: dict[str, tuple[Path, str]] = field(default_factory=dict)
    passed: list[tuple[Passed, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unread: list[NotRead] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)  #: what the machine does not let us read


@contextlib.contextmanager
def _locked(folder: str) -> Iterator[None]:
    """Say of a temporary folder that it is in use, so that nobody takes it for a forgotten one."""
    try:
        import fcntl
    except ImportError:  # Windows: nothing runs there that would leave such folders
        yield
        return

    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):  # some file systems have no locks
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield
    finally:
        os.close(lock)


@contextlib.contextmanager
def unpacked(
    folder: Path, name: str, most_bytes: Callable[[str], int]
) -> Iterator[tuple[Path, list[Left]]]:
    """A private folder with what an archive holds, and what was left out; removed at the end.

    Raises ArchiveFault, and CannotRead.
    """
    import tempfile  # it takes long, and few hand in archives

    from grader.submissions.archive import unpack

    # A run that is killed leaves it to the next one, which removes such folders.
    temporary = tempfile.TemporaryDirectory(prefix="grader-run-", ignore_cleanup_errors=True)
    with temporary as private, _locked(private), open_below(folder, name) as source:
        if source is None:
            msg = "it cannot be read as a file"
            raise ArchiveFault(msg)
        try:
            left = unpack(source, Path(private), most_bytes)
        except OSError as error:
            raise CannotRead(error.strerror) from None
        yield Path(private), left


def list_folder(
    folder: Path,
    wanted: Collection[str],
    opened: contextlib.ExitStack,
    most_bytes: Callable[[str], int],
    complete: Callable[[Sequence[str]], bool],
) -> Listing:
    """What lies in a folder. Archives are opened unless all that is asked for lies beside them.

    `complete` says of names whether it does. Unpacked files are there until `opened` is closed.
    Raises SubmissionFault where the folder cannot be read.
    """
    tree = list_tree(folder, wanted)
    return list_files(_places(tree, folder), tree.passed, opened, most_bytes, complete)


def list_files(
    files: Mapping[str, tuple[Path, str]],
    passed: Sequence[tuple[Passed, str]],
    opened: contextlib.ExitStack,
    most_bytes: Callable[[str], int],
    complete: Callable[[Sequence[str]], bool],
) -> Listing:
    """The same of files that lie in any places, by the paths that they are meant to have."""
    return _Lister(opened, most_bytes, complete).listing(files, passed, depth=0)


def list_archive(
    folder: Path,
    name: str,
    opened: contextlib.ExitStack,
    most_bytes: Callable[[str], int],
    complete: Callable[[Sequence[str]], bool],
) -> Listing:
    """What lies in an archive; where it cannot be opened, why."""
    lister = _Lister(opened, most_bytes, complete)
    listing = Listing()
    lister.add(listing, name, folder, name, depth=0)
    return listing


def _places(tree: Tree, folder: Path) -> dict[str, tuple[Path, str]]:
    return {name: (folder, name) for name in tree.files}


class _Lister:
    def __init__(
        self,
        opened: contextlib.ExitStack,
        most_bytes: Callable[[str], int],
        complete: Callable[[Sequence[str]], bool],
    ) -> None:
        self._opened = opened
        self._most_bytes = most_bytes
        self._complete = complete

    def listing(
        self,
        files: Mapping[str, tuple[Path, str]],
        passed: Sequence[tuple[Passed, str]],
        *,
        depth: int,
    ) -> Listing:
        archives = [name for name in files if is_archive(name)]
        plain = {name: place for name, place in files.items() if name not in archives}
        listing = Listing(files=plain, passed=[*passed])
        if archives and self._complete([*plain]):
            which = ", ".join(map(shown, archives[:3]))
            listing.notes.append(f"not opened, as what is asked for lies beside: {which}")
            return listing
        inside: list[Listing] = []
        for archive in archives[:_MOST_ARCHIVES]:
            inner = Listing()
            self.add(inner, archive, *files[archive], depth=depth)
            above = f"{PurePosixPath(archive).parent}/".removeprefix("./")
            inner.files = {above + path: place for path, place in inner.files.items()}
            inside.append(inner)
        _merge(listing, archives, inside)
        return listing

    def add(self, listing: Listing, shown_as: str, folder: Path, name: str, *, depth: int) -> None:
        """Add what is in one archive."""
        label = shown(shown_as)
        if depth >= _DEEPEST:
            self._refuse(listing, label, "it lies in an archive that lies in another")
            return
        try:
            found = self._opened.enter_context(unpacked(folder, name, self._most_bytes))
        except ArchiveFault as fault:
            self._refuse(listing, label, str(fault))
            return
        except CannotRead as fault:
            listing.closed.append(f"{label} ({fault})")
            return
        private, left = found
        for one in left:
            note, not_read = about_left(one, label)
            listing.notes.append(note)
            listing.unread += [] if not_read is None else [not_read]
        tree = list_tree(private)
        inner = self.listing(_places(tree, private), tree.passed, depth=depth + 1)
        listing.files |= inner.files
        listing.passed += inner.passed
        listing.notes += inner.notes
        listing.unread += inner.unread
        listing.closed += inner.closed
        if not inner.files and not left and not inner.unread:
            listing.notes.append(f"nothing is in {label}")

    @staticmethod
    def _refuse(listing: Listing, label: str, why: str) -> None:
        listing.notes.append(f"{label} was not opened: {why}")
        listing.unread.append(NotRead(why=f"{label} was not opened: {why}"))


def about_left(left: Left, label: str) -> tuple[str, NotRead | None]:
    """A note about a member that was left out of an archive, and whether it may be missed."""
    name = f"{shown(left.name)} in {label}"
    note = f"{name} was left out: {left.why}"
    code, answers = left.name.endswith(CODE), left.name.endswith((*SHEETS, *NOTEBOOKS))
    if is_archive(left.name):
        code = answers = True
    if not left.may_matter or not (code or answers):
        return note, None
    return note, NotRead(why=f"{name} ({left.why})", code=code, answers=answers)


def _merge(listing: Listing, archives: Sequence[str], inside: Sequence[Listing]) -> None:
    """Put what archives hold beside what lies around them, which comes first.

    A file that two archives hold with different contents is neither's.
    """
    owners: dict[str, str] = {}
    beside = set(listing.files)
    for archive, inner in zip(archives, inside, strict=False):
        listing.passed += inner.passed
        listing.notes += inner.notes
        listing.unread += inner.unread
        listing.closed += inner.closed
        for path, place in inner.files.items():
            if path in beside:
                continue
            if path not in owners:
                owners[path] = archive
                listing.files[path] = place
            elif path in listing.files and not _alike(listing.files[path], place):
                del listing.files[path]
                which = f"{shown(owners[path])} and {shown(archive)} hold different files"
                why = f"{which} {shown(path)}"
                listing.notes.append(f"{why}; none was read")
                listing.unread.append(NotRead(why=why))


def _alike(one: tuple[Path, str], other: tuple[Path, str]) -> bool:
    try:
        return read_below(*one, 1 << 25) == read_below(*other, 1 << 25)
    except CannotRead:
        return False
