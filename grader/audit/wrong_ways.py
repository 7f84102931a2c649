"""Does every question refuse every known mistake, and answers that take no work?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from grader.audit.finding import Finding, listed, size
from grader.audit.places import Measured, above, same
from grader.judge.expect.world import Worlds
from grader.model.assignment import Mistake
from grader.model.value import Value, map_leaves

__all__ = ["copies", "mistakes", "shifted", "zero"]

_NEAR = 3.0


def mistakes(
    question: tuple[Measured, ...], worlds: Worlds, noticed: set[str]
) -> Iterator[Finding]:
    """Hold the question against every mistake that reaches it; adds to `noticed` what shows here.

    A function shows a mistake when one of its cases does; any other question must refuse it in each
    part that it changes.
    """
    name = question[0].question.id
    nearest: dict[str, float] = {}
    unseen: list[str] = []
    for mistake in worlds.assignment.mistakes:
        reached = [place for place in question if mistake.names & above(worlds.graph, place)]
        found = [(place, off) for place in reached for off in _off(place, mistake, worlds)]
        if reached and not found:
            unseen.append(mistake.id)
        if question[0].case is not None and found:
            found = [max(found, key=lambda item: item[1])]
        for place, distance in found:
            nearest[mistake.id] = min(distance, nearest.get(mistake.id, distance))
            if distance > 1:
                noticed.add(mistake.id)
                continue
            yield Finding(
                check="mistakes",
                question=name,
                place=place.name,
                hole=f"the mistake {mistake.id} passes, {size(distance)} tolerances off",
                remedy="ask at another instance, add a case that it changes more, "
                "or tighten the tolerance",
            )
    if not nearest and not unseen and not question[0].question.nature.option:
        yield Finding(check="mistakes", question=name, words="no mistake leads here")
    if nearest:
        yield Finding(check="mistakes", question=name, words=_told(nearest))
    if unseen:
        verb = "does" if len(unseen) == 1 else "do"
        words = f"{listed(unseen)} {verb} not show"
        yield Finding(check="mistakes", question=name, words=words)


def _told(off: Mapping[str, float]) -> str:
    nearest = min(off, key=lambda one: off[one])
    if off[nearest] == math.inf:
        return "every mistake is of another form"
    words = f"nearest mistake {nearest}, {size(off[nearest])} tolerances off"
    return f"{words}, which is near" if 1 < off[nearest] < _NEAR else words


def _off(place: Measured, mistake: Mistake, worlds: Worlds) -> Iterator[float]:
    """How far off the mistake leads here, if it leads anywhere else than the right way."""
    value = place.value(worlds.under((mistake,)))
    if value is not None and not same(value, place.right):
        yield place.apart(value)


def shifted(question: tuple[Measured, ...]) -> Iterator[Finding]:
    """Iterates: one step more or fewer must be refused; the last row must differ from the other."""
    for place in question:
        if not place.question.nature.rows or len(place.right) < 2:
            continue
        rows = np.asarray(place.right, dtype=float)
        # Shifted either way, with a right row at the open end.
        later = np.concatenate([rows[1:], rows[-1:]])
        earlier = np.concatenate([rows[:1], rows[:-1]])
        off = min(place.apart(later), place.apart(earlier))
        last = place.apart(np.concatenate([rows[:-1], rows[-2:-1]]))
        hole = ""
        if off <= 1:
            hole = f"a list shifted by one row passes, {size(off)} tolerances off"
        elif last <= 1:
            hole = f"the last row is that before it, {size(last)} tolerances off"
        yield Finding(
            check="shift",
            question=place.question.id,
            words=f"one step more or fewer is {size(min(off, last))} tolerances off",
            place=place.name,
            hole=hole,
            remedy="ask for fewer rows, or tighten the tolerance",
        )


def zero(question: tuple[Measured, ...]) -> Iterator[Finding]:
    """Zero must be refused, unless it is right. A function is asked in all of its cases."""
    passes: list[tuple[Measured, float]] = []
    for place in question:
        nothing = map_leaves(place.right, _zeros)
        if same(nothing, place.right) or place.question.nature.option:
            continue
        passes.append((place, place.apart(nothing)))
    if question[0].case is not None and passes:
        passes = [max(passes, key=lambda item: item[1])]
    for place, off in passes:
        if off <= 1:
            yield Finding(
                check="zero",
                question=place.question.id,
                place=place.name,
                hole=f"zero passes, {size(off)} tolerances off",
                remedy="tighten the tolerance, or take rtol of the entry itself",
            )


def copies(question: tuple[Measured, ...], earlier: Sequence[Measured]) -> Iterator[Finding]:
    """A copy of what was asked before, in the same question too, must be refused unless equal."""
    before = [place for place in earlier if place.case is None]
    for place in question:
        if place.case is not None or place.question.nature.option:
            continue
        for other in before:
            comparable = other.is_formula == place.is_formula and same(other.at, place.at)
            if not comparable or np.shape(other.right) != np.shape(place.right):
                continue
            if same(other.right, place.right):
                continue
            off = place.apart(other.right)
            if off <= 1:
                yield Finding(
                    check="copy",
                    question=place.question.id,
                    place=place.name,
                    hole=f"a copy of {other.name} passes, {size(off)} tolerances off",
                    remedy="ask at another instance, or tighten the tolerance",
                )
        before.append(place)


def _zeros(value: Value) -> Value:
    if isinstance(value, bool | str | None) or np.asarray(value).dtype.kind not in "iufc":
        return value
    return np.zeros_like(value)[()]
