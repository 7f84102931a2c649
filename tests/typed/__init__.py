"""Tables of what people type, how it is read, and what they are told.

`formulas.yaml` says how a row is added. The page for students is made from the same rows:
`python -m tests.typed` writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from grader.compare.formula import Language

__all__ = [
    "PAGE",
    "NumberRow",
    "Row",
    "SheetRow",
    "formula_rows",
    "language_of",
    "number_rows",
    "page",
    "shapes_of",
    "sheet_rows",
]

HERE = Path(__file__).parent
_ABOVE = """# What you may type

A formula is read as a person would read it. Where more than one reading is possible nothing is
guessed: you are told both, and write the one that you mean. How a formula was read stands below it
(`read as …`) wherever that is not letter for letter what you typed.

The names below (`w`, `x`, `z1`, …) are examples: yours are those of the assignment. The tables are
made from rows that are tested with each change of the program."""
PAGE = HERE.parent.parent / "docs" / "students" / "what-you-may-type.md"


@dataclass(frozen=True)
class Row:
    """One thing that somebody types."""

    typed: str
    verdict: str
    names: str = "numbers"
    read: str = ""
    key: str = ""
    words: str = ""


@dataclass(frozen=True)
class NumberRow:
    """One number or list that somebody types."""

    typed: str
    read: Any = None
    words: str = ""
    list: bool = False
    rules: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SheetRow:
    """One whole sheet that somebody types."""

    typed: str
    read: Mapping[str, Any] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    line: int = 0
    file: str = "answers.yaml"
    note: str = ""
    missing: Mapping[str, str] = field(default_factory=dict)


@cache
def _tables(name: str = "formulas") -> Mapping[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, and ten times as fast
    tables: Mapping[str, Any] = yaml.load((HERE / f"{name}.yaml").read_text("utf-8"), Loader=loader)
    return tables


def number_rows() -> list[NumberRow]:
    """All rows of numbers.yaml."""
    return [
        NumberRow(**row) for section in _tables("numbers")["sections"] for row in section["rows"]
    ]


def sheet_rows() -> list[SheetRow]:
    """All rows of sheets.yaml."""
    return [SheetRow(**row) for section in _tables("sheets")["sections"] for row in section["rows"]]


def _rows(section: Mapping[str, Any]) -> list[Row]:
    shared = {name: section[name] for name in ("names", "key") if name in section}
    return [Row(**{**shared, **row}) for row in section["rows"]]


def formula_rows() -> list[Row]:
    """All rows of all sections."""
    return [row for section in _tables()["sections"] for row in _rows(section)]


@cache
def language_of(group: str) -> Language:
    """The names that the rows of a group may use."""
    names = _tables()["names"][group]
    return Language.of(
        {name: tuple(others) for name, others in names["symbols"].items()},
        {name: tuple(others) for name, others in names.get("functions", {}).items()},
        arrays=names.get("arrays", {}),
        matrix_power=names.get("matrix_power", False),
        imaginary=names.get("imaginary", False),
    )


def shapes_of(group: str) -> Mapping[str, tuple[int, ...]]:
    """The shapes of the names that are arrays."""
    arrays = _tables()["names"][group].get("arrays", {})
    return {name: tuple(shape) for name, shape in arrays.items()}


def page() -> str:
    """The page for students, made from the rows."""
    lines = [_ABOVE]
    for section in _tables()["sections"]:
        lines += ["", f"## {section['title']}", "", section["says"], ""]
        lines += ["| you type | it is read as |", "|---|---|"]
        seen: set[str] = set()
        for row in _rows(section):
            if row.typed in seen:
                continue
            seen.add(row.typed)
            read = _code(row.read) if row.read else f"refused: {_cell(_told(row))}"
            lines.append(f"| {_code(row.typed)} | {read} |")
    for section in _tables("numbers")["sections"]:
        lines += ["", f"## {section['title']}", "", section["says"], ""]
        lines += ["| you type | it is read as |", "|---|---|"]
        lines += [_number_line(NumberRow(**row)) for row in section["rows"]]
    for section in _tables("sheets")["sections"]:
        lines += ["", f"## Sheets: {section['title'].lower()}", "", section["says"], ""]
        lines += ["| you type | what comes of it |", "|---|---|"]
        lines += [_sheet_line(SheetRow(**row)) for row in section["rows"]]
    return "\n".join(lines) + "\n"


def _sheet_line(row: SheetRow) -> str:
    said = [
        f"{name} counts: {_code(_visible(str(_plain(read))))}" for name, read in row.read.items()
    ]
    said += [f"{name} waits for a person: {_cell(why)}" for name, why in row.held.items()]
    said += [f"{name} does not count: {_cell(why)}" for name, why in row.missing.items()]
    said += [f"a note: {_cell(row.note)}"] if row.note else []
    typed = "<br>".join(_code(_visible(line)) for line in row.typed.split("\n") if line)
    return f"| {typed} | {'<br>'.join(said)} |"


def _visible(line: str) -> str:
    """A line with what nobody sees in it made visible."""
    return line.replace("\t", "→").replace("\r", "␍").replace("\n", "↵").replace("\ufeff", "")


def _number_line(row: NumberRow) -> str:
    rules = dict(row.rules)
    if "calculations" in rules:  # it follows from the tolerance
        rules["strict"] = not rules.pop("calculations")
    allowed = ", ".join(f"{name}: {_yaml(value)}" for name, value in rules.items())
    where = f" (with {_code(allowed)} in the assignment)" if allowed else ""
    typed = "<br>".join(_code(line) for line in row.typed.split("\n") if line)
    if row.read is None:
        return f"| {typed} | refused{where}{f': {_cell(row.words)}' if row.words else ''} |"
    return f"| {typed} | {_code(_plain(row.read))}{where} |"


def _yaml(value: Any) -> str:
    return {True: "true", False: "false"}.get(value, str(value))


def _plain(read: Any) -> str:
    if isinstance(read, dict):
        return f"{{{', '.join(f'{name}: {_plain(part)}' for name, part in read.items())}}}"
    return f"[{', '.join(map(_plain, read))}]" if isinstance(read, list) else str(read)


def _told(row: Row) -> str:
    from grader.compare.formula import FormulaError, understood

    try:
        understood(row.typed, language_of(row.names))
    except FormulaError as error:
        return str(error)
    return f"can be read in two ways, {row.words}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{_cell(text)}`"
