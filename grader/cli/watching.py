"""`grader check --watch`: check again whenever a file is saved.

Files are looked at from time to time. That finds what any editor does on any disk, also where it
writes another file and puts it in the place of the old one.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from grader.cli.screen import columns_of
from grader.report.columns import in_columns
from grader.submissions.tree import SubmissionFault

if TYPE_CHECKING:
    from grader.model.assignment import Assignment

__all__ = ["Checker", "look", "settled", "watch_work", "what_changed"]

_EVERY_SECONDS = 0.3
_QUIET_SECONDS = 0.1  # without a change: what is being written is not read
_PATIENCE_SECONDS = 1.0  # for a file that is empty or gone: an editor is about to write it
_MOST_FILES = 5000
_NO_WORK = ("__pycache__", "node_modules", "site-packages")
_CLEAR = "\x1b[2J\x1b[H"

State = Mapping[Path, tuple[int, int, int]]


class Checker(Protocol):
    """What checks the same work as often as it is asked."""

    @property
    def assignment(self) -> Assignment: ...

    @property
    def folders(self) -> Sequence[Path]:
        """The files and folders in which the work lies."""

    def page(self) -> tuple[str, bool]:
        """The page for the student, and whether something could not be marked.

        Raises SubmissionFault where a file is not there.
        """


def watch_work(checker: Checker) -> None:
    """Check, and again after each change, until a signal ends it."""
    seen: State | None = None
    try:
        while True:
            now = look(checker.folders)
            if now == seen:
                time.sleep(_EVERY_SECONDS)
                continue
            now = settled(checker.folders, now, seen or {})
            _show(checker, what_changed(seen, now))
            seen = now  # as it was before it was checked: what was saved meanwhile is a change
    except KeyboardInterrupt:
        sys.stdout.write("\n")


def _show(checker: Checker, changed: str) -> None:
    if _clears():
        sys.stdout.write(_CLEAR)
    elif changed:
        sys.stdout.write("\n")
    if changed:
        sys.stdout.write(f"{changed}\n\n")
    sys.stdout.flush()
    try:
        page, has_faults = checker.page()
    except SubmissionFault as fault:
        page, has_faults = _in_lines(str(fault)), False
    sys.stdout.write(page)
    if has_faults:
        sys.stdout.write(_in_lines("  not everything could be marked, through no fault of yours"))
    sys.stdout.write("\nwatching for changes; Ctrl-C ends\n")
    sys.stdout.flush()


def _in_lines(sentence: str) -> str:
    return "".join(f"{line}\n" for line in in_columns(sentence, columns_of(sys.stdout)))


def _clears() -> bool:
    """Whether the page is put on an empty screen."""
    return sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def look(places: Iterable[Path]) -> State:
    """Every file of the work, with what changes when it is saved."""
    found: dict[Path, tuple[int, int, int]] = {}
    for place in places:
        for path in _files(place):
            try:
                about = path.stat()
            except OSError:
                continue  # it is just being replaced
            found[path] = (about.st_mtime_ns, about.st_size, about.st_ino)
            if len(found) == _MOST_FILES:
                return found
    return found


def _files(place: Path) -> Iterator[Path]:
    if not place.is_dir():
        yield place
        return
    for folder, folders, names in os.walk(place):
        folders[:] = sorted(name for name in folders if name not in _NO_WORK and name[0] != ".")
        if "pyvenv.cfg" in names:
            folders[:] = []
            continue
        # Editors keep what is not saved yet in files of these names.
        yield from (Path(folder, name) for name in sorted(names) if not _is_of_an_editor(name))


def _is_of_an_editor(name: str) -> bool:
    return name.startswith((".", "#")) or name.endswith(("~", ".swp", ".tmp")) or name == "4913"


def settled(places: Sequence[Path], now: State, before: State) -> State:
    """The state once nothing changes any more. A file that was emptied or removed just now is
    waited for, but not for ever."""
    patient_until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        time.sleep(_QUIET_SECONDS)
        later = look(places)
        if later == now:
            unfinished = any(path not in later or not later[path][1] for path in before)
            if not unfinished or time.monotonic() > patient_until:
                return later
        now = later


def what_changed(before: State | None, now: State) -> str:
    """`changed: answers.yaml; deleted: old.py`; nothing the first time."""
    if before is None:
        return ""
    saved = sorted(path.name for path in now if before.get(path) != now[path])
    gone = sorted(path.name for path in before if path not in now)
    both = (("changed", saved), ("deleted", gone))
    return "; ".join(f"{what}: {_some(names)}" for what, names in both if names)


def _some(names: Sequence[str]) -> str:
    return f"{', '.join(names[:5])}{', …' if len(names) > 5 else ''}"
