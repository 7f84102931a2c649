"""LaTeX as it stands in reports, put into the plain spelling of formulas.

A command that is not listed here cannot be written. Every character that comes out knows where in
the source it was typed, so that messages quote the source.
"""

from __future__ import annotations

import re

from grader.compare.formula.latex_cases import CASES, LatexCases
from grader.compare.formula.latex_commands import (
    ACCENTS,
    ALONE,
    FRACTIONS,
    FUNCTIONS,
    OPENING,
    PASSED_OVER,
    SIGNS,
    STYLES,
    WITH_ARGUMENT,
)
from grader.compare.formula.latex_pieces import (
    LatexPiece,
    Written,
    pieces_of,
    right_side,
    without_remarks,
)
from grader.compare.formula.spelling import Plain, spelt
from grader.compare.formula.tree import MAX_LEVEL, FormulaError, quote

__all__ = ["is_latex", "plain_of_latex"]

_LATEX = re.compile(r"\\[A-Za-z({\[|,;:!]|\$|\^\{?\*(?!\*)")
_SCRIPT = re.compile(r"(?:_\w+|[.^]T)\Z")  # a subscript or a T at the end
_ONES = ("\\mathbb", "\\mathbbm", "\\mathds")


def is_latex(text: str) -> bool:
    """Whether the text has a command of LaTeX in it."""
    return _LATEX.search(text) is not None


def plain_of_latex(text: str) -> Plain:
    """The formula in the plain spelling. Raises FormulaError for what cannot be read."""
    found = pieces_of(without_remarks(text))
    reader = _Reader(found[right_side(found) :], len(text))
    written = reader.row(0, ())
    if reader.at():
        msg = f"{quote(reader.at())} does not belong where it stands"
        raise FormulaError(msg)
    return spelt(written.text, Plain(text, written.text, written.places))


