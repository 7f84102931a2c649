"""Does every given matter to some question?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from grader.audit.finding import Finding, listed
from grader.audit.places import Measured, above
from grader.judge.expect.world import Worlds
from grader.model.assignment import FunctionQuestion
from grader.model.value import Value
from grader.solver import Solution
from grader.solver.bounded import bounded

__all__ = ["moved"]


def moved(questions: Mapping[str, tuple[Measured, ...]], worlds: Worlds) -> Iterator[Finding]:
    """Move every given by a tenth (a whole number by one) and see which questions notice.

    For a formula, a given with a domain is held fast at one value instead of being drawn.
    """
    assignment = worlds.assignment
    names = {**assignment.givens, **assignment.formulas.domains}
    silent: dict[str, list[str]] = {}
    for name in names:
        depend = {
            question: [place for place in places if _depends(place, name, worlds)]
            for question, places in questions.items()
        }
        depend = {question: places for question, places in depend.items() if places}
        still = [
            question
            for question, places in depend.items()
            if not any(_moves(place, name, worlds) for place in places)
        ]
        if depend and len(still) == len(depend):
            yield Finding(
                check="givens",
                hole=f"the given {name} moves none of the questions that need it: {listed(still)}",
                remedy="ask at an instance where it shows, or add a case with other values",
            )
        else:
            for question in still:
                silent.setdefault(question, []).append(name)
    for question, hidden in silent.items():
        verb = "does" if len(hidden) == 1 else "do"
        words = f"{listed(hidden)} {verb} not show"
        yield Finding(check="givens", question=question, words=words)


def _depends(place: Measured, name: str, worlds: Worlds) -> bool:
    known = name in worlds.assignment.givens or place.is_formula
    return known and name in above(worlds.graph, place)


def _moves(place: Measured, name: str, worlds: Worlds) -> bool:
    for other in _others(_value(place, name, worlds)):
        try:
            with bounded():
                return place.apart(_with(place, name, other, worlds)) > 1
        except Exception:  # noqa: BLE001, S112 - an author's code may fail at odd values: the other side
            continue
    return True  # nothing can be computed on either side of it


def _value(place: Measured, name: str, worlds: Worlds) -> Value:
    assignment = worlds.assignment
    if place.is_formula and name in assignment.formulas.domains:
        first = worlds.under().formula(name, place.at)[0]
        domain = assignment.formulas.domains[name]
        return np.rint(first).astype(int) if domain.integers else first
    return {**assignment.givens, **place.at}.get(name)


def _others(value: Value) -> Iterator[Value]:
    """Values a little above, then a little below."""
    array = np.asarray(value)
    if array.dtype.kind in "iu":
        yield from (array + 1, array - 1)
    elif array.dtype.kind == "f":
        yield from (_tenth(array, 0.1), _tenth(array, -0.1))


def _tenth(array: np.ndarray, part: float) -> Value:
    # Every entry by another part: a matrix that only grows keeps its directions and its ratios.
    parts = part * np.linspace(1.0, 2.0, max(array.size, 1))[: array.size].reshape(array.shape)
    return np.where(array == 0, parts, array * (1 + parts))[()]


def _with(place: Measured, name: str, other: Value, worlds: Worlds) -> Value:
    if np.ndim(other) == 0:
        other = other.item() if isinstance(other, np.ndarray | np.generic) else other
    if isinstance(place.question, FunctionQuestion):
        assert place.case is not None
        case = replace(place.case, givens={**place.case.givens, name: other})
        return worlds.under().call(place.question, case)
    at = {**place.at, name: other}
    if place.is_formula:
        return worlds.sampler.samples(at).step(place.steps[0])
    solution = Solution(worlds.reference, {**worlds.assignment.givens, **at})
    return solution[place.steps[0]]
