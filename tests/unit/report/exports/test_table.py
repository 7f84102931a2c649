"""A CSV of somebody else's keeps every byte but those of the cells that are set."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.report.exports.exported import ExportFault
from grader.report.exports.table import Table, read_table
from tests.some import some


def read(content: bytes) -> Table:
    return read_table(content, "sheet.csv", lambda header: len(header) > 1, "a table")


NASTY = st.text(
    st.sampled_from("a1 \"',;\t\r\n=ü\ufeff\u2028\\") | st.characters(exclude_categories=["Cs"])
)


@settings(max_examples=some(120))
@given(
    text=st.lists(st.lists(NASTY, min_size=1, max_size=4), max_size=5).map(
        lambda rows: "a,b\r\n" + "\n".join(",".join(row) for row in rows)
    ),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@example(text='a,b\n"x""y" z,"un\nclosed\r', encoding="utf-8")
@example(text="a,b\r1,2\r\r\n", encoding="utf-8-sig")
def test_what_is_not_set_stays(text: str, encoding: str) -> None:
    content = text.encode(encoding)
    if encoding == "utf-8" and "\0" in text:
        return
    assert read(content).to_bytes() == content


@settings(max_examples=some(80))
@given(
    cells=st.lists(st.lists(NASTY, min_size=3, max_size=3), min_size=1, max_size=4),
    row=st.integers(0, 3),
    column=st.integers(0, 2),
    value=NASTY,
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    separator=st.sampled_from(",;\t"),
)
def test_a_strict_reader_finds_the_value_that_was_set_and_all_others(
    cells: list[list[str]], row: int, column: int, value: str, quoting: Any, separator: str
) -> None:
    row %= len(cells)
    if any("\0" in one for line in cells for one in line):
        return
    text = io.StringIO()
    header = ["one", "two", "three"]
    csv.writer(text, delimiter=separator, quoting=quoting).writerows([header, *cells])
    table = read_table(text.getvalue().encode(), "x", lambda found: found == header, "it")
    table.set(row + 1, column, value)
    cells[row][column] = value
    written = io.StringIO(table.to_bytes().decode(), newline="")
    assert [*csv.reader(written, delimiter=separator, strict=True)] == [header, *cells]


def test_a_cell_that_was_quoted_stays_so() -> None:
    table = read(b'a,b\n"1",2\n')
    table.set(1, 0, "3")
    table.set(1, 1, "4")
    assert table.to_bytes() == b'a,b\n"3",4\n'


def test_a_short_row_gets_the_cell_that_it_lacks() -> None:
    table = read(b"a,b,c\n1\n")
    table.set(1, 2, "7")
    assert table.to_bytes() == b"a,b,c\n1,,7\n"


def test_a_byte_that_is_no_utf8_stays() -> None:
    content = "a,b\nJürgen,1\n".encode("cp1252")
    table = read(content)
    assert table.get(1, 0) == "Jürgen"
    assert table.to_bytes() == content


@pytest.mark.parametrize(
    ("content", "mark"),
    [
        (b"a;b\n7,5;1\n", ","),
        (b"a,b\n7.5,1\n", "."),
        (b"a;b\n7,5;1.5\n", "."),
        (b"a,b\n7,1\n", "."),
    ],
)
def test_decimals_are_written_as_in_the_file(content: bytes, mark: str) -> None:
    assert read(content).decimal_mark == mark


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"PK\3\4rest", "save it as CSV"),
        (b"a\0b,c", "is not text"),
        (b"\xff\xfea", "cannot be read as utf-16"),
        (b"just words\n1\n", "is not a table; its first line is 'just words'"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(ExportFault, match=r"sheet\.csv") as fault:
        read(content)
    assert said in str(fault.value)
