"""One file, one folder, or a folder of students: which submissions are there?"""

from __future__ import annotations

import contextlib
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from grader.submissions.archive import Left
from grader.submissions.archive_names import ArchiveFault, archive_stem, is_archive
from grader.submissions.file_kinds import may_be_work
from grader.submissions.layout import CODE, MODULES, NOTEBOOKS, SHEETS, accepted_names
from grader.submissions.listing import unpacked
from grader.submissions.notes import readable
from grader.submissions.opened import (
    most_unpacked,
    not_followed,
    not_unpacked,
    open_submission,
    open_together,
    with_left_out,
)
from grader.submissions.reports import REPORTS
from grader.submissions.submission import Submission
from grader.submissions.tree import CannotRead, SubmissionFault, is_file, is_folder, is_junk

__all__ = [
    "SubmissionFault",
    "distinct",
    "find_below",
    "open_submission",
    "open_together",
    "passed_over",
    "places_below",
]

_ARCHIVE = "archive"
_OF_EXAMPLES = "expected.yaml"  # says what the examples beside it must get


def find_below(path: Path, declared: Sequence[str]) -> list[tuple[Path, Submission]]:
    """Open every submission below a path, in the order of their names, with where each lies.

    A folder is one submission when it holds a file that the assignment declares, or modules beside
    a package, or has no folders inside; else each folder, archive and notebook inside is one. A
    folder without folders in which several files of one type lie, none of them declared, holds one
    submission a file, photos and documents among them. What is in an archive is looked at in the
    same way. A link among students' folders is a submission that cannot be read, and so is a folder
    that may not be entered. Raises SubmissionFault for one that could be a class as well as a
    submission.
    """
    places = _places(path, declared)
    archive = _only_archive(path) if places == [path] else None
    found = _in_archive(archive, declared) if archive is not None else []
    return found or [(place, _open(place, declared, given=place == path)) for place in places]


def _only_archive(path: Path) -> Path | None:
    """The archive that was given, or that is the only thing in the folder that was given."""
    if is_file(path):
        return path if is_archive(path.name) else None
    with contextlib.suppress(SubmissionFault):
        inside = _inside(path)
        if len(inside) == 1 and is_archive(inside[0].name) and not inside[0].is_symlink():
            return inside[0] if is_file(inside[0]) else None
    return None


def _in_archive(archive: Path, declared: Sequence[str]) -> list[tuple[Path, Submission]]:
    """The submissions in the archive of a class; none where it is one student's, or is refused."""
    with contextlib.suppress(ArchiveFault, CannotRead):
        opened = unpacked(archive.parent, archive.name, most_unpacked)
        with opened as (folder, left):
            inner = _without_folders_around(folder)
            places = _places(inner, declared)
            if places == [inner] or not _is_class(places, accepted_names(declared)):
                return []
            depth = len(inner.relative_to(folder).parts)
            of_name: dict[str, list[Left]] = defaultdict(list)
            for one in left:
                of_name[_of_student(one.name, depth)].append(one)
            above = archive.parent / archive_stem(archive.name)
            found = [
                (
                    above / place.name,
                    with_left_out(_open(place, declared, given=False), of_name.pop(place.name, [])),
                )
                for place in places
            ]
            # Whole students were left out: nobody is lost in silence.
            lost = [(name, one[0].why) for name, one in of_name.items() if one[0].may_matter]
            return [*found, *((above / name, not_unpacked(name, why)) for name, why in lost)]
    return []


def _of_student(name: str, depth: int) -> str:
    """The folder or file of a class, in an archive, in which a member lies."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return parts[depth] if len(parts) > depth else name


def _without_folders_around(folder: Path) -> Path:
    """The folder below those that hold nothing but one folder."""
    while True:
        inside = _inside(folder)
        if len(inside) != 1 or not is_folder(inside[0]):
            return folder
        folder = inside[0]


def _is_class(places: Sequence[Path], accepted: set[str]) -> bool:
    """Whether what lies in an archive is students' work rather than the folders of one student."""
    files = [place for place in places if is_file(place)]
    folders = [place for place in places if is_folder(place)]
    if len(files) > 1:
        return True
    holding = [place for place in folders if _holds_below(place, accepted)]
    if len(holding) + len(files) > 1:
        return True
    working = [place for place in folders if _has_work(place)]
    return not holding and len(working) + len(files) > 1


