"""Functions with their arguments: `sin(x)`, `sin x`, `sin^2(x)`."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from grader.compare.formula.cursor import CLOSING, Cursor
from grader.compare.formula.language import BUILT_IN
from grader.compare.formula.lex import Token
from grader.compare.formula.tree import Formula, FormulaError, TwoReadings, node

__all__ = ["Applications"]

#: Functions of numpy that are operators here.
_OPERATORS = {"power": "^", "dot": "@", "matmul": "@", "mm": "@", "multiply": "*"}


class Applications(Cursor):
    """Reads functions; what they are applied to without brackets is left to who reads operands."""

    @abstractmethod
    def _operand(self, level: int) -> Formula:
        """A number, a name, or what stands in brackets."""

    def _function(self, token: Token, level: int) -> Formula:
        """A function with its argument, and perhaps a power between them: `sin^2(x)`."""
        start = self._position - 1
        name = token.means
        declared = token.text in self._language.functions
        counts = (1, 9) if declared else self._language.built_in.get(name, (1, 9))
        if self._at("("):
            return self._call(name, counts, level)
        if self._at("["):
            self._lenient.append("square brackets")
            value = self._call(name, counts, level)
            if self._at("("):  # the third root, or a product?
                msg = (
                    f"{self._since(start)} is followed by another bracket: write it in one spelling"
                )
                raise FormulaError(f"{msg}, such as x^(1/3) for the third root")
            return value
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
            size = node("call", self._inside(level, "|"), name="abs", sign=self._bar())
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
        closing = CLOSING[self._advance().text]
        around, self._bars = self._bars, False
        arguments = [self.comparison(level + 1)]
        while self._at(",", ";"):
            if self._advance().text == ";":
                self._lenient.append("semicolon between arguments")
            arguments.append(self.comparison(level + 1))
        self._close(closing)
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
