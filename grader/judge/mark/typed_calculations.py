"""Small calculations that people type where a number is asked: fractions, roots, π and + − × ÷."""

from __future__ import annotations

import cmath
import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeAlias

from grader.compare.formula import Formula, FormulaError, Language, TwoReadings, parse_formula
from grader.model.typed import NumberRules, Unread
from grader.model.value import NumberText, Value

__all__ = ["calculated", "exactly"]

_Number: TypeAlias = Fraction | float | complex

_PLAIN_FUNCTIONS = frozenset({"sqrt", "cbrt", "abs"})
_LANGUAGE = Language.of({}, {})
_WITH_I = Language.of({"i": ("j",)}, {})
_SAYS_I = re.compile(r"(?<![^\W\d_])[ij](?![^\W\d_]{2}|[ij])")
_SAYS_NUMBER = re.compile(r"[0-9π¼-¾⅐-⅞]|pi|\A[eℯ]\Z")
_BOTH_UNITS = re.compile(r"(?<![^\W\d_])i(?![^\W\d_]).*(?<![^\W\d_])j(?![^\W\d_])")
_SEVERAL = re.compile(r"(?<![^\W\d_])[ij]\s+[0-9.]")  # `1 -2i 3` is a list that lacks its commas
_HIGHEST_POWER = 64
_LONGEST = 200  # characters of a calculation
_MOST_BITS = 4000  # of a fraction


def calculated(text: str, plain: str, rules: NumberRules) -> Value:
    """What a small calculation gives; None where the text is none."""
    says_i = _SAYS_I.search(plain) is not None
    if (
        _SEVERAL.search(plain)
        or len(plain) > _LONGEST
        or not (says_i or _SAYS_NUMBER.search(plain))
    ):
        return None
    if says_i and (_BOTH_UNITS.search(plain) or _BOTH_UNITS.search(plain[::-1])):
        return Unread(text, "i and j stand in one number; write one of them, or a list in brackets")
    try:
        tree = parse_formula(plain, _WITH_I if says_i else _LANGUAGE)
        value = _value(tree, rules)
        if not rules.calculations:
            return Unread(text, "nothing is calculated here: write the number that comes out")
    except TwoReadings as error:
        return Unread(text, str(error))
    except _NotAllowed as error:
        return Unread(text, str(error))
    except (FormulaError, OverflowError, ValueError):
        return None
    except ZeroDivisionError:
        return Unread(text, "it divides by zero")
    if isinstance(value, Fraction):
        return exactly(value) or float(value)
    if isinstance(value, complex) and not value.imag:
        value = value.real
    return value if cmath.isfinite(value) else None


def exactly(value: Fraction) -> NumberText | None:
    """A fraction as a number that was typed; None where it is too long for one."""
    return NumberText.parse(f"{value.numerator}/{value.denominator}")


class _NotAllowed(Exception):
    """The calculation uses more than a number may. The message is a sentence for a student."""


def _value(tree: Formula, rules: NumberRules) -> _Number:
    head = tree.head
    if head == "number":
        return Fraction(repr(tree.value))
    if head == "constant":
        if tree.name == "e" and not rules.expressions:
            raise _NotAllowed("e is not calculated here: write the number that comes out")
        return tree.value
    if head == "symbol":
        return 1j
    values = [_value(operand, rules) for operand in tree.operands]
    if head == "negative":
        return -values[0]
    if head == "call":
        return _called(tree.name, values, rules)
    zero: _Number = Fraction(0)
    left, right = values if len(values) == 2 else (zero, zero)
    result: _Number
    if head == "+":
        result = left + right
    elif head == "-":
        result = left - right
    elif head in ("*", "juxtaposed"):
        result = left * right
    elif head == "/":
        result = left / right
    elif head == "^":
        result = _power(tree, left, right, rules)
    else:
        raise ValueError(head)
    if isinstance(result, Fraction) and result.denominator.bit_length() > _MOST_BITS:
        return float(result)
    return result


def _power(tree: Formula, base: _Number, power: _Number, rules: NumberRules) -> _Number:
    whole = isinstance(power, Fraction) and power.denominator == 1 and abs(power) <= _HIGHEST_POWER
    half = power == Fraction(1, 2)
    if not rules.expressions and not half and not (whole and base == 10):
        raise _NotAllowed("powers are not calculated here: write the number that comes out")
    if whole and isinstance(base, Fraction) and isinstance(power, Fraction):
        return Fraction(base ** int(power))
    if whole and isinstance(base, complex) and isinstance(power, Fraction):
        return complex(base ** int(power))
    if isinstance(base, complex) or isinstance(power, complex):
        return complex(base) ** complex(power)
    if base < 0:
        raise ValueError(tree.head)
    return math.pow(base, power)


def _called(name: str, values: list[_Number], rules: NumberRules) -> _Number:
    if name not in _PLAIN_FUNCTIONS and not rules.expressions:
        raise _NotAllowed(f"{name} is not calculated here: write the number that comes out")
    first = values[0]
    if name == "abs":
        return _size(first)
    if name == "sqrt":
        return _root(first)
    if isinstance(first, complex):
        if name != "exp":
            raise ValueError(name)
        return cmath.exp(first)
    function: Callable[[float], float] | None = _FUNCTIONS.get(name)
    if function is None or len(values) > 1:
        raise ValueError(name)
    return function(float(first))


def _size(value: _Number) -> _Number:
    if isinstance(value, complex):
        return abs(value)
    return -value if value < 0 else value


def _root(value: _Number) -> _Number:
    """The square root, exact where it is a fraction; of a negative number the one above 0."""
    if isinstance(value, complex):
        return cmath.sqrt(value)
    if value < 0:
        return complex(0.0, _root(-value))
    if isinstance(value, Fraction):
        above, below = math.isqrt(value.numerator), math.isqrt(value.denominator)
        if above * above == value.numerator and below * below == value.denominator:
            return Fraction(above, below)
    return math.sqrt(value)


_FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    **{name: getattr(math, name) for name in ("sin", "cos", "tan", "exp", "sinh", "cosh", "tanh")},
    **{name: getattr(math, name) for name in ("log2", "log10", "cbrt")},
    **{f"arc{name}": getattr(math, f"a{name}") for name in ("sin", "cos", "tan")},
    "ln": math.log,
    "log": math.log,
}
