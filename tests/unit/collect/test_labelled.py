"""Parts of an answer that are not written as parts."""

from __future__ import annotations

from typing import Any

import pytest

from grader.collect.labelled import as_parts, in_order
from grader.model.typed import Typed, texts_of


def bare(text: str, fault: str = "") -> Typed:
    return Typed(text, quoted=False, fault=fault)


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ((bare("1"), bare("2")), {"x": "1", "y": "2"}),
        ((bare("1"), (bare("2"), bare("3"))), {"x": "1", "y": ("2", "3")}),
        (bare("(2a, max(b, c))"), {"x": "2a", "y": "max(b, c)"}),
        (bare("[2a; b]"), {"x": "2a", "y": "b"}),
        (bare("(2a)(b, c)"), None),
        (bare("2a, b"), None),
        (bare("(1, 2)", fault="no"), None),
        (bare("(a)"), None),
        ((bare("1"),), None),
        ((bare("1"), bare("2"), bare("3")), None),
        ((bare("1"), bare("2", fault="a bracket")), None),
        ((bare("1"), {"y": bare("2")}), None),
        ({"x": bare("1")}, None),
    ],
)
def test_a_list_of_as_many_as_there_are_parts_is_these(value: Any, parts: Any) -> None:
    found = in_order(value, ["x", "y"])
    assert (None if found is None else texts_of(found)) == parts


def test_a_list_for_one_part_is_the_answer_to_it() -> None:
    assert in_order((bare("1"),), ["x"]) is None


@pytest.mark.parametrize(
    "text",
    ["df_dx = 1, df_dy = 2", "df_dx:1 df_dy:2", "∂f/∂x = 1, ∂f/∂y = 2", "df/dx: 1; df/dy: 2"],
)
def test_a_text_names_its_parts(text: str) -> None:
    found = as_parts(bare(text), ["df_dx", "df_dy"], "q")
    assert list(texts_of(found).values()) == ["1", "2"]
