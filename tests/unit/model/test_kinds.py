"""The table of kinds and the spec say the same."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from grader.model.kinds import KINDS, Kind
from grader.spec.keys.questions import QUESTION

SCHEMA = next(Path(__file__).parents[3].glob("grader/spec/**/assignment.schema.json"))


def keys_of(kind: str) -> set[str]:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return set(schema["$defs"][f"{kind}_question"]["properties"])


def test_the_table_has_exactly_the_nine_kinds_of_the_schema() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    written = {name.removesuffix("_question") for name in schema["$defs"] if "_question" in name}
    assert len(KINDS) == 9
    assert set(KINDS) == written == set(QUESTION.kinds)
    assert [kind.name for kind in KINDS.values()] == list(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_the_facts_are_those_of_the_keys(kind: Kind) -> None:
    keys = keys_of(kind.name)
    assert kind.parts == ("parts" in keys)
    assert kind.carried == ("carry_forward" in keys)
    assert kind.option == ("options" in keys)
    assert kind.formula == ("form" in keys)
    assert kind.rows == ("recurrence" in keys)
    assert kind.by_person == ("rubric" in keys)
    assert kind.by_code == ("call" in keys)
    assert (kind.numbers or kind.formula) == ("tolerance" in keys and kind.carried)


def test_no_two_kinds_are_alike() -> None:
    facts = [dataclasses.replace(kind, name="") for kind in KINDS.values()]
    assert len(set(facts)) == len(facts)


def test_only_numbers_are_listed_and_only_lists_have_rows() -> None:
    assert all(kind.numbers for kind in KINDS.values() if kind.listed)
    assert all(kind.listed for kind in KINDS.values() if kind.rows)
