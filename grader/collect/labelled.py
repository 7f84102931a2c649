"""Parts of an answer that are not written as parts: `mean_x = 1, mean_y = 2`, or a list of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from grader.model.typed import Typed
from grader.model.value import Value
from grader.submissions.meant import parts_meant

__all__ = ["as_parts", "in_order"]

_NAMED = re.compile(
    r"(?:\A|(?<=[\s,;]))(?P<name>(?:[^\W\d]|∂)[\w./∂-]*)\s*(?::=|=(?!=)|:(?=\s)|:(?=[^\s=]))\s*"
)
_MOST_TEXT = 20_000
_BRACKETS = (("(", ")"), ("[", "]"))


def as_parts(value: Value, labels: Collection[str], question: str) -> Value:
    """The parts by the names that were typed, where each of these is meant for a part of its own;
    else the answer as it is."""
    if isinstance(value, tuple):
        return _joined(value, labels, question) or value
    if isinstance(value, Typed):
        return _cut(value, labels, question) or value
    return value


def in_order(value: Value, labels: Sequence[str]) -> Mapping[str, Value] | None:
    """`[1, 2]` or `(1, 2)` for two parts: the first for the first; None for anything else."""
    items = _cut_list(value) if isinstance(value, Typed) else value
    if not isinstance(items, tuple) or len(labels) < 2 or len(items) != len(labels):
        return None
    if any(isinstance(item, Mapping) or (isinstance(item, Typed) and item.fault) for item in items):
        return None
    return dict(zip(labels, items, strict=True))


def _cut_list(typed: Typed) -> tuple[Typed, ...]:
    """What stands between the commas of a text in brackets."""
    text = typed.text.strip()
    if typed.fault or len(text) > _MOST_TEXT or (text[:1], text[-1:]) not in _BRACKETS:
        return ()
    parts, depth = [""], 0
    for sign in text[1:-1]:
        depth += (sign in "([{") - (sign in ")]}")
        if depth < 0:
            return ()  # (a)(b)
        if depth == 0 and sign in ",;":
            parts.append("")
        else:
            parts[-1] += sign
    return tuple(replace(typed, text=part.strip()) for part in parts)


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
