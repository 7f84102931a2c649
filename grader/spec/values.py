"""Turn what a document holds into values of the model: givens, inputs, stated answers, domains."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from grader.model.assignment import Domain
from grader.model.value import ComplexText, NumberText, Value, map_leaves, shape_of, walk
from grader.spec.problems import Problems
from grader.spec.scalars import TypedFloat, TypedInt
from grader.spec.yaml_reader import KeyPath

__all__ = [
    "MAX_DRAWN",
    "exact",
    "given",
    "input_value",
    "read_domain",
    "typed_numbers",
    "typed_value",
]

MAX_DRAWN = 1_000_000  # random numbers for one case, all of its `count` calls together
_MAX_DIMENSIONS = 16


def given(spec: Mapping[str, Any], **readers: Callable[[Any], Any]) -> dict[str, Any]:
    """Field → value for each key that the spec has, read by its reader.

    A field whose key is not given keeps the default of the model, which stands there alone.
    """
    return {key: read(spec[key]) for key, read in readers.items() if key in spec}


def exact(number: Any) -> Fraction:
    """The finite number as it was typed, without binary rounding. Raises ValueError for others."""
    if isinstance(number, int):
        return Fraction(int(number))
    # The text of a number may hold an exponent that no fraction should be built from.
    typed = NumberText.parse(getattr(number, "text", None) or repr(float(number)))
    if typed is None or not typed.is_finite:
        return Fraction(repr(float(number)))
    return typed.exact


def typed_value(data: Any) -> Value:
    """Lists become tuples, numbers keep the digits they were typed with."""
    return map_leaves(data, _with_its_digits, tuple)


def _with_its_digits(scalar: Any) -> Value:
    if isinstance(scalar, TypedInt | TypedFloat):
        return NumberText.parse(scalar.text) or NumberText(str(scalar))
    return scalar


def typed_numbers(value: Value) -> Value:
    """Texts that are numbers, such as `3/4` and `3 - 2i`, as numbers: for answers made of them."""
    return map_leaves(value, lambda item: _number_of(item) if isinstance(item, str) else item)


def _number_of(text: str) -> Value:
    return NumberText.parse(text) or ComplexText.parse(text) or text


def input_value(data: Any) -> Value:
    """What a function or a step is given: a regular list of numbers becomes an array of floats."""
    if isinstance(data, TypedInt):
        return int(data)
    if isinstance(data, TypedFloat):
        return float(data)
    if isinstance(data, list):
        numeric = all(
            isinstance(item, list | int | float) and not isinstance(item, bool)
            for item in walk(data)
        )
        shape = shape_of(data)
        if data and numeric and shape is not None and len(shape) <= _MAX_DIMENSIONS:
            return np.array(data, dtype=np.float64)
        return [input_value(item) for item in data]
    if isinstance(data, dict):
        return {key: input_value(item) for key, item in data.items()}
    return data


def read_domain(problems: Problems, path: KeyPath, data: Any) -> Domain | None:
    """A domain, or None after a problem was added."""
    spec: Mapping[str, Any] = {"range": data} if isinstance(data, list) else data
    if ("range" in spec) == ("integers" in spec):
        problems.add("S212", path, "a domain gives either range or integers")
        return None
    integers = "integers" in spec
    low, high = spec["integers" if integers else "range"]
    if low > high or (low == high and not integers):
        problems.add("S212", path, f"the low end {low} must lie below the high end {high}")
        return None
    if not math.isfinite(float(high) - float(low)):
        problems.add("S212", path, f"[{low}, {high}] is too wide to draw from")
        return None
    domain = Domain(
        low=float(low),
        high=float(high),
        integers=integers,
        **given(
            spec,
            signed=bool,
            shape=lambda lengths: tuple(map(int, lengths)),
            also=lambda numbers: tuple(map(float, numbers)),
        ),
    )
    if math.prod(domain.shape) > MAX_DRAWN:
        message = f"an array of {math.prod(domain.shape)} numbers is too large to draw"
        problems.add("S212", path, message, f"at most {MAX_DRAWN} are drawn")
        return None
    return domain
