"""Paths as they are given on the command line."""

from __future__ import annotations

from pathlib import Path

from grader.cli.exits import usage_error

__all__ = ["given_path"]


def given_path(text: str | Path) -> Path:
    """The path of an argument. Ends as a wrong call where it is empty.

    An empty one comes from a variable that is not set, and would mean the current folder.
    """
    if not str(text) or (isinstance(text, str) and not text.strip()):
        usage_error("an empty path was given; is a variable not set?")
    return Path(text)
