"""Write what a student gets of an assignment, and read it again to check with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.checks.placeholders import FILLED
from grader.checks.release import release_document
from grader.checks.released import Released, ReleaseFault, read_release, release_text
from grader.checks.wanted import WantedQuestion
from grader.course.watched import WatchedCourse
from grader.gradebook.edition import edition_of
from grader.judge.expect.key import Key
from grader.model.assignment import Assignment, FunctionQuestion
from grader.model.outcome import Note
from grader.model.verdict import Audience
from grader.plan.data import digest_of
from grader.plan.placeholders import filled_file
from grader.report.answer_sheet import answer_sheet
from grader.submissions.opened import open_together
from grader.submissions.submission import Submission

__all__ = [
    "RELEASE_FILE",
    "edition_digest",
    "handed_in_beside",
    "open_release",
    "read_own",
    "released_of",
    "write_release",
]

RELEASE_FILE = "release.json"
_PROVIDED = "provided.py"
_STARTER = "starter.py"
_SHEETS = (".yaml", ".yml", ".json")


def edition_digest(assignment: Assignment) -> str:
    """The name of its edition: another one where the spec, the reference, what that imports, a
    driver, provided code or data is another. Raises GradebookFault where such a file is gone."""
    data = {name: digest_of(path) for name, path in assignment.data.items()}
    return edition_of(assignment.folder / "assignment.yaml", assignment, data).name


def released_of(assignment: Assignment, key: Key) -> dict[str, Any]:
    """The release of an assignment, as data."""
    return release_document(assignment, key, edition_digest(assignment))


def _sources(assignment: Assignment) -> dict[str, str]:
    """Texts of drivers by their names, and that of the provided code by ""."""
    drivers = {
        question.driver.file: question.driver.source
        for question in assignment.questions
        if isinstance(question, FunctionQuestion) and question.driver is not None
    }
    return {**drivers, **({"": assignment.provided} if assignment.provided else {})}


def read_own(course: WatchedCourse) -> Released:
    """The release that would be written of it now."""
    document = course.ask("release")
    return read_release(document, course.assignment.folder, _sources(course.assignment))


# -- writing -------------------------------------------------------------------------------------


def write_release(course: WatchedCourse, wanted: tuple[WantedQuestion, ...], to: Path) -> list[str]:
    """Write a release into a new or empty folder; the names of its files. Raises OSError."""
    assignment = course.assignment
    files = _files(assignment, wanted, course.ask("release"))
    to.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = to / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as stream:
            stream.write(content)
    for name, source in assignment.data.items():
        if source.is_dir():
            shutil.copytree(source, to / name)
        else:
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, to / name)
    return [*files, *assignment.data]


def _files(
    assignment: Assignment, wanted: tuple[WantedQuestion, ...], document: Mapping[str, Any]
) -> dict[str, bytes]:
    folder = assignment.folder
    files = {name: (folder / name).read_bytes() for name in FILLED if (folder / name).is_file()}
    if assignment.variants is not None:
        files = {name: filled_file(files[name], assignment.givens) for name in files}
    sheet = next((name for name in assignment.files if name.endswith(_SHEETS)), "")
    if sheet and any(one.answers for one in wanted):
        form = "json" if sheet.endswith(".json") else "yaml"
        # One sheet to fill in, not two: the author's own where there is one.
        own = files.pop(f"starter.{form}", None)
        files[sheet] = own or answer_sheet(assignment, wanted, form).encode()
    module = next((name for name in assignment.files if name.endswith(".py")), "")
    if module and "starter.py" not in files and (text := _starter(assignment)):
        files["starter.py"] = (
            f'"""{module}: rename this file, and write what is missing."""\n'.encode()
        )
        files["starter.py"] += text.encode()
    for name, source in _sources(assignment).items():
        files[name or _PROVIDED] = source.encode()
    files[RELEASE_FILE] = release_text(document).encode()
    return files


def _starter(assignment: Assignment) -> str:
    """Signatures and docstrings, from the spec, of all functions that are called by name."""
    pieces = []
    for question in assignment.questions:
        if not isinstance(question, FunctionQuestion):
            continue
        arguments = ", ".join(question.parameters)
        said = " ".join(question.prompt.split()).replace("\\", "\\\\").replace('"""', "'''")
        if question.driver is not None:
            pieces.append(f"\n\n# {question.entry}: {said}\n")
            continue
        doc = f'    """{said}"""\n' if said else ""
        pieces.append(
            f"\n\ndef {question.entry}({arguments}):\n{doc}    raise NotImplementedError\n"
        )
    return "".join(pieces)


# -- reading -------------------------------------------------------------------------------------


def open_release(folder: Path) -> Released:
    """The release in a folder. Raises ReleaseFault."""
    try:
        document = json.loads((folder / RELEASE_FILE).read_text(encoding="utf-8"))
        if not isinstance(document, dict):
            raise ReleaseFault(f"{RELEASE_FILE} is not a release")
        asked = document.get("questions", [])
        names = [one["driver"] for one in asked if isinstance(one, dict) and "driver" in one]
        sources = {str(name): (folder / name).read_text(encoding="utf-8") for name in names}
        if document.get("provided"):
            sources[""] = (folder / _PROVIDED).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        missing = Path(str(error.filename)).name
        raise ReleaseFault(f"{missing} is missing from the release") from None
    except (OSError, ValueError, TypeError) as error:
        raise ReleaseFault(f"the release cannot be read: {error}") from None
    return read_release(document, folder, sources)


def handed_in_beside(released: Released, folder: Path) -> Submission:
    """What a student wrote into the folder of a release, without what the release brought.

    Raises SubmissionFault.
    """
    declared = released.assignment.files
    own = {RELEASE_FILE, _PROVIDED, *FILLED, *released.assignment.data}
    own |= {
        question.driver.file
        for question in released.assignment.questions
        if isinstance(question, FunctionQuestion) and question.driver is not None
    }
    theirs = sorted(path for path in folder.iterdir() if path.name not in own)
    if any(path.is_dir() and any(path.rglob("*.py")) for path in theirs):
        return open_together([folder], declared)
    files = [path for path in theirs if path.is_file() and not path.name.startswith(".")]
    name = folder.resolve().name
    found = replace(open_together(files, declared), id=name) if files else Submission(id=name)
    module = next((one for one in declared if one.endswith(".py")), "")
    if module and not found.modules and (folder / _STARTER).is_file():
        text = f"{_STARTER} is not looked at: copy it to {module}, and write there"
        found = replace(found, notes=(*found.notes, Note(audience=Audience.STUDENT, text=text)))
    return found
