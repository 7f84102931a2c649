"""What operators act on: numbers, names, brackets, bars and roots."""

from __future__ import annotations

from collections.abc import Mapping

from grader.compare.formula.applications import Applications
from grader.compare.formula.cursor import CLOSING
from grader.compare.formula.lex import Token
from grader.compare.formula.tree import MAX_LEVEL, Formula, FormulaError, TwoReadings, node

__all__ = ["Operands"]


def _is_signed_or_known(power: str, symbols: Mapping[str, str]) -> bool:
    """Whether `2e-3` may be 2·e − 3 as well, or `2e3` a multiple of the symbol e3."""
    return f"e{power}" in symbols or ("e" in symbols and not power.isdigit())


class Operands(Applications):
    """Reads operands from a row of tokens; sums and products are left to the grammar."""

    def _opens_norm(self, token: Token) -> bool:
        """Whether `||v||` begins: two bars together, and the next bars are two together as well."""
        bars = [one for one in self._stream[self._position :] if one.text == "|"]
        if not self._language.arrays or len(bars) < 3:
            return False
        second, third, fourth = bars[:3]
        return second.position == token.end and fourth.position == third.end

    def _norm(self, level: int) -> Formula:
        self._advance()
        self._lenient.append("bars of a norm")
        inner = self._inside(level, "|")
        self._close("|")
        return self._of_order(node("call", inner, name="norm"))

    def _of_order(self, norm: Formula) -> Formula:
        """A norm with its order behind it: `||v||_2`, `||v||_1`."""
        if self._token.kind != "order":
            return norm
        order = self._advance().text
        if order == "_1":
            return node("call", node("call", *norm.operands, name="abs"), name="sum")
        return norm

    def _operand(self, level: int) -> Formula:
        if level > MAX_LEVEL:
            msg = "the formula is nested too deep"
            raise FormulaError(msg)
        token = self._advance()
        if token.kind == "number":
            return self._number(token)
        if token.kind == "symbol":
            if self._at("[") and self._token.position == token.end:
                msg = f"{self._quoted(self._token)} behind a name cannot be read"
                raise FormulaError(f"{msg}: write round brackets")
            return node("symbol", name=token.means)
        if token.kind == "constant":
            return node("constant", name=token.means, value=self._constant(token.means))
        if token.kind == "function":
            value = self._function(token, level)
            return self._of_order(value) if value.name == "norm" else value
        if token.text == "|" and self._opens_norm(token):
            return self._norm(level)
        if token.text == "|":
            return node("call", self._inside(level, "|"), name="abs", sign=self._bar())
        if token.text in ("(", "["):
            if token.text == "[":
                self._lenient.append("square brackets")
            return self._inside(level, CLOSING[token.text])
        if token.text in ("√", "∛"):
            return self._root(token, level)
        if token.kind == "end":
            msg = "the formula ends too early"
        else:
            msg = f"expected a number, a name or a bracket, got {self._quoted(token)}"
        raise FormulaError(msg)

    def _constant(self, name: str) -> complex:
        constants = self._language.constants
        return constants.get(name, constants.get("j", 0))  # j alone may be the imaginary unit

    def _number(self, token: Token) -> Formula:
        text = token.text.lower()
        number, e, power = text.partition("e")
        symbols = self._language.symbols
        if e and len(self._stream) > 2 and _is_signed_or_known(power, symbols):
            if f"e{power}" in symbols:
                other = f"{number} · e{power}"
            else:
                other = f"{number} · e {power[0]} {power[1:]}"
            raise TwoReadings(self._quoted(token), f"{float(text):g}", other)
        return node("number", value=float(text))

    def _root(self, token: Token, level: int) -> Formula:
        start = self._position - 1
        self._lenient.append("root sign")
        name = "sqrt" if token.text == "√" else "cbrt"
        if self._at("-") and self._stream[self._position + 1].kind == "number":
            self._advance()
            inner = node("negative", self._operand(level + 1))
            return self._bare(name, inner, start, level, signs=("^", "**"))
        closed = self._at("(", "[", "|")
        inner = self._operand(level + 1)
        if closed:
            return node("call", inner, name=name)
        return self._bare(name, inner, start, level, signs=("^", "**"))
