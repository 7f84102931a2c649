"""Tables as spreadsheets save them (CSV), whatever the encoding, separator and line ends."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence

__all__ = ["TableFault", "decoded_table", "rows_of_table"]

_SEPARATORS = (",", ";", "\t", "|")
_NO_TEXT = (b"PK\3\4", b"\xd0\xcf\x11\xe0")  #: begins zips, and so .xlsx and .ods; and .xls
_NAMED = re.compile(r"sep=(.)[^\S\r\n]*(?:\r\n|\r|\n)", re.IGNORECASE)


class TableFault(Exception):
    """The text is not a table; says where and why."""


def decoded_table(content: bytes) -> tuple[str, bool]:
    """The text, and whether it is only taken for what Windows writes: UTF-8 and UTF-16, with or
    without a byte order mark, come first. Raises TableFault for what is not text at all."""
    if content.startswith(_NO_TEXT):
        msg = "it is a spreadsheet or an archive, not CSV: save it as CSV"
        raise TableFault(msg)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), False
    half = content[: 1 << 10]
    for encoding, zeros in (("utf-16-le", half[1::2]), ("utf-16-be", half[::2])):
        if zeros.count(0) > len(half) // 4:
            return content.decode(encoding, "replace"), False
    try:
        return content.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), True


def rows_of_table(
    text: str, known: Callable[[Sequence[str]], int]
) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    """The separator, and the rows that are not empty with the lines in which they end.

    The separator is that of a line `sep=;`, else the one under which the most titles of the first
    row are `known`. The rows raise TableFault where a quote is not closed: it would take in all
    that follows.
    """
    text = text.replace("\0", "")
    named = _NAMED.match(text)
    if named is not None:
        return named[1], _rows(text[named.end() :], named[1], 1)
    first = next((line for line in text.splitlines() if line.strip()), "")

    def titles_known(separator: str) -> int:
        titles = next(csv.reader([first], delimiter=separator, skipinitialspace=True), [])
        return known([title.strip() for title in titles])

    separator = max(_SEPARATORS, key=titles_known)
    return separator, _rows(text, separator, 0)


def _rows(text: str, separator: str, before: int) -> Iterator[tuple[int, list[str]]]:
    stream = io.StringIO(text, newline="")
    reader = csv.reader(stream, delimiter=separator, strict=True, skipinitialspace=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield before + reader.line_num, cells
    except csv.Error as error:
        msg = f"line {before + reader.line_num}: {error}"
        raise TableFault(msg) from None
