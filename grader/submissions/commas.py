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
_SET = re.compile(r":\s+(?P<set>\{(?P<inner>[^:{}#]*[0-9][^:{}#]*)\})\s*(?:#.*)?\Z")
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


def _typed_set(value: Mapping[str, Value], lines: Sequence[str], first_line: int) -> Typed | None:
    """`{1, 2, 3}` as it was typed; None for anything else."""
    if not value or not all(map(is_left_empty, value.values())):
        return None
    for number, line in enumerate(lines, start=first_line):
        found = _SET.search(line)
        if found is not None and [*value] == [one.strip() for one in found["inner"].split(",")]:
            return Typed(found["set"], quoted=False, line=number)
    return None


def with_its_commas(value: Value, lines: Sequence[str], first_line: int) -> Value:
    """The value, with the typed text in place of a list of numbers that has two readings.

    `lines` are those of the text, the first of which is `first_line` of the file.
    """
    if isinstance(value, Mapping):
        set_of_numbers = _typed_set(value, lines, first_line)
        if set_of_numbers is not None:
            return set_of_numbers
        return {
            name: with_its_commas(one, lines, first_line) if isinstance(one, tuple) else one
            for name, one in value.items()
        }
    leaves: list[Typed] = []
    map_leaves(value, lambda leaf: leaves.append(leaf) if isinstance(leaf, Typed) else None)
    places = {leaf.line for leaf in leaves}
    if isinstance(value, tuple) and len(places) > 1:  # rows below each other
        return tuple(
            with_its_commas(row, lines, first_line) if isinstance(row, tuple) else row
            for row in value
        )
    if len(places) != 1 or any(leaf.quoted or leaf.fault for leaf in leaves):
        return value
    (place,) = places
    found = (
        _LIST.search(lines[place - first_line]) if 0 <= place - first_line < len(lines) else None
    )
    if found is None or not any(map(_is_mixed, _ROW.findall(found["list"]))):
        return value
    return Typed(found["list"], quoted=False, line=place)
