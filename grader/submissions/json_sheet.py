"""Read an answer sheet in JSON. YAML's reader would do for most, but not for all of JSON."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from grader.model.value import MAX_NUMBER_TEXT, NumberText, Value

__all__ = ["JsonFault", "read_json"]

_MAX_DEPTH = 60
_WORDS = {
    "Expecting property name enclosed in double quotes": (
        "a name in double quotes is wanted here (and no comma after the last entry)"
    ),
    "Expecting ':' delimiter": "a colon is wanted here",
    "Expecting ',' delimiter": "a comma or a closing bracket is wanted here",
    "Expecting value": "an answer is wanted here: a number, a text in double quotes, or a list",
    "Unterminated string starting at": "the text that begins here has no closing quote",
    "Invalid control character at": "a text in quotes must not go over the end of a line",
    "Illegal trailing comma before end of object": "there must be no comma after the last entry",
    "Illegal trailing comma before end of array": "there must be no comma after the last entry",
    "Extra data": "there is something after the end of the answers",
}


class JsonFault(Exception):
    """The text is no JSON; the message says where and why, in a student's words."""


def read_json(content: bytes, *, name: str) -> Value:
    """The values in a JSON text; numbers keep their digits. Raises JsonFault."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        msg = f"{name}:{line}: the file is not UTF-8 text"
        raise JsonFault(msg) from None
    if not text.strip():
        return None
    try:
        data = json.loads(
            text,
            parse_int=_number,
            parse_float=_number,
            parse_constant=_number,
            object_pairs_hook=lambda pairs: _mapping(pairs, name),
        )
    except json.JSONDecodeError as error:
        said = _WORDS.get(error.msg, "this is not JSON")
        msg = f"{name}:{error.lineno}:{error.colno}: {said}"
        raise JsonFault(msg) from None
    except RecursionError:
        data = None
        deep = True
    else:
        deep = _is_deep(data)
    if deep:
        msg = f"{name}: values are nested more than {_MAX_DEPTH} deep"
        raise JsonFault(msg)
    return _plain(data)


def _number(text: str) -> Value:
    text = text.replace("Infinity", "inf")
    return NumberText.parse(text) or text[:MAX_NUMBER_TEXT]


def _mapping(pairs: list[tuple[str, Any]], name: str) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        again = Counter(key for key, _ in pairs).most_common(1)[0][0]
        msg = f"{name}: the name {_well_formed(again)[:60]!r} stands here twice"
        raise JsonFault(msg)
    return mapping


def _is_deep(data: Any) -> bool:
    """Whether values are nested too deep, found out without recursion."""
    level = [data]
    for _ in range(_MAX_DEPTH + 1):
        level = [
            inner
            for item in level
            if isinstance(item, list | dict)
            for inner in (item.values() if isinstance(item, dict) else item)
        ]
    return bool(level)


def _plain(data: Any) -> Value:
    if isinstance(data, list):
        return tuple(_plain(item) for item in data)
    if isinstance(data, dict):
        return {_well_formed(key): _plain(item) for key, item in data.items()}
    return _well_formed(data) if isinstance(data, str) else data


def _well_formed(text: str) -> str:
    """JSON can write half of a surrogate pair, which is no text."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
