"""Numbers and lists as people type them: the rows of tests/typed/numbers.yaml."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.compare.array import compare_array
from grader.judge.mark.reading import read_typed
from grader.judge.mark.typed_lists import typed_list
from grader.judge.mark.typed_numbers import typed_number
from grader.model.tolerance import Tolerance
from grader.model.typed import NumberRules, Typed, Unread
from grader.model.value import ComplexText, NumberText, map_leaves
from grader.model.verdict import Reason
from grader.submissions.sheet import read_sheets
from tests.typed import NumberRow, number_rows
from tests.work import sums_in

ROWS = number_rows()


def in_a_sheet(text: str) -> Any:
    """The answer as a sheet holds it."""
    sheet = read_sheets({"answers.yaml": f"q: {text}".encode()})
    assert sheet.fault == ""
    return sheet.answers["q"]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.typed} {row.rules or ''}" for row in ROWS])
def test_a_number_is_read_as_it_is_meant(row: NumberRow) -> None:
    rules = NumberRules(**row.rules)
    kind = "array" if row.list else "number"
    read = read_typed(in_a_sheet(row.typed), kind=kind, file="answers.yaml", rules=rules)
    crossed = pickle.loads(pickle.dumps(read))  # as to the process that judges, and back
    assert (crossed, getattr(crossed, "why", "")) == (read, getattr(read, "why", ""))
    if row.read is None:
        assert isinstance(read, str)
        assert row.words in getattr(read, "why", "")
        return
    assert _listed(map_leaves(read, _as_written)) == row.read


def _as_written(number: Any) -> Any:
    if isinstance(number, NumberText | ComplexText):
        return number.text
    return f"{number:.4g}" if isinstance(number, complex) else number


def _listed(value: Any) -> Any:
    return [_listed(item) for item in value] if isinstance(value, tuple) else value


def test_what_to_change_is_said() -> None:
    found = compare_array(
        actual=typed_number("1,234"), expected=1234.0, tolerance=Tolerance(rtol=Fraction(1, 100))
    )
    assert found.reason is Reason.NOT_A_NUMBER
    assert found.detail.message == "it can be read in two ways, as 1234 or as 1.234: write which"
    assert found.actual == "1,234"


@given(st.text("0123456789.,+-*/^()[]; eEπ√%xmij∞", max_size=40) | st.text(max_size=30))
def test_any_text_is_a_number_or_stays_a_text(text: str) -> None:
    read = typed_number(text)
    assert isinstance(read, NumberText | ComplexText | float | complex) or read == text
    listed = typed_list(text, NumberRules())
    assert listed is None or isinstance(listed, tuple | Unread)


@pytest.mark.parametrize(
    "text",
    [
        "9^9^9^9",
        "10^9999*10^9999",
        "*".join(["9" * 40] * 4),
        "1e9999*1e9999",
        "(" * 399,
        "√" * 399,
        "1/" * 190 + "1",
        "[" * 5000,
        "[1," * 5000,
        "1" + " " * 19_000 + "2",
        "-" * 19_000,
        "=" * 19_000 + ">",
        "x = " * 4000,
        r"1\ " * 6_000,
        "[1" + "\\ " * 9_000 + "]",
        pytest.param("1 " * 9000, marks=pytest.mark.lengthy),
    ],
)
def test_hostile_numbers_end_in_time(text: str) -> None:
    def read() -> None:
        for rules in (NumberRules(), NumberRules(expressions=True)):
            typed_number(text, rules)
            typed_list(text, rules)
        for kind in ("array", "number"):
            read_typed(Typed(text, quoted=False, line=1), kind=kind, file="answers.yaml")

    assert sums_in(read) < 5_000


def test_a_quoted_text_says_why_and_is_still_the_text() -> None:
    read = read_typed(Typed("0,25", quoted=True), kind="number", file="answers.yaml")
    assert read == "0,25"
    assert isinstance(read, Unread)
