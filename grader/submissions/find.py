"""One file, one folder, or a folder of students: which submissions are there?"""

from __future__ import annotations

import itertools
import os
import stat
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from grader.model.outcome import Feedback
from grader.model.verdict import Audience
from grader.submissions.submission import Submission

__all__ = [
    "SubmissionFault",
    "find_submissions",
    "open_submission",
    "open_together",
    "passed_over",
]

SHEETS = (".yaml", ".yml", ".json")
_MODULES = (".py",)
_MAX_FILE_BYTES = 1 << 20
_MAX_TOTAL_BYTES = 16 << 20
_MAX_FILES = 200
_HEAD_BYTES = 16
_PICTURES = (".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp", ".pdf")
_JUNK = ("__MACOSX", "__pycache__")
_OF_EXAMPLES = "expected.yaml"  # says what the examples beside it must get


class SubmissionFault(Exception):
    """A path given on the command line holds no submission."""


def find_submissions(paths: Iterable[Path], declared: Sequence[str]) -> list[Submission]:
    """Open every submission below the paths, in the order of their names.

    A folder is one submission when it holds a file that the assignment declares, or has no folders
    inside; else each folder inside is one. A folder without folders in which several files of one
    type lie, none of them declared, holds one submission a file. Raises SubmissionFault for a path
    that is no file and no folder, a folder that cannot be read, or one that could be a class as
    well as a submission.
    """
    found: list[tuple[Path, Submission]] = []
    for path in paths:
        _expect_submission(path)
        found += [(place, open_submission(place, declared)) for place in _places(path, declared)]
    return _distinct(found)


def _expect_submission(path: Path) -> None:
    if not (path.is_file() or path.is_dir()):
        msg = f"there is no file or folder {_readable(str(path))}"
        raise SubmissionFault(msg)


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(item for item in folder.iterdir() if not _is_junk(item.name))
    except OSError as error:
        msg = f"the folder {_readable(str(folder))} cannot be read: {error.strerror}"
        raise SubmissionFault(msg) from None


def _places(path: Path, declared: Sequence[str]) -> list[Path]:
    if path.is_file():
        return [path]
    inside = _inside(path)
    folders = [item for item in inside if item.is_dir() and not item.is_symlink()]
    files = [item for item in inside if item.is_file()]
    accepted = _accepted_names(declared)
    own = [item.name for item in files if item.name in accepted]
    if own:
        students = [item for item in folders if any((item / name).is_file() for name in accepted)]
        if len(students) > 1:
            msg = f"{_readable(str(path))} holds {own[0]} beside folders that hold one too"
            raise SubmissionFault(f"{msg}: is it one submission, or a class?")
        return [path]
    if folders:
        return folders
    gradable = [item for item in files if item.suffix in (*SHEETS, *_MODULES)]
    suffixes = Counter(item.suffix for item in gradable)
    return gradable if suffixes and max(suffixes.values()) > 1 else [path]


def passed_over(paths: Iterable[Path], declared: Sequence[str]) -> list[Path]:
    """Sheets and modules that lie beside the folders of a class, and so belong to nobody."""
    return [
        item
        for path in paths
        if path.is_dir() and _places(path, declared) != [path]
        for item in _inside(path)
        if item.is_file() and item.suffix in (*SHEETS, *_MODULES) and item.name != _OF_EXAMPLES
        if item not in _places(path, declared)
    ]


def _distinct(found: list[tuple[Path, Submission]]) -> list[Submission]:
    """Ids are names of folders or files; where two agree, the folder above is put before them."""
    count = Counter(submission.id for _, submission in found)
    submissions = [
        submission
        if count[submission.id] == 1
        else replace(submission, id=_readable(f"{path.resolve().parent.name}/{path.name}"))
        for path, submission in found
    ]
    taken: set[str] = set()
    result = []
    for submission in submissions:
        numbered = (f"{submission.id} ({number})" for number in itertools.count(2))
        ids = itertools.chain([submission.id], numbered)
        unique = next(name for name in ids if name not in taken)
        taken.add(unique)
        result.append(replace(submission, id=unique))
    return result


def _readable(name: str) -> str:
    """A name as text that can be shown, stored and compared, whatever bytes it is made of."""
    return "".join(
        char
        if char.isprintable()
        else char.encode("ascii", "backslashreplace").decode("ascii")
        if ord(char) > 127
        else repr(char)[1:-1]
        for char in name
    )


def _is_junk(name: str) -> bool:
    return name.startswith(".") or name in _JUNK


def _accepted_names(declared: Sequence[str]) -> set[str]:
    """A sheet may be handed in as YAML or as JSON, whichever the assignment names."""
    names = set(declared)
    for name in declared:
        path = Path(name)
        if path.suffix in SHEETS:
            names.update(path.stem + other for other in SHEETS)
    return names


