"""Numbers as people type them: other signs, powers of ten, groups of digits, small calculations."""

from __future__ import annotations

import re

from grader.compare.formula.spelling import normalised
from grader.judge.mark.typed_calculations import calculated, exactly
from grader.model.typed import USUAL_NUMBERS, NumberRules, Unread
from grader.model.value import MAX_NUMBER_TEXT, ComplexText, NumberText, Value

__all__ = ["typed_number"]

_DIGITS = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
_BEFORE = re.compile(r"\A(?:[^\W\d]\w*'*(?:\(\w*\))?\s*)?(?:==?|≈|≅|~|:=)\s*")
_POWER_OF_TEN = re.compile(
    rf"(?P<sign>[-+]?)\s*(?:(?P<digits>{_DIGITS})\s*[*xX]\s*)?"
    r"10\s*(?:\^|\*\*)\s*\(?\s*(?P<power>[-+]?\s*[0-9]{1,4})\s*\)?"
)
_GROUPS = re.compile(
    r"[-+]?[0-9]{1,3}(?:(?P<sign>[, ])[0-9]{3})(?:(?P=sign)[0-9]{3})+(?:\.[0-9]*)?"
)
_ONE_GROUP = re.compile(r"(?P<before>[-+]?[1-9][0-9]{0,2}),(?P<after>[0-9]{3})")
_COMMA = re.compile(r"(?P<before>[-+]?[0-9]*),(?P<after>[0-9]+(?:[eE][-+]?[0-9]+)?)")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9]),(?=[0-9])")
_BOTH_SIGNS = re.compile(
    r"(?P<whole>[-+]?[0-9]{1,3}(?:,[0-9]{3})+)\.(?P<part>[0-9]*)"
    r"|(?P<whole2>[-+]?[0-9]{1,3}(?:\.[0-9]{3})+),(?P<part2>[0-9]+)"
)
_LOST_POWER = re.compile(rf"(?P<before>[-+]?{_DIGITS})\s*[*xX]\s*10(?P<power>[-+][0-9]{{1,3}})")
_HEXADECIMAL = re.compile(r"[-+]?0[xXoObB]")
_MORE = re.compile(r"\s[0-9]|\*")  # it is not a unit where more of a sentence follows
_PER_CENT = re.compile(rf"(?P<number>[-+]?{_DIGITS}(?:[eE][-+]?[0-9]+)?)\s*%")
_UNIT = re.compile(
    rf"(?P<number>[-+]?{_DIGITS}(?:[eE][-+]?[0-9]+)?+(?:[ij](?![^\W\d_]))?+)\s*(?P<unit>[^\W\d_].*|°.*)"
)
_WRAPPED = re.compile(
    r"(?:(?:np|numpy|jnp)\.)?(?:float|int|uint|complex)[0-9]*\((?P<inner>[^()]+)\)"
)
_RAISED = re.compile(r"\^\((-?[0-9]+)\)")
_INFINITE = re.compile(
    r"(?P<sign>[-+]?)\s*(?:∞|\\infty|(?:(?:np|numpy|math|jnp|torch)\.)?inf(?:inity)?)",
    re.IGNORECASE,
)
_NAN = re.compile(r"(?:(?:np|numpy|math|jnp|torch)\.)?nan", re.IGNORECASE)


def typed_number(text: str, rules: NumberRules = USUAL_NUMBERS) -> Value:
    """The number that a text says: a NumberText, or a float where it is computed and irrational; a
    complex one is a ComplexText, or complex where it is computed.

    A fraction or a sum that comes out exactly is a NumberText too. What is nearly a number becomes
    an `Unread` with what to change; anything else stays the text that it is.
    """
    known = NumberText.parse(text)
    if known is not None:
        return known
    if len(text) > MAX_NUMBER_TEXT:
        return text
    plain = _BEFORE.sub("", normalised(text).strip()).strip(" \t\n;,")
    plain = plain.rstrip(".") if plain.count(".") > 1 else plain
    plain = _without_unit(plain, rules.unit)
    plain = _unwrapped(plain)
    for read in (NumberText.parse, _power_of_ten, _grouped, ComplexText.parse, _not_finite):
        number: Value = read(plain)
        if number is not None:
            return number
    lost = _LOST_POWER.fullmatch(plain)
    if lost is not None:
        before, power = lost["before"], lost["power"]
        return _two_ways(text, f"{before} * 10^{power}", f"{before} * 10 {power[0]} {power[1:]}")
    return _with_marks(text, plain, rules)


