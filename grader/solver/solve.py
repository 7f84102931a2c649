"""Compute steps of a reference, each once, from givens, replaced steps and known values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from grader.model.value import Value
from grader.solver.reference import Reference, Step, described, last_line_in

__all__ = ["Solution", "StepFault", "solve"]

_MARK = "~"  # no name of Python ends so


class StepFault(Exception):
    """A step could not be computed: its name, the line in the reference, and one sentence."""

    def __init__(self, step: str, line: int, message: str) -> None:
        super().__init__(f"step {step!r} {message}")
        self.step = step
        self.line = line
        self.message = message


class Solution:
    """The steps of a reference at one instance, computed when first asked for.

    `givens` are the instance. `replace` maps a step or a given to the step or given that stands in
    for it, which reaches everything that depends on it; a step that stands in for another and
    needs that very name is given the original. `start` maps a name to a value that is taken as
    known. `rounded` is applied to the value of every step and to what function steps return.
    Arrays come out read-only, lists and dictionaries as copies, so that no step can change what
    another one sees.
    """

    def __init__(
        self,
        reference: Reference,
        givens: Mapping[str, Value],
        *,
        replace: Mapping[str, str] = MappingProxyType({}),
        start: Mapping[str, Value] = MappingProxyType({}),
        rounded: Callable[[Value], Value] | None = None,
    ) -> None:
        self._reference = reference
        self._replace = {name: other for name, other in replace.items() if name not in start}
        self._rounded = rounded
        self._known: dict[str, Value] = {
            _original(name) if name in self._replace else name: _frozen(value)
            for name, value in {**givens, **start}.items()
        }

    def __getitem__(self, name: str) -> Value:
        """The value of a step or given; a function step comes as a callable of its arguments.

        Raises StepFault when the step, or one that it needs, raises or does not exist.
        """
        # A trail instead of recursion: references may have longer chains than Python's stack.
        trail = [] if name in self._known else [name]
        while trail:
            current = trail[-1]
            needs = self._needs(current)
            lacking = next((need for need in needs.values() if need not in self._known), None)
            if lacking is None:
                self._known[current] = self._value(current, needs)
                trail.pop()
            elif lacking in trail:
                raise StepFault(lacking, self._line(current), "needs itself")
            else:
                trail.append(lacking)
        return _frozen(self._known[name])

    def _step(self, name: str) -> Step | None:
        if name.endswith(_MARK):
            return self._reference.steps.get(name.removesuffix(_MARK))
        return self._reference.steps.get(self._replace.get(name, name))

    def _line(self, name: str) -> int:
        step = self._step(name)
        return step.line if step is not None else 0

    def _needs(self, name: str) -> dict[str, str]:
        """Parameters of the step that computes `name`, and the names whose values they are."""
        step = self._step(name)
        if step is not None:
            own = name if name in self._replace else None
            return {need: _original(need) if need == own else need for need in step.needs}
        other = self._replace.get(name)
        if other is None:
            raise StepFault(name.removesuffix(_MARK), 0, "is neither a step nor a given")
        # A given stands in for it: the original one, so that two of them can change places.
        return {"": _original(other) if other in self._replace else other}

    def _value(self, name: str, needs: Mapping[str, str]) -> Value:
        step = self._step(name)
        if step is None:
            return self._known[needs[""]]
        taken = step

        def computed(*arguments: Value) -> Value:
            # Lists and dictionaries are copied for each call: read-only ones do not exist.
            needed = {need: _frozen(self._known[key]) for need, key in needs.items()}
            value = self._call(taken, lambda: taken.function(*arguments, **needed))
            return value if self._rounded is None else self._rounded(value)

        return computed if step.is_function else self._call(step, lambda: _frozen(computed()))

    def _call(self, step: Step, compute: Callable[[], Value]) -> Value:
        try:
            # An overflow or a 0/0 in the reference is a wrong key, not a warning.
            with np.errstate(over="raise", divide="raise", invalid="raise"):
                return compute()
        except StepFault:
            raise
        except (Exception, SystemExit) as error:
            line = last_line_in(self._reference.path, error)
            raise StepFault(step.name, line, f"raises {described(error)}") from error

    def knows(self, name: str) -> bool:
        """Whether there is a step or a given of this name."""
        return name in self._known or name in self._replace or name in self._reference.steps

    @property
    def namespace(self) -> Any:
        """The steps as attributes, which is what a driver is given in place of a module."""
        return _Namespace(self)


class _Namespace:
    def __init__(self, solution: Solution) -> None:
        self._solution = solution

    def __getattr__(self, name: str) -> Value:
        if not self._solution.knows(name):
            # As of a module: drivers may ask `hasattr`.
            msg = f"the reference has no step {name!r}"
            raise AttributeError(msg)
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


def _original(name: str) -> str:
    """Under which a replaced name's own value is kept."""
    return name + _MARK


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
