"""Compute steps of a reference, each once, from givens, replaced steps and known values."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from types import FunctionType, MappingProxyType
from typing import Any

import numpy as np

from grader.model.value import Value
from grader.solver.bounded import OutOfBounds, bounded, called, check_block, current_block
from grader.solver.order import Order, StepFault, original
from grader.solver.reference import Reference, described, last_line_in

__all__ = ["Solution", "solve"]


class Solution:
    """The steps of a reference at one instance, computed when first asked for.

    `givens` are the instance. `replace` maps a step or a given to the step or given that stands in
    for it, which reaches everything that depends on it; a step that stands in for another and
    needs that very name is given the original. `start` maps a name to a value that is taken as
    known. `rounded` is applied to the value of every step and to what function steps return.
    Arrays come out read-only, lists and dictionaries as copies, so that no step can change what
    another one sees.

    A solution that is `remembered` serves many who ask, one after another or at once, and must
    serve all alike. It keeps how many lines each step took, and why one failed. Within a
    `bounded` block whoever asks for a step is charged for it and for all that it is computed from,
    each once for a block and needs first, whether they are computed now or were long ago: so
    OutOfBounds comes at the same place. `order` is that of another solution with the same steps
    replaced and the same names known.
    """

    def __init__(
        self,
        reference: Reference,
        givens: Mapping[str, Value],
        *,
        replace: Mapping[str, str] = MappingProxyType({}),
        start: Mapping[str, Value] = MappingProxyType({}),
        rounded: Callable[[Value], Value] | None = None,
        remembered: bool = False,
        order: Order | None = None,
    ) -> None:
        self._reference = reference
        self._replace = {name: other for name, other in replace.items() if name not in start}
        self._rounded = rounded
        self._known: dict[str, Value] = {
            original(name) if name in self._replace else name: _frozen(value)
            for name, value in {**givens, **start}.items()
        }
        self.order = order or Order(reference, self._replace, self._known)
        self._remembered = remembered
        # Written after the value or the fault itself: who finds a cost finds that as well.
        self._costs: dict[str, int] = {}
        self._sums: dict[str, int] = {}  #: of the costs of a step and of all that it needs
        self._faults: dict[str, StepFault] = {}

    def __getitem__(self, name: str) -> Value:
        """The value of a step or given; a function step comes as a callable of its arguments.

        Raises StepFault when the step, or one that it needs, raises or does not exist, and
        OutOfBounds where the bound of a block around is reached; nothing is remembered of that.
        """
        if self._remembered:
            self._ask(name)
        elif name not in self._known:
            names, fault = self.order.way_to(name)
            for step in names:
                if step not in self._known:
                    self._known[step] = self._value(step)
            if fault is not None:
                raise fault.again()
        return _frozen(self._known[name])

    def valued(self, name: str) -> Value:
        """As `self[name]`, but of a function step what it returns for what its arguments name.

        Example: of `df_dx(x, y, /)` its value at the x and the y of this instance. An argument
        that has a default and is neither a step nor a given is left out. Raises as `self[name]`.
        """
        value, step = self[name], self._reference.steps.get(name)
        if step is None or not step.is_function:
            return value
        named = enumerate(step.arguments)
        given = [one for at, one in named if at < step.required or self.knows(one)]
        return value(*(self[argument] for argument in given))

    def _ask(self, name: str) -> None:
        block = current_block()
        if block is not None:
            self._charge(name, block)
        elif name not in self._known:
            with bounded(None) as block:
                self._charge(name, block)

    def _charge(self, name: str, block: bounded) -> None:
        """Charge what has not been charged in the block, and compute what is not known."""
        block.check()
        done = block.charged(self)
        names, fault = self.order.way_to(name)
        if not done and name in self._sums:
            block.charge(self._sums[name])
            done.update(names)
            return
        for step in names if name not in done or name in self._faults else ():
            if step not in done:
                if step in self._costs:
                    block.charge(self._costs[step])
                else:
                    self._remember(step, block)
                done.add(step)
            if step in self._faults:
                raise self._faults[step].again()
        if fault is not None:
            raise fault.again()
        if name not in self._sums:
            self._sums[name] = sum(self._costs[step] for step in names)

    def _remember(self, name: str, block: bounded) -> None:
        before = block.used
        try:
            value = self._value(name)
        except StepFault as fault:
            if isinstance(fault.__cause__, RecursionError | MemoryError):
                raise  # that depends on who asks
            self._faults[name] = fault.again()
        else:
            self._known.setdefault(name, value)
        self._costs[name] = block.used - before

    def make_free(self) -> None:
        """From now on nobody is charged for what is remembered at this moment."""
        self._costs = dict.fromkeys(self._costs, 0)
        self._sums = {}

    def _value(self, name: str) -> Value:
        step, needs = self.order.step(name), self.order.needs(name)
        if step is None:
            return self._known[needs[""]]
        fixed = {need: self._known[key] for need, key in needs.items()}
        # Lists and dictionaries are copied for each call: read-only ones do not exist.
        copied = [need for need, value in fixed.items() if isinstance(value, _COPIED)]
        taken, rounded = step, self._rounded

        def computed(*arguments: Value, **named: Value) -> Value:
            if named:  # as a driver may write it
                msg = f"{name} takes its arguments by position, not by name: {', '.join(named)}"
                raise TypeError(msg)
            needed = dict(fixed)
            try:
                for need in copied:
                    needed[need] = _frozen(needed[need])
                if getattr(_HERE, "checked", False):
                    value = called(taken.function, *arguments, **needed)
                else:
                    value = _checked(taken.function, arguments, needed)
                value = value if rounded is None else rounded(value)
                value = value if taken.is_function else _frozen(value)
            except (StepFault, OutOfBounds):
                raise
            except (Exception, SystemExit) as error:
                check_block()  # whatever a step makes of it: meeting the bound is not its fault
                line = last_line_in(self._reference.path, error)
                raise StepFault(taken.name, line, f"raises {described(error)}") from error
            check_block()  # a step may have caught it
            return value

        return computed if step.is_function else computed()

    def knows(self, name: str) -> bool:
        """Whether there is a step or a given of this name."""
        return name in self._known or name in self._replace or name in self._reference.steps

    @property
    def namespace(self) -> Any:
        """The steps as attributes, which is what a driver is given in place of a module. Arrays
        that it hands to a function step arrive there read-only, as those of other steps do."""
        return _Namespace(self)


class _Namespace:
    def __init__(self, solution: Solution) -> None:
        self._solution = solution

    def __getattr__(self, name: str) -> Value:
        if not self._solution.knows(name):
            # As of a module: drivers may ask `hasattr`.
            msg = f"the reference has no step {name!r}"
            raise AttributeError(msg)
        value = self._solution[name]
        return _guarded(value) if isinstance(value, FunctionType) else value


def _guarded(function: Callable[..., Value]) -> Callable[..., Value]:
    """The function with its arrays read-only, also in lists and tuples. What it returns of them is
    given back as the driver has it. A dictionary of state is the driver's, and stays as it is."""

    def called_by_driver(*arguments: Value, **named: Value) -> Value:
        own: dict[int, Value] = {}
        guarded = [_lent(argument, own) for argument in arguments]
        return _returned(function(*guarded, **named), own)

    return called_by_driver


def _lent(value: Value, own: dict[int, Value]) -> Value:
    if type(value) in (list, tuple):
        return type(value)(_lent(item, own) for item in value)
    lent = _frozen(value) if isinstance(value, np.ndarray) else value
    if lent is not value:
        own[id(lent)] = value
    return lent


def _returned(value: Value, own: Mapping[int, Value]) -> Value:
    if type(value) is tuple:
        return tuple(_returned(item, own) for item in value)
    return own.get(id(value), value) if isinstance(value, np.ndarray) else value


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


def _checked(
    function: Callable[..., Value], arguments: tuple[Value, ...], needed: dict[str, Value]
) -> Value:
    """An overflow or a 0/0 in the reference is a wrong key, not a warning: also in what it calls.

    numpy is told so once, by the outermost call of a step: to tell it costs more than most calls.
    """
    _HERE.checked = True
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            return called(function, *arguments, **needed)
    finally:
        _HERE.checked = False


_HERE = threading.local()
_COPIED = (np.ndarray, list, tuple, dict)


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
