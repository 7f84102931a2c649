"""nbgrader: `submitted/STUDENT/ASSIGNMENT/`, with the notebooks and a `timestamp.txt`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader.model.person import Person
from grader.submissions.layout import accepted_names
from grader.submissions.notes import readable
from grader.submissions.platforms.download import Download, Platform, Work
from grader.submissions.platforms.names import Entry, Names
from grader.submissions.platforms.times import read_time
from grader.submissions.tree import SubmissionFault

__all__ = ["NBGRADER"]

_SUBMITTED = "submitted"
_TIME = "timestamp.txt"
_MOST_BYTES = 1024


def _below(names: Names) -> str | None:
    """The path to the folder of students: the one named `submitted`, or this one where it looks
    like it; None for none."""
    if names.name != _SUBMITTED and any(
        one.name == _SUBMITTED and one.is_folder for one in names.entries()
    ):
        return _SUBMITTED if _is_class(names, f"{_SUBMITTED}/", named=True) else None
    return "" if _is_class(names, "", named=names.name == _SUBMITTED) else None


def _is_class(names: Names, above: str, *, named: bool) -> bool:
    """Whether folders of assignments lie in folders of students, and nothing else; without the
    name of the folder a time has to be in one of them."""
    students = names.entries(above.rstrip("/"))
    inside = [
        (f"{above}{student.name}/{one.name}", one)
        for student in students
        if student.is_folder
        for one in names.entries(f"{above}{student.name}")
    ]
    if not inside or not all(one.is_folder for _, one in inside):
        return False
    files = [file for place, _ in inside for file in names.entries(place)]
    return named or any(file.name == _TIME and file.is_file for file in files)


def _knows(names: Names) -> bool:
    return _below(names) is not None


def _takes(names: Names, entry: Entry) -> bool:
    return _below(names) == _SUBMITTED or entry.is_folder


def _works(download: Download, declared: Sequence[str]) -> Sequence[Work]:
    below = _below(download)
    above = f"{below}/" if below else ""
    students = [one.name for one in download.entries(below or "") if one.is_folder]
    assignment = _assignment(download, above, students, declared)
    return [_work(download, above, student, assignment) for student in students]


def _assignment(
    download: Download, above: str, students: Sequence[str], declared: Sequence[str]
) -> str:
    """The one assignment that students handed in, or the only one with a declared file. Raises
    SubmissionFault where there is more than one of them."""
    accepted = accepted_names(declared)
    names: dict[str, bool] = {}
    for student in students:
        for one in download.entries(f"{above}{student}"):
            files = {file.name for file in download.entries(f"{above}{student}/{one.name}")}
            names[one.name] = names.get(one.name, False) or bool(files & accepted)
    holding = [name for name, holds in names.items() if holds]
    if len(names) == 1 or len(holding) == 1:
        return (holding or [*names])[0]
    which = ", ".join(map(readable, sorted(holding or names)))
    msg = f"{readable(download.name)} holds more than one assignment ({which}): give a folder"
    raise SubmissionFault(f"{msg} with only one of them in each student's folder")


def _work(download: Download, above: str, student: str, assignment: str) -> Work:
    place = f"{above}{student}/{assignment}"
    people = [Person(key=student, ids={"nbgrader": student})]
    work = download.work(place, people, without=[_TIME])
    time = download.read(f"{place}/{_TIME}", _MOST_BYTES) or b""
    moment = read_time(time.decode("utf-8", "replace"))
    return replace(work, place=student, handed_in=moment)


NBGRADER = Platform(
    name="nbgrader", label="an nbgrader class", knows=_knows, takes=_takes, works=_works
)
