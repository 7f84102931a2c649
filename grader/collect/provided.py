"""What the course has for students' code: files to read, and modules to import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.collect.loading import packages_of
from grader.plan.plan import Setting
from grader.sandbox.contract import SandboxFault
from grader.submissions.submission import Submission

__all__ = ["about_provided", "course_modules"]


def course_modules(
    names: Sequence[str], data: Mapping[str, Path], packages: Mapping[str, str]
) -> Mapping[str, bytes]:
    """The course's modules, where the student's code finds them. Raises SandboxFault.

    `packages` are names of folders that others stand in for.
    """
    try:
        return {_place(name, packages): data[name].read_bytes() for name in names}
    except (KeyError, OSError) as error:
        msg = "a module of the assignment cannot be read"
        raise SandboxFault(msg) from error


def about_provided(setting: Setting, submission: Submission, data: Mapping[str, Path]) -> list[str]:
    """A note where the assignment has a file or folder of that name for everybody.

    A copy of a module of the course's, as a release brings it, is nothing to speak of.
    """
    packages = packages_of(submission, setting.files)
    course = course_modules(setting.modules, data, packages)
    handed_in = sorted({*submission.modules, *submission.sheets, *submission.others})
    notes = []
    for name in setting.data:
        place = _place(name, packages) if name in setting.modules else name
        same = [file for file in handed_in if file == place or file.startswith(f"{place}/")]
        if not same or all(submission.modules.get(file, b"") == course.get(file) for file in same):
            continue
        imported = name not in setting.modules and name in submission.modules
        which = "; an import gives yours, and open() the provided one" if imported else ""
        notes.append(f"{name} is provided by the assignment{which or '; yours was not used'}")
    return notes


def _place(name: str, packages: Mapping[str, str]) -> str:
    """Where a module lies for an import: in the folder that stands in for its own."""
    folder, _, file = name.rpartition("/")
    top, slash, rest = folder.partition("/")
    if top not in packages:
        return name
    return "/".join(part for part in (packages[top], rest if slash else "", file) if part)
