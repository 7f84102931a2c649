"""Parts of an answer that are not written as parts: `mean_x = 1, mean_y = 2`, or a list of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from grader.model.typed import Typed
from grader.model.value import Value
from grader.submissions.meant import parts_meant

__all__ = ["as_parts"]

_NAMED = re.compile(r"(?:\A|(?<=[\s,;]))(?P<name>[^\W\d][\w.-]*)\s*(?::=|=(?!=)|:(?=\s))\s*")
_MOST_TEXT = 20_000


def as_parts(value: Value, labels: Collection[str], question: str) -> Value:
    """The parts by the names that were typed, where each of these is meant for a part of its own;
    else the answer as it is."""
    if isinstance(value, tuple):
        return _joined(value, labels, question) or value
    if isinstance(value, Typed):
        return _cut(value, labels, question) or value
    return value


def _joined(
    items: Sequence[Value], labels: Collection[str], question: str
) -> Mapping[str, Value] | None:
    """`- mean_x: 1` and `- mean_y: 2`, each an item of a list."""
    found: dict[str, Value] = {}
    for item in items:
        parts = as_parts(item, labels, question) if isinstance(item, Typed) else item
        if not isinstance(parts, Mapping) or len(parts) != 1 or found.keys() & parts.keys():
            return None  # rows of a table are not parts
        found.update(parts)
    return found if _all_meant(found, labels, question) else None


def _cut(typed: Typed, labels: Collection[str], question: str) -> Mapping[str, Value] | None:
    """A text that names each part before its value."""
    text = typed.text
    if typed.fault or len(text) > _MOST_TEXT:
        return None
    named = [*_NAMED.finditer(text)]
    if not named or named[0].start() != 0 or len({one["name"] for one in named}) < len(named):
        return None
    ends = [one.start() for one in named[1:]] + [len(text)]
    found = {
        one["name"]: replace(typed, text=text[one.end() : end].strip().rstrip(",;").rstrip())
        for one, end in zip(named, ends, strict=True)
    }
    said = all(part.text for part in found.values())
    return found if said and _all_meant(found, labels, question) else None


def _all_meant(names: Collection[str], labels: Collection[str], question: str) -> bool:
    return len(parts_meant(names, labels, question)) == len(names) > 0
