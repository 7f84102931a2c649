"""Build what an author says of givens that are drawn for each student."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from grader.model.value import Value
from grader.model.variant import VariantGiven, Variants
from grader.spec.problems import Problems, did_you_mean
from grader.spec.values import exact, input_value
from grader.spec.yaml_reader import KeyPath

__all__ = ["build_variants"]

_KINDS = ("choice", "grid", "integer", "uniform")
_DECIMALS = 2
_MOST_ENTRIES = 10_000


def build_variants(
    problems: Problems, data: Mapping[str, Any], givens: Mapping[str, Value]
) -> Variants:
    """The variants of a document that fits the schema. Adds S231."""
    spec: Mapping[str, Any] = data["variants"]
    if "reference" not in data:
        message = "variants need a reference, since every variant has its own answers"
        problems.add("S231", ("variants",), message, of_key=True)
    drawn: dict[str, VariantGiven] = {}
    for name, given in spec["givens"].items():
        path: KeyPath = ("variants", "givens", name)
        if name not in givens:
            message = f"{name!r} is not one of the assignment's givens"
            help_text = did_you_mean(name, givens) or "its value there is that of the examples"
            problems.add("S231", path, message, help_text, of_key=True)
        one = _given(problems, path, given)
        if one is not None:
            drawn[name] = one
    return Variants(givens=drawn, where=tuple(spec.get("where", ())))


def _given(problems: Problems, path: KeyPath, spec: Mapping[str, Any]) -> VariantGiven | None:
    kinds = [kind for kind in _KINDS if kind in spec]
    if len(kinds) != 1:
        message = "a given that is drawn has exactly one of choice, grid, integer and uniform"
        problems.add("S231", path, message, of_key=True)
        return None
    kind = kinds[0]
    shape = tuple(map(int, spec.get("shape", ())))
    fault = ""
    if "decimals" in spec and kind != "uniform":
        fault = "`decimals` goes with `uniform`"
    elif shape and kind == "choice":
        fault = "`shape` goes with numbers: a choice is among whole values"
    elif math.prod(shape) > _MOST_ENTRIES:
        fault = f"an array of {math.prod(shape)} numbers is too large to draw"
    if fault:
        problems.add("S231", path, fault, of_key=True)
        return None
    if kind == "choice":
        values = [input_value(value) for value in spec["choice"]]
        if len({repr(value) for value in values}) < len(values):
            problems.add("S231", (*path, "choice"), "a value is listed twice")
        return VariantGiven(choices=tuple(values))
    low, high, step = _ends(kind, spec)
    if low >= high or step <= 0:
        said = "the step must be positive" if low < high else "the low end must lie below the high"
        problems.add("S231", (*path, kind), said)
        return None
    if kind == "uniform":
        low, high = math.ceil(low / step) * step, math.floor(high / step) * step
    numbers = math.floor((high - low) / step) + 1
    if numbers < 2:
        message = f"there are fewer than two such numbers in {spec[kind]}"
        problems.add("S231", (*path, kind), message, "give more `decimals`, or a wider range")
        return None
    whole = kind == "integer"
    return VariantGiven(low=low, step=step, numbers=numbers, whole=whole, shape=shape)


def _ends(kind: str, spec: Mapping[str, Any]) -> tuple[Fraction, Fraction, Fraction]:
    """Low, high and how far the numbers are apart, as they were typed."""
    low, high, *rest = map(exact, spec[kind])
    if rest:
        return low, high, rest[0]
    decimals = 0 if kind == "integer" else int(spec.get("decimals", _DECIMALS))
    return low, high, Fraction(1, 10**decimals)
