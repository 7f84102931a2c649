"""Read a number, or a list of numbers, as a text for people states it."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Stated", "read_stated"]

#: What a number may mean: its value and the unit of its last digit.
Readings = tuple[tuple[float, float], ...]

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_NUMBER = re.compile(
    r"(?P<sign>[-+]?)\s?"
    r"(?:\\[dt]?frac\{(?P<top>\d+)\}\{(?P<bottom>\d+)\}"
    r"|(?P<whole>\d+)\s?/\s?(?P<of>\d+)(?![\d.])"
    r"|(?P<digits>(?:\d+(?:[.,]\d+)?|\.\d+)(?:[eE][-+]?\d+)?))"
)
_POWER = re.compile(
    r"\s*(?:·|×|\*|\\cdot|\\times)\s*10\s*(?:\^\{?(?P<plain>-?\d+)\}?|(?P<raised>[⁻⁰¹²³⁴-⁹]+))"
)
_OF_TEN = re.compile(r"(?:\^\{?(?P<plain>-?\d+)\}?|(?P<raised>[⁻⁰¹²³⁴-⁹]+))")
_PER_CENT = re.compile(r"\s*\\?%")
_GOES_ON = re.compile(
    r"\s*(?:[-+*/^·×<>≤≥]|\\cdot|\\times)\s*[\w(\\.]|\w|\(|\s*(?:…|\.\.)|\s*points?\b"
)
_LETTER = re.compile(r"\s+([^\W\d_]\d*)(?!\w)")
_MORE = re.compile(r"\s*[,|]\s*(?=…|\.\.|[-+]?\d)")
_BRACKETS = re.compile(
    r"(?P<list>[\[(][-+\d.,;/eE\s\[\]()]*[\])])|\\begin\{[bp]?matrix\}(?P<matrix>.*?)\\end\{[bp]?matrix\}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a text states: as it is written, and what each of its numbers may mean."""

    text: str
    readings: tuple[Readings, ...]
    listed: bool


def read_stated(line: str, start: int, letters: set[str]) -> Stated | None:
    """What stands at this place of a line; None for what may be part of a formula.

    `letters` are symbols: a number before one of them is its factor, before other letters it has a
    unit.
    """
    start += len(line[start:]) - len(line[start:].lstrip())
    if listed := _BRACKETS.match(line, start):
        return _listed(listed)
    one = _number(line, start)
    if one is None:
        return None
    found, end = [one[0]], one[1]
    while more := _MORE.match(line, end):  # x = 1, 2, 4 or a row of a table
        another = _number(line, more.end())
        if another is None:
            return None
        found.append(another[0])
        end = another[1]
    after = _LETTER.match(line, end)
    if _GOES_ON.match(line, end) or (after and after[1] in letters):
        return None
    text = line[start:end].strip().replace(" |", ",")
    return Stated(text=text, readings=tuple(found), listed=len(found) > 1)


def _listed(found: re.Match[str]) -> Stated | None:
    inside = found["list"] if found["list"] is not None else found["matrix"]
    pieces = [piece for piece in re.split(r"[\[\]();,&\s]+|\\\\", inside) if piece]
    read = [_number(piece, 0) for piece in pieces]
    if not read or any(
        one is None or one[1] < len(piece) for one, piece in zip(read, pieces, strict=True)
    ):
        return None
    numbers = tuple(one[0] for one in read if one is not None)
    return Stated(text=found[0], readings=numbers, listed=True)


def _number(line: str, start: int) -> tuple[Readings, int] | None:
    """What the number there may mean, and where it ends."""
    found = _NUMBER.match(line, start)
    if found is None:
        return None
    sign = -1.0 if found["sign"] == "-" else 1.0
    end = found.end()
    over = found["top"] or found["whole"]
    if over:
        below = float(found["bottom"] or found["of"])
        return (((sign * float(over) / below, 0.0),) if below else ()), end
    digits = found["digits"]
    scale = 1.0
    if power := _POWER.match(line, end):
        scale, end = _ten_to(power), power.end()
    elif digits == "10" and (power := _OF_TEN.match(line, end)):
        return ((sign * _ten_to(power), 0.0),), power.end()
    readings = [_read(text, sign * scale) for text in _ways(digits)]
    if per_cent := _PER_CENT.match(line, end):
        end = per_cent.end()
        readings += [(number / 100, unit / 100) for number, unit in readings]
    return tuple(readings), end


def _ten_to(power: re.Match[str]) -> float:
    return 10.0 ** int((power["plain"] or power["raised"]).translate(_RAISED))


def _ways(digits: str) -> list[str]:
    """1,000 may be one or a thousand."""
    if "," not in digits:
        return [digits]
    decimal = digits.replace(",", ".")
    return [decimal, digits.replace(",", "")] if re.search(r",\d{3}$", digits) else [decimal]


def _read(text: str, factor: float) -> tuple[float, float]:
    mantissa, _, exponent = text.lower().partition("e")
    places = len(mantissa.partition(".")[2])
    unit = 10.0 ** (int(exponent or 0) - places)
    return float(text) * factor, unit * abs(factor)
