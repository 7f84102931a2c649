"""Read an answer sheet in JSON. YAML's reader would do for most, but not for all of JSON."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.model.typed import Typed
from grader.model.value import Value
from grader.submissions.commas import in_two_ways

__all__ = ["JsonFault", "read_json", "read_json_value"]

_MAX_DEPTH = 60
_GLUED = re.compile(r"[0-9],[-+0-9]")
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[^\s\[\]{},:"]+|\n')
_NOT_UTF8 = "the file is not UTF-8 text"
_TOO_DEEP = f"values are nested more than {_MAX_DEPTH} deep"
_WORDS = {
    "Expecting property name enclosed in double quotes": (
        "expected a name in double quotes here (and no comma after the last entry)"
    ),
    "Expecting ':' delimiter": "expected a colon here",
    "Expecting ',' delimiter": "expected a comma or a closing bracket here",
    "Expecting value": "expected an answer here: a number, a text in double quotes, or a list",
    "Unterminated string starting at": "the text that begins here has no closing quote",
    "Invalid control character at": "a text in quotes must end on the line where it begins",
    "Illegal trailing comma before end of object": "there must be no comma after the last entry",
    "Illegal trailing comma before end of array": "there must be no comma after the last entry",
    "Extra data": "there is something after the end of the answers",
}


class JsonFault(Exception):
    """The text is not JSON. The message says where and why, in a student's words."""

    def __init__(self, why: str, *, line: int = 1) -> None:
        super().__init__(why)
        self.why = why
        self.line = line


def read_json(text: str) -> tuple[Value, Mapping[str, int]]:
    """The values in a JSON text, scalars as they were typed, and the lines of its outer names.

    Raises JsonFault.
    """
    if not text.strip():
        return None, {}
    lost = next((place for place, sign in enumerate(text) if "\udc80" <= sign <= "\udcff"), None)
    if lost is not None:
        raise JsonFault(_NOT_UTF8, line=text.count("\n", 0, lost) + 1)
    try:
        data = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _fault(error) from None
    except RecursionError:
        raise JsonFault(_TOO_DEEP) from None
    if _is_deep(data):
        raise JsonFault(_TOO_DEEP)
    lines: dict[str, int] = {}
    return _typed(data, _lines(text), lines), lines


def read_json_value(text: str, position: int, *, line: int) -> tuple[Value, int]:
    """The value that begins at a position, in that line of the file, and where it ends.

    Raises JsonFault.
    """
    begins = position + len(text[position:]) - len(text[position:].lstrip())
    line += text.count("\n", position, begins)
    try:
        data, end = _DECODER.raw_decode(text, begins)
    except json.JSONDecodeError as error:
        raise _fault(error) from None
    except RecursionError:
        raise JsonFault(_TOO_DEEP, line=line) from None
    if _is_deep(data):
        raise JsonFault(_TOO_DEEP, line=line)
    return _typed(data, _lines(text[begins:end], line), {}), end


def _fault(error: json.JSONDecodeError) -> JsonFault:
    return JsonFault(_WORDS.get(error.msg, "this is not JSON"), line=error.lineno)


class _Bare(str):
    """A number as it was typed, to tell it from a text in quotes."""

    __slots__ = ()


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        again = Counter(key for key, _ in pairs).most_common(1)[0][0]
        msg = f"the name {_well_formed(again)[:60]!r} is used twice"
        raise JsonFault(msg)
    return mapping


_DECODER = json.JSONDecoder(
    parse_int=_Bare, parse_float=_Bare, parse_constant=_Bare, object_pairs_hook=_mapping
)


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


def _lines(text: str, line: int = 1) -> Iterator[tuple[int, bool]]:
    """The lines of all names and scalars of a text that is JSON, in their order, and whether each
    is a number that follows another one and a comma without a space."""
    for token in _TOKEN.finditer(text):
        if token[0] == "\n":
            line += 1
        else:
            begin = token.start()
            yield line, _GLUED.match(text, max(begin - 2, 0)) is not None


def _typed(data: Any, lines: Iterator[tuple[int, bool]], names: dict[str, int]) -> Value:
    """Scalars become `Typed`; `names` is filled with the lines of the names of `data` itself."""
    if isinstance(data, list):
        if len(data) > 1 and all(isinstance(item, _Bare) for item in data):
            return _row(data, [next(lines) for _ in data])
        return tuple([_typed(item, lines, {}) for item in data])
    if isinstance(data, dict):
        typed = {}
        for key, item in data.items():
            name = _well_formed(key)
            names[name], _ = next(lines)
            typed[name] = _typed(item, lines, {})
        return typed
    line, _ = next(lines)
    if isinstance(data, str):
        return Typed(_well_formed(data), quoted=not isinstance(data, _Bare), line=line)
    return Typed(json.dumps(data), quoted=False, line=line)  # true, false or null


def _row(numbers: Sequence[str], places: Sequence[tuple[int, bool]]) -> Value:
    """The numbers; or the text that was typed, where commas have a space behind them and have not,
    and may be those of decimals: `[0,25, 0,5]`."""
    glued = [one for _, one in places[1:]]
    line = places[0][0]
    if any(glued) and not all(glued):
        between = zip(numbers[1:], glued, strict=True)
        inner = numbers[0] + "".join(("," if one else ", ") + number for number, one in between)
        if in_two_ways(inner):
            return Typed(f"[{inner}]", quoted=False, line=line)
    typed = zip(numbers, places, strict=True)
    return tuple(Typed(_well_formed(one), quoted=False, line=at) for one, (at, _) in typed)


def _well_formed(text: str) -> str:
    """The text with half surrogate pairs replaced: JSON can write them, UTF-8 cannot."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
