"""How operators bind: comparisons, sums, products with and without a sign, powers."""

from __future__ import annotations

from grader.compare.formula.lex import Token
from grader.compare.formula.methods import Methods
from grader.compare.formula.tree import MAX_LEVEL, Formula, FormulaError, TwoReadings, node, quote

__all__ = ["Grammar"]

_RELATIONS = ("<", "<=", ">", ">=", "==")
#: Signs of a product that mean that of matrices in books, and that of their entries in programs.
_BETWEEN_MATRICES = ("·", "⋅", "•", "∙", "∗", "×", "\\cdot", "\\times")
_NAMES = ("symbol", "constant", "function")


class Grammar(Methods):
    """Reads a row of tokens as one tree. All that is read as it stands has one reading."""

    def comparison(self, level: int) -> Formula:
        """A sum, or two with a relation between them."""
        if level > MAX_LEVEL:
            msg = "the formula is nested too deep"
            raise FormulaError(msg)
        left = self._sum(level)
        if self._at(*_RELATIONS):
            operator = self._advance().text
            left = node(operator, left, self._sum(level))
        return left

    def _sum(self, level: int) -> Formula:
        left = self._product(level)
        while self._at("+", "-"):
            sign = self._advance()
            self._refuse_either_sign(sign)
            left = node(sign.text, left, self._product(level))
        return left

    def _refuse_either_sign(self, sign: Token) -> None:
        """`x +- y`: the signs stand together, and away from both sides."""
        following = self._stream[self._position + 1 : self._position + 2]
        glued = self._at("+", "-") and self._token.position == sign.end
        before = self._stream[self._position - 2]
        apart = following and following[0].position > self._token.end
        if glued and self._token.text != sign.text and apart and before.end < sign.position:
            both = self._plain.quoted(sign.position, self._token.end)
            msg = f"{both!r} may stand for ±, which says two formulas: write one of them"
            raise FormulaError(msg)

    def _product(self, level: int) -> Formula:
        run = self._kind()  # of what stands side by side without a sign: bars or something else
        start = self._position
        left = self._signed(level)
        divided = False
        while True:
            if self._at("*", "/", "@"):
                operator = self._advance()
                divided = operator.text == "/"
                run = self._kind()
                left = node(
                    operator.text, left, self._signed(level), sign=self._sign_of_books(operator)
                )
            elif self._starts_operand():
                run += self._kind()
                if run.endswith("x|") and "|" in run[:-2]:  # |x|y|z|
                    msg = "the bars can be read in two ways: write abs(…)"
                    raise FormulaError(msg)
                factor = self._factor(level, divided=divided)
                if divided:
                    above, below = left.operands
                    one = node("/", above, node("juxtaposed", below, factor))
                    raise self._two(start, one, node("juxtaposed", left, factor))
                left = node("juxtaposed", left, factor)
            else:
                return left

    def _sign_of_books(self, operator: Token) -> str:
        """The sign of a product as it was typed, where that is a dot or a cross."""
        if not self._language.arrays:
            return ""
        typed = self._plain.quoted(operator.position, operator.end)
        return typed if operator.text == "*" and typed in _BETWEEN_MATRICES else ""

    def _factor(self, level: int, *, divided: bool) -> Formula:
        """A factor without a sign before it: `v(t)` may be v as a function of t."""
        start = self._position - 1
        before, texts = self._stream[start], self._stream[self._position : self._position + 3]
        glued = before.kind == "symbol" and before.end == self._token.position
        named = [one.kind for one in texts[1:2]] == ["symbol"] and texts[-1].text == ")"
        if glued and named and not divided and self._quoted(self._token) == quote("("):
            one, other = (token.means for token in (before, texts[1]))
            self._position += 3
            typed = self._since(start)
            raise TwoReadings(typed, f"{one} · {other}", f"{one} as a function of {other}")
        return self.power(level)

    def _kind(self) -> str:
        return "|" if self._at("|") else "x"

    def _starts_operand(self) -> bool:
        before = self._stream[self._position - 1]
        if self._token.kind == "number":
            if before.kind == "number":
                msg = f"{self._quoted(before)[1:-1]} and {self._quoted(self._token)[1:-1]}"
                raise FormulaError(f"{msg} stand side by side: write the sign between them")
            return True
        # Between bars, a bar behind an operand is the closing one.
        return (
            self._token.kind in _NAMES
            or self._at("(", "[", "√", "∛")
            or (not self._bars and self._at("|"))
        )

    def _signed(self, level: int) -> Formula:
        operand_negative = self._minus()
        operand = self.power(level)
        return node("negative", operand) if operand_negative else operand

    def _minus(self) -> bool:
        """Pass over signs; whether they turn the sign."""
        negative = False
        while self._at("+", "-"):
            negative ^= self._advance().text == "-"
        return negative

    def power(self, level: int) -> Formula:
        """An operand with its powers: of names in one word, the last has them."""
        start = self._position
        base = self._operand(level)
        while True:
            if self._token.kind in ("transpose", "prime"):
                base = self._transposed(base)
            elif self._token.kind == "conjugate":
                self._advance()
                base = node("call", base, name="conj")
            elif self._token.kind == "method":
                base = self._method(base, level)
            elif self._at("^", "**"):
                if level > MAX_LEVEL:
                    msg = "the formula is nested too deep"
                    raise FormulaError(msg)
                self._advance()
                base = self._raised_to(base, start, level)
            else:
                return base

    def _transposed(self, base: Formula) -> Formula:
        """The transposed; a prime says so behind a bracket where there are matrices."""
        token = self._advance()
        if token.kind == "prime":
            if not self._language.arrays or token.text != "'":
                msg = f"{self._quoted(token)} says a derivative, which cannot be read: write it out"
                raise FormulaError(msg)
            self._lenient.append("prime for transposition")
        return node("transpose", base)

    def _is_raised_behind_brackets(self) -> bool:
        """Whether a power follows the brackets that begin here."""
        depth = 0
        for number in range(self._position, len(self._stream) - 1):
            text = self._stream[number].text
            depth += (text in ("(", "[")) - (text in (")", "]"))
            if depth == 0:
                return self._stream[number + 1].text == "^"
        return False

    def _raised_to(self, base: Formula, start: int, level: int) -> Formula:
        sign = self._stream[self._position - 1].text
        self._refuse_index(base, start)
        negative = self._minus()
        first = self._token
        tower = sign == "^" and first.text == "(" and self._is_raised_behind_brackets()
        exponent = self.power(level + 1)
        if tower and not negative and exponent.head == "^":
            inner, outer = exponent.operands
            raise self._two(
                start, node("^", base, exponent), node("^", node("^", base, inner), outer)
            )
        exponent = node("negative", exponent) if negative else exponent
        alone = self._stream[self._position - 1] is first  # without powers of its own
        if first.kind == "number" and alone and self._continues(first):
            if base.head not in ("number", "constant"):
                self._lenient.append("no sign between")
                return self._node_of_power(base, exponent)
            factor = self.power(level + 1)
            inside = node("juxtaposed", exponent, factor)
            outside = node("juxtaposed", node("^", base, exponent), factor)
            raise self._two(start, node("^", base, inside), outside)
        if alone and first.kind == "number" and first.text == "1" and self._goes_on_as_root(first):
            self._advance()
            below = self._operand(level)
            root = node("^", base, node("/", exponent, below))
            raise self._two(start, root, node("/", node("^", base, exponent), below))
        while self._token.glued:
            function = self._token.kind == "function"
            again = base.head == "symbol" or self._token.kind == "constant"
            factor = self.power(level + 1)
            inside = node("juxtaposed", exponent, factor)
            if function or (again and factor.head == "^"):
                outside = node("juxtaposed", node("^", base, exponent), factor)
                raise self._two(start, node("^", base, inside), outside)
            exponent = inside
        return self._node_of_power(base, exponent)

    def _refuse_index(self, base: Formula, start: int) -> None:
        """`w^{(1)}` and `w^{[1]}`: a number above a name in brackets counts layers or steps."""
        texts = [one.text for one in self._stream[self._position : self._position + 5]]
        brackets = texts[:1] == ["("] and texts[1:2] in (["("], ["["])
        plain = texts[:1] in (["("], ["["]) and texts[1:2] == ["1"] and texts[2:3] in ([")"], ["]"])
        if base.head != "symbol" or not (plain or (brackets and texts[3:4] in ([")"], ["]"]))):
            return
        number = self._stream[self._position + (1 if plain else 2)]
        bracket = self._stream[self._position + (0 if plain else 1)]
        typed = self._plain.quoted(bracket.position, bracket.end)
        if not number.text.isdigit() or typed[-1:] not in ("(", "[", "⁽"):
            return
        self._position += 3 if plain else 5
        typed = self._since(start)
        name = f"{base.name}{number.text}"
        raise TwoReadings(typed, f"the name {name}", f"{base.name} to the power {number.text}")

    def _continues(self, number: Token) -> bool:
        """Whether a number in an exponent may be only its beginning: `e^2x`."""
        kinds = (*_NAMES, "(", "[", "√", "∛")
        return self._token.position == number.end and (
            self._token.kind in kinds or self._token.text in kinds
        )

    def _goes_on_as_root(self, one: Token) -> bool:
        """Whether `/2` follows at once, as in `x^1/2`."""
        if not self._at("/") or self._token.position != one.end:
            return False
        below = self._stream[self._position + 1]
        return below.kind == "number" and below.position == self._token.end

    def _node_of_power(self, base: Formula, exponent: Formula) -> Formula:
        whole = self._language.matrix_power and base.head not in ("number", "constant")
        return node("matrix power" if whole else "^", base, exponent)
