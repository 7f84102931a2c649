"""What operators act on: numbers, names, brackets, bars, roots, and functions of these."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from grader.compare.formula.language import BUILT_IN, Language
from grader.compare.formula.lex import Token
from grader.compare.formula.spelling import Plain
from grader.compare.formula.tree import MAX_LEVEL, Formula, FormulaError, TwoReadings, node, quote
from grader.compare.formula.written import written

__all__ = ["Operands"]

#: Functions of numpy that are operators here.
_OPERATORS = {"power": "^", "dot": "@", "matmul": "@", "multiply": "*"}
_CLOSING = {"(": ")", "[": "]"}


def _is_signed_or_known(power: str, symbols: Mapping[str, str]) -> bool:
    """Whether `2e-3` may be 2·e − 3 as well, or `2e3` a multiple of the symbol e3."""
    return f"e{power}" in symbols or ("e" in symbols and not power.isdigit())


class Operands(ABC):
    """Reads operands from a row of tokens; sums and products are left to the grammar."""

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
        if self._at(","):
            msg = "',' does not belong where it stands: decimals are written with a point"
            raise FormulaError(msg)
        if self._token.kind != "end":
            msg = f"{self._quoted(self._token)} does not belong where it stands"
            raise FormulaError(msg)

    def _inside(self, level: int, closing: str) -> Formula:
        """What stands between brackets or bars, the opening one of which has been read."""
        around, self._bars = self._bars, closing == "|"
        inner = self.comparison(level + 1)
        self._close(closing)
        self._bars = around
        return inner

    def _opens_norm(self, token: Token) -> bool:
        """Whether `||v||` begins: two bars together, and the next bars are two together as well."""
        bars = [one for one in self._stream[self._position :] if one.text == "|"]
        if not self._language.arrays or len(bars) < 3:
            return False
        second, third, fourth = bars[:3]
        return second.position == token.end and fourth.position == third.end

    def _norm(self, level: int) -> Formula:
        self._advance()
        inner = self._inside(level, "|")
        self._close("|")
        return node("call", inner, name="norm")

    def _close(self, closing: str) -> None:
        if not self._at(closing):
            msg = "a bar is not closed" if closing == "|" else "a bracket is not closed"
            raise FormulaError(msg)
        self._advance()

    def _operand(self, level: int) -> Formula:
        if level > MAX_LEVEL:
            msg = "the formula is nested too deep"
            raise FormulaError(msg)
        token = self._advance()
        if token.kind == "number":
            return self._number(token)
        if token.kind == "symbol":
            return node("symbol", name=token.means)
        if token.kind == "constant":
            return node("constant", name=token.means, value=self._constant(token.means))
        if token.kind == "function":
            return self._function(token, level)
        if token.text == "|" and self._opens_norm(token):
            return self._norm(level)
        if token.text == "|":
            return node("call", self._inside(level, "|"), name="abs")
        if token.text in ("(", "["):
            if token.text == "[":
                self._lenient.append("square brackets")
            return self._inside(level, _CLOSING[token.text])
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
        closed = self._at("(", "[", "|")
        inner = self._operand(level + 1)
        if closed:
            return node("call", inner, name=name)
        return self._bare(name, inner, start, level, signs=("^", "**"))

    def _function(self, token: Token, level: int) -> Formula:
        """A function with its argument, and perhaps a power between them: `sin^2(x)`."""
        start = self._position - 1
        name = token.means
        declared = token.text in self._language.functions
        counts = (1, 9) if declared else self._language.built_in.get(name, (1, 9))
        if self._at("("):
            return self._call(name, counts, level)
        if counts[0] > 1:
            self._needs_brackets(token)
        exponent = None
        if self._at("^", "**"):
            exponent = self._function_power(token)
        if self._at("("):
            value = self._call(name, counts, level)
        elif self._at("|"):
            self._advance()
            self._lenient.append("function without brackets")
            size = node("call", self._inside(level, "|"), name="abs")
            value = self._applied(name, size)
        else:
            value = self._bare(name, self._bare_argument(token), start, level)
        if exponent is None:
            return value
        return self._raised(name, value, exponent, start)

    def _raised(self, name: str, value: Formula, exponent: Formula, start: int) -> Formula:
        raised = node("^", value, exponent)
        if exponent.head == "negative" and exponent.operands[0].value == 1:
            inverse = f"arc{name}" if f"arc{name}" in BUILT_IN else f"the inverse of {name}"
            arguments = ", ".join(self._shown(one) for one in value.operands)
            one = f"{inverse}({arguments})" if inverse.startswith("arc") else inverse
            over = self._shown(node("/", node("number", value=1.0), value))
            raise TwoReadings(self._since(start), one, over)
        if self._at("^", "**"):
            msg = f"{self._since(start)} has two powers: write brackets"
            raise FormulaError(msg)
        self._lenient.append("power before the argument")
        return raised

    def _function_power(self, token: Token) -> Formula:
        """The exponent behind the name of a function: a whole number or a symbol."""
        self._advance()
        bracket = self._at("(")
        if bracket:
            self._advance()
        negative = self._at("-")
        if self._at("+", "-"):
            self._advance()
        if self._token.kind not in ("number", "symbol"):
            self._needs_brackets(token)
        exponent = self._operand(0)
        if bracket:
            if not self._at(")"):
                self._needs_brackets(token)
            self._advance()
        return node("negative", exponent) if negative else exponent

    def _needs_brackets(self, token: Token) -> None:
        typed = self._plain.quoted(token.position, token.end)
        msg = f"the function {typed!r} needs brackets: {typed}(…)"
        raise FormulaError(msg)

    def _bare_argument(self, token: Token) -> Formula:
        """`x`, `2` or `2x` without brackets behind a function."""
        first = self._token
        if first.kind not in ("number", "symbol", "constant"):
            self._needs_brackets(token)
        self._lenient.append("function without brackets")
        argument = self._operand(0)
        behind = self._token
        joined = behind.position == first.end and behind.kind in ("symbol", "constant")
        if first.kind == "number" and joined:
            argument = node("juxtaposed", argument, self._operand(0))
        return argument

    def _bare(
        self,
        name: str,
        argument: Formula,
        start: int,
        level: int,
        signs: Sequence[str] = ("^", "**", "*", "/", "@"),
    ) -> Formula:
        """A function of what stands behind it without brackets, where it is clear how far.

        Raises TwoReadings where the argument may go on.
        """
        value = self._applied(name, argument)
        if self._at(*signs):
            head = {"**": "^"}.get(self._token.text, self._token.text)
            self._advance()
            negative = self._at("-")
            if self._at("+", "-"):
                self._advance()
            further = self._operand(level + 1)
            further = node("negative", further) if negative else further
        elif self._goes_on():
            head = "juxtaposed"
            further = self.power(level + 1)
        else:
            return value
        inside = self._applied(name, node(head, argument, further))
        raise self._two(start, node(head, value, further), inside)

    def _goes_on(self) -> bool:
        kinds = ("number", "symbol", "constant", "function")
        return self._token.kind in kinds or self._at("(", "[", "√", "∛")

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
        return self._applied(name, *arguments)

    def _applied(self, name: str, *arguments: Formula) -> Formula:
        """A function of these: one that the assignment declares comes before a built-in one."""
        declared = name in self._language.functions.values()
        if name in _OPERATORS and not declared:
            return node(_OPERATORS[name], *arguments)
        if name == "square" and not declared:
            return node("^", *arguments, node("number", value=2.0))
        return node("call", *arguments, name=name, declared=declared)
