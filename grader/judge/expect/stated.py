"""Nan and infinities that the spec states, in what the reference gives."""

from __future__ import annotations

import numpy as np

from grader.compare.array import is_numeric
from grader.model.value import NumberText, Value, leaves, map_leaves, shape_of

__all__ = ["with_stated_infinities"]


def with_stated_infinities(value: Value, stated: Value) -> Value:
    """What the reference gives, as nested lists that have nan and infinities as the spec states
    them; the value itself where the spec states none, or others."""
    stated_numbers = list(leaves(stated))
    if all(not isinstance(one, NumberText) or one.is_finite for one in stated_numbers):
        return value
    if not is_numeric(value) or shape_of(value) != shape_of(stated):
        return value
    numbers = iter(np.ravel(np.asarray(value)).tolist())
    try:
        return map_leaves(stated, lambda one: _stated_or(next(numbers), one), list)
    except ValueError:
        return value


def _stated_or(number: float, stated: Value) -> Value:
    """The stated number where neither is finite. Raises ValueError where these two differ."""
    infinite = isinstance(stated, NumberText) and not stated.is_finite
    if not infinite and np.isfinite(number):
        return number
    same = infinite and np.array_equal(number, float(stated), equal_nan=True)
    if not same:
        msg = "nan or an infinity in another place than stated"
        raise ValueError(msg)
    return stated
