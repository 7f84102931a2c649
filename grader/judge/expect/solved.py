"""What symbols and functions of formulas are worth where a reference was solved."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.compare.formula import FormulaError
from grader.model.value import Value
from grader.solver import Solution, StepFault
from grader.solver.bounded import bounded, current_block

__all__ = ["SolvedSamples", "real_or_complex", "whole_points"]

Points: TypeAlias = NDArray[np.float64]
_Call: TypeAlias = tuple[str, tuple[tuple[tuple[int, ...], bytes], ...]]

_POINT_LINES = 10_000  # for one call of an author's function
_FORMULA_LINES = 500_000  # for all calls of one function in one formula
_KEPT_CALLS = 1000
_KEPT_NUMBERS = 10_000  # of one call


class SolvedSamples:
    """What every symbol and function is worth at each of some solutions of a reference.

    Values are computed when first asked for and kept, also those of functions, because most of a
    class calls them with the same symbols. What comes out is read-only. Two threads may compute
    the same value at once; it is the same. A symbol that was kept is charged to the `bounded` block
    around like one that is computed, if the solutions are remembered.
    """

    def __init__(
        self,
        solutions: Sequence[Solution],
        labels: Sequence[str],
        *,
        complex_names: Container[str] = (),
        promotes: bool = False,
    ) -> None:
        """`complex_names` are steps and givens that may have complex values; of others these are
        none. `promotes` says the same of what formulas compute of real numbers."""
        self.solutions = solutions
        self.labels = labels
        self.promotes = promotes
        self._complex = complex_names
        self._symbols: dict[str, Points] = {}
        self._calls: dict[_Call, tuple[Points, int]] = {}

    def labelled(self, labels: Sequence[str], *, promotes: bool = False) -> SolvedSamples:
        """The same samples under other labels."""
        other = SolvedSamples(
            self.solutions, labels, complex_names=self._complex, promotes=promotes
        )
        other._symbols, other._calls = self._symbols, self._calls
        return other

    def symbol(self, name: str) -> Points:
        """The values of a step or given, shape (points, *shape); NaN where it has no real value.

        Raises FormulaError where its shape is not the same at all points, and OutOfBounds where
        the bound of a block around is reached.
        """
        if name not in self._symbols:
            found = [self._number_or_none(solution, name) for solution in self.solutions]
            self._symbols[name] = _stacked(found, name)
        elif current_block() is not None:
            for solution in self.solutions:
                with suppress(StepFault):
                    solution[name]
        return self._symbols[name]

    def step(self, name: str) -> Points:
        """As `symbol`, but NaN in all entries of a point where one of them is not finite.

        Raises StepFault where the step has a value at none of the points, ValueError where it
        gives no real numbers, or values of different shapes, and OutOfBounds as `symbol` does.
        """
        values, fault = self.tried(name)
        if fault is not None and np.isnan(values).all():
            raise fault
        return whole_points(values)

    def tried(self, name: str) -> tuple[Points, StepFault | None]:
        """The values of a step, and why it has none at the first of the points without one.

        A function step has the values that it returns for what its arguments name there. Raises
        ValueError and OutOfBounds as `step` does.
        """
        first = None
        found: list[Any] = []
        for solution in self.solutions:
            try:
                found.append(self._number(solution.valued(name), name))
            except StepFault as fault:
                first = first or fault
                found.append(None)
            except (TypeError, ValueError, OverflowError):
                msg = f"step {name!r} does not give real numbers"
                raise ValueError(msg) from None
        return _stacked(found, name), first

    def function(self, name: str) -> Callable[..., Points]:
        """A function step, called point by point, since it need not know arrays of points.

        It has no value where it raises or returns no real numbers, nor where it executes too many
        lines: an answer may feed it any number. What one formula executes is bounded as well.
        """
        left = _FORMULA_LINES

        def called(*arguments: Points) -> Points:
            nonlocal left
            if left >= 0:
                values, lines = self._called(name, arguments)
                # Values that were kept are charged as well: who came first must not matter.
                left -= lines
            return values if left >= 0 else np.full(len(self.solutions), np.nan)

        return called

    def _called(self, name: str, arguments: Sequence[Points]) -> tuple[Points, int]:
        call = (name, tuple((array.shape, array.tobytes()) for array in arguments))
        if call in self._calls:
            return self._calls[call]
        found, lines = [], 0
        for point, solution in enumerate(self.solutions):
            at_point = [array[point].copy() for array in arguments]
            counted = bounded(_POINT_LINES)
            try:
                function = solution[name]
                with counted:
                    given = any(map(np.iscomplexobj, at_point))
                    found.append(self._number(function(*at_point), name, given=given))
            except Exception:  # noqa: BLE001 - the author's function may raise anything
                found.append(None)
            lines += counted.used
        values = _stacked(found, name)
        if sum(array.size for array in (*arguments, values)) <= _KEPT_NUMBERS:
            if len(self._calls) >= _KEPT_CALLS:
                self._calls.clear()
            self._calls[call] = values, lines
        return values, lines

    def _number(self, value: Value, name: str, *, given: bool = False) -> Any:
        """A number or an array of them. Raises TypeError, ValueError or OverflowError."""
        if np.iscomplexobj(value) and not (given or name in self._complex):
            msg = "complex numbers are not compared"
            raise TypeError(msg)
        return real_or_complex(value)[()]

    def _number_or_none(self, solution: Solution, name: str) -> Any:
        try:
            return self._number(solution[name], name)
        except (StepFault, TypeError, ValueError, OverflowError):
            return None


def real_or_complex(value: Value) -> NDArray[Any]:
    """An array of float64, or of complex128 where one of the numbers is complex. Raises TypeError,
    ValueError or OverflowError for what are not numbers."""
    array = np.asarray(value)
    return np.asarray(array, np.complex128 if array.dtype.kind == "c" else np.float64)


def _stacked(found: Sequence[Any], name: str) -> Points:
    """One array of the values at all points; None becomes NaN. Raises FormulaError."""
    shapes = {np.shape(value) for value in found if value is not None}
    if len(shapes) > 1:
        msg = f"{name!r} has values of different shapes"
        raise FormulaError(msg)
    shape = shapes.pop() if shapes else ()
    values = np.array([np.full(shape, np.nan) if value is None else value for value in found])
    values.setflags(write=False)
    return values


def whole_points(values: Points) -> Points:
    """The values, with NaN in every entry of a point where one is not finite."""
    finite = np.isfinite(values).all(axis=tuple(range(1, values.ndim)), keepdims=True)
    return np.where(finite, values, np.nan)
