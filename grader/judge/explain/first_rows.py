"""iterates: the state before the first row of the right answer."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice, product

import numpy as np

from grader.compare.array import is_numeric
from grader.judge.expect.instance import At
from grader.judge.expect.world import Worlds
from grader.judge.mark.evidence import as_numbers
from grader.model.assignment import Recurrence
from grader.model.value import Value
from grader.solver import StepFault
from grader.solver.bounded import OutOfBounds, bounded

__all__ = ["state_before"]

_MOST_TRIED = 64  # states before the first row


def state_before(
    recurrence: Recurrence, steps: Mapping[str, str], worlds: Worlds, at: At
) -> tuple[Value, ...] | None:
    """The state before the first row: givens, or zeros, from which the recurrence leads to it.

    `steps` are those of the entries that are questions. None where there is no such state.
    """
    right = worlds.under()
    columns = {
        name: right.value(steps.get(name, name), at)
        for name in (*recurrence.state, *recurrence.beside)
    }
    if any(np.ndim(column) < 1 or not len(column) for column in columns.values()):
        return None
    first = [columns[name][0] for name in recurrence.state]
    beside = [columns[name][0] for name in recurrence.beside]
    made_of = frozenset().union(
        *(worlds.made_of(steps.get(name, name)) for name in recurrence.state)
    )
    givens = sorted(made_of & worlds.assignment.givens.keys())
    numbers = [value for name in givens if is_numeric(value := right.value(name, at))]
    choices = [
        [as_numbers(one)[()] for one in numbers if np.shape(one) == np.shape(row)]
        + [np.zeros(np.shape(row))[()]]
        for row in first
    ]
    for state in islice(product(*choices), _MOST_TRIED):
        try:
            with bounded():
                found = right.solution(at)[recurrence.step](*state, *beside)
        except (StepFault, OutOfBounds, ValueError, TypeError):
            continue
        rows = found if isinstance(found, tuple) else (found,)
        if len(rows) == len(first) and all(map(_same, rows, first)):
            return state
    return None


def _same(one: Value, other: Value) -> bool:
    if np.shape(one) != np.shape(other) or not is_numeric(one):
        return False
    return bool(np.allclose(one, other, rtol=1e-9, atol=1e-12))
