"""`--limit NAME=VALUE`: bounds on a student's code for one run, in place of the assignment's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["LimitError", "parse_limits"]

_TIME = {"ms": Fraction(1, 1000), "s": Fraction(1), "min": Fraction(60)}
_SIZE = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
_VALUE = re.compile(r"(?P<number>[0-9]{1,12}(?:\.[0-9]{1,12})?)\s*(?P<unit>[A-Za-zµ]*)")


class LimitError(Exception):
    """A `--limit` that cannot be used; the message says why and what can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    key: str  #: of the assignment's `limits`, which has the bounds
    example: str
    units: Mapping[str, Fraction | int]  #: none: a plain count
    base: int = 1  #: how much of the smallest unit the key counts in


_KINDS: Mapping[str, _Kind] = {
    "wall": _Kind(key="wall_seconds", example="2s", units=_TIME),
    "submission": _Kind(key="submission_seconds", example="2min", units=_TIME),
    "cpu": _Kind(key="cpu_seconds", example="30s", units=_TIME),
    "memory": _Kind(key="memory_mib", example="1GiB", units=_SIZE, base=1 << 20),
    "output": _Kind(key="output_kib", example="256KiB", units=_SIZE, base=1 << 10),
    "file": _Kind(key="file_mib", example="8MiB", units=_SIZE, base=1 << 20),
    "processes": _Kind(key="processes", example="4", units={}),
    "threads": _Kind(key="threads", example="8", units={}),
    "reference": _Kind(key="reference_seconds", example="30s", units=_TIME),
}


def parse_limits(given: Sequence[str]) -> Mapping[str, float | int]:
    """The fields of `Limits` that `wall=2s`, `memory=1GiB` and so on set. Raises LimitError.

    The bounds are those of the assignment's schema.
    """
    fields: dict[str, float | int] = {}
    for text in given:
        name, equals, value = (part.strip() for part in text.partition("="))
        kind = _KINDS.get(name)
        if kind is None:
            raise LimitError(_unknown(name))
        if not equals or not value:
            msg = f"--limit {name} needs a value, as in {name}={kind.example}"
            raise LimitError(msg)
        if kind.key in fields:
            msg = f"--limit {name} is given twice"
            raise LimitError(msg)
        fields[kind.key] = _within_bounds(name, kind, value)
    return fields


def _unknown(name: str) -> str:
    from grader.spec.problems import did_you_mean

    near = did_you_mean(name, _KINDS)
    examples = ", ".join(f"{known}={kind.example}" for known, kind in _KINDS.items())
    help_text = f"{near} " if near else ""
    return f"there is no limit {name[:60]!r}; {help_text}the limits are {examples}"


def _within_bounds(name: str, kind: _Kind, value: str) -> float | int:
    number = _number(name, kind, value)
    bounds = _bounds(kind.key)
    low, high = bounds.get("minimum", 0), bounds["maximum"]
    too_low = number <= 0 if "exclusiveMinimum" in bounds else number < low
    if too_low or number > high:
        least = "more than 0" if "exclusiveMinimum" in bounds else f"at least {_told(kind, low)}"
        msg = f"--limit {name} must be {least} and at most {_told(kind, high)}; it is {value[:60]}"
        raise LimitError(msg)
    return float(number) if kind.key.endswith("_seconds") else int(number)


def _number(name: str, kind: _Kind, value: str) -> Fraction:
    """The value in the unit that its key counts in."""
    match = _VALUE.fullmatch(value)
    if match is None:
        msg = f"--limit {name}={value[:60]} is not a number; write it as in {name}={kind.example}"
        raise LimitError(msg)
    number, unit = Fraction(match["number"]), match["unit"]
    if not kind.units:
        if unit or number.denominator != 1:
            msg = f"--limit {name} is a whole number without a unit, as in {name}={kind.example}"
            raise LimitError(msg)
        return number
    if unit not in kind.units:
        said = f"{unit!r} is not one of them" if unit else "it has none"
        units = ", ".join(kind.units)
        msg = f"--limit {name} needs one of the units {units}, as in {name}={kind.example}; {said}"
        raise LimitError(msg)
    number = number * kind.units[unit] / kind.base
    if kind.units is _SIZE and number.denominator != 1:
        said = f"{value[:60]} is not a whole number of them"
        msg = f"--limit {name} counts in whole {_unit(kind)}; {said}"
        raise LimitError(msg)
    return number


def _unit(kind: _Kind) -> str:
    """The unit that the key of a limit counts in."""
    return next((unit for unit, size in kind.units.items() if size == kind.base), "")


def _told(kind: _Kind, number: int) -> str:
    """A bound with the unit that its key counts in, in the form in which it may be given."""
    return f"{number}{_unit(kind)}"


def _bounds(key: str) -> Mapping[str, int]:
    # Here: what reads the schema takes long to import, and help must not wait for it.
    from grader.spec.schema import assignment_schema

    bounds: Mapping[str, int] = assignment_schema()["$defs"]["limits"]["properties"][key]
    return bounds