class _Reader(LatexCases):
    def __init__(self, pieces: list[LatexPiece], length: int) -> None:
        super().__init__(pieces, length)
        self._norm = False  # between double bars

    def row(self, level: int, stops: tuple[str, ...]) -> Written:
        """Everything up to one of the stops, which is not read."""
        if level > MAX_LEVEL:
            msg = "the formula is nested too deep"
            raise FormulaError(msg)
        out = Written()
        while self.at() and self.at() not in stops:
            if self.at() == "}":
                msg = "'}' does not belong where it stands"
                raise FormulaError(msg)
            self._item(out, level)
        return out

    def _group(self, level: int) -> Written:
        """An argument: what stands in braces, or one token."""
        self._skip_spaces()
        piece = self._next()
        if piece.text == "{":
            self._position += 1
            inner = self.row(level + 1, ("}",))
            self._expect("}")
            return inner
        out = Written()
        if piece.text and piece.text[0].isdigit() and len(piece.text) > 1:
            # `\frac12`: one digit is one argument
            self._pieces[self._position] = LatexPiece(piece.text[1:], piece.start + 1, piece.end)
            out.add(piece.text[0], LatexPiece(piece.text[0], piece.start, piece.start + 1))
        elif piece.text:
            self._item(out, level + 1, scripts=False)
        return out

    def _item(self, out: Written, level: int, *, scripts: bool = True) -> None:
        if level > MAX_LEVEL:
            msg = "the formula is nested too deep"
            raise FormulaError(msg)
        piece = self._take()
        text = piece.text
        if text in ("_", "^"):
            self._position -= 1
        elif text == "{" and [one.text for one in self._pieces[self._position :][:2]] == [",", "}"]:
            out.add(",", self._take())  # the comma of `1{,}5`
            self._position += 1
        elif text == "{":
            self._position -= 1
            self._around(out, "(", self._group(level), ")", piece)
        elif text.startswith("\\"):
            self._command(out, piece, level)
        else:
            out.add(" " if text in ("$", "&", "~") else text, piece)
        if scripts:
            self._scripts(out, level)

    def _around(
        self, out: Written, before: str, inner: Written, after: str, piece: LatexPiece
    ) -> None:
        out.add(before, piece)
        out.add_all(inner)
        out.add(after, piece)

    def _word(self, out: Written, name: str, piece: LatexPiece) -> None:
        """A name that does not run into those beside it."""
        if out.text[-1:].isalnum():
            out.add(" ", piece)
        out.add(name, piece)
        if self.at()[:1].isalnum():
            out.add(" ", piece)

    def _command(self, out: Written, piece: LatexPiece, level: int) -> None:
        name = piece.text
        if name in PASSED_OVER:
            out.add(" ", piece)
            if name in ("\\quad", "\\qquad"):
                self._refuse_condition()
        elif name in WITH_ARGUMENT:
            self._group(level)
        elif name in SIGNS:
            sign = SIGNS[name]
            (self._word(out, sign, piece) if sign.isalpha() else out.add(sign, piece))
        elif name in FUNCTIONS:
            self._word(out, name[1:], piece)
        elif name in ("\\left", "\\right"):
            self._delimiter(out, name, piece)
        elif name in ("\\|", "\\Vert"):
            out.add(")" if self._norm else "norm(", piece)
            self._norm = not self._norm
        elif name in OPENING:
            out.add(OPENING[name], piece)
        elif name in FRACTIONS:
            above, below = self._group(level), self._group(level)
            self._around(out, "((", above, ")/(", piece)
            self._around(out, "", below, "))", piece)
        elif name == "\\sqrt":
            self._root(out, piece, level)
        elif name in _ONES:
            self._indicator(out, piece, level)
        elif name in STYLES:
            inner = self._group(level)
            out.add("" if not out.text[-1:].isalnum() else " ", piece)
            out.add_all(inner)
            out.add(" " if self.at()[:1].isalnum() else "", piece)
        elif name in ACCENTS:
            self._accent(out, piece, level)
        elif name in ("\\begin", "\\end"):
            self._environment(out, piece, level)
        else:
            hint = ALONE.get(name, "")
            msg = f"the LaTeX command {quote(name)} cannot be read here{hint}"
            raise FormulaError(msg)

    def _delimiter(self, out: Written, name: str, piece: LatexPiece) -> None:
        self._skip_spaces()
        delimiter = self._take()
        opening = name == "\\left"
        if opening and delimiter.text in ("\\{", "\\lbrace") and self._begins(CASES):
            return  # the cases have brackets of their own
        if delimiter.text in ("|", "\\vert", "\\lvert", "\\rvert"):
            out.add("abs(" if opening else ")", piece)
        elif delimiter.text in ("\\|", "\\Vert", "\\lVert", "\\rVert"):
            out.add("norm(" if opening else ")", piece)
        elif delimiter.text != ".":
            out.add(OPENING.get(delimiter.text, delimiter.text), delimiter)

    def _root(self, out: Written, piece: LatexPiece, level: int) -> None:
        self._skip_spaces()
        index = Written()
        if self.at() == "[":
            self._position += 1
            index = self.row(level + 1, ("]",))
            self._expect("]")
        inner = self._group(level)
        order = index.text.strip()
        if order in ("", "2", "3"):
            self._around(out, "cbrt(" if order == "3" else "sqrt(", inner, ")", piece)
            return
        self._around(out, "((", inner, ")^(1/(", piece)
        self._around(out, "", index, ")))", piece)

    def _refuse_condition(self) -> None:
        """`2x \\quad (x > 0)`: what stands apart behind the formula says where it holds."""
        rest = "".join(one.text for one in self._pieces[self._position :])
        if re.match(r"\s*(?:[,;]|\\,|\\text\{[^}]*\}|\(|\s)*[^=+*()]*(?:[<>]|\\[gl]eq?\b)", rest):
            msg = (
                "a condition stands behind the formula: take it away, or write "
                "where(condition, value, other value)"
            )
            raise FormulaError(msg)

    def _indicator(self, out: Written, piece: LatexPiece, level: int) -> None:
        """`\\mathbb{1}[z > 0]` or with the condition below: 1 where it holds, else 0."""
        self._group(level)
        if self.at() == "_":
            self._position += 1
            self._around(out, "(", self._group(level), ")", piece)
            return
        if self.at() not in ("(", "[", "\\{", "\\left"):
            msg = "an indicator needs its condition in brackets"
            raise FormulaError(msg)

    def _accent(self, out: Written, piece: LatexPiece, level: int) -> None:
        inner = self._group(level)
        self._word(out, f"{inner.text.strip()}_{ACCENTS[piece.text]}", self._through(piece))

    def _scripts(self, out: Written, level: int) -> None:
        """Subscript and superscript, in whatever order, and primes."""
        raised: list[tuple[LatexPiece, Written]] = []
        while self.at() in ("_", "^"):
            piece = self._take()
            if piece.text == "_":
                below = self._group(level)
                if re.search("[<>=]", below.text):
                    self._condition(out, below, piece)
                else:
                    name = re.sub(r"[\s,]+|\\", "", below.text)
                    out.add(f"_{name}", self._through(piece))
            else:
                raised.append((piece, self._exponent(level)))
        for piece, above in raised:
            text = above.text.strip()
            if text in ("T", "⊤", "'", "''"):
                out.add({"T": "^T", "⊤": ".T"}.get(text, text), piece)
            elif text == "*":
                out.add("_star", self._through(piece))
            else:
                self._around(out, "^(", above, ")", piece)
        if out.text[-1:].isalnum() and self.at()[:1].isalnum() and _SCRIPT.search(out.text):
            out.add(" ", self._next())

    def _condition(self, out: Written, below: Written, piece: LatexPiece) -> None:
        """`\\mathbf{1}_{z > 0}`: a condition may stand below a 1 alone."""
        if out.text[-1:] != "1" or out.text[-2:-1].isalnum() or out.text[-2:-1] in (".", "_"):
            msg = "a condition below a name cannot be read"
            raise FormulaError(msg)
        out.text, out.places = out.text[:-1], out.places[:-1]
        self._around(out, "(", below, ")", piece)

    def _exponent(self, level: int) -> Written:
        self._skip_spaces()
        piece = self._next()
        if piece.text[:1].isdigit():
            out = Written()
            out.add(piece.text, self._take())
            return out
        if piece.text == "-":
            out = Written()
            out.add("-", self._take())
            out.add_all(self._exponent(level + 1))
            return out
        return self._group(level)
