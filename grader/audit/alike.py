"""Numbers that are alike by chance: what exchanges them cannot be noticed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from grader.audit.finding import Finding, listed
from grader.audit.places import Measured, above
from grader.judge.expect.world import Worlds
from grader.model.value import Value

__all__ = ["alike"]

_OVERLAP = 2.0  # tolerances: within that some number is right for both
_MANY = 3  # givens of one value
_SHOWN = 3


def alike(question: tuple[Measured, ...], worlds: Worlds) -> Iterator[Finding]:
    """Say which answers of a question, and which givens, may change places unnoticed.

    Both are told and no holes: a course may want equal numbers, and ask elsewhere as well.
    """
    name = question[0].question.id
    numbers = [place for place in question if place.part is not None and _is_number(place.right)]
    pairs = [
        f"{_label(one)} and {_label(other)}"
        for one, other in combinations(numbers, 2)
        if min(one.apart(other.right), other.apart(one.right)) <= _OVERLAP
    ]
    if pairs:
        words = f"{listed(pairs, _SHOWN)} may be exchanged unnoticed"
        yield Finding(check="alike", question=name, words=words)
    shared = [
        f"{_label(place)} and the given {given}"
        for place in numbers
        for given in _givens_like(place, worlds)
    ]
    if shared:
        words = f"{listed(shared, _SHOWN)} may be exchanged unnoticed"
        yield Finding(check="alike", question=name, words=words)
    groups = _equal_givens(question, worlds)
    if groups:
        words = f"{'; '.join(groups)}: coincidences are likely"
        yield Finding(check="alike", question=name, words=words)


def _label(place: Measured) -> str:
    assert place.part is not None
    return place.part.label or place.question.id


def _is_number(value: Value) -> bool:
    return np.ndim(value) == 0 and np.asarray(value).dtype.kind in "iuf"


def _given_numbers(place: Measured, worlds: Worlds) -> Mapping[str, float]:
    """The givens that a place is computed from, where they are single numbers."""
    values = {**worlds.assignment.givens, **place.at}
    names = above(worlds.graph, place)
    return {name: float(v) for name, v in values.items() if name in names and _is_number(v)}


def _givens_like(place: Measured, worlds: Worlds) -> Sequence[str]:
    givens = _given_numbers(place, worlds)
    return [name for name, value in givens.items() if place.apart(value) <= _OVERLAP]


def _equal_givens(question: tuple[Measured, ...], worlds: Worlds) -> list[str]:
    """Givens of one value, by the instances of a question; formulas are asked at many points."""
    found: dict[str, None] = {}
    for place in question:
        if place.is_formula or place.case is not None:
            continue
        by_value: dict[float, list[str]] = {}
        for name, value in _given_numbers(place, worlds).items():
            by_value.setdefault(value, []).append(name)
        for value, names in by_value.items():
            if len(names) >= _MANY:
                found[f"{listed(names)} are all {value:g}"] = None
    return list(found)
