"""Products, powers, inverses and sums of vectors and matrices, at every point by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.compare.formula.tree import FormulaError

__all__ = ["MATRIX_FUNCTIONS", "Points", "matrix_power", "matrix_product", "of_rank"]

Points: TypeAlias = NDArray[np.float64]

_MATRIX = 3  # axes: the points, rows, columns
_HIGHEST_POWER = 64


def of_rank(value: Points, rank: int) -> Points:
    missing = (1,) * (rank + 1 - value.ndim)
    return value.reshape(value.shape[:1] + missing + value.shape[1:])


def matrix_product(left: Points, right: Points) -> Points:
    """`matmul` at every point. Raises ValueError where the shapes do not fit."""
    row, column = left.ndim == 2, right.ndim == 2
    left = left[:, np.newaxis, :] if row else left
    right = right[:, :, np.newaxis] if column else right
    rank = max(left.ndim, right.ndim) - 1
    result: Points = np.matmul(of_rank(left, rank), of_rank(right, rank))
    if column:
        result = result[..., 0]
    if row:
        result = result[..., 0] if column else result[..., 0, :]
    return result


def matrix_power(base: Points, exponent: Points) -> Points:
    """A whole power of a square matrix, the inverse's for a negative one. Raises FormulaError."""
    power = exponent.ravel()[0].real
    if exponent.size != 1 or power != int(power) or abs(power) > _HIGHEST_POWER:
        msg = f"a matrix is raised to a whole number, at most {_HIGHEST_POWER}"
        raise FormulaError(msg)
    _expect_square(base, "raised to a power")
    base = _inverse(base) if power < 0 else base
    result: Points = np.linalg.matrix_power(base, abs(int(power)))
    return result


def _expect_square(value: Points, what: str) -> None:
    if value.ndim != _MATRIX or value.shape[1] != value.shape[2]:
        msg = f"only a square matrix can be {what}"
        raise FormulaError(msg)


def _inverse(value: Points) -> Points:
    """The inverse; NaN where there is none. Raises FormulaError for what is not a square matrix."""
    _expect_square(value, "inverted")
    result = np.full(value.shape, np.nan, value.dtype)
    for point, matrix in enumerate(value):
        if np.isfinite(matrix).all():
            try:
                result[point] = np.linalg.inv(matrix)
            except np.linalg.LinAlgError:
                continue
    return result


def _trace(value: Points) -> Points:
    if value.ndim != _MATRIX:
        msg = "only a matrix has a trace"
        raise FormulaError(msg)
    result: Points = np.trace(value, axis1=1, axis2=2)
    return result


def _sum(value: Points) -> Points:
    result: Points = value.reshape(len(value), -1).sum(axis=1)
    return result


def _norm(value: Points) -> Points:
    """The length of a vector; of a matrix, the root of the sum of all squares (Frobenius)."""
    result: Points = np.sqrt(np.square(np.abs(value.reshape(len(value), -1))).sum(axis=1))
    return result


MATRIX_FUNCTIONS: Mapping[str, Callable[[Points], Points]] = {
    "norm": _norm,
    "sum": _sum,
    "tr": _trace,
    "inv": _inverse,
}
