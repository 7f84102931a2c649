"""What a platform's download holds: works, each of somebody, and the submissions they make."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from grader.model.outcome import Note
from grader.model.person import Person
from grader.model.verdict import Audience
from grader.submissions.archive import Left
from grader.submissions.archive_names import ArchiveFault, archive_stem, is_archive
from grader.submissions.layout import CODE, SHEETS
from grader.submissions.listing import about_left, unpacked
from grader.submissions.notes import readable, shown
from grader.submissions.opened import closed_folder, most_unpacked, open_files
from grader.submissions.platforms.names import (
    Entry,
    FolderNames,
    Names,
    names_of,
    only_archive,
    without_folders_around,
)
from grader.submissions.submission import Delivery, NotRead, Submission
from grader.submissions.tree import (
    CannotRead,
    Passed,
    SubmissionFault,
    is_folder,
    list_tree,
    read_below,
)

__all__ = ["Download", "Platform", "Work", "beside", "is_download", "may_be", "open_download"]

_Place = tuple[Path, str]
"""A folder that is trusted, and a path below it that is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one person, or several together, handed in: its files by the paths they are meant to
    have."""

    place: str  #: what it is called in the download
    people: Sequence[Person]
    files: Mapping[str, _Place] = field(default_factory=dict)
    passed: Sequence[tuple[Passed, str]] = ()
    left: Sequence[Left] = ()  #: of the download's archive
    closed: bool = False  #: the machine does not let us look into it
    notes: Sequence[str] = ()
    unread: Sequence[NotRead] = ()
    handed_in: datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """`knows` says of the names in a folder whether they are those of its downloads, `takes` which
    of the entries at the top are work or tell of work, `works` what is there.

    `works` is given the names of the files that the assignment declares. It raises SubmissionFault
    where a download is not as it has to be.
    """

    name: str  #: by which the command line calls it
    label: str  #: "a Canvas download"
    knows: Callable[[Names], bool]
    takes: Callable[[Names, Entry], bool]
    works: Callable[[Download, Sequence[str]], Sequence[Work]]


class Download(FolderNames):
    """The folder of a download, or what its archive was unpacked to; `left` could not be."""

    def __init__(self, folder: Path, name: str, left: Sequence[Left] = ()) -> None:
        super().__init__(folder, name)
        self._left = left

    def entries(self, below: str = "") -> Sequence[Entry]:
        """What was left out of the archive is there too: somebody handed it in."""
        there = {one.name: one for one in super().entries(below)}
        for left in self.left_below(below):
            name, _, rest = (
                _path(left.name).removeprefix(f"{below}/" if below else "").partition("/")
            )
            there.setdefault(name, Entry(name=name, is_folder=bool(rest), is_file=not rest))
        return sorted(there.values())

    def left_below(self, below: str) -> list[Left]:
        """What was left out of a folder, or under this name."""
        return [
            one
            for one in self._left
            if not below or _path(one.name) == below or _path(one.name).startswith(f"{below}/")
        ]

    def read(self, file: str, most_bytes: int) -> bytes | None:
        """The first bytes of a file; None where there is none. Raises SubmissionFault."""
        try:
            return read_below(self.folder, file, most_bytes)
        except CannotRead as fault:
            msg = f"{shown(file)} in {shown(self.name)} cannot be read: {fault}"
            raise SubmissionFault(msg) from None

    def work(self, folder: str, people: Sequence[Person], without: Sequence[str] = ()) -> Work:
        """All that lies in a folder, but for files of these names at its top."""
        work = Work(place=folder, people=people, left=self.left_below(folder))
        if not is_folder(self.folder / folder):
            return work
        try:
            tree = list_tree(self.folder / folder)
        except SubmissionFault:
            return replace(work, closed=True)
        inside = {
            name: (self.folder, f"{folder}/{name}") for name in tree.files if name not in without
        }
        return replace(work, files=inside, passed=tree.passed)


def _path(name: str) -> str:
    """A path in an archive as it would lie on the disk."""
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", "."))


def is_download(platform: Platform, path: Path) -> bool:
    """Whether a folder or an archive, or the only one in a folder, is one of this platform's."""
    names = names_of(only_archive(path))
    return names is not None and _known(platform, names) is not None


def _known(platform: Platform, names: Names) -> str | None:
    """The path to the folder, inside those around it, that is the download."""
    around = without_folders_around(names)
    return next((below for below, inner in around if platform.knows(inner)), None)


