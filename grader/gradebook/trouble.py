"""What can go wrong with the file of a gradebook, in words that say what to do."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

__all__ = ["DiskFault", "GradebookFault", "told"]


class GradebookFault(Exception):
    """The gradebook cannot be used; the message says why. What stood in it still does."""


class DiskFault(GradebookFault):
    """There is no room, or the disk refuses to write or to read."""


#: By what stands in SQLite's own words; the first that does counts.
_WORDS: Mapping[str, str] = {
    "disk is full": "there is no room left on the disk; what was written before is kept",
    "disk i/o": "the disk refused it (it may be full, or the file too large); what was written "
    "before is kept",
    "readonly": "the file or its folder may not be written",
    "unable to open": "the file or its folder may not be read and written",
    "locked": "another command has been writing to it for half a minute; try again when it has "
    "ended",
    "not a database": "the file is not a gradebook",
    "malformed": "the file is damaged: put a copy from before in its place (`grader gradebook "
    "check` says how far, where it can be opened)",
    "no such table": "the file is not a gradebook",
}
_OF_DISK = ("disk is full", "disk i/o")


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """What SQLite raises within becomes a GradebookFault."""
    try:
        yield
    except sqlite3.Error as error:
        text = str(error)
        known = (words for part, words in _WORDS.items() if part in text.lower())
        msg = f"the gradebook {path} cannot be used: {next(known, text)}"
        of_disk = any(part in text.lower() for part in _OF_DISK)
        raise (DiskFault if of_disk else GradebookFault)(msg) from error