def _two_ways(text: str, one: str, other: str) -> Unread:
    return Unread(text, f"it can be read in two ways, as {one} or as {other}: write which")


def _with_marks(text: str, plain: str, rules: NumberRules) -> Value:
    """A number with a decimal comma, a per cent sign or a unit, or a calculation."""
    points = _BETWEEN_DIGITS.sub(".", plain)
    complex_number = ComplexText.parse(points) if points != plain else None
    if complex_number is not None:
        if rules.decimal_comma:
            return complex_number
        return Unread(text, f"write a point in place of the comma: {complex_number}")
    comma = _COMMA.fullmatch(plain)
    if comma is not None:
        point = f"{comma['before']}.{comma['after']}"
        if rules.decimal_comma:
            return NumberText.parse(point) or text
        if _ONE_GROUP.fullmatch(plain):
            whole = plain.replace(",", "")
            return Unread(
                text, f"it can be read in two ways, as {whole} or as {point}: write which"
            )
        return Unread(text, f"write a point in place of the comma: {point}")
    if rules.decimal_comma and plain.endswith("%") and "," in plain:
        plain = plain.replace(",", ".")
    both = _BOTH_SIGNS.fullmatch(plain)
    if both is not None:
        whole = (both["whole"] or both["whole2"]).replace(",", "").replace(".", "")
        part = both["part"] or both["part2"] or "0"
        return Unread(text, f"write no sign between the thousands: {whole}.{part}")
    per_cent = _PER_CENT.fullmatch(plain)
    if per_cent is not None:
        share = NumberText.parse(per_cent["number"])
        if share is None:
            return text
        if rules.percent:
            return exactly(share.exact / 100) or text
        shown = per_cent["number"]
        return Unread(text, f"take the % away: write {shown}, or the fraction that it is of one")
    if _HEXADECIMAL.match(plain):
        return text
    as_typed = plain if rules.unit or rules.decimal_comma else _BEFORE.sub("", text.strip())
    found = calculated(text, as_typed, rules)
    if found is not None:
        return found
    unit = _UNIT.fullmatch(plain)
    if unit is not None and not _MORE.search(unit["unit"]):
        return Unread(
            text, f"take {unit['unit']!r} away, and write the number alone: {unit['number']}"
        )
    return text


def _without_unit(plain: str, unit: str) -> str:
    """Without the question's own unit, however it is spaced."""
    wanted = _compact(normalised(unit))
    if not wanted:
        return plain
    for start in range(1, len(plain)):
        stands_alone = not plain[start - 1].isalpha() and plain[start - 1] not in "/*^"
        if stands_alone and _compact(plain[start:]) == wanted:
            return plain[:start].strip()
    return plain


def _compact(unit: str) -> str:
    return _RAISED.sub(r"^\1", unit.replace(" ", ""))


def _unwrapped(plain: str) -> str:
    """`(-2)` and `np.float64(1.0)` as what stands inside."""
    wrapped = _WRAPPED.fullmatch(plain)
    if wrapped is not None:
        return wrapped["inner"].strip("'\" ")
    inner = plain[1:-1].strip()
    return inner if plain[:1] == "(" and plain[-1:] == ")" and NumberText.parse(inner) else plain


def _power_of_ten(plain: str) -> NumberText | None:
    """`1.38*10^-23` with its digits."""
    match = _POWER_OF_TEN.fullmatch(plain)
    if match is None:
        return None
    power = match["power"].replace(" ", "")
    return NumberText.parse(f"{match['sign']}{match['digits'] or '1'}e{power}")


def _not_finite(plain: str) -> NumberText | None:
    """`∞`, `-infinity`, `np.inf` and `NaN`."""
    if _NAN.fullmatch(plain):
        return NumberText("nan")
    match = _INFINITE.fullmatch(plain)
    return NumberText(f"{match['sign']}inf") if match else None


def _grouped(plain: str) -> NumberText | None:
    """`1,234,567`: two groups or more."""
    match = _GROUPS.fullmatch(plain)
    return NumberText.parse(plain.replace(match["sign"], "")) if match else None