def _said_to_be(platform: Platform, names: Names) -> str | None:
    """The same where staff say that it is one: it need not look like it, or has nothing in it."""
    for below, inner in without_folders_around(names):
        entries = inner.entries()
        if not entries or any(platform.takes(inner, one) for one in entries):
            return below
    return None


def open_download(
    platform: Platform, path: Path, declared: Sequence[str]
) -> list[tuple[Path, Submission]]:
    """Every submission of a download, one for each person. Raises SubmissionFault."""
    with _opened(path, platform) as download:
        names = _distinct(platform.works(download, declared))
        return [
            (path / work.place, one)
            for work in names
            for one in _submissions(platform, work, declared)
        ]


def beside(platform: Platform, path: Path) -> list[str]:
    """What lies in a download and belongs to nobody."""
    names = names_of(only_archive(path))
    below = None if names is None else _known(platform, names)
    if names is not None and below is None:
        below = _said_to_be(platform, names)
    if names is None or below is None:
        return []
    inner = dict(without_folders_around(names))[below]
    return [one.name for one in inner.entries() if not platform.takes(inner, one)]


def may_be(platform: Platform, path: Path) -> tuple[int, Sequence[str]] | None:
    """Of a path that is not taken for a download of this platform's, and mostly looks like one: how
    much of it does, and what else may be work. None where it does not look like one."""
    names = names_of(only_archive(path))
    below = None if names is None else _said_to_be(platform, names)
    if names is None or below is None:
        return None
    inner = dict(without_folders_around(names))[below]
    works = [one for one in inner.entries() if one.is_folder or _may_be_work(one.name)]
    others = [one.name for one in works if not platform.takes(inner, one)]
    taken = len(works) - len(others)
    return (taken, others) if taken > len(others) else None


def _may_be_work(name: str) -> bool:
    return name.endswith((*CODE, *SHEETS)) or is_archive(name)


@contextlib.contextmanager
def _opened(path: Path, platform: Platform) -> Iterator[Download]:
    path = only_archive(path)
    with contextlib.ExitStack() as stack:
        folder, left, name = path, list[Left](), ""
        names = names_of(path)  # those in an archive tell more than what is unpacked of it
        if not is_folder(path):
            try:
                if not is_archive(path.name):
                    msg = "it is neither a folder nor an archive"
                    raise ArchiveFault(msg)
                opened = unpacked(path.parent, path.name, most_unpacked)
                folder, left = stack.enter_context(opened)
            except (ArchiveFault, CannotRead) as fault:
                msg = f"{readable(path.name)} was not opened: {fault}"
                raise SubmissionFault(msg) from None
            name = archive_stem(path.name)
        below = None if names is None else _known(platform, names)
        if below is None and names is not None:
            below = _said_to_be(platform, names)
        if below is None:
            msg = f"{readable(path.name)} is not {platform.label}"
            raise SubmissionFault(msg)
        if not below:
            yield Download(folder, name, left)
            return
        inside = [
            replace(one, name=_path(one.name).removeprefix(f"{below}/"))
            for one in left
            if _path(one.name).startswith(f"{below}/")
        ]
        yield Download(folder / below, below.rpartition("/")[2], inside)


def _distinct(works: Sequence[Work]) -> list[Work]:
    """The works with keys that are different from each other: of two that are the same, the place
    in the download is put behind the second."""
    taken: set[str] = set()
    result = []
    for work in works:
        people = []
        for person in work.people:
            key = person.key if person.key not in taken else f"{person.key} ({work.place})"
            taken.add(key)
            people.append(replace(person, key=key))
        result.append(replace(work, people=people))
    return result


def _submissions(platform: Platform, work: Work, declared: Sequence[str]) -> Iterator[Submission]:
    if work.closed:
        opened = closed_folder(work.place)
    else:
        opened = open_files(work.place, work.files, work.passed, declared)
    told = [about_left(one, "the download") for one in work.left]
    texts = [*work.notes, *(note for note, _ in told)]
    opened = replace(
        opened,
        notes=(*opened.notes, *(Note(audience=Audience.STUDENT, text=text) for text in texts)),
        unread=(
            *opened.unread,
            *work.unread,
            *(not_read for _, not_read in told if not_read is not None),
        ),
    )
    for person in work.people:
        delivery = Delivery(
            platform=platform.name,
            person=person,
            place=work.place,
            group=work.place if len(work.people) > 1 else "",
            handed_in=work.handed_in,
            late=work.late,
        )
        yield replace(opened, id=readable(person.key), delivery=delivery)
