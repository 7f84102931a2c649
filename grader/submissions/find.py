"""One file, one folder, or a folder of students: which submissions are there?"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from grader.submissions.layout import MODULES, SHEETS, accepted_names
from grader.submissions.notes import readable
from grader.submissions.opened import not_followed, open_submission, open_together
from grader.submissions.submission import Submission
from grader.submissions.tree import SubmissionFault, is_file, is_folder, is_junk

__all__ = [
    "SubmissionFault",
    "distinct",
    "find_below",
    "open_submission",
    "open_together",
    "passed_over",
    "places_below",
]

_OF_EXAMPLES = "expected.yaml"  # says what the examples beside it must get


def find_below(path: Path, declared: Sequence[str]) -> list[tuple[Path, Submission]]:
    """Open every submission below a path, in the order of their names, with where each lies.

    A folder is one submission when it holds a file that the assignment declares, or modules beside
    a package, or has no folders inside; else each folder inside is one. A folder without folders in
    which several files of one type lie, none of them declared, holds one submission a file. A link
    among students' folders is a submission that cannot be read, and so is a folder that may not be
    entered. Raises SubmissionFault for one that could be a class as well as a submission.
    """
    return [
        (place, _open(place, declared, given=place == path)) for place in _places(path, declared)
    ]


def _open(place: Path, declared: Sequence[str], *, given: bool) -> Submission:
    """Only a link that was given itself is followed."""
    if not given and place.is_symlink() and not is_file(place):
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
        return [path] if _is_work(files, folders, accepted) else sorted([*folders, *links])
    gradable = [item for item in files if item.suffix in (*SHEETS, *MODULES)]
    if links and not gradable:
        return links
    suffixes = Counter(item.suffix for item in gradable)
    return gradable if suffixes and max(suffixes.values()) > 1 else [path]


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
    """Sheets and modules that lie beside the folders of a class, and so belong to nobody."""
    return [
        item
        for path in paths
        if is_folder(path) and _places(path, declared) != [path]
        for item in _inside(path)
        if is_file(item) and item.suffix in (*SHEETS, *MODULES) and item.name != _OF_EXAMPLES
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
