"""What stands around a formula: what names the answer before it, quotes, and what ends it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from grader.compare.formula.spelling import Plain
from grader.compare.formula.tree import Formula, FormulaError, TwoReadings, quote

__all__ = ["without_frame"]

_OPERATOR = re.compile(r"[-+*/^@(]|\d")
_CALLED = re.compile(
    r"\s*[^\W\d]\w*'*\s*(?:\([^()+*/^-]*\)|\(\s*[a-z]\s*[+-]\s*1\s*\)|\([^()]*[<>=][^()]*\))\s*"
)
_LABEL = re.compile(
    r"\A\s*(?:lambda\s+\w+(?:\s*,\s*\w+)*|(?P<word>[^\W\d_]{3,}))\s*:(?![=/])\s*(?=\S)"
)
_ARROW = re.compile(r"\A\s*(?P<name>[^\W\d]\w*'*(?:\([^()]*\))?)(?P<arrow>\s*(?:←|<-))(?P<gap>\s*)")
_BEFORE = re.compile(r"\A\s*(?:≈|≅|==|⇒|→|∴)\s*(?=\S)")
_BOUND = re.compile(r"\s*(?:<=|>=|<|>)(?=\s*\S)")
_DERIVATIVE = re.compile(r"∂|∇|\bd\w*\s*\)*\s*/\s*\(*\s*d\w")
_QUOTES = ("''", '""', "``", "“”", "„“", "„”", "””", "«»", "‘’")

Reading = Callable[[str], Formula]


def without_frame(
    plain: Plain, read: Reading, symbols: Collection[str], lenient: list[str]
) -> Plain:
    """The formula alone. `read` reads a text as a formula, `symbols` holds the names that are
    known; what was forgiven is added to `lenient`. Raises FormulaError."""
    plain = _without_quotes(plain, lenient)
    bound = _BOUND.match(plain.text)
    if bound is not None:
        typed = quote(plain.quoted(*bound.span()))
        raise FormulaError(f"{typed} stands before the formula: take it away")
    for rule in (_BEFORE, _LABEL):
        found = rule.match(plain.text)
        word = found.groupdict().get("word") if found else None
        if found is not None and found[0].lstrip().startswith("lambda") and word not in symbols:
            typed = plain.quoted(found.start(), found.end())
            raise FormulaError(f"{quote(typed)} cannot be read: write the formula alone")
        if found is not None and not (word and word in symbols):
            lenient.append("left side")
            plain = plain.part(found.end(), len(plain.text))
    plain = _without_arrow(plain, lenient)
    plain = _without_left_sides(plain, read, lenient)
    end = len(plain.text.rstrip())
    if end > 1 and plain.text[end - 1] in ";.," and plain.text[:end].rstrip(";., "):
        plain = plain.part(0, len(plain.text[:end].rstrip(";., ")))
    return plain


def _without_quotes(plain: Plain, lenient: list[str]) -> Plain:
    """`"2x"` as what stands between the quotes, where no other quote does."""
    start = len(plain.text) - len(plain.text.lstrip())
    end = len(plain.text.rstrip())
    if end - start < 3:
        return plain
    typed = plain.quoted(start, start + 1) + plain.quoted(end - 1, end)
    inner = plain.part(start + 1, end - 1)
    if typed not in _QUOTES or (typed == "''" and "'" in inner.text):
        return plain
    lenient.append("quotes")
    return inner


def _without_arrow(plain: Plain, lenient: list[str]) -> Plain:
    """`w <- w - 2x` without what it says before the arrow."""
    found = _ARROW.match(plain.text)
    if found is None:
        return plain
    arrow, spaced = found["arrow"], found["arrow"][:1].isspace() and found["gap"]
    if arrow.endswith("<-") and not spaced:
        name, rest = found["name"], plain.text[found.end() :].strip()
        raise TwoReadings("'<-'", f"the new {name} is {rest}", f"{name} < -{rest}")
    lenient.append("left side")
    return plain.part(found.end(), len(plain.text))


def _equals(text: str) -> Iterator[int]:
    """Where a `=` stands outside of brackets that is not part of a relation."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        around = text[place - 1 : place] + text[place + 1 : place + 2]
        if sign == "=" and depth <= 0 and not set(around) & set("=<>!"):
            yield place


def _without_left_sides(plain: Plain, read: Reading, lenient: list[str]) -> Plain:
    """`dy/dx = …`: what stands before names the answer; so do derivatives further on."""
    start = 0
    for place in _equals(plain.text):
        side = plain.text[start:place].rstrip(": ")
        if start == 0 and re.search("[<>]", re.sub(r"\([^()]*\)", "", side)):
            break
        if start and not _DERIVATIVE.search(side):
            break  # `y = wx = 3`
        if _is_formula(side, read):
            both = quote("=")
            msg = f"formulas stand on both sides of {both}: write the one that answers, alone"
            raise FormulaError(msg)
        start = place + 1
    if start:
        lenient.append("left side")
    return plain.part(start, len(plain.text)) if start else plain


def _is_formula(side: str, read: Reading) -> bool:
    """Whether what stands before a `=` is a formula itself, and no name of the answer."""
    if not _OPERATOR.search(side) or _CALLED.fullmatch(side):
        return False
    try:
        return read(side).head not in ("symbol", "call")
    except FormulaError:
        return False  # dy/dx and the like are not formulas here
