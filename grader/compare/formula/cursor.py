"""A place in the tokens of a formula, and what every reader of them needs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from grader.compare.formula.language import Language
from grader.compare.formula.lex import Token
from grader.compare.formula.spelling import Plain
from grader.compare.formula.tree import Formula, FormulaError, TwoReadings, quote
from grader.compare.formula.written import written

__all__ = ["CLOSING", "Cursor"]

CLOSING = {"(": ")", "[": "]"}
_RELATIONS = ("<", "<=", ">", ">=", "==")


class Cursor(ABC):
    """A place in a row of tokens that moves on as they are read."""

    def __init__(
        self, stream: Sequence[Token], plain: Plain, language: Language, lenient: list[str]
    ) -> None:
        self._stream = stream
        self._position = 0
        self._plain = plain
        self._language = language
        self._lenient = lenient
        self._bars = False  # directly between bars, not in a bracket between them

    @abstractmethod
    def comparison(self, level: int) -> Formula:
        """What may stand in brackets."""

    @abstractmethod
    def power(self, level: int) -> Formula:
        """An operand with what is raised behind it."""

    @property
    def _token(self) -> Token:
        return self._stream[self._position]

    def _at(self, *operators: str) -> bool:
        return self._token.kind == "operator" and self._token.text in operators

    def _advance(self) -> Token:
        token = self._token
        self._position += 1
        return token

    def _quoted(self, token: Token) -> str:
        """What was typed there."""
        return quote(self._plain.quoted(token.position, token.end) or token.text)

    def _since(self, start: int) -> str:
        """What was typed from the start of a token to the last one read."""
        begin, end = self._stream[start].position, self._stream[self._position - 1].end
        return quote(self._plain.quoted(begin, end))

    def _shown(self, formula: Formula) -> str:
        return written(formula, arrays=bool(self._language.arrays))

    def _two(self, start: int, one: Formula, other: Formula) -> TwoReadings:
        return TwoReadings(self._since(start), self._shown(one), self._shown(other))

    def expect_end(self) -> None:
        """Raise FormulaError where something is left over."""
        if self._at(",", ";"):
            raise FormulaError(self._of_separator())
        if self._at(*_RELATIONS):
            raise FormulaError(self._why_not_closed(""))
        if self._token.kind != "end":
            msg = f"{self._quoted(self._token)} does not belong where it stands"
            raise FormulaError(msg)

    def _of_separator(self) -> str:
        """What to change where a comma or a semicolon separates nothing."""
        rest = [one.text for one in self._stream[self._position :]]
        if any(text in _RELATIONS for text in rest):
            return (
                "a condition stands behind the formula: take it away, or write "
                "where(condition, value, other value)"
            )
        if self._at(";"):
            return "';' cannot be read: write one formula"
        before, behind = self._stream[self._position - 1], self._stream[self._position + 1]
        if before.kind == behind.kind == "number":
            return "',' does not belong where it stands: decimals are written with a point"
        return "',' does not belong where it stands: write one formula"

    def _inside(self, level: int, closing: str) -> Formula:
        """What stands between brackets or bars, the opening one of which has been read."""
        around, self._bars = self._bars, closing == "|"
        inner = self.comparison(level + 1)
        self._close(closing)
        self._bars = around
        return inner

    def _bar(self) -> str:
        """The sign to keep of bars: around vectors and matrices they say two things."""
        return "|" if self._language.arrays else ""

    def _close(self, closing: str) -> None:
        if not self._at(closing):
            raise FormulaError(self._why_not_closed(closing))
        self._advance()

    def _why_not_closed(self, closing: str) -> str:
        if self._at(*_RELATIONS):
            return "two relations stand in a row: write (0 < x) * (x < 1) for 0 < x < 1"
        if self._at(",", ";") and closing != "|":
            return self._of_separator()
        return "a bar is not closed" if closing == "|" else "a bracket is not closed"
