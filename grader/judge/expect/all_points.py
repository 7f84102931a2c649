"""All sampled points at once: each number of a solution is an array with one entry a point."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from grader.judge.expect.solved import real_or_complex
from grader.model.value import Value
from grader.solver import Solution

__all__ = ["AllPoints", "as_points"]


class AllPoints:
    """The symbols of formulas at all points of a solution that was made for them together, and the
    functions of another one."""

    def __init__(self, solution: Solution, functions: Solution, points: int) -> None:
        self._solution = solution
        self._functions = functions
        self._points = points
        self.labels = ("",) * points

    def symbol(self, name: str) -> NDArray[np.float64]:
        return as_points(self._solution[name], self._points)

    def function(self, name: str) -> Callable[..., NDArray[np.float64]]:
        function = self._functions[name]
        return lambda *arguments: as_points(function(*arguments), self._points)


def as_points(value: Value, points: int) -> NDArray[np.float64]:
    """One number a point; a number that is the same everywhere is repeated. Raises ValueError."""
    numbers = real_or_complex(value)
    if numbers.shape == (points,):
        return numbers
    if numbers.shape != ():
        msg = "not one number a point"
        raise ValueError(msg)
    return np.full(points, numbers)
