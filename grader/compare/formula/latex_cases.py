"""The rows of cases in LaTeX, and what else stands between \\begin and \\end."""

from __future__ import annotations

import re
from abc import abstractmethod

from grader.compare.formula.latex_commands import FRAMES
from grader.compare.formula.latex_pieces import (
    LatexCursor,
    LatexPiece,
    Written,
    condition_of_case,
    without_comma,
)
from grader.compare.formula.tree import FormulaError, quote

__all__ = ["CASES", "LatexCases"]

_ROWS = ("cases", "dcases", "rcases", "numcases")
#: What stands for cases behind a brace that opens.
CASES = (*_ROWS, "array", "matrix", "aligned")
_INLINE = re.compile(r"[\s,]*\b(?:if|for|when|otherwise|else)\b")


class LatexCases(LatexCursor):
    """Reads rows of value and condition."""

    @abstractmethod
    def row(self, level: int, stops: tuple[str, ...]) -> Written:
        """Everything up to one of the stops, which is not read."""

    @abstractmethod
    def _group(self, level: int) -> Written:
        """An argument: what stands in braces, or one token."""

    def _begins(self, names: tuple[str, ...]) -> bool:
        """Whether an environment of one of these names begins here."""
        rest = "".join(one.text for one in self._pieces[self._position : self._position + 20])
        found = re.match(r"\s*\\begin\s*\{(\w+)\*?\}", rest)
        return found is not None and found[1] in names

    def _environment(self, out: Written, piece: LatexPiece, level: int) -> None:
        name = self._group(level).text.replace(" ", "").rstrip("*")
        braced = name in CASES and self._position > 3 and self._is_braced()
        if name not in _ROWS and name in FRAMES and not braced:
            out.add(" ", piece)
        elif piece.text == "\\begin" and (name in _ROWS or braced):
            if name == "array":
                self._group(level)  # the columns
            self._cases(out, piece, level, name)
        else:
            msg = f"a LaTeX {quote(name)} cannot be read here"
            raise FormulaError(msg)

    def _is_braced(self) -> bool:
        before = "".join(one.text for one in self._pieces[: self._position])
        return re.search(r"\\left\s*\\(?:\{|lbrace)\s*\\begin\s*\{\w+\*?\}\Z", before) is not None

    def _cases(self, out: Written, piece: LatexPiece, level: int, name: str) -> None:
        """Rows of value and condition, as `where(condition, value, …, otherwise)`."""
        out.add("where(", piece)
        rows: list[tuple[str, Written]] = []
        while True:
            value = self.row(level + 1, ("&", "\\\\", "\\end"))
            condition = ""
            inline = _INLINE.search(value.text)
            if inline is not None:  # `x \\text{ if } x > 0` in one column
                condition = value.text[inline.start() :]
                value = Written(value.text[: inline.start()], value.places[: inline.start()])
            while self.at() == "&":
                self._position += 1
                condition += self.row(level + 1, ("&", "\\\\", "\\end")).text
            ended = self._take().text != "\\\\"
            if value.text.strip():
                rows.append((condition_of_case(condition), without_comma(value)))
            if ended:
                break
        if self._group(level).text.strip().rstrip("*") != name:
            msg = f"'\\end{{{name}}}' is missing in the LaTeX"
            raise FormulaError(msg)
        if sum(not holds for holds, _ in rows) > 1:
            msg = "two rows of the cases have no condition"
            raise FormulaError(msg)
        # What holds otherwise comes last, wherever it stands.
        for place, (holds, then) in enumerate(sorted(rows, key=lambda row: not row[0])):
            out.add(", " if place else "", piece)
            out.add(holds, piece)
            out.add_all(then)
        out.add(")", piece)
