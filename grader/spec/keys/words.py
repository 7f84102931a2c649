"""Shapes and defaults in the words of the authors' page."""

from __future__ import annotations

import json
import re

from grader.spec.keys.shapes import (
    ByKind,
    Flag,
    IfShape,
    Json,
    ListOf,
    LongForm,
    MapOf,
    Number,
    OneOf,
    Scalar,
    Section,
    Shape,
    Text,
)

__all__ = ["flow", "words"]


def words(shape: Shape) -> str:
    """What may stand there, in Markdown, such as "a list of 1 to 12, each a number".

    A section is a link to its heading on the page.
    """
    if shape.shown:
        return shape.shown
    match shape:
        case Flag():
            return "`true` or `false`"
        case Scalar():
            return "a text, a number, `true` or `false`"
        case Text():
            many = _count(shape.shortest, shape.longest)
            return f"a text of {many} characters" if many else "a text"
        case Number():
            return f"{'a whole number' if shape.whole else 'a number'}{_bounds(shape)}"
        case OneOf():
            return _either([f"`{flow(value)}`" for value in shape.values])
        case ListOf():
            many = _count(shape.least, shape.most)
            return f"a list{' of ' if many else ''}{many}, each {words(shape.item)}"
        case MapOf():
            many = _count(shape.least, shape.most)
            return f"a mapping of {many}{' ' if many else ''}names, each to {words(shape.value)}"
        case Section():
            return f"[{shape.name}](#{shape.name})"
        case IfShape():
            return f"{words(shape.first)}, or {words(shape.other)}"
        case LongForm():
            return f"a mapping of names to values, or {words(shape.section)}"
        case ByKind():
            return words(shape.shared)
        case _:
            return "any value"


def flow(value: Json) -> str:
    """A value as an author writes it on one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {flow(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    if isinstance(value, str):
        return value or '""'
    return re.sub(r"e-0", "e-", json.dumps(value))


def _either(items: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(items[:-1]), items[-1])))


def _count(least: int | None, most: int | None) -> str:
    """How many there may be, "" for any number."""
    if most is not None:
        return f"at most {most}" if least is None else f"{least} to {most}"
    return "" if least is None else f"{least} or more"


def _bounds(number: Number) -> str:
    """Where a number may lie, with what joins it to the noun; "" for anywhere."""
    if number.least is not None and number.most is not None:
        return f" from {number.least} to {number.most}"
    ends = {"above": number.above, "at least": number.least, "at most": number.most}
    told = " and ".join(f"{word} {end}" for word, end in ends.items() if end is not None)
    return f", {told}" if told else ""