def _holds_below(folder: Path, accepted: set[str]) -> bool:
    """Whether a declared file or an archive lies in it, or in the folders that are around it."""
    inner = _without_folders_around(folder)
    return _holds(inner, accepted) or any(is_archive(item.name) for item in _inside(inner))


def _has_work(folder: Path) -> bool:
    """Whether sheets or code lie in it, and it is not a package."""
    inside = _inside(_without_folders_around(folder))
    if any(item.name == "__init__.py" for item in inside):
        return False
    return any(item.suffix in (*SHEETS, *CODE) for item in inside)


def _open(place: Path, declared: Sequence[str], *, given: bool) -> Submission:
    """Only a link that was given itself is followed."""
    if not given and place.is_symlink() and (is_archive(place.name) or not is_file(place)):
        return not_followed(place)
    return open_submission(place, declared)


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(item for item in folder.iterdir() if not _is_unseen(item.name))
    except OSError as error:
        msg = f"the folder {readable(str(folder))} cannot be read: {error.strerror}"
        raise SubmissionFault(msg) from None


def _places(path: Path, declared: Sequence[str]) -> list[Path]:
    if is_file(path):
        return [path]
    try:
        inside = _inside(path)
    except SubmissionFault:
        return [path]  # held as one: it must not stop the others
    folders = [item for item in inside if is_folder(item) and not item.is_symlink()]
    links = [item for item in inside if item.is_symlink() and not is_file(item)]
    files = [item for item in inside if is_file(item)]
    accepted = accepted_names(declared)
    own = sorted(name for name in accepted if is_file(path / name))
    if own:
        students = [item for item in folders if _holds(item, accepted)]
        if len(students) > 1:
            msg = f"{readable(str(path))} holds {own[0]} beside folders that hold one too"
            raise SubmissionFault(f"{msg}: is it one submission, or a class?")
        return [path]
    if folders:
        beside = [item for item in files if _type_of(item) in (_ARCHIVE, *NOTEBOOKS)]
        is_work = _is_work(files, folders, accepted)
        return [path] if is_work else sorted([*folders, *links, *beside])
    reports = REPORTS if any(name.endswith(REPORTS) for name in declared) else ()
    types = {item: _type_of(item, reports) for item in files}
    gradable = [item for item in files if types[item]]
    if links and not gradable:
        return links
    suffixes = Counter(types[item] for item in gradable)
    if not suffixes or max(suffixes.values()) < 2:
        return [path]
    return [item for item in files if types[item] or may_be_work(item.name)]


def _type_of(file: Path, reports: Sequence[str] = ()) -> str:
    """The type of what may be a submission by itself, else an empty text."""
    if is_archive(file.name):
        return _ARCHIVE
    return file.suffix if file.suffix in (*SHEETS, *CODE, *reports) else ""


def _holds(folder: Path, accepted: Iterable[str]) -> bool:
    """Whether it looks like a student's folder, not like a package of modules."""
    if is_file(folder / "__init__.py"):
        return False
    return any(is_file(folder / name) for name in accepted)


def _is_work(files: list[Path], folders: list[Path], accepted: set[str]) -> bool:
    """Whether modules lie beside a package, and no folder is a student's."""
    packages = [item for item in folders if is_file(item / "__init__.py")]
    loose = any(item.suffix in MODULES for item in files)
    return loose and bool(packages) and not any(_holds(item, accepted) for item in folders)


def _is_unseen(name: str) -> bool:
    return is_junk(name) or name == "__pycache__"


def places_below(path: Path, declared: Sequence[str]) -> list[Path]:
    """Where the submissions below a path lie, none of which is opened. Raises SubmissionFault."""
    return _places(path, declared)


def passed_over(paths: Iterable[Path], declared: Sequence[str]) -> list[Path]:
    """What lies beside the folders or files of a class, belongs to nobody and may be work: sheets,
    modules, and what we cannot read."""
    return [
        item
        for path in paths
        if is_folder(path) and _places(path, declared) != [path]
        for item in _inside(path)
        if is_file(item) and item.name != _OF_EXAMPLES
        if item.suffix in (*SHEETS, *MODULES) or may_be_work(item.name)
        if item not in _places(path, declared)
    ]


def distinct(found: Sequence[tuple[Path, Submission]]) -> list[Submission]:
    """Ids are names of folders or files; where two agree, the folder above is put before them."""
    count = Counter(submission.id for _, submission in found)
    submissions = [
        submission
        if count[submission.id] == 1
        else replace(submission, id=readable(f"{path.resolve().parent.name}/{path.name}"))
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
