"""Hold a document against the shipped JSON Schema and say what is wrong in plain words."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.spec.conforms import conforms
from grader.spec.problems import Problems, did_you_mean
from grader.spec.scalars import TypedFloat, TypedInt
from grader.spec.schema_words import (
    bound_words,
    help_for_key,
    help_for_type,
    shortened,
    shown,
    type_words,
)
from grader.spec.yaml_reader import KeyPath

if TYPE_CHECKING:
    import jsonschema

__all__ = ["assignment_schema", "check_schema", "course_schema"]


@cache
def assignment_schema() -> Mapping[str, Any]:
    """The JSON Schema (draft 2020-12) of assignment.yaml."""
    return _shipped("assignment.schema.json")


@cache
def course_schema() -> Mapping[str, Any]:
    """The JSON Schema of course.yaml."""
    return _shipped("course.schema.json")


def _shipped(name: str) -> Mapping[str, Any]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    schema: Mapping[str, Any] = json.loads(text)
    return schema


def check_schema(problems: Problems, schema: Mapping[str, Any] | None = None) -> None:
    """Add a problem for every place where the document departs from the schema.

    A number is finite here, and an anchored pattern means the whole text: JSON Schema leaves both
    to its implementations, and Python's would let `.nan` and a line break at the end through.
    `schema` is that of an assignment unless another is given.
    """
    schema = assignment_schema() if schema is None else schema
    _check_sizes(problems, problems.document.data, ())
    if conforms(problems.document.data, schema):
        return
    validator = _validator_type()(schema)
    for error in validator.iter_errors(problems.document.data):
        for leaf in _leaves(error):
            _report(problems, leaf, schema)


def _check_sizes(problems: Problems, data: object, path: KeyPath) -> None:
    """Add a problem for every number that no float can hold: it would become infinite, or zero."""
    if isinstance(data, dict):
        for key, item in data.items():
            _check_sizes(problems, item, (*path, key))
    elif isinstance(data, list):
        for index, item in enumerate(data):
            _check_sizes(problems, item, (*path, index))
    elif isinstance(data, TypedInt | TypedFloat) and not _has_size(data):
        problems.add("S104", path, f"the number {shortened(data.text)} is too large or too small")


def _has_size(number: TypedInt | TypedFloat) -> bool:
    try:
        value = float(number)
    except OverflowError:
        return False
    digits = number.text.lower().partition("e")[0]
    if math.isinf(value):
        return "inf" in number.text.lower()
    return value != 0 or isinstance(number, int) or not any(c in "123456789" for c in digits)


def _is_number(_: object, value: object) -> bool:
    return (isinstance(value, float) and math.isfinite(value)) or (
        isinstance(value, int) and not isinstance(value, bool)
    )


@cache
def _validator_type() -> Any:
    """Imported where something is wrong: it takes longer than all that is right with a spec."""
    import jsonschema

    def pattern(
        _: object, pattern: str, value: object, __: object
    ) -> Iterator[jsonschema.ValidationError]:
        if isinstance(value, str) and ("\n" in value or not re.search(pattern, value)):
            yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")

    return jsonschema.validators.extend(  # type: ignore[no-untyped-call]  # theirs
        jsonschema.Draft202012Validator,
        validators={"pattern": pattern},
        type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("number", _is_number),
    )


def _leaves(error: jsonschema.ValidationError) -> list[jsonschema.ValidationError]:
    if not error.context:
        return [error]
    return [leaf for inner in error.context for leaf in _leaves(inner)]


def _report(problems: Problems, error: jsonschema.ValidationError, root: Mapping[str, Any]) -> None:
    path: KeyPath = tuple(error.absolute_path)
    of_key = "propertyNames" in error.absolute_schema_path
    if of_key:
        path = (*path, str(error.instance))
    where = str(path[-1]) if path and isinstance(path[-1], str) else "this"
    rule = str(error.validator)
    value: Any = error.validator_value
    found: Any = error.instance
    if rule == "additionalProperties":
        schema: Any = error.schema
        known = schema.get("properties", {})
        for key in sorted(set(found) - set(known)):
            kind = found.get("kind")
            within = f" in a question of kind {kind!r}" if isinstance(kind, str) else ""
            message = f"unknown key {shortened(repr(key))}{within}"
            near = did_you_mean(key, known) or help_for_key(key, schema, root)
            problems.add("S102", (*path, key), message, near, of_key=True)
    elif rule == "required":
        for key in value:
            if key not in found:
                problems.add("S101", path, f"the key {key!r} is missing", of_key=True)
    elif rule == "type":
        if not path and found is None:
            of_assignment = "slug" in root.get("properties", {})
            help_ = "`grader new` writes one that works" if of_assignment else ""
            problems.add("S103", path, "the file holds nothing", help_)
            return
        wanted = [*_other_types(error, root), *(value if isinstance(value, list) else [value])]
        message = f"{where} must be {type_words(wanted)}, not {shown(found)}"
        problems.add("S103", path, message, help_for_type(where, wanted, found, error.schema))
    elif rule in ("enum", "const"):
        allowed = value if rule == "enum" else [value]
        words = ", ".join(shown(item) for item in allowed)
        words = f"one of {words}" if len(allowed) > 1 else words
        near = did_you_mean(found, map(str, allowed)) if isinstance(found, str) else ""
        problems.add("S104", path, f"{where} must be {words}; it is {shown(found)}", near)
    else:
        message = f"{where} {bound_words(rule, value)}; it is {shown(found)}"
        problems.add("S104", path, message, of_key=of_key)


def _other_types(error: jsonschema.ValidationError, root: Mapping[str, Any]) -> Iterator[str]:
    """The types of `if` on the way to an error in its `else`: a value may be of them as well."""
    schema: Any = root
    for part in error.absolute_schema_path:
        while (
            isinstance(schema, dict) and part not in schema and "$ref" in schema
        ):  # the path does not name it
            schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        if part == "else" and isinstance(other := schema["if"].get("type"), str):
            yield other
        schema = schema[part]
