"""Does a tolerance leave room for a right answer that was computed with rounded numbers?"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from grader.audit.finding import Finding, size
from grader.audit.noise import WAYS, noise
from grader.audit.places import Measured
from grader.judge.expect.key import Key
from grader.judge.expect.world import Worlds, run_driver
from grader.judge.explain.distance import apart
from grader.model.assignment import FunctionQuestion
from grader.model.value import Value, map_leaves
from grader.solver import Solution
from grader.solver.bounded import bounded

__all__ = ["rounding"]

_FINER = 2.0**29  # float64 has 29 bits more than float32, so its noise is so much smaller
_ROOM = 3.0
_SHORT = 1e-6  # tolerances: what is off by less was not rounded at all
_REMEDY = "widen the tolerance, or ask for fewer digits"


def rounding(question: tuple[Measured, ...], key: Key) -> Iterator[Finding]:
    """The noise of rounding against the tolerance, for all places of one question.

    Answers typed by hand: every step is rounded to some number of figures, and in float32. For
    functions: the noise of float64 is taken for that of float32 divided by 2²⁹, which holds to
    first order; three times as much must fit into the tolerance (the room that numerical analysts
    leave between a computed bound and a test).
    """
    assert key.worlds is not None
    kind, name = question[0].question.nature, question[0].question.id
    if kind.by_code:
        yield from _function(name, question, key.worlds)
    if not kind.numbers:
        return
    worst: dict[str, float] = {}
    stated = 0.0
    for place in question:
        assert place.part is not None
        if place.part.expected is not None:
            stated = max(stated, apart(place.part, _floats(place.part.expected), place.right))
        for way, off in _by_hand(place, key.worlds).items():
            worst[way] = max(worst.get(way, 0.0), off)
    if stated > _SHORT:
        words = f"the stated answer is {size(stated)} tolerances off"
        yield Finding(check="rounding", question=name, words=words)
    if not any(off > _SHORT for off in worst.values()):
        return  # every number on the way is short, so there is nothing to round
    enough = 7
    while enough > 3 and worst.get(f"{enough - 1} figures", math.inf) <= 1:
        enough -= 1
    words = f"{enough} figures are enough" if enough < 7 else ""
    hole = ""
    if enough == 7:
        off = worst.get("6 figures", math.inf)
        hole = f"work by hand with 6 figures is refused: off by {size(off)} tolerances"
    elif worst.get("float32", 0.0) > 1:
        hole = f"work in float32 is refused: off by {size(worst['float32'])} tolerances"
    yield Finding(check="rounding", question=name, words=words, hole=hole, remedy=_REMEDY)


def _by_hand(place: Measured, worlds: Worlds) -> Mapping[str, float]:
    assert place.part is not None
    if place.part.tolerance.exact:
        return {}
    givens = {**worlds.assignment.givens, **place.at}
    found = noise(worlds.reference, givens, place.steps[0], WAYS)
    return {way: place.apart(value) for way, value in found.items()}


def _function(name: str, question: tuple[Measured, ...], worlds: Worlds) -> Iterator[Finding]:
    worst = max(_noise_of_float64(place, worlds) for place in question)
    if not worst:
        return
    hole = ""
    if worst * _ROOM > 1:
        hole = f"the tolerance is {size(1 / worst)} times the noise of float64, less than 3"
    yield Finding(
        check="rounding",
        question=name,
        words=f"the tolerance is {size(1 / worst)} times the noise of float64",
        hole=hole,
        remedy="widen the tolerance",
    )


def _noise_of_float64(place: Measured, worlds: Worlds) -> float:
    """In tolerances; zero where it cannot be told."""
    try:
        with bounded():
            off = place.apart(_in_float32(place, worlds))
    except Exception:  # noqa: BLE001 - a reference need not work in float32 at all
        return 0.0
    # Infinitely far off is a text or a count that has changed: a discontinuity and no noise.
    return off / _FINER if off < math.inf else 0.0


def _in_float32(place: Measured, worlds: Worlds) -> Value:
    question, case = place.question, place.case
    assert isinstance(question, FunctionQuestion)
    assert case is not None
    givens = {given: map_leaves(value, _single) for given, value in case.givens.items()}
    solution = Solution(worlds.reference, givens)
    inputs: dict[str, Any] = map_leaves(copy.deepcopy(dict(case.inputs)), _single)
    if question.driver is not None:
        return run_driver(question.driver, solution.namespace, inputs)
    return solution[question.step](*(inputs[parameter] for parameter in question.parameters))


def _single(value: Value) -> Any:
    """A float or an array of floats in float32; anything else as it is."""
    if isinstance(value, np.ndarray):
        return value.astype(np.float32) if value.dtype.kind == "f" else value
    return np.float32(value) if isinstance(value, float) else value


def _floats(value: Value) -> Value:
    return np.asarray(value, dtype=float)[()]
