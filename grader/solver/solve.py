"""Compute steps of a reference, each once, from givens, replaced steps and known values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from grader.model.value import Value
from grader.solver.reference import Reference, Step, last_line_in

__all__ = ["Solution", "StepFault", "solve"]


class StepFault(Exception):
    """A step could not be computed: its name, the line in the reference, and one sentence."""

    def __init__(self, step: str, line: int, message: str) -> None:
        super().__init__(f"step {step!r} {message}")
        self.step = step
        self.line = line
        self.message = message


class Solution:
    """The steps of a reference at one instance, computed when first asked for.

    `givens` are the instance. `replace` maps a step to the step whose function computes it
    instead, which reaches everything that depends on it. `start` maps a step to a value that is
    taken as known. Arrays come out read-only, so that no step can change what another one sees.
    """

    def __init__(
        self,
        reference: Reference,
        givens: Mapping[str, Value],
        *,
        replace: Mapping[str, str] = MappingProxyType({}),
        start: Mapping[str, Value] = MappingProxyType({}),
    ) -> None:
        self._reference = reference
        self._replace = replace
        self._known: dict[str, Value] = {
            name: _frozen(value) for name, value in {**givens, **start}.items()
        }
        self._open: list[str] = []

    def __getitem__(self, name: str) -> Value:
        """The value of a step or given; a function step comes as a callable of its arguments.

        Raises StepFault when the step, or one that it needs, raises or does not exist.
        """
        if name not in self._known:
            self._known[name] = _frozen(self._compute(name))
        return self._known[name]

    def _compute(self, name: str) -> Value:
        step = self._reference.steps.get(self._replace.get(name, name))
        if step is None:
            raise StepFault(name, 0, "is neither a step nor a given")
        if name in self._open:
            raise StepFault(name, step.line, "needs itself")
        self._open.append(name)
        try:
            needed = {need: self[need] for need in step.needs}
        finally:
            self._open.pop()
        if step.is_function:
            return self._bound(step, needed)
        return self._call(step, lambda: step.function(**needed))

    def _bound(self, step: Step, needed: Mapping[str, Value]) -> Callable[..., Value]:
        def call(*arguments: Value) -> Value:
            return self._call(step, lambda: step.function(*arguments, **needed))

        return call

    def _call(self, step: Step, compute: Callable[[], Value]) -> Value:
        try:
            # An overflow or a 0/0 in the reference is a wrong key, not a warning.
            with np.errstate(over="raise", divide="raise", invalid="raise"):
                return compute()
        except StepFault:
            raise
        except Exception as error:
            line = last_line_in(self._reference.path, error)
            message = f"raises {type(error).__name__}: {error}"
            raise StepFault(step.name, line, message) from error

    @property
    def namespace(self) -> Any:
        """The steps as attributes, which is what a driver is given in place of a module."""
        return _Namespace(self)


class _Namespace:
    def __init__(self, solution: Solution) -> None:
        self._solution = solution

    def __getattr__(self, name: str) -> Value:
        return self._solution[name]


def solve(
    reference: Reference,
    names: Iterable[str],
    *,
    givens: Mapping[str, Value],
    replace: Mapping[str, str] = MappingProxyType({}),
    start: Mapping[str, Value] = MappingProxyType({}),
) -> dict[str, Value]:
    """Compute the named steps; see `Solution` for the arguments and the errors."""
    solution = Solution(reference, givens, replace=replace, start=start)
    return {name: solution[name] for name in names}


def _frozen(value: Value) -> Value:
    if isinstance(value, np.ndarray):
        view = value.view()
        view.setflags(write=False)
        return view
    if type(value) in (list, tuple):
        return type(value)(_frozen(item) for item in value)
    if type(value) is dict:
        return {key: _frozen(item) for key, item in value.items()}
    return value
