"""Canvas, "Download Submissions": one folder of flat files, whose names say whose they are.

`lovelaceada_LATE_123_456_answers-1.yaml` is of the user 123, whose sortable name is "Lovelace,
Ada"; 456 is the number of the file. Of a name without letters nothing is left.
Source: instructure/canvas-lms, lib/content_zipper.rb.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from grader.model.person import Person
from grader.submissions.layout import CODE, SHEETS, accepted_names
from grader.submissions.platforms.copies import meant_names
from grader.submissions.platforms.download import Download, Platform, Work
from grader.submissions.platforms.names import Entry, Names
from grader.submissions.platforms.typed_online import MOST_BYTES, not_read
from grader.submissions.submission import NotRead

__all__ = ["CANVAS"]

_FILE = re.compile(
    r"(?:(?:(?P<hidden>LATE)_)?anon_(?P<anon>[A-Za-z0-9]+)"
    r"|(?P<name>(?:(?!LATE_).)*?)_(?:(?P<late>LATE)_)?(?P<user>\d+))"
    r"_(?:(?P<number>\d+)_(?P<file>.+)|(?P<typed>text|link)\.html)",
    re.DOTALL,
)
_TYPED = {"text": "text typed on the platform", "link": "an address handed in on the platform"}


def _takes(_names: Names, entry: Entry) -> bool:
    return entry.is_file and _FILE.fullmatch(entry.name) is not None


def _knows(names: Names) -> bool:
    """Whether there are such files, and beside them neither folders nor what may be answers."""
    entries = names.entries()
    others = [one for one in entries if not _takes(names, one)]
    return len(others) < len(entries) and not any(
        one.is_folder or (one.is_file and one.name.endswith((*CODE, *SHEETS))) for one in others
    )


def _works(download: Download, declared: Sequence[str]) -> Sequence[Work]:
    of_user: dict[str, list[re.Match[str]]] = defaultdict(list)
    for entry in download.entries():
        match = _FILE.fullmatch(entry.name) if entry.is_file else None
        if match is not None:
            of_user[match["user"] or f"anon_{match['anon']}"].append(match)
    return [_work(download, user, files, declared) for user, files in of_user.items()]


def _work(
    download: Download, user: str, files: Sequence[re.Match[str]], declared: Sequence[str]
) -> Work:
    left = [one for match in files for one in download.left_below(match[0])]
    unread: list[NotRead] = []
    uploaded: list[tuple[int, str, tuple[Path, str]]] = []
    gone = {one.name for one in left}
    for match in files:
        if match[0] in gone:
            continue
        if match["typed"]:
            content = download.read(match[0], MOST_BYTES) or b""
            unread += not_read(f"{match['typed']}.html", content, _TYPED[match["typed"]])
        else:
            uploaded.append((int(match["number"]), match["file"], (download.folder, match[0])))
    ordered = [(file, place) for _, file, place in sorted(uploaded)]
    meant, notes = meant_names(ordered, accepted_names(declared))
    name = files[0]["name"]
    place = f"{name}_{user}" if name else user
    return Work(
        place=place,
        people=[Person(key=place, name=name or "", ids={"canvas": user})],
        files=meant,
        left=left,
        notes=notes,
        unread=unread,
        late=any(match["late"] or match["hidden"] for match in files),
    )


CANVAS = Platform(
    name="canvas", label="a Canvas download", knows=_knows, takes=_takes, works=_works
)
