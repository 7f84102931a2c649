"""What a departure from the schema means, in an author's words, and what to do about it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.spec.scalars import TypedFloat, TypedInt

__all__ = [
    "bound_words",
    "help_for_key",
    "help_for_type",
    "keys_there_are",
    "shortened",
    "shown",
    "type_words",
]

_TYPE_WORDS = {
    "object": "a mapping (key: value)",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "nothing",
}
_NAME = "letters, digits and _, with no digit first"
#: What each pattern of the schemas asks for; a test holds them against the schemas.
_PATTERN_WORDS = {
    r"^[^\W\d]\w*$": f"must be a name of {_NAME}",
    r"^[^\W\d]\w*(\.[^\W\d]\w*)*$": f"must be a name of {_NAME}, or several with points between",
    r"^[^\W\d]\w*(\.[^.]+)*$": f"must be a name of {_NAME}, or a path `name.key`",
    r"^[a-z0-9][a-z0-9-]*$": "must be made of lower-case letters (a to z), digits and -",
    r"^[\w-]+\.py$": "must be the name of a file that ends in .py, without a folder",
    r"^([A-Za-z_]\w*/)*[A-Za-z_]\w*\.py$": "must be a path that ends in .py, of names as in Python",
    r"^([\w-]+/)*[\w-]+\.(py|ipynb|yaml|yml|json|md|markdown|tex)$": (
        "must be a file name that ends in .py, .ipynb, .yaml, .json, .md or .tex"
    ),
    r"^\w[\w .-]*(/\w[\w .-]*)*/?$": "must be a path from here, of letters, digits, _, . and -",
    r"^[^\x00-\x1f]+$": "must be one line of text",
}
_MOST_PLACES = 2
_WITH_UNIT = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)\s*(?:[^\W\d_]{1,8}|%)\s*")  #: 5s, 512 MiB, 50%


def type_words(types: Sequence[str]) -> str:
    """`a list or a mapping (key: value)`."""
    return " or ".join(_TYPE_WORDS[name] for name in dict.fromkeys(types))


def bound_words(rule: str, value: Any) -> str:
    """What a rule of JSON Schema asks for, as the end of a sentence."""
    one = value == 1
    words = {
        "minimum": f"must be at least {value}",
        "maximum": f"must be at most {value}",
        "exclusiveMinimum": f"must be more than {value}",
        "minItems": f"must have at least {value} {'entry' if one else 'entries'}",
        "maxItems": f"must have at most {value} {'entry' if one else 'entries'}",
        "minProperties": f"must have at least {value} {'key' if one else 'keys'}",
        "maxProperties": f"must have at most {value} {'key' if one else 'keys'}",
        "minLength": f"must have at least {value} {'character' if one else 'characters'}",
        "maxLength": f"must have at most {value} {'character' if one else 'characters'}",
        "uniqueItems": "must not name anything twice",
        "pattern": _PATTERN_WORDS.get(str(value), f"must have the form {value}"),
    }
    return words.get(rule, f"breaks the rule {rule}")


def shown(value: object) -> str:
    """A value as far as it helps to see which one is meant."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, TypedInt | TypedFloat):
        return shortened(value.text)
    return shortened(json.dumps(value, ensure_ascii=False, default=str))


def shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


# -- what to do ----------------------------------------------------------------------------------


def help_for_type(name: str, types: Sequence[str], found: Any, schema: Any) -> str:
    """What to write instead of a value of another type; "" where the message says it all."""
    if found is None:
        return "nothing stands behind the colon"
    if keys := keys_there_are(schema):
        return keys
    if "array" in types and isinstance(found, dict):
        return "a list has `- ` before each of its entries, also before a single one"
    takes_text = isinstance(schema, Mapping) and schema.get("items", {}).get("type") == "string"
    if "array" in types and takes_text and isinstance(found, str) and "\n" not in found:
        return f"a list of one is written [{found}]"
    if types == ["object"] and isinstance(found, list):
        if all(isinstance(item, dict) for item in found):
            return "write them as one mapping, without `- ` or brackets around each"
        if name != "this" and all(isinstance(item, str) for item in found):
            first = ", ".join(f"{item}: ..." for item in found[:2])
            return shortened(f"write {name}: {{{first}}}")
    if {"number", "integer"} & set(types) and isinstance(found, str):
        if _is_number(found):
            return f"write {found.strip()} without quotes"
        if with_unit := _WITH_UNIT.fullmatch(found):
            return f"write the number alone: {with_unit[1]}"
    return ""


def help_for_key(key: str, schema: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    """Where a key that is not known here would stand, and which ones are."""
    known = schema.get("properties", {})
    if {"inputs", "random"} <= set(known):  # the long form of a case
        stands = f"an input of this name stands under `inputs: {{{key}: ...}}`"
        return f"{stands}; {keys_there_are(schema)}"
    kinds, sections = _places(root).get(key, ((), ()))
    if "kind" in known and kinds:
        return f"questions that may have it: {', '.join(kinds)}"
    said = []
    if 0 < len(sections) <= _MOST_PLACES:
        said.append(f"it stands under {' or '.join(f'`{name}`' for name in sections)}")
    elif not sections and 0 < len(kinds) <= _MOST_PLACES:
        said.append(f"it stands in a question of kind {' or '.join(kinds)}")
    if keys := keys_there_are(schema):
        said.append(keys)
    return "; ".join(said)


def keys_there_are(schema: Any) -> str:
    """Which keys a section of the spec may have."""
    known = schema.get("properties", {}) if isinstance(schema, Mapping) else {}
    is_section = known and not {"kind", "slug"} & set(known)  # of which kind would be a guess
    return f"the keys here are {', '.join(known)}" if is_section else ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _places(root: Mapping[str, Any]) -> Mapping[str, tuple[Sequence[str], Sequence[str]]]:
    """Of each key: the kinds of questions that may have it, and the sections, by their keys."""
    sections = root.get("$defs", {})
    found: dict[str, tuple[list[str], list[str]]] = {}
    for name, section in sections.items():
        kind = name.removesuffix("_question")
        under = [] if kind != name else [*_named(root, f"#/$defs/{name}")]
        for key in section.get("properties", {}) if kind != name or under else ():
            kinds, places = found.setdefault(key, ([], []))
            if kind != name:
                kinds.append(kind)
            places.extend(one for one in under if one not in places)
    return found


def _named(root: Mapping[str, Any], reference: str) -> Iterator[str]:
    """The keys whose values, or the entries of them, are described by this section."""
    for section in (root, *root.get("$defs", {}).values()):
        for key, schema in section.get("properties", {}).items():
            if reference in _references(schema):
                yield key


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield str(schema["$ref"])
        for inner in schema.values():
            yield from _references(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _references(inner)
