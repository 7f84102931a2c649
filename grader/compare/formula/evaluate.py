"""The value of a formula at all sampled points at once.

Every value has the points as its first axis; what does not depend on them has length 1 there.
Undefined places give NaN or infinity, not exceptions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.compare.formula.parse import Formula, FormulaError

__all__ = ["Evaluator", "Points", "Samples", "combined", "formula_values"]

Points: TypeAlias = NDArray[np.float64]

_FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "tanh": np.tanh,
    "exp": np.exp,
    "log": np.log,
    "ln": np.log,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "sign": np.sign,
}
_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
}
_RELATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
}
_FORMS = {1: "a list", 2: "a matrix"}


class Samples(Protocol):
    """What the names of formulas are worth at every point."""

    @property
    def labels(self) -> Sequence[str]:
        """One for each point: the sampled values in words, for staff."""

    def symbol(self, name: str) -> Points:
        """The values of a symbol, shape (points, *shape); NaN at points where it has none.

        Raises FormulaError where its shape is not the same at all points.
        """

    def function(self, name: str) -> Callable[..., Points]:
        """A function of arrays that have the points as first axis, as has what it returns.

        NaN at points where it refuses the values. It is asked for once in each evaluation of a
        formula.
        """


def formula_values(formula: Formula, samples: Samples) -> Points:
    """The values in float64, shape (points, *shape of the formula); do not change them.

    Raises FormulaError where shapes do not fit together.
    """
    return Evaluator(samples).values(formula)


class Evaluator:
    """One evaluation of a formula."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples
        self._count = len(samples.labels)
        self._functions: dict[str, Callable[..., Points]] = {}

    def values(self, formula: Formula) -> Points:
        """See `formula_values`."""
        with np.errstate(all="ignore"):
            return self.filled(self._value(formula))

    def filled(self, value: Points) -> Points:
        """The value at every point, also where it does not depend on the point."""
        shape = (self._count, *value.shape[1:])
        return value if value.shape == shape else np.broadcast_to(value, shape)

    def _value(self, formula: Formula) -> Points:
        return self.applied(formula, [self._value(operand) for operand in formula.operands])

    def applied(self, formula: Formula, operands: Sequence[Points]) -> Points:
        """The value of a node from those of its operands."""
        head = formula.head
        if head in ("number", "constant"):
            return np.full(1, formula.value)
        if head == "symbol":
            return self._samples.symbol(formula.name)
        try:
            if head == "call":
                return self._called(formula.name, operands)
            if head == "negative":
                return np.negative(operands[0])
            if head == "transpose":
                return _transposed(operands[0])
            return combined(head, *operands)
        except FormulaError:
            raise
        except ValueError:
            msg = "the shapes in the formula do not fit together"
            raise FormulaError(msg) from None

    def _called(self, name: str, operands: Sequence[Points]) -> Points:
        if name == "where":
            return _where(aligned(*operands))
        if name in ("min", "max"):
            return reduce(np.minimum if name == "min" else np.maximum, aligned(*operands))
        if name == "transpose":
            return _transposed(operands[0])
        if name in _FUNCTIONS:
            result: Points = _FUNCTIONS[name](operands[0])
            return result
        if name not in self._functions:
            self._functions[name] = self._samples.function(name)
        return self._functions[name](*map(self.filled, operands))


def aligned(*values: Points) -> list[Points]:
    """The values, all with the same number of axes, so that numpy combines numbers and arrays.

    Raises FormulaError for arrays of different shapes: numpy would stretch a row over a matrix
    too; in a formula that is a slip, not an intention.
    """
    shapes = list(dict.fromkeys(value.shape[1:] for value in values if value.ndim > 1))
    if len(shapes) > 1:
        # Without lengths: those of the samples are often not the student's.
        one, other = (_FORMS.get(len(shape), "an array") for shape in shapes[:2])
        alike = f"{one} and another of a different size"
        msg = f"{alike if one == other else f'{one} and {other}'} do not fit together"
        raise FormulaError(msg)
    rank = len(shapes[0]) if shapes else 0
    return [value if value.ndim > rank else _of_rank(value, rank) for value in values]


def _of_rank(value: Points, rank: int) -> Points:
    missing = (1,) * (rank + 1 - value.ndim)
    return value.reshape(value.shape[:1] + missing + value.shape[1:])


def combined(head: str, left: Points, right: Points) -> Points:
    """The value of an operator. Raises FormulaError or ValueError where shapes do not fit."""
    if head in ("@", "juxtaposed"):
        if left.ndim > 1 and right.ndim > 1:
            return _matrix_product(left, right)
        head = "*"
    left, right = aligned(left, right)
    result: Points
    if head in _RELATIONS:
        # 1 where it holds and 0 where not, so that one can calculate with it as on paper.
        holds = _RELATIONS[head](left, right).astype(np.float64)
        result = np.where(np.isnan(left) | np.isnan(right), np.nan, holds)
    else:
        result = _OPERATORS[head](left, right)
    return result


def _matrix_product(left: Points, right: Points) -> Points:
    """`matmul` at every point. Raises ValueError where the shapes do not fit."""
    row, column = left.ndim == 2, right.ndim == 2
    left = left[:, np.newaxis, :] if row else left
    right = right[:, :, np.newaxis] if column else right
    rank = max(left.ndim, right.ndim) - 1
    result: Points = np.matmul(_of_rank(left, rank), _of_rank(right, rank))
    if column:
        result = result[..., 0]
    if row:
        result = result[..., 0] if column else result[..., 0, :]
    return result


def _transposed(value: Points) -> Points:
    return value.transpose(0, *range(value.ndim - 1, 0, -1))


def _where(operands: list[Points]) -> Points:
    """Pairs of condition and value, then perhaps the value that holds otherwise."""
    result = operands.pop() if len(operands) % 2 else np.full((1,) * operands[0].ndim, np.nan)
    for position in range(len(operands) - 2, -1, -2):
        condition, value = operands[position], operands[position + 1]
        chosen = np.where(condition.astype(bool), value, result)
        result = np.where(np.isnan(condition), np.nan, chosen)
    return result
