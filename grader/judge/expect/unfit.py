"""Why a value of the reference cannot be a key: which value, of which type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from grader.compare.array import is_numeric
from grader.compare.comparison import path_text
from grader.judge.words.values import shape_text, shown
from grader.model.fact_marking import Path
from grader.model.kinds import Kind
from grader.model.value import Value, shape_of

__all__ = ["unfit_answer", "unfit_result"]

_PLAIN = (type(None), bool, int, float, complex, str, bytes, np.number, np.bool_)


def unfit_answer(kind: Kind, value: Value) -> str:
    """Why a value cannot answer a question of this kind, or "": `is …`, as a sentence goes on."""
    if kind.option:
        fits = isinstance(value, str | bool | int)
        return "" if fits else f"is not the name of an option: it is {_described(value)}"
    shape = shape_of(value)
    if not is_numeric(value) or shape is None:
        return (
            f"is not made of numbers: {_first(value, _is_no_number) or _described(value, it=True)}"
        )
    if where := _first(value, _is_not_finite):
        return f"is not finite: {where}"
    if shape != () and not kind.listed:
        return f"is not a single number: it is {_described(value)}"
    if kind.rows and shape[:1] == (0,):
        return "has no rows"
    single = kind.listed and shape == ()
    return f"is a single number, {shown(value)}, where a list is asked for" if single else ""


def unfit_result(value: Value) -> str:
    """Why what a function returns cannot be compared with, or ""."""
    if where := _first(value, _is_not_plain):
        return f"is not plain data made of numbers: {where}"
    if where := _first(value, _is_not_finite):
        return f"is not finite: {where}"
    return ""


def _first(value: Value, is_wrong: object) -> str:
    """Where the first wrong value lies, and what it is."""
    assert callable(is_wrong)
    for path, item in _leaves(value, ()):
        if is_wrong(item):
            if isinstance(item, np.ndarray) and is_wrong is _is_not_finite:
                index = tuple(int(n) for n in np.argwhere(~np.isfinite(item))[0])
                path, item = (*path, *((index,) if index else ())), item[index]
            at = f"at {path_text(path)} there is " if path else "it is "
            return f"{at}{_described(item)}"
    return ""


def _leaves(value: Value, path: Path) -> Iterator[tuple[Path, Value]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, (*path, key if isinstance(key, str | int) else str(key)))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, index))
    else:
        yield path, value


def _is_no_number(item: Value) -> bool:
    return not is_numeric(item)


def _is_not_finite(item: Value) -> bool:
    numbers = isinstance(item, np.ndarray | np.number | float | complex)
    return numbers and not bool(np.all(np.isfinite(item)))


def _is_not_plain(item: Value) -> bool:
    return not (
        isinstance(item, _PLAIN) or (isinstance(item, np.ndarray) and item.dtype.kind in "biufc")
    )


def _described(value: Value, *, it: bool = False) -> str:
    """What it is, with its type in Python; nothing of a strange object is called."""
    kind = type(value)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    if isinstance(value, np.ndarray):
        words = f"an array of {value.dtype}, {shape_text(value.shape)}"
    elif isinstance(value, list | tuple):
        shape = shape_of(value)
        words = f"a {name} of {len(value)}, {shown(value)}"
        if shape is None:
            words += ", whose rows have different lengths"
    elif value is None:
        words = "None (is there a `return`?)"
    elif isinstance(value, (*_PLAIN, np.generic, Mapping)):
        words = f"{shown(value)}, of type {name}"
    else:
        words = f"an object of type {name}"
    return f"it is {words}" if it else words
