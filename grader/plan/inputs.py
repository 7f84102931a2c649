"""Inputs of a case: of which arrays the numbers are whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from grader.model.value import Value

__all__ = ["with_whole_numbers"]


def with_whole_numbers(inputs: Mapping[str, Value], paths: Iterable[str]) -> dict[str, Value]:
    """The inputs, with the arrays at these paths (`y`, `batch.y`) as arrays of dtype int64.

    What is not an array, or has other numbers than whole ones, stays as it is.
    """
    changed = dict(inputs)
    for path in paths:
        _change(changed, path.split("."))
    return changed


def _change(inside: dict[str, Value], path: Sequence[str]) -> None:
    name, *rest = path
    value = inside.get(name)
    if rest and isinstance(value, Mapping):
        inside[name] = inner = dict(value)
        _change(inner, rest)
    elif not rest and isinstance(value, np.ndarray):
        whole = value.astype(np.int64)
        if np.array_equal(whole, value):
            inside[name] = whole
