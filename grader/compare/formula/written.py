"""A formula in print, as it was understood. What is printed is read as the same formula."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

from grader.compare.formula.tree import Formula

__all__ = ["written"]

_RELATIONS = ("<", "<=", ">", ">=", "==")
_WHOLE, _SUM, _PRODUCT, _SIGNED, _POWER, _ATOM = range(6)
_PRODUCTS = {"*": " * ", "/": " / ", "@": " @ ", "juxtaposed": " · "}
_SUPERSCRIPTS = {unicodedata.normalize("NFKC", sign): sign for sign in "⁰¹²³⁴⁵⁶⁷⁸⁹"}


def written(formula: Formula, *, arrays: bool = False) -> str:
    """The formula in one spelling: `w · x²`.

    With `arrays` the products of entries (`A * B`) and of matrices (`A B`) are told apart.
    """
    return _at(formula, _WHOLE, arrays)


def _at(formula: Formula, least: int, arrays: bool) -> str:
    """The formula for a place where only what binds as tightly as `least` needs no brackets."""
    text, binds = _parts(formula, arrays)
    return text if binds >= least else f"({text})"


def _parts(formula: Formula, arrays: bool) -> tuple[str, int]:
    head, operands = formula.head, formula.operands
    if head == "number":
        return _number(formula.value.real), _ATOM
    if head in ("symbol", "constant"):
        return ("π" if (head, formula.name) == ("constant", "pi") else formula.name), _ATOM
    if head == "call":
        return f"{formula.name}({', '.join(_at(one, _WHOLE, arrays) for one in operands)})", _ATOM
    if head == "negative":
        return f"-{_at(operands[0], _POWER, arrays)}", _SIGNED
    if head == "transpose":
        return f"{_at(operands[0], _ATOM, arrays)}ᵀ", _POWER
    left, right = operands
    if head in ("^", "matrix power"):
        return _power(left, right, arrays), _POWER
    if head in _RELATIONS:
        return f"{_at(left, _SUM, arrays)} {head} {_at(right, _SUM, arrays)}", _WHOLE
    if head in ("+", "-"):
        inner = _PRODUCT if right.head != "negative" else _ATOM
        return f"{_at(left, _SUM, arrays)} {head} {_at(right, inner, arrays)}", _SUM
    return _product(head, left, right, arrays), _PRODUCT


def _product(head: str, left: Formula, right: Formula, arrays: bool) -> str:
    sign = _PRODUCTS[head]
    if head == "*" and not arrays:
        sign = " · "
    if head == "juxtaposed" and arrays:
        # Behind a division a factor without a sign would be refused.
        before = _at(left, _ATOM if _divides(left) else _PRODUCT, arrays)
        after = _at(right, _POWER, arrays)
        after = f"({after})" if after[0].isdigit() else after  # 2 3 would be refused
        return f"{before} {after}"
    before = _at(left, _ATOM if left.head == "/" else _PRODUCT, arrays)
    return f"{before}{sign}{_at(right, _POWER, arrays)}"


def _divides(formula: Formula) -> bool:
    return formula.head == "/" or (formula.head == "*" and _divides(formula.operands[0]))


def _power(base: Formula, exponent: Formula, arrays: bool) -> str:
    below = _at(base, _ATOM, arrays)
    if exponent.head == "number" and (digits := _number(exponent.value.real)).isdigit():
        return below + "".join(_SUPERSCRIPTS[digit] for digit in digits)
    if exponent.head in ("symbol", "constant") and exponent.name != "T":
        return f"{below}^{_at(exponent, _ATOM, arrays)}"
    return f"{below}^({_at(exponent, _WHOLE, arrays)})"


def _number(value: float) -> str:
    if value == float("inf"):
        return "1e999"
    text = repr(value)
    return format(Decimal(text).normalize(), "f") if abs(Decimal(text).adjusted()) < 30 else text
