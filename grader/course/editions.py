"""An edition that is kept, as a course on a disk again: to judge by it."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from grader.course.options import LoadOptions
from grader.course.watch import open_course
from grader.course.watched import WatchedCourse
from grader.gradebook.edition import Edition
from grader.model.assignment import Assignment

__all__ = ["open_edition"]

_REFERENCE = "reference"


@contextlib.contextmanager
def open_edition(
    edition: Edition, now: Assignment, options: LoadOptions
) -> Iterator[WatchedCourse]:
    """An assignment by the files of an edition. Of its data only digests are kept: those of the
    assignment as it is `now` are taken. Raises as `open_course`."""
    with tempfile.TemporaryDirectory(prefix="grader-edition-") as root:
        folder = Path(root) / "assignments" / edition.assignment
        folder.mkdir(parents=True)
        beside = Path(root) / _REFERENCE
        beside.mkdir()
        (folder / "assignment.yaml").write_text(edition.spec, encoding="utf-8")
        for name, text in edition.files.items():
            is_module = name.startswith(f"{_REFERENCE}/")
            path = Path(root) / name if is_module else folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        if edition.reference_name:
            (beside / edition.reference_name).write_text(edition.reference, encoding="utf-8")
        for name, path in now.data.items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            if not place.exists():
                place.symlink_to(path.resolve())
        with open_course(folder, options) as course:
            yield course
