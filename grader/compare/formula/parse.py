"""From tokens to a tree. The grammar is a whitelist: what is not listed here cannot be written."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from grader.compare.formula.language import BUILT_IN, Language
from grader.compare.formula.lex import FormulaError, Token, is_identifier, normalised, tokens

__all__ = ["MAX_TEXT", "Formula", "FormulaError", "parse_formula"]

MAX_TEXT = 5000
MAX_DEPTH = 120  # of the tree: a sum of a hundred terms is this deep
MAX_LEVEL = 40  # of brackets: each is about eight calls of Python deep
_RELATIONS = ("<", "<=", ">", ">=", "==")
_NAMED = re.compile(r"\A[^=<>]*=(?!=)")  # `dy/dx = …`: what stands before names the answer


@dataclass(frozen=True, slots=True)
class Formula:
    """A node of the tree: an operator or function with operands, a symbol, or a number."""

    head: str  #: "number", "constant", "symbol", "call", "transpose", "negative", or the operator
    operands: tuple[Formula, ...] = ()
    name: str = ""  #: of a symbol, a function or a constant
    value: float = 0.0  #: of a number or a constant
    depth: int = 1

    @property
    def symbols(self) -> frozenset[str]:
        """All symbols, functions and constants that the formula uses."""
        inner = frozenset(name for operand in self.operands for name in operand.symbols)
        return inner | {self.name} if self.name else inner


def parse_formula(text: str, language: Language) -> Formula:
    """Read a formula. Raises FormulaError with a sentence that a student understands.

    Products may be written without a sign (`2 w x`) except behind a division, where
    `a / b c` would mean two things. What stands before a `=` is passed over.
    """
    if len(text) > MAX_TEXT:
        msg = f"the formula has more than {MAX_TEXT} characters"
        raise FormulaError(msg)
    plain = _NAMED.sub("", normalised(text))
    if not plain.strip():
        msg = "the formula is empty"
        raise FormulaError(msg)
    odd = [s for s in (*language.symbols, *language.functions) if not is_identifier(s)]
    parser = _Parser(tokens(plain, odd), language)
    formula = parser.comparison(0)
    parser.expect_end()
    return formula


class _Parser:
    def __init__(self, stream: Sequence[Token], language: Language) -> None:
        self._stream = stream
        self._position = 0
        self._language = language
        self._bars = False  # directly between bars, not in a bracket between them

    @property
    def _token(self) -> Token:
        return self._stream[self._position]

    def _at(self, *operators: str) -> bool:
        return self._token.kind == "operator" and self._token.text in operators

    def _advance(self) -> Token:
        token = self._token
        self._position += 1
        return token

    def expect_end(self) -> None:
        if self._token.kind != "end":
            msg = f"{self._token.text!r} does not belong where it stands"
            raise FormulaError(msg)

    def _inside(self, level: int, closing: str) -> Formula:
        """What stands between brackets or bars, the opening one of which has been read."""
        around, self._bars = self._bars, closing == "|"
        inner = self.comparison(level + 1)
        self._close(closing)
        self._bars = around
        return inner

    def _close(self, closing: str) -> None:
        if not self._at(closing):
            msg = "a bar is not closed" if closing == "|" else "a bracket is not closed"
            raise FormulaError(msg)
        self._advance()

    def _node(self, head: str, *operands: Formula, name: str = "", value: float = 0.0) -> Formula:
        depth = 1 + max((operand.depth for operand in operands), default=0)
        if depth > MAX_DEPTH:
            msg = "the formula is too long or nested too deep"
            raise FormulaError(msg)
        return Formula(head=head, operands=operands, name=name, value=value, depth=depth)

    def comparison(self, level: int) -> Formula:
        if level > MAX_LEVEL:
            msg = "the formula is nested too deep"
            raise FormulaError(msg)
        left = self._sum(level)
        if self._at(*_RELATIONS):
            operator = self._advance().text
            left = self._node(operator, left, self._sum(level))
        return left

    def _sum(self, level: int) -> Formula:
        left = self._product(level)
        while self._at("+", "-"):
            operator = self._advance().text
            left = self._node(operator, left, self._product(level))
        return left

    def _product(self, level: int) -> Formula:
        run = self._kind()  # of what stands side by side without a sign: bars or something else
        left = self._signed(level)
        divided = False
        while True:
            if self._at("*", "/", "@"):
                operator = self._advance().text
                divided = operator == "/"
                run = self._kind()
                left = self._node(operator, left, self._signed(level))
            elif self._starts_operand():
                if divided:
                    msg = "a / b c can be read in two ways: write * or brackets after a division"
                    raise FormulaError(msg)
                run += self._kind()
                if run.endswith("x|") and "|" in run[:-2]:  # |x|y|z|
                    msg = "the bars can be read in two ways: write abs(…)"
                    raise FormulaError(msg)
                left = self._node("juxtaposed", left, self._power(level))
            else:
                return left

    def _kind(self) -> str:
        return "|" if self._at("|") else "x"

    def _starts_operand(self) -> bool:
        if self._token.kind == "number":
            before = self._stream[self._position - 1]
            if before.kind == "number":
                msg = f"{before.text} and {self._token.text} stand side by side"
                raise FormulaError(f"{msg}: write the sign between them")
            return True
        # Between bars, a bar behind an operand is the closing one.
        return self._token.kind == "name" or self._at("(") or (not self._bars and self._at("|"))

    def _signed(self, level: int) -> Formula:
        negative = False
        while self._at("+", "-"):
            negative ^= self._advance().text == "-"
        operand = self._power(level)
        return self._node("negative", operand) if negative else operand

    def _power(self, level: int) -> Formula:
        base = self._operand(level)
        while self._token.kind == "transpose":
            self._advance()
            base = self._node("transpose", base)
        while self._at("^", "**"):
            self._advance()
            if self._token.text == "T" and "T" not in self._language.symbols:
                self._advance()
                base = self._node("transpose", base)
                continue
            if level > MAX_LEVEL:
                msg = "the formula is nested too deep"
                raise FormulaError(msg)
            negative = False
            while self._at("+", "-"):
                negative ^= self._advance().text == "-"
            exponent = self._power(level + 1)
            exponent = self._node("negative", exponent) if negative else exponent
            return self._node("^", base, exponent)
        return base

    def _operand(self, level: int) -> Formula:
        token = self._advance()
        if token.kind == "number":
            return self._node("number", value=float(token.text))
        if token.kind == "name":
            return self._named(token.text, level)
        if token.text == "(":
            return self._inside(level, ")")
        if token.text == "|":
            return self._node("call", self._inside(level, "|"), name="abs")
        if token.kind == "end":
            msg = "the formula ends too early"
        else:
            msg = f"expected a number, a name or a bracket, got {token.text!r}"
        raise FormulaError(msg)

    def _named(self, name: str, level: int) -> Formula:
        language = self._language
        called = self._at("(")
        if name in language.symbols:
            return self._node("symbol", name=language.symbols[name])
        if called and name in language.functions:
            return self._call(language.functions[name], (1, 9), level)
        if called and name in BUILT_IN:
            return self._call(name, BUILT_IN[name], level)
        if name in language.constants:
            return self._node("constant", name=name, value=language.constants[name])
        joined = self._split(name)
        if joined is not None:
            return joined
        known = {*language.symbols, *language.functions, *BUILT_IN, *language.constants}
        if name in known:
            msg = f"the function {name!r} needs brackets: {name}(…)"
            raise FormulaError(msg)
        near = difflib.get_close_matches(name, sorted(known), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        msg = f"the name {name!r} is not known here{hint}"
        raise FormulaError(msg)

    def _call(self, name: str, counts: tuple[int, int], level: int) -> Formula:
        self._advance()
        around, self._bars = self._bars, False
        arguments = [self.comparison(level + 1)]
        while self._at(","):
            self._advance()
            arguments.append(self.comparison(level + 1))
        self._close(")")
        self._bars = around
        least, most = counts
        if not least <= len(arguments) <= most:
            msg = f"{name} does not take {len(arguments)} values"
            raise FormulaError(msg)
        return self._node("call", *arguments, name=name)

    def _split(self, name: str) -> Formula | None:
        """`wx` as w·x, where exactly one way of cutting it gives known symbols."""
        ways = _cuts(name, frozenset(self._language.symbols))
        if len(ways) != 1:
            return None
        first, *rest = (
            self._node("symbol", name=self._language.symbols[piece]) for piece in ways[0]
        )
        for symbol in rest:
            first = self._node("juxtaposed", first, symbol)
        return first


def _cuts(name: str, known: frozenset[str]) -> list[tuple[str, ...]]:
    """At most two ways of cutting a short name into known ones."""
    if len(name) > 20:
        return []
    ways: list[list[tuple[str, ...]]] = [[()], *([] for _ in name)]
    for end in range(1, len(name) + 1):
        for start in range(end):
            if name[start:end] in known:
                ways[end] += [(*way, name[start:end]) for way in ways[start]]
        ways[end] = ways[end][:2]
    return ways[-1]
