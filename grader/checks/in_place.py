"""Would a driver mark a right function wrong that writes what it returns into its argument?

Optimizers that update `w` in place and return it are right. A driver that keeps each result in a
list, without a copy, holds the last one several times then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from grader.compare.nested import compare_value
from grader.judge.expect.key import Key
from grader.judge.expect.world import World
from grader.model.assignment import Assignment, FunctionQuestion
from grader.plan import PlannedCase
from grader.solver.bounded import bounded

__all__ = ["kept_without_copy"]


def kept_without_copy(assignment: Assignment, key: Key) -> tuple[str, ...]:
    """A sentence for each question whose driver marks the reference itself wrong, once its
    functions write what they return into the first argument of the same shape, and return that."""
    if key.worlds is None:
        return ()
    world = key.worlds.under()
    return tuple(
        f"{question.id}: a function that writes what it returns into its argument is marked wrong "
        f"in {case.label}: {Path(question.driver.file).name} may keep it without a copy"
        for question in assignment.questions
        if isinstance(question, FunctionQuestion)
        and question.driver is not None
        and not question.inputs_unchanged  # there such a function is wrong
        for case in _marked_wrong(question, key, world)
    )


def _marked_wrong(question: FunctionQuestion, key: Key, world: World) -> Iterator[PlannedCase]:
    """The first of its cases in which the twin is marked wrong, if there is one."""
    for case in key.cases[question.id]:
        try:
            with bounded():
                given = world.call(question, case, around=_InPlace)
        except Exception:  # noqa: BLE001, S112 - the author's driver, on what it was not written for
            continue
        compared = compare_value(
            actual=given,
            expected=key.returned[case.id],
            tolerance=question.tolerance,
            tolerances=question.tolerances,
        )
        if not compared.accepted:
            yield case
            return


class _InPlace:
    """A module whose functions write what they return into an argument."""

    def __init__(self, module: Any) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._module, name)
        return _twin(found) if callable(found) else found


def _twin(function: Callable[..., Any]) -> Callable[..., Any]:
    def in_place(*arguments: Any, **named: Any) -> Any:
        free = [one for one in (*arguments, *named.values()) if isinstance(one, np.ndarray)]
        return _written(function(*arguments, **named), free)

    return in_place


def _written(result: Any, free: list[Any]) -> Any:
    """The result, each array of it in the first array of its shape that is still free."""
    if isinstance(result, tuple):
        return tuple(_written(one, free) for one in result)
    if isinstance(result, np.ndarray):
        for place, one in enumerate(free):
            if (one.shape, one.dtype) == (result.shape, result.dtype) and one.flags.writeable:
                del free[place]
                one[...] = result
                return one
    return result
