"""An edition that is kept, as a course on disk again: to judge by it, or to report."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from grader.course.options import LoadOptions
from grader.course.watch import open_course
from grader.course.watched import WatchedCourse
from grader.gradebook.edition import Edition
from grader.model.assignment import Assignment
from grader.spec.load import load_assignment

__all__ = ["assignment_of", "open_edition"]

_REFERENCE = "reference"


@contextlib.contextmanager
def open_edition(
    edition: Edition, now: Assignment, options: LoadOptions
) -> Iterator[WatchedCourse]:
    """An assignment by the files of an edition. Of its data only digests are kept: those of the
    assignment as it is `now` are taken. Raises as `open_course`."""
    with _on_disk(edition, now.data) as folder, open_course(folder, options) as course:
        yield course


def assignment_of(edition: Edition) -> Assignment:
    """The questions of an edition, to report by: no code of the course is run. Raises SpecFault."""
    with _on_disk(edition, {}) as folder:
        return load_assignment(folder).assignment


@contextlib.contextmanager
def _on_disk(edition: Edition, data: Mapping[str, Path]) -> Iterator[Path]:
    """The folder of the assignment, as long as this lasts."""
    with tempfile.TemporaryDirectory(prefix="grader-edition-") as root:
        folder = Path(root) / "assignments" / edition.assignment
        beside = Path(root) / _REFERENCE
        for one in (folder, beside):
            one.mkdir(parents=True)
        (folder / "assignment.yaml").write_text(edition.spec, encoding="utf-8")
        for name, text in edition.files.items():
            is_module = name.startswith(f"{_REFERENCE}/")
            path = Path(root) / name if is_module else folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        if edition.reference_name:
            (beside / edition.reference_name).write_text(edition.reference, encoding="utf-8")
        for name in {**edition.data, **data}:
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            if name in data:
                place.symlink_to(data[name].resolve())
            elif not place.exists():
                place.write_bytes(b"")  # named in the spec, and looked for when it is read
        yield folder
