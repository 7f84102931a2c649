"""A fact as plain data for JSON, for staff: its kind, and what it holds."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

from grader.judge.words.values import shown
from grader.model.fact import Fact
from grader.model.value import ComplexText, NumberText

__all__ = ["fact_document", "kind_of"]

_LONGEST_TEXT = 400
_MOST_ITEMS = 64
_HUMP = re.compile("(?<!^)(?=[A-Z])")


def kind_of(fact: type[Fact]) -> str:
    """The name of a kind of fact: `compared`, `rows_missing`."""
    return _HUMP.sub("_", fact.__name__).lower()


def fact_document(fact: Fact) -> dict[str, Any]:
    """The kind of a fact and every field that says something.

    Numbers stay numbers where JSON has them; numbers as somebody typed them, and values that are
    large or no plain data, become texts.
    """
    told = {name: _plain(value) for name, value in fact.data().items() if _says(fact, name, value)}
    return {"fact": kind_of(type(fact)), **told}


def _says(fact: Any, name: str, value: Any) -> bool:
    """Whether a field differs from what it holds when there is nothing to say."""
    if value is None or (isinstance(value, str | tuple | Mapping) and not value):
        return False
    default = _defaults(fact).get(name, MISSING)
    if isinstance(default, bool | int | float) and type(value) is type(default):
        return bool(value != default)
    return not (is_dataclass(value) and not _inside(value))


def _defaults(fact: Any) -> Mapping[str, Any]:
    kind: Any = type(fact)
    return _defaults_of(kind)


@functools.cache
def _defaults_of(kind: Any) -> Mapping[str, Any]:
    return {one.name: one.default for one in fields(kind)}


def _inside(value: Any) -> dict[str, Any]:
    held = ((name, getattr(value, name)) for name in _defaults(value))
    return {name: _plain(item) for name, item in held if _says(value, name, item)}


def _plain(value: Any) -> Any:
    if isinstance(value, NumberText | ComplexText):
        return value.text
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, str):
        return value[:_LONGEST_TEXT]
    if type(value) in (int, float):
        writable = abs(value) < 2**53 if isinstance(value, int) else math.isfinite(value)
        return value if writable else shown(value, _LONGEST_TEXT)
    if is_dataclass(value):
        return _inside(value)
    if isinstance(value, list | tuple) and len(value) <= _MOST_ITEMS:
        return [_plain(item) for item in value]
    if isinstance(value, Mapping) and len(value) <= _MOST_ITEMS:
        return {str(key)[:_LONGEST_TEXT]: _plain(item) for key, item in value.items()}
    return _array(value)


def _array(value: Any) -> Any:
    """A small array or a number of numpy's as plain numbers; else in words."""
    numeric = getattr(value, "dtype", None) is not None and value.dtype.kind in "iufc"
    if numeric and value.size <= _MOST_ITEMS:
        return _plain(value.tolist())
    return shown(value, _LONGEST_TEXT)
