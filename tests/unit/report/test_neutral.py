"""Text can do nothing where it is shown but be read."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.report.neutral import for_html, for_markdown, for_spreadsheet, in_one_line
from tests.some import some

NASTY = st.text(
    st.sampled_from("=+-@\t\r\n\0<>&\"'`*_[]()#!|~\\:/.1w$^\x1b\u202e\u2028") | st.characters()
)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-cmd", "@SUM(1)", "\t=1", "\r=1", "\0=1", "＝1", " =1"]
)
def test_no_cell_is_a_formula(text: str) -> None:
    assert for_spreadsheet(text).startswith("'")


@pytest.mark.parametrize("text", ["", "0042", "Ada = Lovelace", "a-b", "O'Hara", "ü@x.edu", "1.5"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert for_spreadsheet(text) == text


@settings(max_examples=some(100))
@given(NASTY)
def test_cells_have_no_control_characters_and_no_start_of_a_formula(text: str) -> None:
    cell = for_spreadsheet(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0"))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", cell)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a *b* _c_ `d`", r"a \*b\* \_c\_ \`d\`"),
        ("[x](javascript:1) ![y](z)", r"\[x\](javascript:1) !\[y\](z)"),
        ("<script>&amp;", r"\<script\>\&amp;"),
        ("# head", r"\# head"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("---", r"\---"),
        ("12) item", r"12\) item"),
        ("===", r"\==="),
        ("see https://x.example or WWW.x.example", r"see https\://x.example or WWW\.x.example"),
        ("@all #12 a@b.c", r"\@all \#12 a\@b.c"),
        ("a | b", r"a \| b"),
        ("two\nlines\t", "two lines"),
        ("1.5 is not -2", "1.5 is not -2"),
        ("-2.5 is too small", "-2.5 is too small"),
        ("at 3.", "at 3."),
    ],
)
def test_markdown_shows_what_was_written(text: str, shown: str) -> None:
    assert for_markdown(text) == shown


@settings(max_examples=some(150))
@given(NASTY)
@example("\\[a](b)")
@example("\\\\<b>")
def test_no_sign_of_markdown_is_left_that_is_not_escaped(text: str) -> None:
    line = for_markdown(text)
    assert "\n" not in line
    without = re.sub(r"\\[!-/:-@\[-`{-~]", "", line)
    assert not re.search(r"[\\`*_\[\]<>&|~#@$^]", without)
    assert not re.match(r"[-+=](\s|$)|\d{1,9}[.)](\s|$)|---|===", line)
    assert "://" not in line
    assert not re.search(r"(?<!\\)www\.", line, re.IGNORECASE)
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", line) == in_one_line(text)


@settings(max_examples=some(100))
@given(NASTY)
def test_html_shows_what_was_written_and_holds_no_tag(text: str) -> None:
    shown = for_html(text)
    assert not {*"<>\"'\\"} & {*shown}
    assert in_one_line(html.unescape(shown)) == in_one_line(text)
