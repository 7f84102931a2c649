"""Open one submission: a file, several files, or a folder with all that is in it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from grader.model.outcome import NOTHING_HANDED_IN, Note
from grader.model.verdict import Audience
from grader.submissions.archive_names import archive_stem, is_archive
from grader.submissions.contents import Contents, most_bytes
from grader.submissions.layout import (
    CODE,
    MODULES,
    NOTEBOOKS,
    SHEETS,
    accepted_names,
    in_plain_letters,
    lay_out,
    top_folder,
)
from grader.submissions.listing import Listing, about_left, list_archive, list_files, list_folder
from grader.submissions.notes import about_names, about_passed, listed, readable, shown
from grader.submissions.reports import REPORTS
from grader.submissions.submission import NotRead, Submission
from grader.submissions.tree import (
    CannotRead,
    Passed,
    SubmissionFault,
    is_file,
    is_folder,
    read_below,
)

if TYPE_CHECKING:
    from grader.submissions.archive import Left

__all__ = [
    "closed_folder",
    "expect_submission",
    "most_unpacked",
    "not_followed",
    "not_unpacked",
    "open_files",
    "open_submission",
    "open_together",
    "with_left_out",
]

_MOST_OF_AN_ARCHIVE = 256 << 20

_MAY_MATTER = {
    Passed.LINK: "a link, which is not followed",
    Passed.STRANGE: "not a file that can be read",
    Passed.DEEP: "a folder that lies too deep",
}

_Places = Mapping[str, tuple[Path, str]]
"""Name in the submission → a folder that is trusted, and a path below it that is not."""


def expect_submission(path: Path) -> None:
    """Raise SubmissionFault unless there is a file or a folder."""
    if not (is_file(path) or is_folder(path)):
        msg = f"there is no file or folder {readable(str(path))}"
        raise SubmissionFault(msg)


def open_submission(path: Path, declared: Sequence[str]) -> Submission:
    """Read one submission: a single file of any name, or what lies in a folder or an archive.

    Of a folder the declared files are read, and with a module all modules beside and below it.
    """
    with contextlib.ExitStack() as opened:
        if not is_file(path):
            name = path.resolve().name
            try:
                found = list_folder(
                    path, accepted_names(declared), opened, most_unpacked, _completes(declared)
                )
            except SubmissionFault:
                # One student's folder must not stop the others: it is there, with nothing in it.
                return closed_folder(name)
            return _of_listing(name, found, declared)
        if is_archive(path.name):
            folder, file = path.parent, path.name
            found = list_archive(folder, file, opened, most_unpacked, _completes(declared))
            return _of_listing(archive_stem(file), found, declared)
    key = in_plain_letters(path.name)
    places = {key: (path.parent, path.name)}
    return _read(path.stem, places, [], declared=(key,), is_file=True)


def open_files(
    name: str,
    files: Mapping[str, tuple[Path, str]],
    passed: Sequence[tuple[Passed, str]],
    declared: Sequence[str],
) -> Submission:
    """Read one submission of files that lie in any places: a folder that is trusted and a path
    below it that is not, by the path that each is meant to have in the submission."""
    with contextlib.ExitStack() as opened:
        found = list_files(files, passed, opened, most_unpacked, _completes(declared))
        return _of_listing(name, found, declared)


def closed_folder(name: str) -> Submission:
    """A submission whose folder the machine does not let us look into."""
    return _read(name, {}, [], closed=["the folder that was handed in"])


def most_unpacked(name: str) -> int:
    """How many bytes of a file in an archive are unpacked: an archive in it is opened too."""
    return _MOST_OF_AN_ARCHIVE if is_archive(name) else most_bytes(name)


def _completes(declared: Sequence[str]) -> Callable[[Sequence[str]], bool]:
    """Whether names have something in them for everything that is declared."""
    wanted = [
        {PurePosixPath(name).name for name in accepted_names([declared_one])}
        for declared_one in declared
    ]

    def complete(names: Sequence[str]) -> bool:
        there = {PurePosixPath(name).name for name in names}
        return all(there & alternatives for alternatives in wanted)

    return complete


def _of_listing(name: str, found: Listing, declared: Sequence[str]) -> Submission:
    accepted = accepted_names(declared)
    files = {
        in_plain_letters(item): found.files[item] for item in sorted(found.files)
    }  # `hw.py` wins
    top = top_folder([*files], accepted)
    notes = [f"the files were read from the folder {shown(top[:-1])}"] if top else []
    notes += [
        *found.notes,
        *about_passed((why, one.removeprefix(top)) for why, one in found.passed),
    ]
    inside = {item.removeprefix(top): item for item in files if item.startswith(top)}
    beside = _beside_top(inside, [*files], top, declared)
    # A folder that is a package stays one: what is in there may be imported by its name.
    package = top.split("/")[-2] + "/" if f"{top}__init__.py" in files and top else ""
    layout = lay_out([*inside, *beside], declared, package=bool(package))
    keys = {item: package + item if item.endswith(CODE) else item for item in inside}
    keys |= {item: item for item in beside}
    lies = {**{item: item for item in beside}, **inside}
    places = {keys[item]: files[lies[item]] for item in (*layout.chosen, *layout.others)}
    at_start = [keys[item] for item in layout.declared]
    closed = [f"the folder {shown(one)}" for why, one in found.passed if why is Passed.CLOSED]
    submission = _read(
        name,
        places,
        [*notes, *layout.notes],
        declared=tuple(at_start),
        closed=[*found.closed, *closed],
        left=layout.left,
        wanted=declared,
    )
    outer = (*filter(None, reversed(top.split("/"))), name)
    unread = (*found.unread, *_not_looked_at(found.passed), *submission.unread)
    return replace(submission, outer=outer, unread=unread)


def _not_looked_at(passed: Sequence[tuple[Passed, str]]) -> list[NotRead]:
    """What was passed over and has the name of what answers, or may hold it."""
    found = []
    for why, name in passed:
        code = why is Passed.DEEP or name.endswith(CODE)
        answers = why is Passed.DEEP or name.endswith((*SHEETS, *NOTEBOOKS, *REPORTS))
        if why in _MAY_MATTER and (code or answers):
            told = f"{shown(name)} ({_MAY_MATTER[why]})"
            found.append(NotRead(why=told, code=code, answers=answers))
    return found


def _beside_top(
    inside: Collection[str], files: Sequence[str], top: str, declared: Sequence[str]
) -> list[str]:
    """What lies beside the folder that was taken off, where something is missing in there: it may
    hold that. Modules only where there are none in it."""
    if not top or _completes(declared)([*inside]):
        return []
    has_code = any(item.endswith(CODE) for item in inside)
    beside = [item for item in files if not item.startswith(top) and item not in inside]
    return [item for item in beside if not (has_code and item.endswith(MODULES))]


def not_followed(path: Path) -> Submission:
    """A submission that is a link: whose files lie behind it, the link does not say."""
    return _read(path.name, {}, [], closed=["what was handed in (a link, which is not followed)"])


def not_unpacked(name: str, why: str) -> Submission:
    """A submission that was left out of an archive: what is in it, nobody knows."""
    text = f"{shown(name)} was left out of the archive: {why}"
    note = Note(audience=Audience.STUDENT, text=text)
    return Submission(id=readable(archive_stem(name)), unread=(NotRead(why=text),), notes=(note,))


def with_left_out(submission: Submission, left: Sequence[Left]) -> Submission:
    """A submission of a class's archive, of which these members were left out."""
    told = [about_left(one, "the archive") for one in left]
    notes = [Note(audience=Audience.STUDENT, text=note) for note, _ in told]
    unread = [not_read for _, not_read in told if not_read is not None]
    return replace(
        submission,
        notes=(*submission.notes, *notes),
        unread=(*submission.unread, *unread),
    )


