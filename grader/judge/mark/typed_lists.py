"""Lists of numbers as people type them and as numpy prints them."""

from __future__ import annotations

import re
from dataclasses import replace

from grader.judge.mark.typed_advice import about_list, two_ways
from grader.judge.mark.typed_numbers import typed_number
from grader.judge.mark.typed_rows import laid_out
from grader.model.typed import NumberRules, Typed, Unread
from grader.model.value import ComplexText, NumberText, Value
from grader.submissions.commas import in_two_ways

__all__ = ["MOST_TEXT", "joined", "typed_list", "why_no_list"]

MOST_TEXT = 20_000
_DEEPEST = 8
_MOST_PARTS = 200
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_ARRAY = re.compile(
    r"\s*(?:(?:np|numpy|jnp|torch|sp|sympy)\.)?"
    r"(?:array|tensor|matrix|asarray|list|tuple|vector|vec|c)"
    r"\s*\((?P<inner>.*)\)\s*\Z",
    re.DOTALL | re.IGNORECASE,
)
_NAMED = re.compile(
    r"\A\s*(?:(?:[^\W\d]\w*['*]?|\((?:\s*[^\W\d]\w*\s*,?)+\))\s*(?::=|=|≈)|=|≈)\s*(?=[\[({])"
)
_TRANSPOSED = re.compile(r"(?<=[\])])\s*(?:\^\s*\{?T\}?|ᵀ|\.T|'|’)\s*\Z")
_BRACKETS = str.maketrans(
    {
        "，": ",",
        "、": ",",
        "；": ";",
        "（": "(",
        "）": ")",
        "［": "[",
        "］": "]",
        "⟨": "(",
        "⟩": ")",
    }
)
_SIZES = re.compile(r"\\(?:left|right|[bB]igg?[lr]?)(?![A-Za-z])\s*|\\([{}])")
_EITHER_SIGN = re.compile(r"±|\+/-")
_GLUED_ROW = re.compile(r"\s*[-+−–]?[0-9]+,[0-9]+\s*")
_BETWEEN_DIGITS = re.compile(r"[0-9],[0-9]")
_ROW = re.compile(r"[\[(]([^\[\]()]*)[\])]")
_PADDED = re.compile(r"(?<=[0-9.])\s+(?=[-+][0-9.]+(?:e[-+]?[0-9]+)?[ij](?:\s|\Z))")
_BOTH_PARTS = re.compile(r".*[0-9.][-+][0-9.].*[ij]")
_OPTIONS = re.compile(r",\s*\w+\s*=[^\[\]=]*\Z")


def typed_list(text: str, rules: NumberRules) -> Value | None:
    """A tuple of numbers, perhaps of tuples of them, or an `Unread` with what to change; None
    where the text is not such a list."""
    if len(text) > MOST_TEXT:
        return None
    rows = laid_out(text)
    if isinstance(rows, Unread):
        return rows
    text = _NAMED.sub("", _SIZES.sub(r"\1", rows.translate(_BRACKETS)))
    array = _ARRAY.match(text)
    if array is not None:
        text = _OPTIONS.sub("", array["inner"]).strip().strip("'\"")
    text = text.rstrip(" \t\n.;,") if text.rstrip(" \t\n.;,")[-1:] in ("]", ")") else text
    upright = _TRANSPOSED.sub("", text)
    found = _both_signs(text, rules) or _items(upright.strip(), rules, 0)
    if not isinstance(found, tuple):
        return None
    unsure = _decimal_commas(text, rules)
    if unsure is not None:
        return unsure
    return _turned(found) if upright != text else found


def _both_signs(text: str, rules: NumberRules) -> Value | None:
    """`±2` and `1 ± 2i`: two numbers, the one with + first."""
    if len(_EITHER_SIGN.findall(text)) != 1 or set(text) & set(",;[{"):
        return None
    numbers = tuple(typed_number(_EITHER_SIGN.sub(sign, text).strip(), rules) for sign in "+-")
    return None if any(isinstance(number, str) for number in numbers) else numbers


def _turned(rows: tuple[Value, ...]) -> tuple[Value, ...]:
    """The transposed matrix; a list in one line may be a column as well as a row."""
    nested = all(isinstance(row, tuple) for row in rows)
    return tuple(zip(*rows, strict=True)) if nested and len(set(map(len, rows))) == 1 else rows


def _decimal_commas(text: str, rules: NumberRules) -> Unread | None:
    """`(0,365; 0,790)` and `[0,25, 0,5]`: numbers with a decimal comma, or commas between them?"""
    inner = text[1:-1] if _wraps(text) else text
    rows = _ROW.findall(inner) or [inner]
    if rules.decimal_comma or not any(map(in_two_ways, rows)):
        return None
    other = _items(text.strip(), rules, 0)
    numbers = _items(text.strip(), replace(rules, decimal_comma=True), 0)
    if not (isinstance(numbers, tuple) and isinstance(other, tuple)) or numbers == other:
        return None
    return Unread(text, two_ways(_shown(numbers), _shown(other)))


def _shown(value: Value) -> str:
    return f"[{', '.join(map(_shown, value))}]" if isinstance(value, tuple) else str(value)


