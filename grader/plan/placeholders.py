"""Texts with the values of givens in them: `{{ learning_rate }}`, `{{ start[0] }}`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from grader.model.value import NumberText, Value

__all__ = ["filled", "filled_file", "given_text", "unknown_placeholders"]

_PLACE = re.compile(r"\{\{[ \t]*([^\W\d]\w*)((?:\[\d{1,6}\])*)[ \t]*\}\}")


def filled(text: str, givens: Mapping[str, Value]) -> str:
    """The text with the value of a given in each place that names one; others stay."""

    def value(match: re.Match[str]) -> str:
        found = _looked_up(match, givens)
        return match[0] if found is None else given_text(found)

    return _PLACE.sub(value, text)


def filled_file(content: bytes, givens: Mapping[str, Value]) -> bytes:
    """The same of a file; one that is not text in UTF-8 stays as it is."""
    try:
        return filled(content.decode(), givens).encode()
    except UnicodeDecodeError:
        return content


def unknown_placeholders(text: str, givens: Mapping[str, Value]) -> Iterator[tuple[int, int, str]]:
    """Line, column and text of every place that names no given, or an entry that it has not."""
    for match in _PLACE.finditer(text):
        if _looked_up(match, givens) is None:
            line = text.count("\n", 0, match.start()) + 1
            yield line, match.start() - text.rfind("\n", 0, match.start()), match[1] + match[2]


def _looked_up(match: re.Match[str], givens: Mapping[str, Value]) -> Any:
    value: Any = givens.get(match[1])
    for index in re.findall(r"\d+", match[2]):
        if not isinstance(value, np.ndarray | list | tuple) or int(index) >= len(value):
            return None
        value = value[int(index)]
    return value


def given_text(value: Value) -> str:
    """A given as a student reads it: all of its digits, and no more."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, NumberText):
        return value.text
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(given_text, value))}]"
    if isinstance(value, Mapping):
        named = (f"{name}: {given_text(item)}" for name, item in value.items())
        return f"{{{', '.join(named)}}}"
    return str(value)
