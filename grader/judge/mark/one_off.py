"""iterates: a list with one row too few or too many. Which one is it? By what is right then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from grader.model.value import Value

__all__ = ["gap_in", "without_extra"]

_Right: TypeAlias = Callable[[Value, Value], bool]


def gap_in(rows: Sequence[Value], expected: Sequence[Value], right: _Right) -> int | None:
    """Where a row was left out of a list, that is one short, if the rows after it are right.

    Example: [x1, x3, x4] for [x1, x2, x3, x4] gives 1. None where as many are right if the last row
    is the one that is missing. A list without its first row is one step ahead: another slip.
    """
    if not rows or len(rows) != len(expected) - 1:
        return None
    here, later = _marks(rows, expected, right), _marks(rows, expected[1:], right)
    counts = [sum(here[:gap]) + sum(later[gap:]) for gap in range(len(rows) + 1)]
    best = max(counts[1:])
    ahead = later[0] and counts[0] >= best
    return counts.index(best, 1) if best > counts[-1] and not ahead else None


def without_extra(rows: Sequence[Value], expected: Sequence[Value], right: _Right) -> int:
    """Which row of a list, that has one too many, is that one: the last if as many are right so.

    Example: [x1, x1, x2] for [x1, x2] gives 1. Whether the first is too many is asked elsewhere:
    it is a row before the first, or the start is wrong.
    """
    last = len(rows) - 1
    here, later = _marks(rows[:-1], expected, right), _marks(rows[1:], expected, right)
    counts = [sum(here[:extra]) + sum(later[extra:]) for extra in range(last + 1)]
    best = max(counts[1:], default=0)
    early = not here[0] and counts[0] >= best
    return counts.index(best, 1) if best > counts[-1] and not early else last


def _marks(rows: Sequence[Value], expected: Sequence[Value], right: _Right) -> list[bool]:
    return [right(*pair) for pair in zip(rows, expected, strict=False)]
