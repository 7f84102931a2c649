"""The JSON Schema (draft 2020-12) that the declared keys amount to."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from grader.spec.keys.shapes import (
    ByKind,
    Flag,
    IfShape,
    ListOf,
    LongForm,
    MapOf,
    Number,
    OneOf,
    Scalar,
    Section,
    Shape,
    SpecKey,
    Text,
)

__all__ = ["describe", "schema_text"]

_Schema: TypeAlias = dict[str, Any]


def schema_text(section: Section, title: str) -> str:
    """The text of the schema of a file with these keys."""
    definitions: _Schema = {}
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:grader:{section.name}:1",
        "title": title,
        "$comment": "Made from grader/spec/keys by `make schema`: change it there.",
        **_object(section, definitions),
        "$defs": definitions,
    }
    return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n"


def describe(meaning: str, rule: str) -> str:
    """What something means and what code checks of it, as an editor shows it."""
    return f"{meaning}. Also checked: {rule}" if rule else meaning


def _object(section: Section, definitions: _Schema) -> _Schema:
    """The schema of a mapping with just the keys of the section."""
    required = [key.name for key in section.keys if key.required]
    return {
        "type": ["object", "null"] if section.or_null else "object",
        "description": describe(section.meaning, section.rule),
        "properties": {key.name: _property(key, definitions) for key in section.keys},
        **({"required": required} if required else {}),
        "additionalProperties": False,
        **_given(minProperties=section.least),
    }


def _property(key: SpecKey, definitions: _Schema) -> _Schema:
    return {
        **_schema(key.shape, definitions),
        "description": describe(key.meaning, key.rule),
        **_given(default=key.default),
    }


def _given(**rules: Any) -> _Schema:
    """The rules that are set."""
    return {name: value for name, value in rules.items() if value is not None}


def _schema(shape: Shape, definitions: _Schema) -> _Schema:
    """The schema of a shape; the sections that it holds are added to the definitions."""
    match shape:
        case Flag():
            return {"type": "boolean"}
        case Scalar():
            return {"type": ["string", "number", "boolean"]}
        case Text():
            bounds = {"minLength": shape.shortest, "pattern": shape.pattern or None}
            return {"type": "string", **_given(**bounds, maxLength=shape.longest)}
        case Number():
            kind = "integer" if shape.whole else "number"
            bounds = {"minimum": shape.least, "exclusiveMinimum": shape.above}
            return {
                "type": [kind, "null"] if shape.or_null else kind,
                **_given(**bounds, maximum=shape.most),
            }
        case OneOf():
            several = len(shape.values) > 1
            return {"enum": list(shape.values)} if several else {"const": shape.values[0]}
        case ListOf():
            return {
                "type": "array",
                **_given(minItems=shape.least, maxItems=shape.most),
                "items": _schema(shape.item, definitions),
                **_given(uniqueItems=shape.unique or None),
            }
        case MapOf():
            names = _schema(shape.names, definitions) if shape.names else None
            return {
                "type": "object",
                **_given(minProperties=shape.least, maxProperties=shape.most, propertyNames=names),
                **_given(additionalProperties=_schema(shape.value, definitions) or None),
            }
        case Section():
            if shape.name not in definitions:
                definitions[shape.name] = _object(shape, definitions)
            return {"$ref": f"#/$defs/{shape.name}"}
        case IfShape():
            first = _schema(shape.first, definitions)
            other = _schema(shape.other, definitions)
            return {"if": {"type": first["type"]}, "then": first, "else": other}
        case LongForm():
            return {
                "if": {"type": "object", "anyOf": [{"required": [mark]} for mark in shape.marks]},
                "then": _schema(shape.section, definitions),
                "else": {"type": "object"},
            }
        case ByKind():
            definitions[shape.shared.name] = _by_kind(shape, definitions)
            return {"$ref": f"#/$defs/{shape.shared.name}"}
        case _:
            return {}


def _by_kind(shape: ByKind, definitions: _Schema) -> _Schema:
    """One branch for each kind, so that an author is told what is wrong with that kind alone."""
    return {
        "type": "object",
        "description": describe(shape.shared.meaning, shape.shared.rule),
        "required": [key.name for key in shape.shared.keys if key.required],
        "properties": {"kind": _property(shape.shared.key("kind"), definitions)},
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
                "then": _schema(shape.section(kind), definitions),
            }
            for kind in shape.kinds
        ],
    }
