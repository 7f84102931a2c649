"""Every key is declared once; the schema and the authors' page are made from it and are current."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grader.spec import questions
from grader.spec.keys.__main__ import made
from grader.spec.keys.questions import QUESTION

ROOT = Path(__file__).parents[3]
SCHEMA: dict[str, Any] = json.loads(made()["grader/spec/assignment.schema.json"])
SHARED = ["id", "kind", "points", "prompt", "entry", "all_or_nothing", "bonus", "charge"]
PAGE = ROOT / "docs" / "authors" / "keys.md"


def described(schema: Any, path: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key with its place, but for those of a condition."""
    if isinstance(schema, dict):
        for name, inner in schema.items():
            if name == "properties" and not path.endswith("/if"):
                yield from ((f"{path}/{key}", one) for key, one in inner.items())
            yield from described(inner, f"{path}/{name}")
    elif isinstance(schema, list):
        for index, inner in enumerate(schema):
            yield from described(inner, f"{path}/{index}")


KEYS = dict(described(SCHEMA))


@pytest.mark.parametrize("name", made())
def test_what_is_made_from_the_keys_is_current(name: str) -> None:
    now = (ROOT / name).read_bytes().decode("utf-8")
    assert now == made()[name], f"{name} is not what the declared keys say: run `make schema`"


def test_every_key_of_the_schema_is_described() -> None:
    assert len(KEYS) > 150
    assert [path for path, key in KEYS.items() if not key.get("description")] == []


def test_a_default_fits_its_own_key() -> None:
    with_default = {path: key for path, key in KEYS.items() if "default" in key}
    assert len(with_default) > 50
    for path, key in with_default.items():
        schema = {"$defs": SCHEMA["$defs"], **key}
        assert jsonschema.Draft202012Validator(schema).is_valid(key["default"]), path


@pytest.mark.parametrize("kind", QUESTION.kinds)
def test_each_kind_of_question_lists_the_shared_keys_first(kind: str) -> None:
    keys = SCHEMA["$defs"][f"{kind}_question"]["properties"]
    assert list(keys)[: len(SHARED)] == SHARED == [key.name for key in QUESTION.shared.keys]
    assert keys["kind"]["const"] == kind
    assert not set(SHARED) & {key.name for key in QUESTION.own[kind]}


def test_every_kind_has_keys_and_is_built() -> None:
    assert set(QUESTION.own) == set(QUESTION.kinds) == set(questions._BUILDERS)


def test_every_place_is_a_heading_of_the_page_with_all_its_keys() -> None:
    text = PAGE.read_text(encoding="utf-8")
    tables = {
        name: re.findall(r"^\| `(\w+)` \|", body, re.MULTILINE)
        for head, body in re.findall(r"^##+ (.*)\n((?:(?!##).*\n)*)", text, re.MULTILINE)
        for name in head.split(", ")
    }
    for name, definition in SCHEMA["$defs"].items():
        kind = name.removesuffix("_question")
        keys = list(definition["properties"])
        if name == "question":
            assert tables.pop(name) == SHARED
        elif kind != name:
            assert tables.pop(kind) == keys[len(SHARED) :]
        else:
            assert tables.pop(name) == keys
    assert tables == {"assignment": list(SCHEMA["properties"])}


def test_every_link_of_the_page_leads_to_a_heading() -> None:
    links = re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", PAGE.read_text(encoding="utf-8"))
    assert len(links) > 50
    for page, heading in links:
        text = (PAGE.parent / (page or PAGE.name)).read_text(encoding="utf-8")
        heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
        assert not heading or heading in anchors, f"{page}#{heading}"


@pytest.mark.processes
def test_loading_an_assignment_does_not_wait_for_the_declaration() -> None:
    code = (
        "import sys, grader.spec.load\n"
        "sys.exit(any(name.startswith('grader.spec.keys') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
