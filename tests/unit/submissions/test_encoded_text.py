"""Modules in other encodings than Python's are read where a person could read them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.submissions.encoded_text import module_as_utf8
from grader.submissions.opened import open_submission
from tests.some import some

TEXT = "# Lösung – für Übung 1\nx = 'größe'\n"
SAVED = {
    "utf-8": (TEXT.encode(), ""),
    "with-a-mark": (TEXT.encode("utf-8-sig"), ""),
    "windows": (TEXT.encode("cp1252"), "Windows-1252"),
    "utf-16": (TEXT.encode("utf-16"), "UTF-16"),
    "utf-16-without-a-mark": (TEXT.encode("utf-16-be"), "UTF-16"),
    "utf-32": (TEXT.encode("utf-32"), "UTF-32"),
    "says-utf-8": (("# coding: utf-8\n" + TEXT).encode("cp1252"), "Windows-1252"),
}


@pytest.mark.parametrize(("content", "encoding"), SAVED.values(), ids=SAVED)
def test_a_module_is_read_in_the_encoding_it_was_saved_in(content: bytes, encoding: str) -> None:
    read = module_as_utf8(content)
    assert read is not None
    assert read[1] == encoding
    assert read[0].decode("utf-8-sig").removeprefix("# coding: utf-8\n") == TEXT


@pytest.mark.parametrize(
    "content",
    [
        ("# -*- coding: latin-1 -*-\n# Lösung\n").encode("latin-1"),
        "# coding: mac-roman\n# Lösung\n".encode("mac-roman"),
        b"x = 1\n\0",
    ],
    ids=["latin-1", "mac-roman", "nul"],
)
def test_what_python_reads_or_refuses_itself_is_left_alone(content: bytes) -> None:
    assert module_as_utf8(content) == (content, "")


def test_what_is_no_text_waits_for_a_person(tmp_path: Path) -> None:
    assert module_as_utf8(bytes(range(256))) is None
    (tmp_path / "hw.py").write_bytes(bytes(range(256)))
    found = open_submission(tmp_path, ["hw.py"])
    assert [(one.why, one.code) for one in found.unread] == [("hw.py (it is not a text)", True)]
    assert not found.modules


def test_a_note_says_what_a_module_was_read_as(tmp_path: Path) -> None:
    (tmp_path / "hw.py").write_bytes(TEXT.encode("cp1252"))
    found = open_submission(tmp_path, ["hw.py"])
    assert found.modules == {"hw.py": TEXT.encode()}
    assert [note.text for note in found.notes] == [
        "hw.py is not saved as UTF-8; it was read as Windows-1252"
    ]


@settings(max_examples=some(200))
@given(st.text(st.characters(codec="utf-8", min_codepoint=32)))
def test_every_text_in_utf_8_and_utf_16_is_read_as_it_is(text: str) -> None:
    assert module_as_utf8(text.encode()) == (text.encode(), "")
    read = module_as_utf8(text.encode("utf-16"))
    assert read is not None
    assert read[0].decode() == text


@settings(max_examples=some(200))
@given(st.binary(max_size=60))
def test_any_bytes_come_out_as_something(content: bytes) -> None:
    read = module_as_utf8(content)
    assert read is None or read[1] or read[0] == content
