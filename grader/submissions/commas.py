"""Lists that YAML reads in another way than people do; they are kept as the text that was typed.

YAML cuts `[0,25, 0,5]` into four numbers and keeps nothing of the spaces; and `{1, 2, 3}` gives it
three names without an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from grader.model.typed import Typed
from grader.model.value import Value, map_leaves
from grader.submissions.answered import is_left_empty

__all__ = ["in_two_ways", "with_its_commas"]

_LIST = re.compile(r"(?:\A|[:{,-])\s*(?P<list>\[[-+−–0-9.,;eE\s\[\]]*\])\s*[,}]?\s*(?:#.*)?\Z")
_SET = re.compile(r":\s+(?P<set>\{(?P<inner>[^:{}#]*)\})\s*(?:#.*)?\Z")
_DIGIT = re.compile("[0-9]")
_LONGEST = 2000  # characters of a line that is looked at
_ROW = re.compile(r"\[([^\[\]]*)\]")
_GLUED = re.compile(r"[0-9],[0-9]")
_APART = re.compile(r",\s|;|[0-9]\s+[-+−–0-9]")
_PAIR = re.compile(r"[-+−–]?[0-9]+,[0-9]+")
_SURE = re.compile(r"[-+−–]?0,[0-9]{2,}")


def in_two_ways(row: str) -> bool:
    """Whether the numbers between two brackets may have decimal commas: `0,25, 0,5`, `0,5 1,5`."""
    parts = [part for part in re.split(r"\s*;\s*|,\s+|\s+", row.strip()) if part]
    if len(parts) < 2:
        return False
    return all(map(_PAIR.fullmatch, parts)) or any(map(_SURE.fullmatch, parts))


def _is_mixed(row: str) -> bool:
    return _GLUED.search(row) is not None and _APART.search(row) is not None


def _typed_set(value: Mapping[str, Value], line: str, number: int) -> Typed | None:
    """`{1, 2, 3}` as it was typed; None for anything else."""
    if not value or not all(map(is_left_empty, value.values())):
        return None
    found = _SET.search(line)
    if found is None or not _DIGIT.search(found["inner"]):
        return None
    if [*value] != [one.strip() for one in found["inner"].split(",")]:
        return None
    return Typed(found["set"], quoted=False, line=number)


def _line(lines: Sequence[str], number: int) -> str:
    """A line, counted from 0; nothing where there is none or it is too long to be looked at."""
    line = lines[number] if 0 <= number < len(lines) else ""
    return line if len(line) <= _LONGEST else ""


def with_its_commas(value: Value, lines: Sequence[str], *, first_line: int, line: int) -> Value:
    """The value, with the typed text in place of a list of numbers that has two readings.

    `lines` are those of the text, the first of which is `first_line` of the file; `line` is the
    one in which the answer begins.
    """
    if isinstance(value, Mapping):
        typed_set = _typed_set(value, _line(lines, line - first_line), line)
        return typed_set or {
            name: with_its_commas(one, lines, first_line=first_line, line=line)
            if isinstance(one, tuple)
            else one
            for name, one in value.items()
        }
    leaves: list[Typed] = []
    map_leaves(value, lambda leaf: leaves.append(leaf) if isinstance(leaf, Typed) else None)
    places = {leaf.line for leaf in leaves}
    if isinstance(value, tuple) and len(places) > 1:  # rows below each other
        return tuple(
            with_its_commas(row, lines, first_line=first_line, line=line)
            if isinstance(row, tuple)
            else row
            for row in value
        )
    if len(places) != 1 or any(leaf.quoted or leaf.fault for leaf in leaves):
        return value
    (place,) = places
    found = _LIST.search(_line(lines, place - first_line))
    if found is None or not any(map(_is_mixed, _ROW.findall(found["list"]))):
        return value
    return Typed(found["list"], quoted=False, line=place)
