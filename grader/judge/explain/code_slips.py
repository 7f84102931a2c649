"""Wrong numbers that one slip gives: a wrong operator or something left out in the code of a step;
its square, its root, its reciprocal, or other units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice

import numpy as np

from grader.compare.array import is_numeric
from grader.judge.expect.world import World, Worlds
from grader.judge.explain.distance import apart
from grader.judge.explain.expectation import Expectation
from grader.judge.explain.made_up import takes_no_work
from grader.judge.explain.start import Basis
from grader.judge.mark.evidence import Evidence, plain_numbers
from grader.model.value import Value
from grader.solver import StepFault
from grader.solver.bounded import bounded
from grader.solver.mutants import with_a_slip

__all__ = ["one_slip_in_the_code"]

_MOST_OF_A_STEP = 80
_MOST_TRIED = 200  # slips for one answer, from one start
_MOST_LINES = 100  # of a step: in long loops a slip lets whole numbers grow without end
_UNITS = (60.0, 3600.0, 180 / np.pi)  # minutes, seconds, degrees
_SPECIAL = (0.0, 1.0)


def one_slip_in_the_code(answer: Evidence, expectation: Expectation) -> bool:
    """Whether one slip in a step gives a wrong number, from the reference's values or from the
    student's own before it.

    The steps are those that lie between the answer and the answers it is made from. What can be
    typed without any work is not a slip: 0, 1, a given, or another number the answer is made of.
    """
    if answer.question.nature.option or answer.formula is not None:
        return False
    if answer.step not in expectation.worlds.reference.steps:
        return False
    if _takes_no_work(answer, expectation):
        return False
    starts = (*expectation.bases[:1], None)
    right = expectation.worlds.under()
    for basis in starts:
        value = _value(answer, expectation, basis, right)
        if any(_is(answer, other) for other in _read_off(value)):
            return True
    return any(
        _is(answer, expected)
        for basis in starts
        for expected in _expected(answer, expectation, basis)
    )


def _read_off(value: Value) -> Iterator[Value]:
    """What becomes of a number by one slip that needs no code."""
    if not is_numeric(value) or np.ndim(value) or not value or np.iscomplexobj(value):
        return
    number = float(value)
    yield from (number**2, abs(number) ** 0.5, 1 / number)
    yield from (number * unit for unit in _UNITS)  # not divided: of what is small nothing is seen


def _expected(answer: Evidence, expectation: Expectation, basis: Basis | None) -> Iterator[Value]:
    """What the answer would be with each slip. What cannot be computed with it is None."""
    by_row = basis is not None and bool(basis.rows)
    recurrence = answer.question.recurrence
    step = recurrence.step if recurrence is not None and by_row else answer.step
    if _lines(step, answer, expectation.worlds) > _MOST_LINES:
        return
    for world in islice(_worlds(step, answer, expectation, basis), _MOST_TRIED):
        yield _value(answer, expectation, basis, world)


def _value(answer: Evidence, expectation: Expectation, basis: Basis | None, world: World) -> Value:
    try:
        if basis is None:
            return expectation.value(world)
        return expectation.carry.expected(answer, basis, world)
    except (TypeError, ValueError, IndexError):
        return None  # it is a number where rows are asked for


def _lines(step: str, answer: Evidence, worlds: Worlds) -> int:
    """How many lines it takes to compute a step."""
    with bounded(None) as block, suppress(StepFault):
        _ = worlds.under().solution(answer.part.at)[step]
    return max(block.used, 1)


def _worlds(
    step: str, answer: Evidence, expectation: Expectation, basis: Basis | None
) -> Iterator[World]:
    worlds = expectation.worlds
    stops = basis.stops if basis is not None else expectation.carry.asked_before(answer)
    if basis is not None and basis.own_formula:
        return
    for name in sorted(worlds.graph.above(step, stops) & worlds.reference.steps.keys()):
        yield from _with_a_slip(worlds, name)


def _with_a_slip(worlds: Worlds, step: str) -> Sequence[World]:
    """Worlds with one slip in the code of a step each; made once for a whole class."""
    if step not in worlds.slipped:
        steps = worlds.reference.steps
        changed = islice(with_a_slip(worlds.reference, step), _MOST_OF_A_STEP)
        references = (replace(worlds.reference, steps={**steps, step: one}) for one in changed)
        worlds.slipped[step] = tuple(World(worlds, (), reference) for reference in references)
    return worlds.slipped[step]


def _is(answer: Evidence, expected: Value) -> bool:
    own = plain_numbers(answer.value, expected) if is_numeric(expected) else None
    if own is None or np.shape(own) != np.shape(expected):
        return False
    return bool(np.all(np.isfinite(expected))) and apart(answer.part, own, expected) <= 1.0


def _takes_no_work(answer: Evidence, expectation: Expectation) -> bool:
    worlds, at = expectation.worlds, answer.part.at
    key = expectation.value(worlds.under())
    own = plain_numbers(answer.value, key) if is_numeric(key) else None
    if own is None or takes_no_work(answer, worlds):
        return True
    sizes = np.abs(np.asarray(own))
    if any(np.all(np.isclose(sizes, one, atol=1e-9)) for one in _SPECIAL):
        return True
    made_of = sorted(worlds.made_of(answer.step) - {answer.step})
    others = [worlds.under().value(name, at) for name in made_of]
    others += [start for basis in expectation.bases for start in basis.starts.values()]
    return any(
        is_numeric(other)
        and np.shape(other) == np.shape(own)
        and apart(answer.part, sizes, np.abs(np.asarray(other))) <= 1.0
        for other in others
    )
