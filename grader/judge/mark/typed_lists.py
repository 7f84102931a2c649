"""Lists of numbers as people type them and as numpy prints them."""

from __future__ import annotations

import re

from grader.judge.mark.typed_numbers import typed_number
from grader.model.typed import NumberRules, Typed
from grader.model.value import ComplexText, NumberText, Value

__all__ = ["MOST_TEXT", "joined", "typed_list"]

MOST_TEXT = 20_000
_DEEPEST = 8
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_ARRAY = re.compile(
    r"\s*(?:(?:np|numpy|jnp|torch)\.)?(?:array|tensor|matrix|asarray)\s*\((?P<inner>.*)\)\s*\Z",
    re.DOTALL,
)
_NAMED = re.compile(r"\A\s*[^\W\d]\w*\s*(?:=|≈)\s*(?=[\[(])")
_PADDED = re.compile(r"(?<=[0-9.])\s+(?=[-+][0-9.]+(?:e[-+]?[0-9]+)?[ij](?:\s|\Z))")
_BOTH_PARTS = re.compile(r".*[0-9.][-+][0-9.].*[ij]")
_OPTIONS = re.compile(r",\s*\w+\s*=[^\[\]=]*\Z")


def typed_list(text: str, rules: NumberRules) -> Value | None:
    """A tuple of numbers, perhaps of tuples of them; None where the text is not such a list."""
    if len(text) > MOST_TEXT:
        return None
    text = _NAMED.sub("", text)
    array = _ARRAY.match(text)
    if array is not None:
        text = _OPTIONS.sub("", array["inner"])
    found = _items(text.strip(), rules, 0)
    return found if isinstance(found, tuple) else None


def joined(items: tuple[Value, ...], rules: NumberRules) -> Value | None:
    """A list that a sheet cut at its commas only: `[(1, 2), (3, 4)]`, `[1; -2]`, `[1. -2.]`."""
    if not items or not all(isinstance(item, Typed) and not item.quoted for item in items):
        return None
    texts = [item.text for item in items if isinstance(item, Typed)]
    if len(texts) == 1:
        return typed_list(f"[{texts[0]}]", rules)
    if any(";" in text for text in texts):
        comma = "," if rules.decimal_comma else ", "
        return typed_list(f"[{comma.join(texts)}]", rules)
    if any(text.count("(") != text.count(")") for text in texts):
        return typed_list(f"[{', '.join(texts)}]", rules)
    return None


def _items(text: str, rules: NumberRules, depth: int) -> Value | None:
    """A list, or a number where there are no signs of a list; None where it is neither."""
    if depth > _DEEPEST:
        return None
    inner = text[1:-1].strip() if _wraps(text) else None
    if inner is None:
        parts = _cut(text)
        if len(parts) < 2:
            number = typed_number(text, rules)
            return None if isinstance(number, str) else number
    else:
        number = typed_number(text, rules) if text[0] == "(" else text
        if not isinstance(number, str):
            return number
        parts = _cut(inner)
        if len(parts) == 1 and _wraps(parts[0]):
            only = _items(parts[0], rules, depth + 1)
            return None if only is None else (only,)
        if not inner:
            return ()
    found = []
    for part in parts:
        if _PADDED.search(part) and ComplexText.parse(part) is None:
            return None  # [1 -2i 3] is a list of two numbers or of three
        item = typed_number(part, rules) if rules.decimal_comma or not _has_signs(part) else part
        if isinstance(item, str) and _has_signs(part):
            # Between commas a space separates nothing: [0,5 1,5] is not a list.
            rows = _wraps(part) or ";" in (inner or text)
            item = _items(part, rules, depth + 1) if rows else None
        if item is None or isinstance(item, str):
            return None
        found.append(item)
    return tuple(found)


def _has_signs(part: str) -> bool:
    return _wraps(part) or len(_cut(part)) > 1


def _wraps(text: str) -> bool:
    """Whether the first bracket closes at the very end."""
    if text[:1] not in _CLOSING or text[-1:] != _CLOSING[text[0]]:
        return False
    depth = 0
    for index, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if depth == 0:
            return index == len(text) - 1
    return False


def _cut(text: str) -> list[str]:
    """The parts between semicolons, else commas, else spaces; those in brackets stay whole."""
    for sign in ";,":
        parts = _at(text, sign)
        if len(parts) > 1:
            parts = parts[:-1] if not parts[-1].strip() else parts
            return [part.strip() for part in parts]
    parts = [part for part in _at(text, " ") if part]
    if _PADDED.search(text):
        # numpy puts spaces inside of complex numbers: [1.  +2.j 0.25-1.j]
        parts = _PADDED.sub("", text).split()
        numbers = all(_BOTH_PARTS.fullmatch(part) and ComplexText.parse(part) for part in parts)
    else:
        numbers = all(_is_number(part) or _wraps(part) for part in parts)
    return parts if len(parts) > 1 and numbers else [text]


def _is_number(part: str) -> bool:
    return NumberText.parse(part) is not None or ComplexText.parse(part) is not None


def _at(text: str, sign: str) -> list[str]:
    parts, depth, current = [], 0, ""
    for char in text:
        depth += (char in "([{") - (char in ")]}")
        if depth == 0 and (char == sign or (sign == " " and char.isspace())):
            parts.append(current)
            current = ""
        else:
            current += char
    return [*parts, current]
