from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.text import clean_text

awkward = st.sampled_from("\ud800\udfff\0\x1b\r\x85\u2028\u202e\ufffe")
anything = st.text(awkward | st.characters())


@given(anything)
def test_nothing_is_left_that_steers_a_terminal(text: str) -> None:
    kept = clean_text(text, limit=10_000)
    assert not [
        c for c in kept if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cf", "Cs")
    ]


@given(anything, st.integers(1, 30))
def test_the_text_is_never_longer_than_the_limit(text: str, limit: int) -> None:
    assert len(clean_text(text, limit=limit)) <= limit


@given(st.text("aé ñ中🙂\n\t.,()", max_size=50))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert clean_text(text, limit=50) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        pytest.param("<f at 0x7f1234567890>", "<f at 0x…>", id="address"),
        pytest.param("mask 0xff, 0x1p3", "mask 0xff, 0x1p3", id="no-address"),
        pytest.param("a\r\nb\rc", "a\nb\nc", id="line-ends"),
        pytest.param("\x1b[31mred", "�[31mred", id="escape"),
        pytest.param("a\u202eb\u2066c\u200bd", "a�b�c�d", id="directions"),
        pytest.param("a\u2028b\x85c\x0bd", "a�b�c�d", id="other-line-ends"),
        pytest.param("\ud800\udfff\ufffe", "���", id="no-characters"),
    ],
)
def test_examples(text: str, cleaned: str) -> None:
    assert clean_text(text, limit=100) == cleaned


def test_folders_are_written_as_they_are_to_be_shown() -> None:
    folders = {"/tmp/grader-x1": ".", "grader-x1": ".", "/opt/site": "…"}
    text = "in /tmp/grader-x1/a.py, grader-x1, /opt/site/numpy/x.py"
    assert clean_text(text, limit=100, folders=folders) == "in ./a.py, ., …/numpy/x.py"


@pytest.mark.parametrize("limit", [10, 60, 500])
@pytest.mark.parametrize("hidden", ["0x7f1234567890 ", "/tmp/grader-x1/ "])
def test_no_part_of_what_is_replaced_is_left_by_cutting(hidden: str, limit: int) -> None:
    kept = clean_text(hidden * 500, limit=limit, folders={"/tmp/grader-x1": "."})
    assert not set(kept) & set("7f1tmp")
