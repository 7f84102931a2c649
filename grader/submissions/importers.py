"""Importers: who knows what was handed in, and opens it. Other packages add theirs.

An importer of another package is named in its metadata under `grader.importers`; the entry point
gives an `Importer`. It is asked before the built-in ones, in the order of the names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import entry_points
from pathlib import Path

from grader.model.door import DoorFault, load_entry
from grader.spec.problems import did_you_mean
from grader.submissions.archive_names import is_archive
from grader.submissions.find import distinct, find_below
from grader.submissions.notes import listed
from grader.submissions.opened import expect_submission
from grader.submissions.platforms.canvas import CANVAS
from grader.submissions.platforms.download import (
    Platform,
    beside,
    is_download,
    may_be,
    open_download,
)
from grader.submissions.platforms.github import GITHUB
from grader.submissions.platforms.gradescope import GRADESCOPE
from grader.submissions.platforms.moodle import MOODLE
from grader.submissions.platforms.nbgrader import NBGRADER
from grader.submissions.submission import Submission
from grader.submissions.tree import SubmissionFault, is_file

__all__ = [
    "GROUP",
    "IMPORTERS",
    "PLAIN",
    "Importer",
    "chosen",
    "find_submissions",
    "importers",
    "likeness",
]

GROUP = "grader.importers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """`recognise` says whether a path is of its kind. `open` is given the path and the names of the
    files that the assignment declares, and gives every submission there with the path at which it
    lies; it raises SubmissionFault where that cannot be done.

    With a `label`, like "a Canvas download", staff are told what was recognised, and of what lies
    there `beside` the submissions and belongs to nobody.
    """

    name: str
    recognise: Callable[[Path], bool]
    open: Callable[[Path, Sequence[str]], Sequence[tuple[Path, Submission]]]
    label: str = ""
    beside: Callable[[Path], Sequence[str]] = lambda _path: ()


def _of_platform(platform: Platform) -> Importer:
    return Importer(
        name=platform.name,
        label=platform.label,
        recognise=partial(is_download, platform),
        open=partial(open_download, platform),
        beside=partial(beside, platform),
    )


def _is_archive(path: Path) -> bool:
    return is_file(path) and is_archive(path.name)


#: What needs no platform.
PLAIN: tuple[Importer, ...] = (
    Importer(name="archive", recognise=_is_archive, open=find_below),
    Importer(name="folders", recognise=lambda _path: True, open=find_below),
)
IMPORTERS: tuple[Importer, ...] = (
    *map(_of_platform, (GRADESCOPE, CANVAS, MOODLE, NBGRADER, GITHUB)),
    *PLAIN,
)


@cache
def importers() -> tuple[Importer, ...]:
    """Those of other packages, then the built-in ones: looked for once, since that goes through
    all that is installed. Raises SubmissionFault.
    """
    added = sorted(entry_points(group=GROUP), key=lambda one: one.name)
    try:
        return (*(load_entry(one, Importer, what="importer") for one in added), *IMPORTERS)
    except DoorFault as fault:
        raise SubmissionFault(str(fault)) from fault


def chosen(paths: Sequence[Path], name: str | None = None) -> list[Importer]:
    """For each path the importer of this name, or else the first that knows it.

    Raises SubmissionFault, also for a path that is neither a file nor a folder.
    """
    known = importers()
    if name is not None:
        named = [one for one in known if one.name == name]
        if not named:
            names = list(dict.fromkeys(one.name for one in known))
            help_ = did_you_mean(name, names) or f"there are {', '.join(names)}"
            msg = f"there is no importer {name!r}; {help_}"
            raise SubmissionFault(msg)
        known = (named[0],)
    for path in paths:
        expect_submission(path)
    return [next(one for one in known if name is not None or one.recognise(path)) for path in paths]


def find_submissions(
    paths: Iterable[Path],
    declared: Sequence[str],
    *,
    kind: str | None = None,
    tell: Callable[[str], None] = lambda _text: None,
) -> list[Submission]:
    """Every submission below the paths; each path is opened by the first importer that knows it,
    or by the one whose name is `kind`.

    Ids are made different from each other. `tell` is told what was recognised. Raises
    SubmissionFault, also for a path that is neither a file nor a folder.
    """
    paths = list(paths)
    found: list[tuple[Path, Submission]] = []
    for path, importer in zip(paths, chosen(paths, kind), strict=True):
        opened = importer.open(path, declared)
        found += opened
        if importer.label:
            tell(f"{importer.label} of {_people(len(opened))}")
        beside = importer.beside(path)
        if beside:
            tell(f"passed over in {path}, as nobody's: {listed(beside)}")
    return distinct(found)


def likeness(path: Path) -> Sequence[str]:
    """What to tell of a path that is no platform's for the sake of a few files in it: they are not
    grouped by person then."""
    told = []
    for platform in (CANVAS, MOODLE):  # of the others a name alone tells nothing
        if found := may_be(platform, path):
            taken, others = found
            told.append(
                f"{path} is not taken for {platform.label}, as {listed(others)} may be work too; "
                f"{taken} of {taken + len(others)} names are of that form: "
                f"--from {platform.name} says that it is one"
            )
    return told


def _people(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}" if count else "nobody"
