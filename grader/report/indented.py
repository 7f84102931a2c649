"""JSON for people to look into: each entry on a line of its own."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import Any

__all__ = ["Indented", "indented"]

_STEP = "  "


@dataclass(frozen=True, slots=True)
class Indented:
    """A part of a document that was written before, as if it stood alone."""

    text: str


def indented(document: Any) -> str:
    """The text that `json.dumps` writes with `indent=2`, `ensure_ascii=False` and
    `allow_nan=False`, of dicts with texts as keys, lists, tuples, texts, numbers, booleans, None,
    and parts that are `Indented` already. Raises ValueError and TypeError as that does.

    With an indent `json` does without its encoder in C, and takes twice as long as this.
    """
    chunks: list[str] = []
    _put(document, "\n", chunks.append)
    return "".join(chunks)


def _put(value: Any, line: str, put: Callable[[str], None]) -> None:
    """`line` begins a line of what stands around the value."""
    short = _SHORT.get(type(value))
    if short is not None:
        put(short(value))
    elif isinstance(value, dict):
        _put_dict(value, line, put)
    elif isinstance(value, list | tuple):
        if not value:
            put("[]")
            return
        inner = line + _STEP
        before = "[" + inner
        for item in value:
            put(before)
            _put(item, inner, put)
            before = "," + inner
        put(line + "]")
    elif isinstance(value, Indented):
        put(value.text.replace("\n", line))  # within texts of JSON there is none
    else:
        msg = f"{type(value).__name__} is not written as JSON"
        raise TypeError(msg)


def _put_dict(value: dict[str, Any], line: str, put: Callable[[str], None]) -> None:
    if not value:
        put("{}")
        return
    inner = line + _STEP
    before = "{" + inner
    for key, item in value.items():
        put(f"{before}{encode_basestring(key)}: ")
        short = _SHORT.get(type(item))
        if short is not None:
            put(short(item))
        else:
            _put(item, inner, put)
        before = "," + inner
    put(line + "}")


def _number(value: float) -> str:
    if not math.isfinite(value):
        msg = f"{value!r} is not written as JSON"
        raise ValueError(msg)
    return repr(value)


_SHORT: dict[type, Callable[[Any], str]] = {
    str: encode_basestring,
    int: repr,
    float: _number,
    bool: lambda value: "true" if value else "false",
    type(None): lambda _none: "null",
}
