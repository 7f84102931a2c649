"""Pieces of LaTeX source, and what is written for them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from grader.compare.formula.tree import FormulaError

__all__ = [
    "LatexCursor",
    "LatexPiece",
    "Written",
    "condition_of_case",
    "pieces_of",
    "right_side",
    "without_comma",
    "without_remarks",
]

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL)
_IF = re.compile(r"\A[\s,]*(?:if|for|when|where)\b|[\s,.;]+\Z")
_REMARK = re.compile(r"(?m)(^|[^\\\d\s]\s*|\n)%[^\n\\$]*(?=$)")
_ELSE = re.compile(r"[\s,]*(?:otherwise|else|elsewhere)[\s.,;]*")
_BARE_EQUALS = re.compile(r"(?<![<>=])=(?!=)")


@dataclass(frozen=True, slots=True)
class LatexPiece:
    text: str
    start: int
    end: int


def without_remarks(text: str) -> str:
    """The text with spaces in place of what stands behind a % and is not part of the formula."""
    return _REMARK.sub(lambda found: found[1] + " " * (len(found[0]) - len(found[1])), text)


def pieces_of(text: str) -> list[LatexPiece]:
    """The commands, numbers, spaces and single characters of a text."""
    return [LatexPiece(match[0], *match.span()) for match in _TOKEN.finditer(text)]


def right_side(pieces: list[LatexPiece]) -> int:
    """Where the formula begins: behind the first `=` that stands in no braces."""
    depth = 0
    for index, piece in enumerate(pieces):
        if piece.text in ("\\begin", "\\le", "\\ge", "\\leq", "\\geq", "<", ">"):
            name = "".join(one.text for one in pieces[index + 1 : index + 12])
            if piece.text != "\\begin" or name.startswith("{cases"):
                return 0
        depth += {"{": 1, "}": -1}.get(piece.text, 0)
        if piece.text == "=" and depth == 0:
            return index + 1
    return 0


@dataclass(slots=True)
class Written:
    """Text that comes out, with the places in the source that it stands for."""

    text: str = ""
    places: list[tuple[int, int]] = field(default_factory=list)

    def add(self, text: str, piece: LatexPiece) -> None:
        self.text += text
        self.places += [(piece.start, piece.end)] * len(text)

    def add_all(self, other: Written) -> None:
        self.text += other.text
        self.places += other.places


def without_comma(value: Written) -> Written:
    length = len(value.text.rstrip(" ,;\n"))
    return Written(value.text[:length], value.places[:length])


def condition_of_case(text: str) -> str:
    """The condition of a row of cases, with a comma behind it; empty for `otherwise`."""
    plain = _IF.sub("", text)
    if not plain.strip() or _ELSE.fullmatch(plain):
        return ""
    return _BARE_EQUALS.sub("==", plain) + ", "


class LatexCursor:
    """A place in a row of pieces that moves on as they are read."""

    def __init__(self, pieces: list[LatexPiece], length: int) -> None:
        self._pieces = pieces
        self._position = 0
        self._end = LatexPiece("", length, length)

    def at(self) -> str:
        """The next token; empty at the end."""
        return self._next().text

    def _next(self) -> LatexPiece:
        return self._pieces[self._position] if self._position < len(self._pieces) else self._end

    def _take(self) -> LatexPiece:
        piece = self._next()
        self._position += 1
        return piece

    def _skip_spaces(self) -> None:
        while self.at().isspace():
            self._position += 1

    def _expect(self, text: str) -> None:
        self._skip_spaces()
        if self._take().text != text:
            msg = f"{text!r} is missing in the LaTeX"
            raise FormulaError(msg)

    def _through(self, piece: LatexPiece) -> LatexPiece:
        """From this token to the last one that was read."""
        last = self._pieces[min(self._position, len(self._pieces)) - 1]
        return LatexPiece(piece.text, piece.start, last.end)
