"""Read a notebook: its code, its text, and the pictures that its cells gave.

The file is JSON, of nbformat 3 (`worksheets`) or 4 (`cells`). Cells are counted from 1 as they
stand in the document, text and code alike, and so they are named to students.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.submissions.encoded_text import decoded
from grader.submissions.magics import WrittenFile, python_of

__all__ = ["Notebook", "NotebookFault", "Picture", "read_notebook"]

_MOST_CELLS = 2_000
_MOST_PICTURES = 100
_MOST_BYTES = 4 << 20  #: of a picture
_HEAD_BYTES = 16  #: of one that is larger or damaged
_PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg"}
_IN_VERSION_3 = {"png": "png", "jpeg": "jpg", "svg": "svg"}


class NotebookFault(Exception):
    """The file is not a notebook that can be read; says why, in a student's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture among the outputs of a cell, and what stands around it."""

    cell: int
    suffix: str
    content: bytes  #: or its first bytes
    about: str  #: the code that made it, and the text right above

    @property
    def name(self) -> str:
        return f"cell {self.cell}.{self.suffix}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notebook:
    """Pairs of the number of a cell and its text; code is Python, without magics."""

    code: tuple[tuple[int, str], ...]
    texts: tuple[tuple[int, str], ...]  #: Markdown
    written: Mapping[str, str]  #: files that cells write, by name
    pictures: tuple[Picture, ...]


def read_notebook(content: bytes, *, modules: Collection[str] = ()) -> Notebook:
    """Read a notebook. `modules` are the names of modules beside it. Raises NotebookFault."""
    data = _json(content)
    code: list[tuple[int, str]] = []
    texts: list[tuple[int, str]] = []
    written: dict[str, str] = {}
    pictures: list[Picture] = []
    above = ""
    for number, cell in enumerate(_cells(data), 1):
        kind = cell.get("cell_type")
        text = _text(cell.get("source", cell.get("input", "")))
        if kind != "code":
            above = text
            if kind == "markdown":
                texts.append((number, text))
            continue
        python = python_of(text, modules)
        if isinstance(python, WrittenFile):
            before = written.get(python.name, "") if python.appended else ""
            written[python.name] = f"{before}\n{python.text}" if before else python.text
        elif python.strip():
            code.append((number, python))
        pictures += _pictures(cell, number, f"{above}\n{text}")
        above = ""
    return Notebook(
        code=tuple(code),
        texts=tuple(texts),
        written=written,
        pictures=tuple(pictures[:_MOST_PICTURES]),
    )


def _json(content: bytes) -> dict[str, Any]:
    text = decoded(content)
    if any("\udc80" <= letter <= "\udcff" for letter in text):
        msg = "it is not UTF-8 text"
        raise NotebookFault(msg)
    if not text.strip():
        msg = "it is empty"
        raise NotebookFault(msg)
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        merge = " (a merge left its marks there)" if "\n<<<<<<<" in text else ""
        msg = f"it is broken at line {error.lineno}{merge}"
        raise NotebookFault(msg) from None
    except (ValueError, RecursionError):  # a number of thousands of digits; too deep
        msg = "it is broken"
        raise NotebookFault(msg) from None
    if not isinstance(data, dict):
        msg = "it has no cells"
        raise NotebookFault(msg)
    language = _language(data.get("metadata"))
    if language and "python" not in language.lower():
        msg = f"its language is {language[:40]}, not Python"
        raise NotebookFault(msg)
    return data


def _language(metadata: Any) -> str:
    metadata = metadata if isinstance(metadata, dict) else {}
    for key, name in (("kernelspec", "language"), ("language_info", "name")):
        inner = metadata.get(key)
        if isinstance(inner, dict) and isinstance(inner.get(name), str):
            return str(inner[name])
    return ""


def _cells(data: dict[str, Any]) -> list[dict[str, Any]]:
    sheets = data.get("worksheets")
    found = data.get("cells")
    if not isinstance(found, list):
        if not isinstance(sheets, list):
            msg = "it has no cells"
            raise NotebookFault(msg)
        lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        found = [cell for cells in lists if isinstance(cells, list) for cell in cells]
    if len(found) > _MOST_CELLS:
        msg = f"it has more than {_MOST_CELLS} cells"
        raise NotebookFault(msg)
    return [cell if isinstance(cell, dict) else {} for cell in found]


def _text(source: Any) -> str:
    """The text of a cell, which is a text or a list of lines."""
    if isinstance(source, list):
        lines = [line for line in source if isinstance(line, str)]
        ended = any(line.endswith("\n") for line in lines[:-1])
        source = ("" if ended else "\n").join(lines)
    if not isinstance(source, str):
        return ""
    whole = source.replace("\r\n", "\n").replace("\r", "\n")
    return whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _pictures(cell: dict[str, Any], number: int, about: str) -> Iterator[Picture]:
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else ():
        if not isinstance(output, dict):
            continue
        data = output.get("data")
        kinds = _PICTURES if isinstance(data, dict) else _IN_VERSION_3
        held = data if isinstance(data, dict) else output
        for kind, suffix in kinds.items():
            content = _picture(held.get(kind), plain=suffix == "svg")
            if content:
                yield Picture(cell=number, suffix=suffix, content=content, about=about)
                break


def _picture(encoded: Any, *, plain: bool) -> bytes:
    """All of it, or of what is too large or damaged the first bytes; b"" for what is none."""
    text = _text(encoded)
    if plain:
        content = text.encode("utf-8", "replace")
        return content if len(content) <= _MOST_BYTES else content[:_HEAD_BYTES]
    try:
        head = base64.b64decode("".join(text[:200].split())[:24], validate=True)[:_HEAD_BYTES]
    except (binascii.Error, ValueError):
        return b""
    if len(text) > 2 * _MOST_BYTES:
        return head
    try:
        content = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return head
    return content if len(content) <= _MOST_BYTES else head
