"""What a plain scalar means by the YAML 1.2 core rules; numbers remember how they were typed."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["TypedFloat", "TypedInt", "read_scalar"]

_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)")
_NAN = re.compile(r"\.(nan|NaN|NAN)")
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_LONGEST_NUMBER = 400


class TypedInt(int):
    """A whole number that remembers how it was typed."""

    text: str


class TypedFloat(float):
    """A number that remembers how it was typed; one too large for a float is infinite."""

    text: str


def read_scalar(text: str) -> str | bool | TypedInt | TypedFloat | None:
    """The value of an unquoted word."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > _LONGEST_NUMBER:
        return text
    whole: int | None = None
    if _INT.fullmatch(text):
        whole = int(text)
    elif _OCTAL.fullmatch(text) or _HEX.fullmatch(text):
        whole = int(text, 0)
    if whole is not None:
        typed = TypedInt(whole)
        typed.text = text
        return typed
    if _FLOAT.fullmatch(text) or _INFINITE.fullmatch(text) or _NAN.fullmatch(text):
        number = TypedFloat(text if _FLOAT.fullmatch(text) else text.replace(".", ""))
        number.text = text
        return number
    return text
