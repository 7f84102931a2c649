"""The value of a formula at all sampled points at once.

Every value has the points as its first axis; what does not depend on them has length 1 there.
Undefined places give NaN or infinity, not exceptions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, Protocol

import numpy as np

from grader.compare.formula.matrices import (
    MATRIX_FUNCTIONS,
    Points,
    matrix_power,
    matrix_product,
    of_rank,
)
from grader.compare.formula.tree import Formula, FormulaError, TwoReadings, node
from grader.compare.formula.written import written

__all__ = ["Evaluator", "Points", "Samples", "combined", "formula_values"]

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
    "sinh": np.sinh,
    "cosh": np.cosh,
    "sec": lambda value: 1 / np.cos(value),
    "csc": lambda value: 1 / np.sin(value),
    "cot": lambda value: 1 / np.tan(value),
    "sech": lambda value: 1 / np.cosh(value),
    "csch": lambda value: 1 / np.sinh(value),
    "coth": lambda value: 1 / np.tanh(value),
    "arcsin": np.arcsin,
    "arccos": np.arccos,
    "arctan": np.arctan,
    "arcsinh": np.arcsinh,
    "arccosh": np.arccosh,
    "arctanh": np.arctanh,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
    "expm1": np.expm1,
    "exp2": np.exp2,
    "cbrt": np.cbrt,
    "conj": np.conj,
    "re": np.real,
    "im": np.imag,
    "arg": np.angle,
    **MATRIX_FUNCTIONS,
}
#: The same where complex numbers are asked: the principal value where there is no real one.
_COMPLEX_FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {
    **_FUNCTIONS,
    **{name: getattr(np.emath, name) for name in ("sqrt", "log", "log2", "log10")},
    **{f"arc{name}": getattr(np.emath, f"arc{name}") for name in ("sin", "cos", "tanh")},
    "ln": np.emath.log,
    "sign": lambda value: np.sign(_ordered(value)),
    "cbrt": lambda value: np.cbrt(value) if value.dtype.kind != "c" else np.power(value, 1 / 3),
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
_REAL_UP_TO = 1e-12  # of a complex number: what its imaginary part may be by rounding alone
_VECTOR = 2  # axes: the points and one more
_FORMS = {1: "a list", 2: "a matrix"}


class Samples(Protocol):
    """What the names of formulas are worth at every point.

    Where `promotes` is true of it, √ and log of negative numbers are complex, not undefined.
    """

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
    """The values in float64 or complex128, shape (points, *shape of the formula); do not change
    them.

    Raises FormulaError where shapes do not fit together.
    """
    return Evaluator(samples).values(formula)


class Evaluator:
    """One evaluation of a formula."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples
        self._count = len(samples.labels)
        self._promotes = bool(getattr(samples, "promotes", False))
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
            if formula.sign and all(operand.ndim > 1 for operand in operands):
                _refuse_sign(formula)
            if head == "call":
                return self._called(formula, operands)
            if head == "negative":
                return np.negative(operands[0])
            if head == "transpose":
                return _transposed(operands[0])
            if head == "^" and operands[0].ndim > _VECTOR:
                _refuse_inverse(formula)
            if head == "^" and self._promotes:
                return _principal_power(*operands)
            return combined(head, *operands)
        except FormulaError as error:
            if head == "*" and _fits_as_matrices(*operands):
                msg = f"{error}: * goes entry by entry, for the matrix product write @"
                raise FormulaError(msg) from None
            raise
        except ValueError:
            msg = "the shapes in the formula do not fit together"
            if head == "juxtaposed" and operands[0].shape == operands[1].shape:
                msg += ": without a sign it is the matrix product, write * for entry by entry"
            raise FormulaError(msg) from None

    def _called(self, formula: Formula, operands: Sequence[Points]) -> Points:
        name = formula.name
        if not formula.declared:
            return self._built_in(name, operands)
        if name not in self._functions:
            self._functions[name] = self._samples.function(name)
        return self._functions[name](*map(self.filled, operands))

    def _built_in(self, name: str, operands: Sequence[Points]) -> Points:
        if name == "where":
            return _where(aligned(*operands))
        if name in ("min", "max"):
            ordered = map(_ordered, aligned(*operands))
            return reduce(np.minimum if name == "min" else np.maximum, ordered)
        if name == "transpose":
            return _transposed(operands[0])
        functions = _COMPLEX_FUNCTIONS if self._promotes else _FUNCTIONS
        result: Points = functions[name](operands[0])
        return result


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
    return [value if value.ndim > rank else of_rank(value, rank) for value in values]


def combined(head: str, left: Points, right: Points) -> Points:
    """The value of an operator. Raises FormulaError or ValueError where shapes do not fit."""
    if head in ("@", "juxtaposed"):
        if left.ndim > 1 and right.ndim > 1:
            return matrix_product(left, right)
        head = "*"
    if head == "matrix power":
        if left.ndim > _VECTOR:
            return matrix_power(left, right)
        head = "^"
    left, right = aligned(left, right)
    result: Points
    if head in _RELATIONS:
        left, right = _ordered(left), _ordered(right)
        # 1 where it holds and 0 where not, so that one can calculate with it as on paper.
        holds = _RELATIONS[head](left, right).astype(np.float64)
        result = np.where(np.isnan(left) | np.isnan(right), np.nan, holds)
    else:
        result = _OPERATORS[head](left, right)
    return result


def _principal_power(base: Points, exponent: Points) -> Points:
    """A whole power of a real number is real: rounding must not put it beside a branch cut."""
    base, exponent = aligned(base, exponent)
    whole = exponent.dtype.kind != "c" and (np.rint(exponent) == exponent).all()
    result: Points = (np.power if whole else np.emath.power)(base, exponent)
    return result


def _ordered(value: Points) -> Points:
    """The numbers as real ones, which are less or greater; NaN for those that are not real."""
    if value.dtype.kind != "c":
        return value
    real = np.abs(value.imag) <= _REAL_UP_TO * np.abs(value)
    result: Points = np.where(real, value.real, np.nan)
    return result


def _refuse_inverse(formula: Formula) -> None:
    """`A^-1` of a matrix: the inverse, or every entry by itself?"""
    base, exponent = formula.operands
    if exponent.head == "negative" and exponent.operands[0].head == "number":
        power = written(exponent)
        inverse = f"inv({written(base)})"
        raise TwoReadings(
            f"{written(base)}^{power}",
            inverse if power == "-1" else f"a power of {inverse}",
            f"1 / {written(node('^', *(base, *exponent.operands)) if power != '-1' else base)}, "
            "entry by entry",
        )


def _refuse_sign(formula: Formula) -> None:
    """`|v|` of a vector and `A · B` of matrices: as a whole, or entry by entry?"""
    shown = [written(operand, arrays=True) for operand in formula.operands]
    if formula.head == "call":
        raise TwoReadings(f"|{shown[0]}|", f"norm({shown[0]})", f"abs({shown[0]}), entry by entry")
    typed = f" {formula.sign} ".join(shown)
    raise TwoReadings(typed, " @ ".join(shown), f"{' * '.join(shown)}, entry by entry")


def _fits_as_matrices(left: Points, right: Points) -> bool:
    return left.ndim == right.ndim == _VECTOR + 1 and left.shape[-1] == right.shape[-2]


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
