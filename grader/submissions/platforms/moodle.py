"""Moodle, "Download all submissions": a folder for each participant, or flat files.

`Ada Lovelace_1234_assignsubmission_file_`, or that with `answers.yaml` behind it. The number
is that of the participant in this one assignment, not of the user. Source: moodle,
mod/assign/classes/downloader.php; until Moodle 4.0 names of folders end in `_`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from grader.model.person import Person
from grader.submissions.archive import Left
from grader.submissions.layout import CODE, SHEETS
from grader.submissions.platforms.download import Download, Platform, Work
from grader.submissions.platforms.names import Entry, Names
from grader.submissions.platforms.typed_online import MOST_BYTES, not_read
from grader.submissions.submission import NotRead
from grader.submissions.tree import Passed

__all__ = ["MOODLE"]

_ENTRY = re.compile(
    r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<file>.*))?",
    re.DOTALL,
)
_TYPED = "onlinetext"
_BLIND = "Participant"
_PAGE = "onlinetext.html"


def _match(entry: Entry) -> re.Match[str] | None:
    match = _ENTRY.fullmatch(entry.name)
    if match is None or not (entry.is_folder or (entry.is_file and match["file"])):
        return None
    return match


def _takes(_names: Names, entry: Entry) -> bool:
    return _match(entry) is not None


def _knows(names: Names) -> bool:
    """Whether there are such names, and beside them nothing that may be answers."""
    entries = names.entries()
    others = [one for one in entries if _match(one) is None]
    return len(others) < len(entries) and not any(
        one.is_folder or (one.is_file and one.name.endswith((*CODE, *SHEETS))) for one in others
    )


def _works(download: Download, _declared: Sequence[str]) -> Sequence[Work]:
    of_participant: dict[tuple[str, str], list[tuple[Entry, re.Match[str]]]] = defaultdict(list)
    for entry in download.entries():
        match = _match(entry)
        if match is not None:
            of_participant[match["number"], match["name"]].append((entry, match))
    return [
        _work(download, number, name, found) for (number, name), found in of_participant.items()
    ]


def _work(
    download: Download, number: str, name: str, found: Sequence[tuple[Entry, re.Match[str]]]
) -> Work:
    files: dict[str, tuple[Path, str]] = {}
    passed: list[tuple[Passed, str]] = []
    left: list[Left] = []
    unread: list[NotRead] = []
    closed = False
    for entry, match in found:
        left += download.left_below(entry.name)
        if entry.is_folder:
            inside = download.work(entry.name, ())
            closed = closed or inside.closed
            passed += inside.passed
            new = dict(inside.files)
        else:
            new = {match["file"]: (download.folder, entry.name)}
        if match["plugin"] == _TYPED and _PAGE in new:
            content = download.read(new.pop(_PAGE)[1], MOST_BYTES) or b""
            unread += not_read(_PAGE, content, "text typed on the platform")
        files = {**new, **files}  # what was handed in as a file comes first
    gone = {one.name for one in left}
    place = f"{name}_{number}"
    # In blind marking there is no name; in a group it is the group's.
    shown_name = "" if name == _BLIND else name
    person = Person(key=place, name=shown_name, ids={"moodle": f"{_BLIND} {number}"})
    return Work(
        place=place,
        people=[person],
        files={meant: file for meant, file in files.items() if file[1] not in gone},
        passed=passed,
        left=left,
        closed=closed,
        unread=unread,
    )


MOODLE = Platform(
    name="moodle", label="a Moodle download", knows=_knows, takes=_takes, works=_works
)
