"""What to change where a text is not one number, or not a list of numbers: one sentence.

An empty sentence says that there is nothing to say but that a number was expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

__all__ = ["about_list", "about_number", "not_to_calculate", "two_ways", "without_words"]

_DIGITS = r"(?:[0-9]+(?:[.,][0-9]+)*\.?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_ALONE = re.compile(rf"(?<![-+\w.,^*/])[-+]?{_DIGITS}(?![\w^*/!:'])")
_RATIO = re.compile(r"(?P<one>[0-9]+)\s*:\s*(?P<other>[0-9]+)")
_BOTH = re.compile(r"±|∓|\\pm|\\mp|\+\s*/\s*-|\+-|-\+|\A--")
_GROUPED = re.compile(
    r"(?P<whole>[-+]?[0-9]{1,3}(?P<sign>[\s',_])[0-9]{2,3}(?:(?P=sign)[0-9]{3})*)(?P<rest>[.,][0-9]+)?"
)
_MANTISSA = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
_MANY_POINTS = re.compile(r"[-+]?[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_EXPONENT = re.compile(
    rf"(?P<size>{_MANTISSA})(?:\s*(?P<fortran>[dD])\s?|\s+[eE]\s?)(?P<power>[-+]?[0-9]+)"
)
_MIXED = re.compile(r"(?P<whole>[-+]?[0-9]+)\s+(?P<part>[0-9]+\s?/\s?[0-9]+)")
_RANGE = re.compile(rf"(?P<one>{_DIGITS})[–—‒](?P<other>{_DIGITS})")
_RAISED_POINT = re.compile(r"[-+−]?0[·⋅•∙]([0-9]+)")
_SEVERAL = re.compile(rf"{_DIGITS}.*?(?:\bor\b|\band\b|\boder\b|\bund\b|[;,&|])\s*\S*?{_DIGITS}")
_UNSAFE = re.compile(r"[0-9*/^+!±|√∛\\]")
_LONGEST = 60
_ALSO = "write one number"
_SEVERAL_STAND = "more than one number stands there; write the one that you mean, alone"


def two_ways(one: str, other: str) -> str:
    """Both readings of what can be read in two ways."""
    return f"it can be read in two ways, as {one} or as {other}: write which"


def _of_range(plain: str) -> str:
    found = _RANGE.fullmatch(plain.strip())
    if found is None:
        return ""
    one, other = found["one"], found["other"]
    return (
        f"it can be read in two ways, as {one} - {other} or as from {one} to {other}: write which"
    )


def _of_ratio(plain: str) -> str:
    found = _RATIO.fullmatch(plain)
    if found is None:
        return ""
    return f"a colon is not read; write {found['one']}/{found['other']} for a division"


def _of_both(plain: str) -> str:
    found = _BOTH.search(plain)
    if found is None:
        return ""
    if found[0] == "--":
        return "two signs stand side by side; write one of them"
    return f"{found[0]} makes two numbers of it; {_ALSO}"


def _of_groups(plain: str) -> str:
    if _MANY_POINTS.fullmatch(plain):
        return f"write no sign between the thousands: {plain.replace('.', '')}"
    found = _GROUPED.fullmatch(plain)
    if found is None:
        return ""
    sign, rest = found["sign"], found["rest"] or ""
    if sign == "," and "," not in found["whole"].replace(",", "", 1):
        return ""  # 12,34 is not a group
    together = found["whole"].replace(sign, "") + rest.replace(",", ".")
    return f"write no sign and no space between the digits: {together}"


def _of_exponent(plain: str) -> str:
    found = _EXPONENT.fullmatch(plain)
    if found is None:
        return ""
    power = found["power"]
    together = f"{found['size']}e{power}"
    if found["fortran"]:
        return f"write e for the power of ten: {together}"
    between = f"- {power[1:]}" if power[0] == "-" else f"+ {power.lstrip('+')}"
    return two_ways(together, f"{found['size']} · e {between}")


def _of_mixed(plain: str) -> str:
    found = _MIXED.fullmatch(plain)
    if found is None:
        return ""
    whole, part = found["whole"], found["part"]
    return two_ways(f"{whole} + {part}", f"{whole} · {part}")


def _of_several(plain: str) -> str:
    if _SEVERAL.search(plain) or len(_ALONE.findall(plain)) > 1:
        return _SEVERAL_STAND
    return ""


_Rule: TypeAlias = Callable[[str], str]


def _says(pattern: str, sentence: str) -> _Rule:
    """The rule that a text of this pattern is told this; `{0}` is the pattern's first group."""
    compiled = re.compile(pattern)

    def rule(plain: str) -> str:
        found = compiled.fullmatch(plain)
        return sentence.format(*map(repr, found.groups())) if found is not None else ""

    return rule


