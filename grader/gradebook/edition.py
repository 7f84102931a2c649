"""One version of an assignment: every file that its marks hang on, by digest."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from grader.gradebook.book import Gradebook, GradebookFault
from grader.model.assignment import Assignment, FunctionQuestion
from grader.plan.fingerprint import digest

__all__ = ["Edition", "edition_of", "keep_edition", "kept_edition"]


_NAME = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The files as texts. `files` are those beside the spec, and modules beside the reference."""

    assignment: str  #: slug
    spec: str
    reference: str = ""
    reference_name: str = ""  #: of its file
    files: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)  #: name → digest
    grader: str
    numpy: str

    @property
    def digest(self) -> str:
        """Of the files, and of the versions that they are judged by: what a run hangs on."""
        return digest("edition", [*self._files(), self.grader, self.numpy])

    @property
    def name(self) -> str:
        """Of the files alone, in 16 characters: what a release carries, whoever wrote it."""
        return digest("files", self._files()).partition(":")[2][:_NAME]

    def _files(self) -> list[object]:
        return [
            self.assignment,
            self.spec,
            self.reference_name,
            self.reference,
            sorted(self.files.items()),
            sorted(self.data.items()),
        ]


def edition_of(spec: Path, assignment: Assignment, data: Mapping[str, str]) -> Edition:
    """The edition that is in the files now. `data` are the digests of a plan.

    Raises GradebookFault where a file that was read a moment ago is gone.
    """
    try:
        files = {
            name: (assignment.folder / name).read_text(encoding="utf-8")
            for name in _files_beside(spec, assignment)
        }
        reference = assignment.reference
        if reference is not None:
            files |= _modules_beside(reference)
        return Edition(
            assignment=assignment.slug,
            spec=spec.read_text(encoding="utf-8"),
            reference=reference.read_text(encoding="utf-8") if reference else "",
            reference_name=reference.name if reference else "",
            files=files,
            data=data,
            grader=version("numgrader"),
            numpy=version("numpy"),
        )
    except (OSError, UnicodeDecodeError) as error:
        msg = f"the files of the assignment {assignment.slug} cannot be read any more: {error}"
        raise GradebookFault(msg) from error


def _files_beside(spec: Path, assignment: Assignment) -> list[str]:
    """Drivers, and code that is provided: Python files of the folder that the spec speaks of."""
    text = spec.read_text(encoding="utf-8")
    drivers = {
        question.driver.file
        for question in assignment.questions
        if isinstance(question, FunctionQuestion) and question.driver is not None
    }
    named = {
        path.name
        for path in assignment.folder.glob("*.py")
        if assignment.provided and path.name in text
    }
    return sorted({*drivers, *named} - set(assignment.files))


def _modules_beside(reference: Path) -> dict[str, str]:
    """Modules of the reference's own folder that it imports, and those that they import."""
    found: dict[str, str] = {}
    waiting = [reference]
    while waiting:
        source = waiting.pop().read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names.append(node.module)
            for name in names:
                path = reference.with_name(f"{name.partition('.')[0]}.py")
                key = f"reference/{path.name}"
                if path != reference and key not in found and path.is_file():
                    found[key] = path.read_text(encoding="utf-8")
                    waiting.append(path)
    return found


def keep_edition(book: Gradebook, edition: Edition) -> None:
    """For use within `writing`."""
    book.run(
        "INSERT OR IGNORE INTO edition (digest, assignment, spec, reference, reference_name, files,"
        " data, grader_version, numpy_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        edition.digest,
        edition.assignment,
        edition.spec,
        edition.reference,
        edition.reference_name,
        json.dumps(dict(edition.files)),
        json.dumps(dict(edition.data)),
        edition.grader,
        edition.numpy,
    )


def kept_edition(book: Gradebook, name: str) -> Edition:
    """The edition with this digest."""
    row = book.row("SELECT * FROM edition WHERE digest = ?", name)
    assert row is not None
    return Edition(
        assignment=row["assignment"],
        spec=row["spec"],
        reference=row["reference"],
        reference_name=row["reference_name"],
        files=json.loads(row["files"]),
        data=json.loads(row["data"]),
        grader=row["grader_version"],
        numpy=row["numpy_version"],
    )
