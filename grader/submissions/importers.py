"""Importers: who knows what was handed in, and opens it. Other packages add theirs.

An importer of another package is named in its metadata under `grader.importers`; the entry point
gives an `Importer`. It is asked before the built-in ones, in the order of the names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from grader.model.door import DoorFault, load_entry
from grader.submissions.find import distinct, find_below
from grader.submissions.opened import expect_submission
from grader.submissions.submission import Submission
from grader.submissions.tree import SubmissionFault

__all__ = ["GROUP", "IMPORTERS", "Importer", "find_submissions", "importers"]

GROUP = "grader.importers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """`recognise` says whether a path is of its kind. `open` is given the path and the names of the
    files that the assignment declares, and gives every submission there with the path at which it
    lies; it raises SubmissionFault where that cannot be done."""

    name: str
    recognise: Callable[[Path], bool]
    open: Callable[[Path, Sequence[str]], Sequence[tuple[Path, Submission]]]


IMPORTERS: tuple[Importer, ...] = (
    Importer(name="folders", recognise=lambda _path: True, open=find_below),
)


def importers() -> tuple[Importer, ...]:
    """Those of other packages, then the built-in ones. Raises SubmissionFault."""
    added = sorted(entry_points(group=GROUP), key=lambda one: one.name)
    try:
        return (*(load_entry(one, Importer, what="importer") for one in added), *IMPORTERS)
    except DoorFault as fault:
        raise SubmissionFault(str(fault)) from fault


def find_submissions(paths: Iterable[Path], declared: Sequence[str]) -> list[Submission]:
    """Every submission below the paths; each path is opened by the first importer that knows it.

    Ids are made different from each other. Raises SubmissionFault, also for a path that is neither
    a file nor a folder.
    """
    known = importers()
    found: list[tuple[Path, Submission]] = []
    for path in paths:
        expect_submission(path)
        importer = next(one for one in known if one.recognise(path))
        found += importer.open(path, declared)
    return distinct(found)