def open_together(paths: Sequence[Path], declared: Sequence[str]) -> Submission:
    """One submission of a folder, or of several files. Raises SubmissionFault."""
    for path in paths:
        expect_submission(path)
    if len(paths) == 1:
        return open_submission(paths[0], declared)
    if any(is_folder(path) for path in paths):
        msg = "give either one folder, or one or more files"
        raise SubmissionFault(msg)
    places: dict[str, tuple[Path, str]] = {}
    notes = []
    for path in paths:
        name = _declared_name(path, declared)
        if places.setdefault(name, (path.parent, path.name)) != (path.parent, path.name):
            notes.append(f"two files are named {shown(name)}; the first one counts")
    asked = tuple(name for name in declared if name in places)
    return _read(paths[0].stem, places, notes, declared=asked)


def _declared_name(path: Path, declared: Sequence[str]) -> str:
    """The path that the assignment gives a file that was named by itself, or its own name."""
    parts = path.resolve().parts
    for name in declared:
        own = tuple(name.split("/"))
        if len(own) > 1 and parts[-len(own) :] == own:
            return name
    return in_plain_letters(path.name)


def _read(
    name: str,
    places: _Places,
    notes: list[str],
    *,
    declared: Sequence[str] = (),
    is_file: bool = False,
    closed: Sequence[str] = (),
    left: Sequence[str] = (),
    wanted: Sequence[str] = (),
) -> Submission:
    """Read these files. What the machine keeps from us, `closed` among it, makes it unreadable."""
    unreadable = [*closed]
    contents = Contents([*places], declared, alone=is_file)
    for file, (folder, place) in places.items():
        try:
            content = read_below(folder, place, most_bytes(file))
        except CannotRead as fault:
            unreadable.append(f"{shown(file)} ({fault})")
            continue
        if content is not None:
            contents.add(file, content)
        elif is_file:
            unreadable.append(f"{shown(file)} (a link, which is not followed)")
        else:
            notes.append(f"{shown(file)} was left out: it cannot be read as a file")
    if is_file and contents.others and not contents.modules:
        file = next(iter(contents.others))
        notes.append(f"{shown(file)} is neither a module nor an answer sheet")
    if not is_file:
        notes += about_names(contents.modules, declared)
    if not (places or unreadable or left or notes):
        notes.append(NOTHING_HANDED_IN)
    contents.finish(left, wanted=wanted)
    why = f"{listed(unreadable)} cannot be read" if unreadable else ""
    notes += [*contents.notes, *([why] if why else [])]
    return Submission(
        id=readable(name),
        unreadable=why,
        modules=contents.modules,
        sheets=contents.sheets,
        others=contents.others,
        figures=tuple(contents.figures),
        at_start=tuple(
            file for file in (contents.modules if is_file else declared) if file in contents.modules
        ),
        unread=tuple(contents.unread),
        notes=tuple(Note(audience=Audience.STUDENT, text=note) for note in notes),
    )
