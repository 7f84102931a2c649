"""Units behind numbers: which spellings are the question's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from grader.compare.formula.spelling import normalised

__all__ = ["without_unit"]

_TEXT = re.compile(r"\\(?:mathrm|text|textrm|mathsf|unit|si|rm)(?![A-Za-z])\s*|\\[,;: ]|~")
_FACTOR = re.compile(
    r"\s*(?P<sign>[*/.]?)\s*"
    r"(?:(?P<name>[^\W\d_]+|°[^\W\d_]?|%)\s*(?:\^?\s*\(?\s*(?P<power>[-+]?[0-9]+)\s*\)?)?"
    r"|\((?P<group>[^()]*)\))"
)
_MOST = 60  # characters of a unit


def without_unit(plain: str, unit: str) -> str:
    """A number without the question's own unit behind it, however that is spelt: `m/s^2`,
    `m s⁻²`, `[m/s**2]`. A text that ends otherwise stays as it is."""
    wanted = _powers(unit)
    if not wanted:
        return plain
    text = _TEXT.sub(" ", plain)
    for start in range(max(1, len(text) - _MOST), len(text)):
        stands_alone = not text[start - 1].isalpha() and text[start - 1] not in "/*^.°"
        if stands_alone and _begins(text[start]) and _powers(text[start:]) == wanted:
            return text[:start].strip()
    return plain


def _begins(sign: str) -> bool:
    return sign.isalpha() or sign in "°%[("


def _powers(unit: str) -> Mapping[str, int] | None:
    """The powers of the names in a unit; None where it is none."""
    text = normalised(_TEXT.sub(" ", unit)).replace("**", "^").strip()
    if text[:1] in ("[", "(") and text[-1:] in ("]", ")") and not set(text[1:-1]) & set("[]()"):
        text = text[1:-1]
    return _product(text) if len(text) <= _MOST else None


def _product(text: str, sign: int = 1) -> Mapping[str, int] | None:
    found: Counter[str] = Counter()
    position = 0
    while position < len(text.rstrip()):
        factor = _FACTOR.match(text, position)
        if factor is None:
            return None
        turned = -sign if factor["sign"] == "/" else sign
        if factor["group"] is not None:
            inner = _product(factor["group"], turned)
            if inner is None:
                return None
            found.update(inner)
        else:
            found[factor["name"]] += turned * int(factor["power"] or 1)
        position = factor.end()
    return {name: power for name, power in found.items() if power} or None
