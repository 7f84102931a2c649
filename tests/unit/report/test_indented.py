"""The text of results is that of `json`, to the byte."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.report.indented import Indented, indented

PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
SCALARS = PLAIN | st.floats(allow_nan=False, allow_infinity=False)


@given(
    st.recursive(
        SCALARS,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(max_size=4), inner, max_size=3)
            | st.tuples(inner)
        ),
        max_leaves=12,
    )
)
def test_it_is_what_json_writes(document: Any) -> None:
    wanted = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    assert indented(document) == wanted


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_json_has_no_number_for_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not written as JSON"):
        indented({"a": [value]})


@pytest.mark.parametrize("document", [object(), {1: 2}, {"a": b"x"}])
def test_what_is_no_plain_data_is_refused(document: object) -> None:
    with pytest.raises(TypeError):
        indented(document)


@given(st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_a_part_that_was_written_before_stands_as_if_it_had_not_been(part: Any) -> None:
    written = Indented(indented(part))
    assert indented({"a": [written, 1], "b": written}) == indented({"a": [part, 1], "b": part})