def _of_raised_point(typed: str) -> str:
    found = _RAISED_POINT.fullmatch(typed.strip())
    return two_ways(f"0.{found[1]}", f"0 * {found[1]}") if found is not None else ""


_AS_TYPED: tuple[_Rule, ...] = (_of_range, _of_both, _of_raised_point)
_FIRST: tuple[_Rule, ...] = (
    _says(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2,4}",
        "it looks like a date; write one number",
    ),
    _of_exponent,
    _of_both,
    _says(r".*[0-9]\s+\|\s+[-+]?[0-9.].*", _SEVERAL_STAND),  # not the bars of abs
    _says(  # an uncertainty, or digits that go on for ever
        r"[-+]?[0-9]*\.[0-9]*\([0-9]+\)(?:[eE][-+]?[0-9]+)?",
        "digits in brackets behind a number are not read; write the number alone",
    ),
)
_THEN: tuple[_Rule, ...] = (
    _of_ratio,
    _of_mixed,
    _of_groups,
    _says(r"[-+]?[0-9]*(?:\.+[0-9]*){2,}", "more than one decimal point stands there"),
    _says(
        r"\s*[0-9]+\s*!\s*",
        "a factorial is not calculated here: write the number that comes out",
    ),
    _says(rf"[-+]?{_DIGITS}\s+10\s*(?:\^|\*\*)\s*\(?[-+]?[0-9]+\)?", "write * for a product"),
    _says(rf"{_DIGITS}\s*[xX]\s*{_DIGITS}", "write * for a product, and no x"),
    _says(
        rf"{_MANTISSA}\s*(k|[mM]io\.?|M|millions?|thousand|billions?|dozen|‰|ppm|per mille)",
        "write all digits in place of {0}",
    ),
    _of_several,
)


def not_to_calculate(typed: str, plain: str) -> str:
    """What to change where the signs of a calculation mean something else, or may do so.

    `typed` is the text as it stands, `plain` the same in one spelling of signs.
    """
    return _first(_AS_TYPED, typed) or _first(_FIRST, plain)


def about_number(plain: str) -> str:
    """What to change where a text, in one spelling of signs, is not a number or a calculation."""
    return _first(_THEN, plain)


def _first(rules: Sequence[_Rule], text: str) -> str:
    return next((said for rule in rules if (said := rule(text))), "")


def without_words(plain: str) -> str:
    """What to take away where words stand around a single number."""
    bare = plain.strip("*_")
    if bare != plain and _ALONE.fullmatch(bare):
        return f"write the number alone: {bare}"
    found = _ALONE.search(plain)
    if found is None or len(plain) > _LONGEST:
        return ""
    rest = f"{plain[: found.start()]} {plain[found.end() :]}"
    if not rest.strip() or _UNSAFE.search(rest):
        return ""
    number = found[0].rstrip(".") if found[0].count(".") > 1 else found[0]
    return f"write the number alone: {number.replace(',', '.')}"


def about_list(text: str, parts: Sequence[tuple[str, str]]) -> str:
    """`parts` are what stands between the commas and is not a number, each with what to change."""
    for opening, closing in ("[]", "()", "{}"):
        if text.count(opening) != text.count(closing):
            more = opening if text.count(opening) > text.count(closing) else closing
            what = "opened and not closed" if more == opening else "closed and not opened"
            return f"the bracket {more} is {what}"
    if parts and len(parts[0][0]) <= _LONGEST and not set(parts[0][0]) & set("[](){}<>"):
        part, why = parts[0]
        if not part:
            return "a number is missing between two commas"
        return f"“{part}”: {why}" if why else f"“{part}” is not a number"
    return "write the numbers alone, in square brackets with commas between them: [1, 2.5]"
