"""What the ASSIGNMENT argument of every command may be."""

from __future__ import annotations

import os
from pathlib import Path

from grader.cli.exits import usage_error

__all__ = ["assignment_path"]


def assignment_path(given: str) -> Path:
    """A folder, an assignment.yaml, or the slug of a folder below assignments/ here or above."""
    here = Path.cwd()
    roots = (Path(os.path.relpath(folder)) for folder in (here, *here.parents))
    places = (Path(given), *(root / "assignments" / given for root in roots))
    for path in places if given.strip() else ():
        if path.is_file() or (path / "assignment.yaml").is_file():
            return path
    return usage_error(
        f"there is no assignment {given!r}: neither a folder with an assignment.yaml, nor "
        "one below assignments/ here or in a folder above"
    )
