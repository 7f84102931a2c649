"""Turn what a document holds into values of the model: givens, inputs, stated answers, domains."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from grader.model.assignment import Domain
from grader.model.value import NumberText, Value, shape_of, walk
from grader.spec.problems import Problems
from grader.spec.yaml_reader import KeyPath, TypedFloat, TypedInt

__all__ = ["exact", "input_value", "read_domain", "typed_value"]


def exact(number: Any) -> Fraction:
    """The number as it was typed, without binary rounding."""
    return Fraction(getattr(number, "text", None) or str(number))


def typed_value(data: Any) -> Value:
    """Lists become tuples, numbers keep the digits they were typed with."""
    if isinstance(data, TypedInt | TypedFloat):
        return NumberText.parse(data.text) or NumberText(str(data))
    if isinstance(data, list):
        return tuple(typed_value(item) for item in data)
    if isinstance(data, dict):
        return {key: typed_value(item) for key, item in data.items()}
    return data


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
        if data and numeric and shape_of(data) is not None:
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
    if (
        not (math.isfinite(low) and math.isfinite(high))
        or low > high
        or (low == high and not integers)
    ):
        problems.add("S212", path, f"the low end {low} must lie below the high end {high}")
        return None
    return Domain(
        low=float(low),
        high=float(high),
        integers=integers,
        signed=bool(spec.get("signed", False)),
        shape=tuple(int(n) for n in spec.get("shape", ())),
    )
