"""Whether data surely fits a JSON Schema: a quick yes, for what is right as it nearly always is.

Where the answer is no, or a keyword is not known here, `jsonschema` is asked, which says what is
wrong. Importing that takes longer than reading a spec, so a right spec does without.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

__all__ = ["conforms"]

#: say nothing of what is allowed
_SILENT = frozenset(("$schema", "$id", "$comment", "$defs", "title", "description", "default"))


def conforms(data: Any, schema: Mapping[str, Any]) -> bool:
    """True only where the data fits the schema (draft 2020-12); False says nothing."""
    return _fits(data, schema, schema)


def _fits(data: Any, schema: Any, root: Mapping[str, Any]) -> bool:
    if isinstance(schema, bool):
        return schema
    for keyword, wanted in schema.items():
        if keyword in _SILENT:
            continue
        if keyword in _WHOLE:
            if not _WHOLE[keyword](data, wanted, schema, root):
                return False
        elif keyword in _BOUNDS:
            kinds, holds = _BOUNDS[keyword]
            if isinstance(data, kinds) and not isinstance(data, bool) and not holds(data, wanted):
                return False
        elif keyword not in ("then", "else"):
            return False
    return True


def _is_number(data: Any) -> bool:
    whole = isinstance(data, int) and not isinstance(data, bool)
    return whole or (isinstance(data, float) and math.isfinite(data))


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda data: isinstance(data, dict),
    "array": lambda data: isinstance(data, list),
    "string": lambda data: isinstance(data, str),
    "number": _is_number,
    "integer": lambda data: isinstance(data, int) and not isinstance(data, bool),
    "boolean": lambda data: isinstance(data, bool),
    "null": lambda data: data is None,
}
_BOUNDS: Mapping[str, tuple[Any, Callable[[Any, Any], bool]]] = {
    "minimum": (int | float, lambda data, bound: data >= bound),
    "maximum": (int | float, lambda data, bound: data <= bound),
    "exclusiveMinimum": (int | float, lambda data, bound: data > bound),
    "minLength": (str, lambda data, bound: len(data) >= bound),
    "maxLength": (str, lambda data, bound: len(data) <= bound),
    "minItems": (list, lambda data, bound: len(data) >= bound),
    "maxItems": (list, lambda data, bound: len(data) <= bound),
    "minProperties": (dict, lambda data, bound: len(data) >= bound),
    "maxProperties": (dict, lambda data, bound: len(data) <= bound),
    "required": (dict, lambda data, names: all(name in data for name in names)),
    "pattern": (str, lambda data, text: "\n" not in data and re.search(text, data) is not None),
    "uniqueItems": (list, lambda data, wanted: not wanted or _all_differ(data)),
}


def _all_differ(data: Sequence[Any]) -> bool:
    """Of texts only: what else may be equal is left to others."""
    return all(isinstance(item, str) for item in data) and len(set(data)) == len(data)


def _type(data: Any, wanted: Any, _schema: Any, _root: Any) -> bool:
    names = wanted if isinstance(wanted, list) else [wanted]
    return any(_TYPES[name](data) for name in names)


def _same(data: Any, wanted: Any) -> bool:
    """Equal, and both truth values or neither."""
    return bool(data == wanted) and isinstance(data, bool) == isinstance(wanted, bool)


def _properties(data: Any, wanted: Any, schema: Any, root: Any) -> bool:
    del schema
    if not isinstance(data, dict):
        return True
    return all(_fits(item, wanted[name], root) for name, item in data.items() if name in wanted)


def _additional(data: Any, wanted: Any, schema: Any, root: Any) -> bool:
    if not isinstance(data, dict):
        return True
    known = schema.get("properties", {})
    return all(_fits(item, wanted, root) for name, item in data.items() if name not in known)


def _reference(data: Any, wanted: Any, _schema: Any, root: Any) -> bool:
    prefix = "#/$defs/"
    return wanted.startswith(prefix) and _fits(data, root["$defs"][wanted[len(prefix) :]], root)


def _branch(data: Any, wanted: Any, schema: Any, root: Any) -> bool:
    """`if` is the one place where a no counts as well: it must be sure, so it is asked plainly."""
    sure = _sure(wanted)
    chosen = "then" if _fits(data, wanted, root) else "else"
    return sure and _fits(data, schema.get(chosen, True), root)


def _sure(schema: Any) -> bool:
    """Whether a no of `_fits` means that the data does not fit: of keywords that leave no doubt."""
    plain = {"type", "const", "enum", "required", "properties", "anyOf", *_SILENT}
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    return set(schema) <= plain and "'integer'" not in str(schema) and all(map(_sure, inner))


_WHOLE: Mapping[str, Callable[[Any, Any, Any, Any], bool]] = {
    "type": _type,
    "const": lambda data, wanted, _schema, _root: _same(data, wanted),
    "enum": lambda data, wanted, _schema, _root: any(_same(data, item) for item in wanted),
    "properties": _properties,
    "additionalProperties": _additional,
    "propertyNames": lambda data, wanted, _schema, root: (
        not isinstance(data, dict) or all(_fits(name, wanted, root) for name in data)
    ),
    "items": lambda data, wanted, _schema, root: (
        not isinstance(data, list) or all(_fits(item, wanted, root) for item in data)
    ),
    "allOf": lambda data, wanted, _schema, root: all(_fits(data, one, root) for one in wanted),
    "anyOf": lambda data, wanted, _schema, root: any(_fits(data, one, root) for one in wanted),
    "$ref": _reference,
    "if": _branch,
}
