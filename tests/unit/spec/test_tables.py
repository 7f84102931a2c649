"""Tables as spreadsheets save them are read alike, whoever wrote them."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.spec.tables import TableFault, decoded_table, rows_of_table

TITLES = ["key", "points, of 2", "comment"]
ROWS = [["ann", "1,5", 'sagt "ja; nein"'], ["Zoë", "", "two\nlines"]]


def saved(separator: str, end: str, encoding: str, first: str = "") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end).writerows([TITLES, *ROWS])
    return (first + text.getvalue()).encode(encoding)


def known(titles: Sequence[str]) -> int:
    return len({*titles} & {*TITLES})


def read(content: bytes) -> list[list[str]]:
    return [cells for _, cells in rows_of_table(decoded_table(content)[0], known)[1]]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_what_a_spreadsheet_saved_is_read(separator: str, end: str, encoding: str) -> None:
    assert read(saved(separator, end, encoding)) == [TITLES, *ROWS]
    named = saved(separator, end, encoding, f"sep={separator}{end}")
    assert read(named) == [TITLES, *ROWS]


@pytest.mark.parametrize(("first", "lines"), [("", [1, 2, 4]), ("sep=,\n", [2, 3, 5])])
def test_lines_are_those_of_the_file(first: str, lines: list[int]) -> None:
    text, _ = decoded_table(saved(",", "\n", "utf-8", first))
    assert [line for line, _ in rows_of_table(text, known)[1]] == lines


def test_a_quote_that_stays_open_is_told_with_its_line() -> None:
    _, rows = rows_of_table('key,comment\nann,"x\nben,y\n', known)
    with pytest.raises(TableFault, match="line 3: unexpected end of data"):
        list(rows)


@given(content=st.binary(max_size=300))
def test_no_bytes_end_otherwise(content: bytes) -> None:
    with contextlib.suppress(TableFault):
        read(content)
