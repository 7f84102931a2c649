"""Turn any value into plain data without calling any of its own methods.

An object may claim to be equal to everything, to have any shape or to belong to any class. Types
are therefore told by `type`, and by identity: even the class of a class may answer what it likes.
Contents are read by the methods of the built-in types and of numpy's arrays, never by overridden
ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from grader.model.value import ComplexText, NumberText, Opaque, Value

__all__ = ["plain"]

_MOST_ITEMS = 10_000_000
_MOST_LISTS = 500_000  # a list that holds another twice, and so on, is longer than it looks
_MOST_DEPTH = 64  # beyond the dimensions of any array
_TOO_DEEP = Opaque(type_name="list", why="nested too deep")
_TOO_MANY = Opaque(type_name="list", why="more items than can be compared")
_AS_IT_IS = (float, int, bool, type(None), complex, str, bytes, np.ndarray, Opaque)
_NUMPY_SCALARS = frozenset(map(id, np.sctypeDict.values()))


def plain(value: Value) -> Value:
    """The value with every subclass of a built-in type or of numpy's arrays made plain.

    Anything else, such as a generator or a set, becomes an `Opaque`, also where it stands inside
    a list; so does what is nested too deep. Masked arrays stay: `compare_array` refuses them.
    """
    return _Reader().read(value, _MOST_DEPTH)


class _Reader:
    def __init__(self) -> None:
        self._items = _MOST_ITEMS
        self._lists = _MOST_LISTS

    def read(self, value: Any, depth: int) -> Value:
        kind = type(value)
        if any(kind is known for known in _AS_IT_IS) or id(kind) in _NUMPY_SCALARS:
            return value
        if kind is NumberText:
            was_read = type(value.text) is str and NumberText.parse(value.text) is not None
            return value if was_read else Opaque(type_name="NumberText")
        if kind is ComplexText:
            # Read again: whatever its parts were said to be.
            read = ComplexText.parse(value.text) if type(value.text) is str else None
            return read or Opaque(type_name="ComplexText")
        if kind is np.ndarray:
            return value
        if issubclass(kind, np.ndarray):
            masked = issubclass(kind, np.ma.MaskedArray)
            return value if masked else np.ndarray.view(value, np.ndarray)
        if issubclass(kind, list | tuple | dict):
            return self._container(value, kind, depth)
        return _simple(value, kind)

    def _container(self, value: Any, kind: type, depth: int) -> Value:
        if not depth:
            return _TOO_DEEP
        if issubclass(kind, dict):
            pairs = list(dict.items(value))
            if not self._has_room_for(len(pairs)):
                return _TOO_MANY
            named = [(self.read(key, 2), item) for key, item in pairs]
            # Of an opaque key nothing is known, and no answer is looked up under it.
            return {key: self.read(item, depth - 1) for key, item in named if _is_name(key)}
        items: Any = (list if issubclass(kind, list) else tuple).__getitem__(value, slice(None))
        if not self._has_room_for(len(items)):
            return _TOO_MANY
        if all(type(item) is float for item in items):
            return items
        read: Iterable[Value] = (self.read(item, depth - 1) for item in items)
        return list(read) if issubclass(kind, list) else tuple(read)

    def _has_room_for(self, items: int) -> bool:
        self._lists -= 1
        self._items -= items
        return self._lists >= 0 and self._items >= 0


def _simple(value: Any, kind: type) -> Value:
    """The number or text inside an object of a class that was derived from one."""
    if issubclass(kind, int):
        return int.__index__(value)
    if issubclass(kind, float):
        return float.__float__(value)
    if issubclass(kind, complex):
        return complex.__complex__(value)
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, bytes):
        return bytes.__getitem__(value, slice(None))
    return Opaque(type_name=type.__dict__["__name__"].__get__(kind))


def _is_name(key: Value) -> bool:
    if type(key) is tuple:
        return all(map(_is_name, key))
    return type(key) in (str, int, float, bool, bytes, type(None))