def why_no_list(text: str, rules: NumberRules) -> str:
    """What to change where a text is not a list of numbers; empty where it holds none at all."""
    if not any(sign.isdigit() for sign in text):
        return ""
    if not rules.decimal_comma and _BETWEEN_DIGITS.search(text):
        numbers = typed_list(text, replace(rules, decimal_comma=True))
        if isinstance(numbers, tuple):
            shown = ", ".join(str(one) for one in numbers)
            return f"write a point in place of the comma: [{shown}]"
    text = _NAMED.sub("", text.translate(_BRACKETS)).strip()
    inner = text[1:-1] if _wraps(text) else text
    parts = [part.strip() for part in re.split(r"[;,]", inner)]
    read = [(part, typed_number(part, rules)) for part in parts if len(parts) <= _MOST_PARTS]
    wrong = [(part, getattr(one, "why", "")) for part, one in read if isinstance(one, str)]
    return about_list(text, wrong if len(parts) > 1 else ())


def joined(items: tuple[Value, ...], rules: NumberRules) -> Value | None:
    """A list that a sheet cut at its commas only: `[(1, 2), (3, 4)]`, `[1; -2]`, `[1. -2.]`."""
    if not items or not all(isinstance(item, Typed) for item in items):
        return None
    if any(isinstance(item, Typed) and item.quoted and not _is_row(item.text) for item in items):
        return None
    texts = [item.text for item in items if isinstance(item, Typed)]
    if len(texts) > 1 and all(map(_is_row, texts)):
        return _rows(texts, rules)
    if len(texts) == 1:
        return typed_list(f"[{texts[0]}]", rules)
    if rules.decimal_comma and (decimals := _cut_decimals(texts)):
        why = f"write a semicolon between the numbers: [{'; '.join(decimals)}]"
        return Unread(", ".join(texts), why)
    if any(";" in text for text in texts):
        comma = "," if rules.decimal_comma else ", "
        return typed_list(f"[{comma.join(texts)}]", rules)
    if any(text.count("(") != text.count(")") for text in texts):
        return typed_list(f"[{', '.join(texts)}]", rules)
    return None


def _is_row(text: str) -> bool:
    """Whether one line of a list is a row of numbers itself: `- (1, 2)`, `- 1, 2`, `- 1; 2`."""
    return _wraps(text.strip()) or re.search(r",\s|;\s*\S", text.strip()) is not None


def _rows(texts: list[str], rules: NumberRules) -> Value | None:
    rows = [typed_list(text, rules) for text in texts]
    unsure = next((row for row in rows if isinstance(row, Unread)), None)
    if unsure is not None:
        return unsure
    return tuple(rows) if all(isinstance(row, tuple) for row in rows) else None


def _cut_decimals(texts: list[str]) -> list[str]:
    """`0,365` and `0,790` that were cut at their own commas; nothing where they were not."""
    pairs = list(zip(texts[::2], texts[1::2], strict=False))
    cut = len(texts) % 2 == 0 and all(map(str.isdigit, texts[1::2]))
    sure = any(one.lstrip("-") == "0" and len(other) > 1 for one, other in pairs)
    return [",".join(pair) for pair in pairs] if cut and sure else []


def _items(text: str, rules: NumberRules, depth: int) -> Value | None:
    """A list, or a number where there are no signs of a list; None where it is neither."""
    if depth > _DEEPEST:
        return None
    inner = text[1:-1].strip() if _wraps(text) else None
    if inner is None:
        parts = _cut(text, rules)
        if len(parts) < 2:
            number = typed_number(text, rules)
            return None if isinstance(number, str) else number
    else:
        number = typed_number(text, rules) if text[0] == "(" else text
        if not isinstance(number, str):
            return number
        parts = _cut(inner, rules)
        if len(parts) == 1 and _wraps(parts[0]):
            only = _items(parts[0], rules, depth + 1)
            return None if only is None else (only,)
        if not inner:
            return ()
    found = []
    for part in parts:
        if _PADDED.search(part) and ComplexText.parse(part) is None:
            return None  # [1 -2i 3] is a list of two numbers or of three
        item = (
            typed_number(part, rules)
            if rules.decimal_comma or not _has_signs(part, rules)
            else part
        )
        if isinstance(item, str) and _has_signs(part, rules):
            # Between commas a space separates nothing: [0,5 1,5] is not a list.
            rows = _wraps(part) or ";" in (inner or text)
            item = _items(part, rules, depth + 1) if rows else None
        if item is None or isinstance(item, str):
            return None
        found.append(item)
    return tuple(found)


def _has_signs(part: str, rules: NumberRules) -> bool:
    return _wraps(part) or len(_cut(part, rules)) > 1


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


def _cut(text: str, rules: NumberRules) -> list[str]:
    """The parts between semicolons, else commas, else spaces; those in brackets stay whole.

    Where a comma may be that of a decimal, one with a digit right behind it separates only where
    no other one has a space behind it.
    """
    parts = text.split() if rules.decimal_comma else []
    if len(parts) > 1 and all(map(_GLUED_ROW.fullmatch, parts)):
        return parts
    for sign in ";,":
        parts = _at(text, sign)
        if sign == "," and rules.decimal_comma and len(parts) > 2:
            spaced = _at(text, ", ")
            parts = spaced if len(spaced) > 1 and _BETWEEN_DIGITS.search(text) else parts
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
    for place, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        separates = char == sign or (sign == " " and char.isspace())
        if sign == ", ":
            separates = char == "," and text[place + 1 : place + 2].isspace()
        if depth == 0 and separates:
            parts.append(current)
            current = ""
        else:
            current += char
    return [*parts, current]
