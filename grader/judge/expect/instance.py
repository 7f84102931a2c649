"""The instance at which something is asked, in one form however its givens are written."""

from __future__ import annotations

import struct
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

from grader.model.value import Value, map_leaves, shape_of

__all__ = ["At", "Instance", "Instances", "in_64_bits"]

_REAL = np.dtype(np.float64)
_WHOLE = np.dtype(np.int64)
_real_bytes = struct.Struct("=d").pack
_MISSING = object()


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """All givens with their values; equal to another one whose values are equal.

    3, 3.0, an array without axes and a number of numpy's are equal, and so are a list of numbers
    and the array of them. True is not 1, -0.0 is not 0.0, and nan is equal to nan.
    """

    givens: Mapping[str, Value]  #: every given of the assignment, as the reference is given it
    held: frozenset[str]  #: those that formulas would draw otherwise, and that are held fast here
    changed: Mapping[str, Hashable]  #: what is not as the assignment gives it, in a form to compare
    _hash: int

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Instance) and self.changed == other.changed

    def __hash__(self) -> int:
        return self._hash

    @property
    def of_formulas(self) -> Hashable:
        """Equal where formulas have the same points: what `at` names is not drawn."""
        return self, self.held

    def agrees(self, other: Instance, names: Collection[str]) -> bool:
        """Whether all of these givens are equal in both."""
        one, two = self.changed, other.changed
        return all(one.get(name) == two.get(name) for name in {*one, *two} if name in names)


#: an instance, or what a part of a spec changes of the assignment's givens
At: TypeAlias = Instance | Mapping[str, Value]


class Instances:
    """The instances of one assignment: a mapping of changed givens goes in, an Instance comes out.

    A changed value takes the type of the assignment's own where that loses nothing, so that all
    spellings of an instance give the reference the same. `drawn` are the givens that are drawn
    at the points of formulas.
    """

    def __init__(self, givens: Mapping[str, Value], drawn: Collection[str] = ()) -> None:
        self._givens = givens
        self._drawn = frozenset(drawn)
        self._keys = {name: _key(_like(value, value)) for name, value in givens.items()}
        self._base = self._instance({})

    def __call__(self, at: At) -> Instance:
        if isinstance(at, Instance):
            return at
        return self._instance(at) if at else self._base

    def _instance(self, at: Mapping[str, Value]) -> Instance:
        own = self._givens
        values = {name: _like(value, own.get(name, _MISSING)) for name, value in at.items()}
        keys = ((name, _key(value)) for name, value in sorted(values.items()))
        changed = {name: key for name, key in keys if key != self._keys.get(name)}
        return Instance(
            MappingProxyType({**self._givens, **{name: values[name] for name in changed}}),
            self._drawn.intersection(at),
            MappingProxyType(changed),
            hash(tuple(changed.items())),
        )


def _like(value: Value, given: Any) -> Value:
    """The value in the type of the given if that is equal, else in one that equal values share."""
    if type(value) is type(given) and type(value) in (int, float):
        return value
    numbers = _numbers(value)
    if numbers is not None:
        return _shaped(_as_type(numbers, _numbers(given)), given)
    if isinstance(value, np.bool_):
        return bool(value)
    if type(value) in (list, tuple):
        others: list[Any] = list(given) if type(given) is type(value) else []
        others += [others[-1] if others else _MISSING] * (len(value) - len(others))
        return type(value)(_like(item, other) for item, other in zip(value, others, strict=False))
    if type(value) is dict:
        named = given if type(given) is dict else {}
        return {name: _like(item, named.get(name, _MISSING)) for name, item in value.items()}
    return value


def _numbers(value: Any) -> np.ndarray | None:
    """A number, or an array or regular list of them, as an array; None for everything else."""
    if isinstance(value, np.ndarray | np.generic):
        return np.asarray(value) if value.dtype.kind in "iufc" else None
    if type(value) in (int, float, complex):
        array = np.asarray(value)
        if array.dtype.kind in "iufc":
            return array
        # A whole number that no integer of numpy's can hold.
        near = float(value) if abs(value) < 2**1000 else 0.0
        return np.asarray(near) if near == value else None
    if type(value) in (list, tuple) and value and all(_numbers(item) is not None for item in value):
        return np.asarray(value) if shape_of(value) is not None else None
    return None


def _as_type(numbers: np.ndarray, given: np.ndarray | None) -> np.ndarray:
    for dtype in (given.dtype if given is not None else _REAL, _REAL, _WHOLE):
        converted = _converted(numbers, dtype)
        if converted is not None:
            return converted
    return numbers


def _converted(numbers: np.ndarray, dtype: np.dtype[Any]) -> np.ndarray | None:
    """The same numbers in another type, or None where they would not be the same."""
    if numbers.dtype == dtype:
        return numbers
    if "c" in (numbers.dtype.kind, dtype.kind):
        return None
    with np.errstate(all="ignore"):
        found = numbers.astype(dtype)
        back = found.astype(numbers.dtype)
    same = np.array_equal(back, numbers, equal_nan=True)
    if same and numbers.dtype.kind == "f":
        same = np.array_equal(np.signbit(back) & (back == 0), np.signbit(numbers) & (numbers == 0))
    return found if same else None


def _shaped(numbers: np.ndarray, given: Any) -> Value:
    """A number where there are no axes, a list where the given is one, else an array."""
    if numbers.ndim:
        return type(given)(numbers.tolist()) if type(given) in (list, tuple) else numbers
    if isinstance(given, np.ndarray) and not given.ndim:
        return numbers
    return numbers[()] if isinstance(given, np.generic) else numbers.item()


def _key(value: Value) -> Hashable:
    """What is equal for equal values alone, once they have the same type."""
    if type(value) is float and value == value:  # many times as fast as an array of it
        return _REAL.str, (), _real_bytes(value)
    numbers = _numbers(value)
    if numbers is not None:
        if numbers.dtype.kind in "fc":
            numbers = np.where(np.isnan(numbers), np.nan, numbers)  # one of the many
        return numbers.dtype.str, numbers.shape, numbers.tobytes()
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, repr(value.tolist())
    if type(value) in (list, tuple):
        return type(value).__name__, tuple(map(_key, value))
    if type(value) is dict:
        return "dict", tuple((_key(name), _key(item)) for name, item in value.items())
    return type(value).__name__, repr(value)


def in_64_bits(givens: Mapping[str, Value]) -> Mapping[str, Value]:
    """Givens whose whole numbers have 64 bits: others grow without end where code is wrong."""

    def held(value: Value) -> Value:
        return np.int64(value) if type(value) is int and abs(value) < 2**63 else value

    return {name: map_leaves(value, held) for name, value in givens.items()}
