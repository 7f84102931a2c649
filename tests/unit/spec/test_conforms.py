"""A quick yes is right: whatever is said to fit the schema, `jsonschema` lets through as well."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.spec.conforms import conforms
from grader.spec.schema import _validator_type, assignment_schema
from grader.spec.yaml_reader import read_yaml

ROOT = Path(__file__).parents[3]
FOLDERS = ("assignments/*", "examples/courses/*/assignments/*")
VALID = sorted(path for one in FOLDERS for path in ROOT.glob(f"{one}/assignment.yaml"))
SPECS = [read_yaml(path).data for path in VALID]
VALIDATOR = _validator_type()(assignment_schema())
OTHER = st.sampled_from(
    [
        *(None, True, False, 0, 1, -1, 2.5, float("nan"), float("inf"), "", "a b", "x\n", [], [1]),
        *({}, {"a": 1}, ["a", "a"], 1.0, "number", 10**400, {"kind": "number"}, {"rtol": 1}, "1e5"),
    ]
)
KEYS = st.sampled_from([None, "tolerance", "kind", "parts", "cases", "step", "at", "nothing"])


@pytest.mark.parametrize("data", SPECS, ids=[path.parent.name for path in VALID])
def test_right_specs_need_no_more(data: Any) -> None:
    assert conforms(data, assignment_schema())


def paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    return [path, *(one for key, item in inner for one in paths(item, (*path, key)))]


def changed(data: Any, path: tuple[Any, ...], other: Any, key: str | None) -> Any:
    """The data with something else at a place, or with one more key there."""
    if not path:
        return {**data, key: other} if key is not None and isinstance(data, dict) else other
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = changed(data[path[0]], path[1:], other, key)
    return copy


@given(st.data())
def test_what_is_said_to_fit_fits(data: st.DataObject) -> None:
    spec = data.draw(st.sampled_from(SPECS))
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(paths(spec)))
        spec = changed(spec, path, data.draw(OTHER), data.draw(KEYS))
    if conforms(spec, assignment_schema()):
        assert list(VALIDATOR.iter_errors(spec)) == []


@pytest.mark.parametrize(
    ("data", "schema"),
    [
        (1, {"notKnownHere": 3}),
        (True, {"type": "integer"}),
        (True, {"type": "number"}),
        (float("nan"), {"type": "number"}),
        (True, {"const": 1}),
        ("a\n", {"type": "string", "pattern": "^a$"}),
        (["a", "a"], {"uniqueItems": True}),
        ([1, 1.0], {"uniqueItems": True}),
        ({"b": 1}, {"properties": {"a": {}}, "additionalProperties": False}),
        ({"b": 1}, {"propertyNames": {"pattern": "^a"}}),
        ({"a": 1}, {"if": {"required": ["a"]}, "then": {"required": ["b"]}}),
        ({"c": 1}, {"if": {"required": ["a"]}, "then": True, "else": {"required": ["b"]}}),
        (3, {"anyOf": [{"type": "string"}, {"maximum": 2}]}),
    ],
)
def test_what_does_not_fit_or_is_not_sure_is_no(data: Any, schema: Any) -> None:
    assert not conforms(data, schema)
