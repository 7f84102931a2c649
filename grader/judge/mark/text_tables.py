"""Tables in a text: Markdown, CSV, LaTeX, or cells with spaces between them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.judge.mark.typed_numbers import typed_number

__all__ = ["are_names", "rows_of_table", "text_table"]

_MOST_TEXT = 100_000
_RULE = re.compile(r"[-:|+=\s]+")
_LATEX_RULE = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|centering|cline\{[^{}]*\}"
    r"|(?:begin|end)\{[^{}]*\}(?:\[[^\]]*\])?(?:\{[^{}]*\})?)"
)
_STYLED = re.compile(r"\\(?:textbf|textit|text|mathrm|emph)\s*\{([^{}]*)\}|[$`*]|\\(?=[_%&#])")
_ESCAPED = re.compile(r"(?<!\\)&")
_SEPARATORS: tuple[str | re.Pattern[str], ...] = (
    "\t",
    ";",
    re.compile(r",\s*"),
    re.compile(r"\s{2,}"),
    re.compile(r"\s+"),
)
_DECIMAL = re.compile(r"[0-9][.,]?[0-9]*")


def text_table(text: str) -> Sequence[Sequence[str]] | None:
    """The cells of a table of two lines or more, each of as many; None for another text."""
    if len(text) > _MOST_TEXT or ("\n" not in text and "\\\\" not in text):
        return None
    latex = "\\\\" in text or "\\begin{tab" in text
    if latex:
        text = _LATEX_RULE.sub(" ", text)
        lines = [line.strip() for line in text.split("\\\\")]
        rows = [_ESCAPED.split(line) for line in lines if line]
    else:
        lines = [line.strip() for line in text.split("\n")]
        lines = [line for line in lines if line and not _RULE.fullmatch(line)]
        rows = _cut(lines)
    found = [[_STYLED.sub(r"\1", cell).strip() for cell in row] for row in rows]
    same = len(found) > 1 and len({len(row) for row in found}) == 1
    return found if same else None


def _cut(lines: Sequence[str]) -> list[list[str]]:
    """Each line at its bars, tabs, semicolons, commas or spaces, whatever stands in all of them."""
    if all("|" in line for line in lines):
        return [line.strip("|").split("|") for line in lines]
    for sign in _SEPARATORS:
        rows = [line.split(sign) if isinstance(sign, str) else sign.split(line) for line in lines]
        if all(len(row) > 1 for row in rows):
            return rows
    return []


def are_names(row: Sequence[str]) -> bool:
    """Whether a row of cells holds no number, as the one in which the columns are named."""
    return not any(_is_number(cell) for cell in row)


def _is_number(cell: str) -> bool:
    return not isinstance(typed_number(cell), str) or _DECIMAL.fullmatch(cell) is not None


def rows_of_table(text: str) -> str:
    """The numbers of a table as a list of rows; without its names, and without a first column that
    counts the rows. The text itself where it is not such a table."""
    rows = text_table(text) or ()
    named = bool(rows) and are_names(rows[0])
    numbers = [list(row) for row in (rows[1:] if named else rows)]
    if not numbers or not (named or "|" in text) or any(are_names(row) for row in numbers):
        return text
    first = [row[0] for row in numbers]
    if named and len(numbers[0]) > 1 and first in _counts(len(numbers)):
        numbers = [row[1:] for row in numbers]
    shown = [row[0] if len(row) == 1 else f"[{'; '.join(row)}]" for row in numbers]
    return f"[{', '.join(shown)}]"


def _counts(length: int) -> list[list[str]]:
    return [[str(number) for number in range(begin, begin + length)] for begin in (0, 1)]