def open_submission(path: Path, declared: Sequence[str]) -> Submission:
    """Read one submission: a single file of any name, or the declared files of a folder.

    Where a folder has no declared file of a type but exactly one other file of that type, that one
    is taken and a note says so.
    """
    if path.is_file():
        return _read(path.stem, {path.name: path}, [], is_file=True)
    accepted = _accepted_names(declared)
    notes: list[str] = []
    name = path.resolve().name
    try:
        path = _unpacked(path, notes)
        files = _files_of(path, accepted, notes)
    except SubmissionFault:
        # One student's folder must not stop the others: theirs is there, with nothing in it.
        files = {}
        notes.append("the folder that was handed in cannot be read")
    chosen = {name: place for name, place in files.items() if name in accepted}
    for suffixes in (SHEETS, _MODULES):
        if not any(name.endswith(suffixes) for name in declared):
            continue
        if any(name.endswith(suffixes) for name in chosen):
            continue
        candidates = [name for name in files if name.endswith(suffixes)]
        if len(candidates) == 1:
            chosen[candidates[0]] = files[candidates[0]]
            wanted = " or ".join(name for name in declared if name.endswith(suffixes))
            notes.append(f"{_readable(candidates[0])} was read in place of {wanted}")
        elif candidates:
            wanted = " or ".join(name for name in declared if name.endswith(suffixes))
            notes.append(f"{wanted} is missing, and there is more than one file like it")
    if any(name.endswith(_MODULES) for name in chosen):
        # A module may import other files that were handed in with it.
        chosen.update({name: place for name, place in files.items() if name.endswith(_MODULES)})
    others = {
        name: place
        for name, place in files.items()
        if name not in chosen and not name.endswith((*SHEETS, *_MODULES))
    }
    notes += _unread(files, chosen)
    return _read(name, {**chosen, **others}, notes)


def _unpacked(folder: Path, notes: list[str]) -> Path:
    """The folder itself, or the only thing in it where that is a folder, as archives leave it."""
    inside = _inside(folder)
    if len(inside) != 1 or not inside[0].is_dir() or inside[0].is_symlink():
        folders = [item for item in inside if item.is_dir()]
        notes += [f"the folder {_readable(item.name)} was not looked into" for item in folders]
        return folder
    notes.append(f"the files were read from the folder {_readable(inside[0].name)}")
    return inside[0]


def _unread(files: Mapping[str, Path], chosen: Mapping[str, Path]) -> list[str]:
    """A note that names what nobody will look at; pictures may be named by a sheet."""
    names = [
        _readable(name)
        for name in files
        if name not in chosen and not name.lower().endswith(_PICTURES)
    ]
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return [f"not read: {', '.join(names[:10])}{more}"] if names else []


def open_together(paths: Sequence[Path], declared: Sequence[str]) -> Submission:
    """One submission of a folder, or of several files. Raises SubmissionFault."""
    for path in paths:
        _expect_submission(path)
    if len(paths) == 1:
        return open_submission(paths[0], declared)
    if any(path.is_dir() for path in paths):
        msg = "give one folder, or files"
        raise SubmissionFault(msg)
    return _read(paths[0].stem, {path.name: path for path in paths}, [])


def _files_of(folder: Path, accepted: set[str], notes: list[str]) -> dict[str, Path]:
    """Regular files and links by name, those that the assignment names before others."""
    items = sorted(_inside(folder), key=lambda item: (item.name not in accepted, item.name))
    strange = [item for item in items if not (item.is_file() or item.is_symlink())]
    notes += [
        f"{_readable(item.name)} is no file that can be read, and was passed over"
        for item in strange
        if not item.is_dir()
    ]
    files = [item for item in items if item not in strange]
    if len(files) > _MAX_FILES:
        notes.append(f"of {len(files)} files, the last {len(files) - _MAX_FILES} were passed over")
    return {item.name: item for item in files[:_MAX_FILES]}


def _read(
    name: str, files: dict[str, Path], notes: list[str], *, is_file: bool = False
) -> Submission:
    modules: dict[str, bytes] = {}
    sheets: dict[str, bytes] = {}
    others: dict[str, bytes] = {}
    room = _MAX_TOTAL_BYTES
    for file, place in files.items():
        kind = modules if file.endswith(_MODULES) else sheets if file.endswith(SHEETS) else others
        limit = _HEAD_BYTES if kind is others else _MAX_FILE_BYTES + 1
        content, shown = _content(place, limit), _readable(file)
        if content is None:
            notes.append(f"{shown} is no file that can be read, and was passed over")
        elif kind is not others and len(content) > _MAX_FILE_BYTES:
            notes.append(f"{shown} is larger than 1 MiB, and was passed over")
        elif len(content) > room:
            notes.append(f"{shown} was passed over: the files before it fill 16 MiB")
        else:
            kind[shown] = content
            room -= len(content)
    if is_file and others:
        notes.append(f"{next(iter(others))} is neither a module nor an answer sheet")
    return Submission(
        id=_readable(name),
        modules=modules,
        sheets=sheets,
        others=others,
        notes=tuple(Feedback(audience=Audience.STUDENT, text=note) for note in notes),
    )


def _content(path: Path, limit: int) -> bytes | None:
    """At most `limit` bytes of a regular file; links, pipes and devices are never opened."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        return stream.read(limit)
