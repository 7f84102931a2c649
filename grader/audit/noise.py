"""Rounding noise: how far a right answer strays when intermediate values are rounded.

A tolerance must leave room for students who compute in float32, or by hand with a few figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import numpy as np

from grader.model.value import Value, map_leaves
from grader.solver import Reference, Solution, StepFault
from grader.solver.bounded import OutOfBounds, bounded

__all__ = ["WAYS", "Rounding", "noise", "to_figures", "to_float32"]

Rounding = Callable[[Value], Value]

#: a computation that is slower than this many lines is not run again for its noise
_LINES = 1_000_000


def to_float32(value: Value) -> Value:
    """Every real or complex number in a value, rounded to the nearest that float32 can hold.

    Integers are counts and stay. Types and shapes stay too: a float64 comes back as the float64 of
    the rounded value, so what is computed from it is rounded when it is a step's value again.
    Raises OverflowError for a finite number that is too large.
    """
    return map_leaves(value, partial(_near, rounded=_float32))


def to_figures(figures: int) -> Rounding:
    """Round every real or complex number in a value to so many significant figures, ties to even.

    Integers, types and shapes stay. A number is rounded as the exact decimal that it is, without a
    power of ten in between, so the result is the float nearest to what a person would write down.
    Raises ValueError for fewer than one figure; what it returns raises OverflowError.
    """
    if figures < 1:
        msg = f"there must be at least one significant figure, not {figures}"
        raise ValueError(msg)
    written = f"{{:.{figures - 1}e}}".format

    def rounded(numbers: np.ndarray) -> np.ndarray:
        # Nothing here is a line of Python for each number: those would count as the reference's.
        texts = map(written, numbers.ravel().tolist())
        return np.fromiter(map(float, texts), float, numbers.size).reshape(numbers.shape)

    return partial(map_leaves, changed=partial(_near, rounded=rounded))


def _float32(numbers: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        return numbers.astype(np.float32)


def _near(value: Value, rounded: Callable[[np.ndarray], np.ndarray]) -> Value:
    """A number or an array with its numbers rounded; anything else as it is."""
    if type(value) is not np.ndarray and not isinstance(value, np.generic | float | complex):
        return value
    exact = np.asarray(value)
    if exact.dtype.kind not in "fc":
        return value
    near = np.empty_like(exact)
    if exact.dtype.kind == "c":
        near.real, near.imag = rounded(exact.real), rounded(exact.imag)
    else:
        near[...] = rounded(exact)
    if not np.array_equal(np.isfinite(near), np.isfinite(exact)):
        msg = "a number is too large to be rounded"
        raise OverflowError(msg)
    if isinstance(value, np.ndarray):
        return near
    return near[()] if isinstance(value, np.generic) else near.item()


#: the ways that an assignment's tolerances are held against
WAYS: Mapping[str, Rounding] = MappingProxyType(
    {"float32": to_float32, **{f"{n} figures": to_figures(n) for n in (6, 5, 4, 3)}}
)


def noise(
    reference: Reference,
    givens: Mapping[str, Value],
    name: str,
    ways: Mapping[str, Rounding] = WAYS,
    *,
    lines: int = _LINES,
) -> Mapping[str, Value]:
    """The value of a step for each way of rounding every step before it, and its own value.

    Of a function step it is the function, which rounds what it returns. Givens are stated and not
    rounded, nor is what a step computes inside itself. A way in which the step cannot be computed,
    or not within so many executed lines, is left out. A discontinuity shows as another value or
    shape, such as one iterate more: it is given as it is, and whoever compares must expect it.
    """
    found: dict[str, Value] = {}
    for way, rounded in ways.items():
        try:
            with bounded(lines):
                found[way] = Solution(reference, givens, rounded=rounded)[name]
        except (StepFault, OutOfBounds):
            continue
    return found
