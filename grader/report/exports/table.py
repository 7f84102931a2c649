"""A CSV of somebody else's: cells are read and changed, and every other byte stays as it is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from grader.report.exports.exported import ExportFault

__all__ = ["Table", "read_table"]

_MOST_BYTES = 64 << 20
_SEPARATORS = ",;\t"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_COMMA_DECIMAL = re.compile(r"-?\d+,\d+")
_POINT_DECIMAL = re.compile(r"-?\d+\.\d+")


@dataclass(slots=True)
class _Cell:
    raw: str  #: as it stands in the file, with its quotes
    value: str


@dataclass(slots=True)
class _Row:
    cells: list[_Cell]
    end: str  #: the line end, as it stands there


class Table:
    """Rows of cells, the first row being the header. Numbered from 0, as in the file."""

    def __init__(self, rows: list[_Row], *, separator: str, encoding: str, bom: bytes) -> None:
        self._rows = rows
        self._separator = separator
        self._encoding = encoding
        self._bom = bom

    @property
    def header(self) -> Sequence[str]:
        return [cell.value.strip() for cell in self._rows[0].cells]

    @property
    def rows(self) -> Iterator[int]:
        """The numbers of all rows below the header that hold anything."""
        for number, row in enumerate(self._rows[1:], start=1):
            if any(cell.value.strip() for cell in row.cells):
                yield number

    def get(self, row: int, column: int | None) -> str:
        """What a cell says, without space around it; "" where there is none."""
        cells = self._rows[row].cells
        return cells[column].value.strip() if column is not None and column < len(cells) else ""

    def set(self, row: int, column: int, value: str) -> None:
        """Put a value into a cell: quoted where it has to be, or where the old one was."""
        cells = self._rows[row].cells
        while len(cells) <= column:
            cells.append(_Cell("", ""))
        old = cells[column]
        if value == old.value:
            return
        special = any(char in value for char in f'{self._separator}"\r\n') or value != value.strip()
        if special or old.raw.startswith('"'):
            cells[column] = _Cell(f'"{value.replace(chr(34), chr(34) * 2)}"', value)
        else:
            cells[column] = _Cell(value, value)

    @property
    def decimal_mark(self) -> str:
        """What decimals are written with in it: a comma only where no number has a point."""
        values = [cell.value.strip() for row in self._rows[1:] for cell in row.cells]
        commas = any(_COMMA_DECIMAL.fullmatch(value) for value in values)
        return "," if commas and not any(map(_POINT_DECIMAL.fullmatch, values)) else "."

    def to_bytes(self) -> bytes:
        """The whole file; what its encoding cannot write becomes a question mark."""
        text = "".join(
            self._separator.join(cell.raw for cell in row.cells) + row.end for row in self._rows
        )
        return self._bom + text.encode(self._encoding, "replace")


def read_table(
    content: bytes, name: str, fits: Callable[[Sequence[str]], bool], what: str
) -> Table:
    """The table of a CSV file, with the first separator under which `fits` knows the header.

    `what` it should be, for whoever gives another file.

    Raises ExportFault where it is not text, or where no separator gives such a header.
    """
    text, encoding, bom = _decoded(content, name)
    for separator in _SEPARATORS:
        end = _header_end(text, separator)
        if fits([cell.value.strip() for cell in _rows(text[:end], separator)[0].cells]):
            return Table(_rows(text, separator), separator=separator, encoding=encoding, bom=bom)
    first = text.splitlines()[0][:60] if text.strip() else ""
    msg = f"{name} is not {what}; its first line is {first!r}"
    raise ExportFault(msg if first else f"{name} is empty")


def _decoded(content: bytes, name: str) -> tuple[str, str, bytes]:
    if len(content) > _MOST_BYTES:
        msg = f"{name} has more than {_MOST_BYTES >> 20} MiB"
        raise ExportFault(msg)
    if content.startswith((b"PK\3\4", b"\xd0\xcf\x11\xe0")):
        msg = f"{name} is a spreadsheet or an archive, not CSV: save it as CSV"
        raise ExportFault(msg)
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            try:
                return content[len(bom) :].decode(encoding), encoding, bom
            except UnicodeDecodeError as error:
                msg = f"{name} cannot be read as {encoding}"
                raise ExportFault(msg) from error
    if b"\0" in content:
        msg = f"{name} is not text"
        raise ExportFault(msg)
    try:
        return content.decode("utf-8"), "utf-8", b""
    except UnicodeDecodeError:
        return content.decode("latin-1"), "latin-1", b""  # every byte is kept


def _header_end(text: str, separator: str) -> int:
    """Where the header ends, so that a large file is not read once for each separator."""
    row = _row(separator).match(text)
    return row.end() if row else len(text)


def _row(separator: str) -> re.Pattern[str]:
    cell = _cell(separator).pattern
    return re.compile(f"{cell}(?:{re.escape(separator)}{cell})*")


def _cell(separator: str) -> re.Pattern[str]:
    """A cell with quotes around it, and whatever follows them; or one without."""
    plain = f"[^{re.escape(separator)}\r\n]*+"
    return re.compile(f'(?:"(?:[^"]++|"")*+"{plain}|{plain})')


def _rows(text: str, separator: str) -> list[_Row]:
    cell = _cell(separator)
    rows = [_Row([], "")]
    place = 0
    while True:
        found = cell.match(text, place)
        assert found is not None  # it may be empty
        rows[-1].cells.append(_Cell(found[0], _value(found[0])))
        place = found.end()
        if place == len(text):
            break
        if text[place] == separator:
            place += 1
            continue
        rows[-1].end = "\r\n" if text.startswith("\r\n", place) else text[place]
        place += len(rows[-1].end)
        if place == len(text):
            break
        rows.append(_Row([], ""))
    return rows


def _value(raw: str) -> str:
    if not raw.startswith('"'):
        return raw
    end = raw.rfind('"')
    return raw[1:end].replace('""', '"') + raw[end + 1 :] if end > 0 else raw
