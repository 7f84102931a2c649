"""Pair answers with keys: as many as possible, each with one that it may stand for."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["matched"]


def matched(allowed: Sequence[int]) -> list[int | None]:
    """The key that each answer is paired with, or None, in a matching of the greatest size.

    `allowed[i]` has bit j where answer i may stand for key j. Augmenting paths (Berge 1957, Kuhn
    1955): an answer that finds its keys taken asks those that hold them to move on. Taking the
    first free key instead may leave out an answer that had only that one.
    """
    holder: dict[int, int] = {}
    result: list[int | None] = [None] * len(allowed)
    for start in range(len(allowed)):
        _augment(start, allowed, holder, result)
    return result


def _augment(
    start: int, allowed: Sequence[int], holder: dict[int, int], result: list[int | None]
) -> None:
    """Find a way from `start` to a free key, breadth first, and move everybody on it by one."""
    asked_by: dict[int, int] = {}  # the answer from which a key was first reached
    seen = 0
    waiting = [start]
    for answer in waiting:
        new = allowed[answer] & ~seen
        seen |= new
        while new:
            bit = new & -new
            new ^= bit
            key = bit.bit_length() - 1
            asked_by[key] = answer
            if key in holder:
                waiting.append(holder[key])
                continue
            free: int | None = key
            while free is not None:
                mover = asked_by[free]
                holder[free] = mover
                result[mover], free = free, result[mover]
            return
