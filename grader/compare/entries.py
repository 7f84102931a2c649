"""The numbers of an array or of nested lists, read once: in order, and as floats where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from grader.compare.comparison import Comparison
from grader.compare.complexes import Number, as_number, parts_of
from grader.compare.number import exact, is_finite
from grader.compare.refusal import no_number
from grader.compare.screen import Floats
from grader.model.fact_marking import Path
from grader.model.value import MAX_DIMENSIONS, ComplexText, NumberText, Value

__all__ = ["Entries", "Outline", "is_numeric", "like_keys", "outline", "place", "read_entries"]

_WHOLE = 2**53  # whole numbers up to here are floating-point numbers

_REAL = frozenset((float, int, NumberText))


class Outline(NamedTuple):
    """What one look at a value tells: enough to refuse its shape before its numbers are read."""

    shape: tuple[int, ...] | None  #: None where it is ragged
    leaves: list[Any]  #: in C order; arrays as they are
    types: set[type]  #: of the leaves


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """Numbers in C order. `floats` are the same numbers, where each of them is a float or is made
    of two: then its dtype is that of complex numbers."""

    shape: tuple[int, ...]
    items: NDArray[Any] | list[Number]
    floats: Floats | None
    are_complex: bool = False  #: some are written as complex numbers

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, position: int) -> Number:
        item = self.items[position]
        if isinstance(self.items, list):
            return item
        number = as_number(item)
        assert number is not None
        return number

    def reordered(self, positions: NDArray[np.intp], shape: tuple[int, ...]) -> Entries:
        """The entries at these positions, in this order."""
        items = self.items
        return Entries(
            shape,
            items[positions] if isinstance(items, np.ndarray) else [items[i] for i in positions],
            None if self.floats is None else self.floats[positions],
            self.are_complex,
        )


def is_numeric(value: Value) -> bool:
    """Whether a value is a real or complex number, an array of them, or nested sequences."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "iufc":
            return False
        # Asked last: `np.ma` takes time to import.
        return type(value) is np.ndarray or not isinstance(value, np.ma.MaskedArray)
    if isinstance(value, list | tuple):
        return {*map(type, value)} <= _REAL or all(map(is_numeric, value))
    return as_number(value) is not None


def place(position: int, shape: tuple[int, ...]) -> Path:
    """The path to an entry: its index, such as ((1, 0),) for the fourth of 2 × 3 numbers."""
    return (tuple(int(n) for n in np.unravel_index(position, shape)),) if shape else ()


def outline(value: Value) -> Outline:
    """The shape and the leaves of nested lists. No array is looked into, however large it is."""
    leaves: list[Any] = []
    types: set[type] = set()
    return Outline(_shape(value, leaves, types, MAX_DIMENSIONS), leaves, types)


def _shape(value: Value, leaves: list[Any], types: set[type], most: int) -> tuple[int, ...] | None:
    if not isinstance(value, list | tuple):
        leaves.append(value)
        types.add(type(value))
        return tuple(value.shape) if isinstance(value, np.ndarray) else ()
    if most == 0:
        return None
    found = {*map(type, value)}
    if found <= _REAL:
        leaves.extend(value)
        types |= found
        return (len(value),)
    inner = {_shape(item, leaves, types, most - 1) for item in value}
    shape = inner.pop()
    return None if inner or shape is None else (len(value), *shape)


def read_entries(found: Outline) -> Entries | Comparison:
    """The numbers of an outline with a shape, or the refusal of the first leaf that is not one."""
    shape, leaves, types = found.shape, found.leaves, found.types
    assert shape is not None
    if types <= _REAL:
        return Entries(shape, leaves, _list_floats(leaves, types))
    if len(leaves) == 1 and type(leaves[0]) is np.ndarray and is_numeric(leaves[0]):
        items = leaves[0].ravel()
        return Entries(shape, items, _array_floats(items), items.dtype.kind == "c")
    numbers: list[Number] = []
    for leaf in leaves:
        read = _leaf_numbers(leaf)
        if read is None:
            where = place(len(numbers), shape) if 0 not in shape else ()
            return no_number(leaf).inside(*where)
        numbers.extend(read)
    found_types = {*map(type, numbers)}
    are_complex = not found_types.isdisjoint((complex, ComplexText))
    return Entries(shape, numbers, _list_floats(numbers, found_types), are_complex)


def like_keys(given: Entries, keys: Entries) -> Entries | Comparison:
    """Complex entries beside real keys as the real numbers that they are, or the refusal of the
    first whose imaginary part is not exactly 0."""
    if not given.are_complex or keys.are_complex:
        return given
    reals: list[Number] = []
    for position in range(len(given)):
        real, imag = parts_of(given[position])
        if not is_finite(imag) or exact(imag):
            refusal = no_number(given[position])
            return refusal.inside(*place(position, given.shape))
        reals.append(real)
    return Entries(given.shape, reals, _list_floats(reals, {*map(type, reals)}))


def _leaf_numbers(leaf: Any) -> list[Number] | None:
    number = as_number(leaf)
    if number is not None:
        return [number]
    if not isinstance(leaf, np.ndarray) or not is_numeric(leaf):
        return None
    return [number for item in leaf.ravel() if (number := as_number(item)) is not None]


def _array_floats(items: NDArray[Any]) -> Floats | None:
    if items.dtype == np.float64:
        return items
    if items.dtype.kind == "c":
        with np.errstate(all="ignore"):
            return items.astype(np.complex128)
    if items.dtype.kind != "f" and items.dtype.itemsize == 8 and items.size:
        most = max(int(items.max()), -int(items.min()))
        if most > _WHOLE:
            return None
    with np.errstate(all="ignore"):  # bytes that are not numbers may claim to be a longdouble
        return items.astype(np.float64)


def _list_floats(items: list[Any], types: set[type]) -> Floats | None:
    if NumberText in types or ComplexText in types:
        return None
    if int in types and any(type(item) is int and abs(item) > _WHOLE for item in items):
        return None
    return np.array(items, dtype=np.complex128 if complex in types else np.float64)
