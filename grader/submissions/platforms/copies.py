"""Files that a platform renamed: `answers-1.yaml` is `answers.yaml`, handed in again."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TypeVar

from grader.submissions.layout import MODULES
from grader.submissions.notes import shown

__all__ = ["meant_names"]

#: A number or a uuid before an ending; an ending may have several dots.
_COPY = re.compile(
    r"-(?:\d{1,3}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})(?=\.\w)", re.IGNORECASE
)
_File = TypeVar("_File")


def meant_names(
    files: Sequence[tuple[str, _File]], accepted: Collection[str]
) -> tuple[Mapping[str, _File], list[str]]:
    """Files, the oldest first, by the names that they were handed in under; and what is odd.

    The name is one of the `accepted` where there is one, or that of a module, which can have no
    dash. Of two files of one name the newest counts.
    """
    given = {name for name, _ in files}
    found: dict[str, _File] = {}
    notes: list[str] = []
    for name, file in files:
        meant = _meant(name, given, accepted)
        if meant in found:
            notes.append(f"{shown(meant)} was handed in more than once; the newest was read")
        elif meant != name:
            notes.append(
                f"{shown(name)} was read as {shown(meant)}, the name before it was renamed"
            )
        found[meant] = file
    return found, list(dict.fromkeys(notes))


def _meant(name: str, given: Collection[str], accepted: Collection[str]) -> str:
    if name in accepted:
        return name
    shorter = [*_without_number(name)]
    for one in shorter:
        if one in accepted:
            return one
    for one in shorter:
        path = PurePosixPath(one)
        if path.suffix in MODULES and path.stem.isidentifier() and one not in given:
            return one
    return name


def _without_number(name: str) -> Iterator[str]:
    for match in _COPY.finditer(name):
        yield name[: match.start()] + name[match.end() :]
