"""Numbers as people type them: other signs, powers of ten, groups of digits, small calculations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from grader.compare.complexes import nearest
from grader.compare.formula.spelling import INVISIBLE, normalised
from grader.judge.mark.typed_advice import about_number, not_to_calculate, two_ways, without_words
from grader.judge.mark.typed_calculations import calculated, exactly
from grader.judge.mark.typed_units import without_unit
from grader.model.typed import USUAL_NUMBERS, NumberRules, Unread
from grader.model.value import MAX_NUMBER_TEXT, ComplexText, NumberText, Value

__all__ = ["typed_number"]

_DIGITS = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
_BEFORE = re.compile(r"\A(?:[^\W\d]\w*'*(?:\(\w*\))?\s*)?(?:==?|≈|≅|~|:=)\s*")
_EMPHASIS = re.compile(r"\A(\*{1,3}|`+|_{1,2})([^*`_]+)\1\Z")
_SIGN_APART = re.compile(r"\A([-+])\s+(?=[0-9.])")
_BESIDE_WORDS = re.compile(rf"(?:\A|\s)[-+]?{_DIGITS}(?:/[0-9]+)?(?:\s*@|\s+[^\W\d]\w)")
_POWER_OF_TEN = re.compile(
    rf"(?P<sign>[-+]?)\s*(?:(?P<digits>{_DIGITS})\s*[*xX]\s*)?"
    r"10\s*(?:\^|\*\*)\s*\(?\s*(?P<power>[-+]?\s*[0-9]{1,4})\s*\)?"
)
_GROUPS = re.compile(
    r"[-+]?[0-9]{1,3}(?:(?P<sign>[, '])[0-9]{3})(?:(?P=sign)[0-9]{3})+(?:\.[0-9]*)?"
)
_AS_IN_CODE = re.compile(r"[-+]?[0-9]{1,3}(?:_[0-9]{3})+(?:\.[0-9]*)?")
_ONE_GROUP = re.compile(r"(?P<before>[-+]?[1-9][0-9]{0,2}),(?P<after>[0-9]{3})")
_DECIMAL_COMMA = re.compile(r"(?<![\w,.])([0-9]*),([0-9]++)(?![,.])")
_BOTH_SIGNS = re.compile(
    r"(?P<whole>[-+]?[0-9]{1,3}(?:,[0-9]{3})+)\.(?P<part>[0-9]*)"
    r"|(?P<whole2>[-+]?[0-9]{1,3}(?:\.[0-9]{3})+),(?P<part2>[0-9]+)"
)
_LOST_POWER = re.compile(rf"(?P<before>[-+]?{_DIGITS})\s*[*xX]\s*10(?P<power>[-+][0-9]{{1,3}})")
_HEXADECIMAL = re.compile(r"[-+]?0[xXoObB]")
_MORE = re.compile(r"\s[0-9]|\*")  # it is not a unit where more of a sentence follows
_PER_CENT = re.compile(
    rf"(?P<number>[-+]?{_DIGITS}(?:[eE][-+]?[0-9]+)?)\s*\\?(?P<sign>%|per ?cent|pct\.?|prozent)",
    re.IGNORECASE,
)
_UNIT = re.compile(
    rf"(?P<number>[-+]?{_DIGITS}(?:[eE][-+]?[0-9]+)?+(?:[ij](?![^\W\d_]))?+)\s*(?P<unit>[^\W\d_].*|°.*)"
)
_WRAPPED = re.compile(
    r"(?:(?:np|numpy|jnp|torch|decimal|fractions)\.)?"
    r"(?:(?:float|int|uint|complex)[0-9]*|array|asarray|tensor|Array|Decimal|Fraction|mpf)"
    r"\((?P<inner>[^()\[\]=,]+)(?:,\s*(?P<below>[0-9]+)|(?:,\s*\w+=(?:[^()\[\]=,]|\(\))+)*)\)"
)
_UNSEEN = dict.fromkeys(map(ord, [*INVISIBLE, "\N{ZERO WIDTH SPACE}", "\N{WORD JOINER}"]))
_GLUED = re.compile(rf"[-+]?{_DIGITS}[eE][-+]?[0-9]+(?!pi)[^\W\dπ_]+")
_EQUALS_OR_BRACKET = re.compile(r"(?<![<>!:=])=(?!=)|[≈≅()\[\]{}]")
_MULTIPLE = re.compile(r"[-+]?[0-9.]+\s*\*?\s*[^\W\d_]\w*")
_OR = re.compile(r"\b(?:or|and|oder|und|y|et|e)\b|[;?]|,\s*[^\W\d]")
_CALLED = re.compile(r"\([^()]*\)")
_REMARK = re.compile(rf"(?P<number>[-+]?{_DIGITS})\s+[(\[][^0-9()\[\]]*[)\]]")
_CALL = re.compile(r"[^\W\d_]\(")
_ALONE = "write the number alone"
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
    found = _read(text.translate(_UNSEEN), rules)
    return (
        Unread(text, found.why) if isinstance(found, Unread) else text if found is None else found
    )


def _read(text: str, rules: NumberRules) -> Value:
    plain = _BEFORE.sub("", normalised(text).strip()).strip(" \t\n;,")
    plain = _EMPHASIS.sub(r"\2", plain)
    plain = _SIGN_APART.sub(r"\1", plain)
    plain = plain.rstrip(".") if plain.count(".") > 1 else plain
    if rules.decimal_comma and not _BOTH_SIGNS.fullmatch(plain):
        plain = _DECIMAL_COMMA.sub(r"\1.\2", plain)
    plain = without_unit(plain, rules.unit) if rules.unit else plain
    plain = _unwrapped(plain)
    for read in (NumberText.parse, _power_of_ten, _grouped, ComplexText.parse, _not_finite):
        number: Value = read(plain)
        if number is not None:
            return number
    said = not_to_calculate(_BEFORE.sub("", text.strip()), plain)
    if said:
        return Unread(text, said)
    pieces = _sides(plain)
    if len(pieces) > 1:
        return _of_sides(text, pieces, rules)
    lost = _LOST_POWER.fullmatch(plain)
    if lost is not None:
        before, power = lost["before"], lost["power"]
        return Unread(
            text, two_ways(f"{before} * 10^{power}", f"{before} * 10 {power[0]} {power[1:]}")
        )
    return _with_comma(text, plain, rules) or _with_marks(text, plain, rules)


def _sides(plain: str) -> list[str]:
    """What stands between the = and ≈ outside of brackets."""
    sides, depth, begin = [], 0, 0
    for sign in _EQUALS_OR_BRACKET.finditer(plain):
        if sign[0] in "([{":
            depth += 1
        elif sign[0] in ")]}":
            depth -= 1
        elif depth <= 0:
            sides.append(plain[begin : sign.start()].strip())
            begin = sign.end()
    return [*sides, plain[begin:].strip()]


def _of_sides(text: str, sides: Sequence[str], rules: NumberRules) -> Value:
    """`1/3 ≈ 0.333`: the last side counts, and the others must say the same or name it."""
    last = _read(sides[-1], rules)
    several = any(_OR.search(_CALLED.sub("", side)) for side in sides)
    if several or last is None or isinstance(last, str):
        return Unread(text, about_number("; ".join(sides)) or _ALONE)
    for side in sides[:-1]:
        said = _read(side, replace(rules, calculations=True, expressions=True))
        if said is None or isinstance(said, str):
            if _MULTIPLE.fullmatch(side):  # 2x = 6 does not say what x is
                return Unread(text, _ALONE)
            if _BESIDE_WORDS.search(side):  # 0.25 at z = 0
                return Unread(text, about_number("; ".join(sides)) or _ALONE)
        elif not _alike(said, last):
            return Unread(
                text, "two different numbers stand there; write the one that you mean, alone"
            )
    return last


def _alike(one: Value, last: Value) -> bool:
    """Whether two numbers agree as far as the last one is rounded, give or take a unit."""
    first, other = (nearest(number) for number in (one, last))
    if first == other:
        return True
    decimal = last.decimal if isinstance(last, NumberText) and last.is_finite else None
    place = 10.0 ** int(decimal.as_tuple().exponent) if decimal is not None else 0.0
    return abs(first - other) <= max(place, 1e-6 * abs(first))


def _with_comma(text: str, plain: str, rules: NumberRules) -> Value:
    """What to write in place of a decimal comma; None where there is none."""
    both = _BOTH_SIGNS.fullmatch(plain)
    if both is not None:
        whole = (both["whole"] or both["whole2"]).replace(",", "").replace(".", "")
        part = both["part"] or both["part2"] or "0"
        return Unread(text, f"write no sign between the thousands: {whole}.{part}")
    if _ONE_GROUP.fullmatch(plain):
        point = plain.replace(",", ".")
        return Unread(text, two_ways(plain.replace(",", ""), point))
    points = _DECIMAL_COMMA.sub(r"\1.\2", plain)
    if points == plain or _CALL.search(plain):
        return None
    found = _read(points, rules)
    if isinstance(found, Unread):
        return Unread(text, f"write a point in place of the comma, and {found.why}")
    if found is None or isinstance(found, str):
        return None
    return Unread(text, f"write a point in place of the comma: {points}")


def _with_marks(text: str, plain: str, rules: NumberRules) -> Value:
    """A number with a per cent sign or a unit, or a calculation; None where it is none of these."""
    per_cent = _PER_CENT.fullmatch(plain)
    if per_cent is not None:
        share = NumberText.parse(per_cent["number"])
        if share is None:
            return None
        if rules.percent:
            return exactly(share.exact / 100)
        shown = per_cent["number"]
        return Unread(
            text,
            f"take the {per_cent['sign']} away: write {shown}, or the fraction that it is of one",
        )
    if _HEXADECIMAL.match(plain):
        return None
    remark = _REMARK.fullmatch(plain)
    if remark is not None:
        return Unread(text, f"{_ALONE}: {remark['number']}")
    as_typed = plain if rules.unit or rules.decimal_comma else _BEFORE.sub("", text.strip())
    unit = _UNIT.fullmatch(plain)
    if unit is None or not _GLUED.fullmatch(plain):
        found = calculated(text, as_typed, rules)
        if found is not None:
            return found
    said = about_number(plain)
    if said:
        return Unread(text, said)
    if unit is not None and not _MORE.search(unit["unit"]):
        return Unread(
            text, f"take {unit['unit']!r} away, and write the number alone: {unit['number']}"
        )
    said = without_words(plain)
    return Unread(text, said) if said else None


def _unwrapped(plain: str) -> str:
    """`(-2)` and `np.float64(1.0)` as what stands inside."""
    wrapped = _WRAPPED.fullmatch(plain)
    if wrapped is not None:
        inner = wrapped["inner"].strip("'\" ")
        return f"{inner}/{wrapped['below']}" if wrapped["below"] else inner
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
    """`1,234,567`: two groups or more; of `1_000` one will do, which says nothing else."""
    if _AS_IN_CODE.fullmatch(plain):
        return NumberText.parse(plain.replace("_", ""))
    match = _GROUPS.fullmatch(plain)
    return NumberText.parse(plain.replace(match["sign"], "")) if match else None
