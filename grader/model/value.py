"""Plain data: what answers, inputs and expected values are made of.

A *value* is None, bool, int, float, complex, str, bytes, a numpy array or numpy scalar of a plain
dtype, a list, tuple or dict of values, a `NumberText` or `ComplexText` (a number as somebody typed
it), a `Typed` (a scalar of a sheet that nobody has read yet) or an `Opaque` (something a student's
code returned that is not plain data).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

__all__ = [
    "MAX_DIMENSIONS",
    "MAX_NUMBER_TEXT",
    "ComplexText",
    "NumberText",
    "Opaque",
    "Value",
    "leaves",
    "map_leaves",
    "shape_of",
    "walk",
]

Value: TypeAlias = Any

MAX_NUMBER_TEXT = 400
MAX_DIMENSIONS = 32
_MAX_EXPONENT = 9999
_DECIMAL = re.compile(
    r"(?P<sign>[-+]?)(?P<whole>[0-9]*)(?P<point>\.?)(?P<part>[0-9]*)([eE](?P<exponent>[-+]?[0-9]+))?"
)
_FRACTION = re.compile(r"[-+]?[0-9]+ ?/ ?[0-9]+")
_SPECIAL = re.compile(r"[-+]?\.?(inf|Inf|INF)|\.?(nan|NaN|NAN)")
_PART = r"(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][-+]?[0-9]++)?+"
_REAL = rf"(?P<real>[-+]?)\s*+(?P<real_size>{_PART})"
_IMAG = rf"(?:(?P<imag_size>{_PART})\s*+\*?\s*+[ij]|[ij](?:\s*+\*\s*+(?P<behind>{_PART}))?)"
_COMPLEX = (
    re.compile(rf"(?:{_REAL}\s*+(?=[-+]))?(?P<imag>[-+]?)\s*+{_IMAG}"),
    re.compile(rf"(?P<imag>[-+]?)\s*+{_IMAG}\s*+(?=[-+]){_REAL}"),
)
_SIGNS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{MIDDLE DOT}": "*"})


@dataclass(frozen=True)
class NumberText:
    """A number with the digits it was typed with: `0.410` has three significant figures."""

    text: str

    @classmethod
    def parse(cls, text: str) -> NumberText | None:
        """Read a typed number, or return None: decimals, `3/4`, `inf`, `nan`, a real minus sign."""
        cleaned = text.strip().replace("\N{MINUS SIGN}", "-")
        if len(cleaned) > MAX_NUMBER_TEXT:
            return None
        match = _DECIMAL.fullmatch(cleaned)
        if match is not None and (match["whole"] or match["part"]):
            if match["exponent"] and abs(int(match["exponent"])) > _MAX_EXPONENT:
                return None
            return cls(cleaned)
        if _FRACTION.fullmatch(cleaned) and int(cleaned.split("/")[1]) != 0:
            return cls(cleaned)
        return cls(cleaned) if _SPECIAL.fullmatch(cleaned) else None

    @property
    def is_finite(self) -> bool:
        return _SPECIAL.fullmatch(self.text) is None

    @cached_property
    def exact(self) -> Fraction:
        """The number itself. Only for finite numbers."""
        return Fraction(self.text.replace(" ", ""))

    @property
    def decimal(self) -> Decimal | None:
        """The typed decimal, or None for a fraction or a number that is not finite."""
        return Decimal(self.text) if _DECIMAL.fullmatch(self.text) else None

    def __float__(self) -> float:
        if not self.is_finite:
            return float(self.text.replace(".", ""))
        try:
            return float(self.exact)
        except OverflowError:
            return float("inf") if self.exact > 0 else float("-inf")

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class ComplexText:
    """A complex number with the digits that each of its parts was typed with: `3.10 - 2.5i`."""

    text: str
    real: NumberText  #: zero with as many decimal places as the other part, where none was typed
    imag: NumberText

    @classmethod
    def parse(cls, text: str) -> ComplexText | None:
        """Read a typed complex number, or return None: `3 - 2i`, `7+0j`, `-i`, `i*3`, `(1+2i)`.

        A text without i or j is a real number, and None here.
        """
        cleaned = text.strip().translate(_SIGNS)
        if len(cleaned) > MAX_NUMBER_TEXT:
            return None
        if cleaned[:1] == "(" and cleaned[-1:] == ")":
            cleaned = cleaned[1:-1].strip()
        for form in _COMPLEX:
            match = form.fullmatch(cleaned)
            if match is not None:
                size = match["imag_size"] or match["behind"] or "1"
                imag = NumberText.parse(match["imag"] + size)
                digits, e, power = size.partition("e" if "e" in size else "E")
                zero = re.sub("[1-9]", "0", digits) + e + power
                real = NumberText.parse((match["real"] or "") + (match["real_size"] or zero))
                return cls(cleaned, real, imag) if real is not None and imag is not None else None
        return None

    def __complex__(self) -> complex:
        return complex(float(self.real), float(self.imag))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Opaque:
    """Stands for a returned object that is not plain data, or data that breaks a bound."""

    type_name: str
    why: str = ""


def walk(value: Value) -> Iterator[Value]:
    """The value and everything inside its lists, tuples and dicts."""
    yield value
    if isinstance(value, Mapping):
        for item in value.values():
            yield from walk(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from walk(item)


def leaves(value: Value) -> Iterator[Value]:
    """What a value holds in its lists, tuples and dicts; the value itself if it is not one."""
    return (item for item in walk(value) if not isinstance(item, Mapping | list | tuple))


def map_leaves(
    value: Value,
    changed: Callable[[Value], Value],
    sequence: type[list[Value]] | type[tuple[Value, ...]] | None = None,
) -> Value:
    """The same lists, tuples and dicts, with what `changed` makes of everything else inside them.

    Lists and tuples become a `sequence`, where one is given. What is derived from a list, a tuple
    or a dict is not looked into: it goes to `changed` as a whole. Keys stay.
    """
    kind = type(value)
    if kind is list or kind is tuple:
        return (sequence or kind)([map_leaves(item, changed, sequence) for item in value])
    if kind is dict:
        return {key: map_leaves(item, changed, sequence) for key, item in value.items()}
    return changed(value)


def shape_of(value: Value, most: int = MAX_DIMENSIONS) -> tuple[int, ...] | None:
    """The shape of a number, array or regular nested sequence.

    None when it is ragged, or nested deeper than an array of `most` dimensions.
    """
    if hasattr(value, "shape"):
        return tuple(int(n) for n in value.shape)
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return ()
    if most == 0:
        return None
    shapes = {shape_of(item, most - 1) for item in value}
    if len(shapes) > 1 or None in shapes:
        return None
    inner = shapes.pop() if shapes else ()
    assert inner is not None
    return (len(value), *inner)
