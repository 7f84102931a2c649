"""Whether the files of an assignment are still those from which it was prepared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from grader.model.assignment import Assignment

__all__ = ["files_now"]


def files_now(assignment: Assignment) -> Mapping[Path, tuple[int, int]]:
    """When each of its files was written and how long it is; another answer where one changed.

    The spec and the modules beside it, the reference and those beside that, and the data.
    """
    found = {}
    for path in _files(assignment):
        try:
            status = path.stat()
        except OSError:
            continue
        found[path] = status.st_mtime_ns, status.st_size
    return found


def _files(assignment: Assignment) -> Iterator[Path]:
    yield from assignment.folder.glob("*.py")
    yield from assignment.folder.glob("*.yaml")
    if assignment.reference is not None:
        yield from assignment.reference.parent.glob("*.py")
    for path in assignment.data.values():
        yield path
        yield from path.rglob("*")
