"""What the ASSIGNMENT argument of every command may be."""

from __future__ import annotations

from pathlib import Path

from grader.cli.exits import usage_error

__all__ = ["assignment_path"]


def assignment_path(given: str) -> Path:
    """A folder, an assignment.yaml, or the slug of a folder below ./assignments."""
    for path in (Path(given), Path("assignments") / given):
        if path.is_file() or (path / "assignment.yaml").is_file():
            return path
    return usage_error(
        f"there is no assignment {given!r}: neither a folder with an assignment.yaml, nor "
        "one below assignments/"
    )
