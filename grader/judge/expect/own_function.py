"""A student's formula in the place of a function step: it is called as the reference's own is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.compare.expression import formula_values
from grader.compare.formula import Formula, FormulaError
from grader.judge.expect.solved import real_or_complex
from grader.model.assignment import Domain
from grader.model.value import Value
from grader.solver import Solution, StepFault
from grader.solver.bounded import current_block
from grader.solver.reference import Step

__all__ = ["OwnFunction", "own_function"]

Points: TypeAlias = NDArray[np.float64]
OwnFunction: TypeAlias = Callable[..., Value]

_LINES_OF_A_CALL = 10  # of Python that take about as long
_LINES_OF_A_NODE = 5
_NUMBERS_OF_A_NODE = 1000  # beyond these it takes as long again


def own_function(
    formula: Formula, step: Step, domains: Mapping[str, Domain], solution: Solution
) -> OwnFunction:
    """The formula as a function of the step's arguments.

    Symbols that are not arguments, and functions, are those of the solution. An argument with more
    axes than its domain has stands for many values: the formula is then evaluated for each of
    them, as a function of numbers is over an array. What is called raises StepFault where the
    formula has no finite value, and charges the `bounded` block around for its length.
    """
    axes = {name: len(domains[name].shape) if name in domains else 0 for name in step.arguments}
    length = _length(formula)

    def called(*arguments: Value) -> Value:
        try:
            given = {
                name: real_or_complex(value)
                for name, value in zip(step.arguments, arguments, strict=False)
            }
            many, points = _spread(given, axes)
            count = math.prod(many)
            _charge(length, sum(array.size for array in points.values()) + count)
            values = formula_values(formula, _Called(points, count, solution))
        except (FormulaError, ValueError, TypeError, OverflowError):
            raise StepFault(step.name, 0, "has another form as the student's formula") from None
        if not np.isfinite(values).all():
            raise StepFault(step.name, 0, "is not defined as the student's formula")
        return np.array(values).reshape(many + values.shape[1:])[()]

    return called


def _length(formula: Formula) -> int:
    return 1 + sum(map(_length, formula.operands))


def _charge(length: int, numbers: int) -> None:
    block = current_block()
    if block is not None:
        lines = _LINES_OF_A_NODE * length * (1 + numbers // _NUMBERS_OF_A_NODE)
        block.charge(_LINES_OF_A_CALL + lines)


def _spread(
    given: Mapping[str, Points], axes: Mapping[str, int]
) -> tuple[tuple[int, ...], dict[str, Points]]:
    """How many times the formula is evaluated, as a shape, and the arguments with these times as
    first axis. Raises ValueError where they do not fit together."""
    cut = {name: array.ndim - axes[name] for name, array in given.items()}
    if any(place < 0 for place in cut.values()):
        msg = "an argument has too few axes"
        raise ValueError(msg)
    many = np.broadcast_shapes(*(given[name].shape[:place] for name, place in cut.items()))
    points = {}
    for name, array in given.items():
        own = array.shape[cut[name] :]
        points[name] = np.broadcast_to(array, many + own).reshape((math.prod(many), *own))
    return many, points


class _Called:
    """What the names of a formula are worth in one call: arguments first, then the reference."""

    def __init__(self, arguments: Mapping[str, Points], count: int, solution: Solution) -> None:
        self.labels: Sequence[str] = ("",) * count
        self._arguments = arguments
        self._solution = solution

    def symbol(self, name: str) -> Points:
        if name in self._arguments:
            return self._arguments[name]
        return real_or_complex(self._solution[name])[np.newaxis]

    def function(self, name: str) -> Callable[..., Points]:
        function = self._solution[name]

        def called(*operands: Points) -> Points:
            each = (
                [operand[number].copy()[()] for operand in operands]
                for number in range(len(self.labels))
            )
            return real_or_complex([function(*one) for one in each])

        return called
