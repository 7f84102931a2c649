"""Outcomes as JSON and back, with every bit: what stands in the columns `detail`.

An object with the key "@" is one of ours: a class of the model with those fields that differ from
their defaults, or a value that JSON has no form for. Only classes of the model are ever made from
it, so a gradebook from a stranger runs nothing.
"""

from __future__ import annotations

import base64
import functools
import importlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from grader.collect.codec import pack, unpack
from grader.model.fact import Facts
from grader.model.verdict import Reason, Verdict

__all__ = ["OutcomeReader", "from_json", "to_json"]

_MODULES = (
    "assignment",
    "diagnostic",
    "fact",
    "fact_explaining",
    "fact_marking",
    "fact_series",
    "fact_sets",
    "outcome",
    "response",
    "verdict",
)
_TAG = "@"
_MOST_REMEMBERED = 1 << 19  # characters of the texts


def to_json(value: Any) -> str:
    """The text of an outcome, or of anything that outcomes are made of. Raises TypeError."""
    return json.dumps(_plain(value), separators=(",", ":"), allow_nan=False)


def from_json(text: str) -> Any:
    """What was written; lists of JSON are tuples. Raises ValueError for what is not ours."""
    try:
        return _made(json.loads(text))
    except (KeyError, TypeError, AttributeError) as error:
        msg = f"this is not an outcome: {error}"
        raise ValueError(msg) from error


class OutcomeReader:
    """Reads as `from_json`, and the same text as the same object: outcomes are often alike."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}
        self._size = 0

    def __call__(self, text: str) -> Any:
        known = self._known.pop(text, self)
        if known is self:
            known = from_json(text)
            self._size += len(text)
        self._known[text] = known  # those used last are forgotten last
        while self._size > _MOST_REMEMBERED:
            oldest = next(iter(self._known))
            del self._known[oldest]
            self._size -= len(oldest)
        return known


@functools.cache
def _classes() -> Mapping[str, type]:
    found: dict[str, type] = {}
    for name in _MODULES:
        module = importlib.import_module(f"grader.model.{name}")
        for one in vars(module).values():
            if isinstance(one, type) and (is_dataclass(one) or issubclass(one, Enum)):
                found[one.__name__] = one
    return found


@functools.cache
def _fields_of(kind: Any) -> tuple[tuple[str, Any, Callable[[Any], Any]], ...]:
    """Each field with its default, or with MISSING, and how it is written."""
    return tuple(
        (
            one.name,
            one.default_factory() if one.default_factory is not MISSING else one.default,
            _SHORT[str(one.type)][0] if str(one.type) in _SHORT else _plain,
        )
        for one in fields(kind)
    )


@functools.cache
def _readers_of(kind: Any) -> Mapping[str, Callable[[Any], Any]]:
    """How fields are read of which the declared type says it."""
    return {one.name: _SHORT[str(one.type)][1] for one in fields(kind) if str(one.type) in _SHORT}


@functools.cache
def _known() -> frozenset[type]:
    """Classes of which every field is written."""
    return frozenset(one for one in _classes().values() if is_dataclass(one))


# -- writing -------------------------------------------------------------------------------------


def _plain(value: Any) -> Any:
    kind = type(value)
    write = _WRITERS.get(kind)
    if write is not None:
        return write(value)
    if kind in _known():
        return _plain_fields(value)
    if isinstance(value, Enum):
        return {_TAG: kind.__name__, "is": value.value}
    if isinstance(value, Mapping):
        return _plain_dict(dict(value))
    return {_TAG: "value", "is": base64.b64encode(pack(value)).decode()}


def _plain_fields(value: Any) -> dict[str, Any]:
    kind: Any = type(value)
    told: dict[str, Any] = {_TAG: kind.__name__}
    for name, default, write in _fields_of(kind):
        held = getattr(value, name)
        if held is default or (type(held) is type(default) and _same(held, default)):
            continue
        told[name] = write(held)
    return told


def _same(held: Any, default: Any) -> bool:
    if type(held) is float:  # -0.0 is not 0.0
        return repr(held) == repr(default)
    if type(held) is Facts:
        return not held.items
    return bool(held == default)


def _plain_dict(value: dict[Any, Any]) -> Any:
    if all(type(key) is str for key in value) and _TAG not in value:
        return {key: _plain(item) for key, item in value.items()}
    pairs = [[_plain(key), _plain(item)] for key, item in value.items()]
    return {_TAG: "dict", "is": pairs}


def _plain_float(value: float) -> Any:
    return value if math.isfinite(value) else {_TAG: "float", "is": repr(value)}


def _itself(value: Any) -> Any:
    return value


_WRITERS: Mapping[type, Callable[[Any], Any]] = {
    type(None): _itself,
    bool: _itself,
    str: _itself,
    # Half of all readers of JSON take whole numbers for floats.
    int: lambda value: value if abs(value) < 1 << 53 else {_TAG: "int", "is": hex(value)},
    float: _plain_float,
    tuple: lambda value: [_plain(item) for item in value],
    list: lambda value: {_TAG: "list", "is": [_plain(item) for item in value]},
    frozenset: lambda value: {_TAG: "set", "is": [_plain(item) for item in sorted(value)]},
    dict: _plain_dict,
    Fraction: lambda value: {_TAG: "fraction", "is": str(value)},
}

# -- reading -------------------------------------------------------------------------------------


def _made(value: Any) -> Any:
    if type(value) is list:
        return tuple([_made(item) for item in value])
    if type(value) is not dict:
        return value
    name = value.get(_TAG)
    if name is None:
        return {key: _made(item) for key, item in value.items()}
    read = _READERS.get(name)
    if read is not None:
        return read(value["is"])
    kind: Any = _classes()[name]
    if issubclass(kind, Enum):
        return kind(value["is"])
    readers = _readers_of(kind)
    return kind(
        **{
            key: readers[key](item) if key in readers else _made(item)
            for key, item in value.items()
            if key != _TAG
        }
    )


_READERS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "value": lambda text: unpack(base64.b64decode(text)),
        "dict": lambda pairs: {_made(key): _made(item) for key, item in pairs},
        "int": lambda text: int(text, 16),
        "float": float,
        "list": lambda items: [_made(item) for item in items],
        "set": lambda items: frozenset(_made(item) for item in items),
        "fraction": Fraction,
    }
)


# -- what the declared type of a field says ------------------------------------------------------


@functools.lru_cache(maxsize=1024)
def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


_REASONS: Mapping[str | None, Reason | None] = {None: None, **{str(one): one for one in Reason}}
_SHORT: Mapping[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "str": (_itself, _itself),
    "bool": (_itself, _itself),
    "Verdict": (lambda one: one.value, {one.value: one for one in Verdict}.__getitem__),
    "Reason | None": (
        lambda one: None if one is None else one.value,
        _REASONS.__getitem__,
    ),
    "Fraction": (str, _fraction),
    "Fraction | None": (lambda one: None if one is None else str(one), _fraction),
    "tuple[str, ...]": (list, tuple),
}
