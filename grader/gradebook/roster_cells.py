"""The cells of a roster that say more than a name: extensions and excuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from grader.spec.durations import read_duration

__all__ = ["CellFault", "read_excuses", "read_extensions"]

_SPAN = r"\+?\s*\d{1,6}\s*(?:weeks?|w|days?|d|hours?|h|minutes?|min|m)\b"
_DATE = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d))?)?"
_NONE = r"-|no(?:ne)?\b"
_ITEM = re.compile(
    rf"[\s,;|]*(?:(?P<slug>(?!(?:{_DATE}|{_SPAN})(?:[\s,;|]|$))[\w][\w.-]*)\s*[:=]\s*)?"
    rf"(?:(?P<date>{_DATE})|(?P<span>{_SPAN})|(?P<none>{_NONE}))(?=[\s,;|]|$)",
    re.IGNORECASE,
)
_UNITS = {"w": "w", "d": "d", "h": "h", "m": "min"}
_EXCUSED = ("yes", "y", "true", "1", "x", "all", "ja", "wahr", "oui", "vrai", "✓")
_NOT_EXCUSED = ("no", "n", "false", "0", "-", "none", "nein", "falsch", "non", "faux")


class CellFault(Exception):
    """A cell that cannot be read; says what may stand there."""


def read_extensions(text: str) -> Mapping[str, datetime | timedelta]:
    """By assignment, "" for all of them: `2027-03-05T23:59`, `+2d`, `hw1:+2d; hw2:2027-03-05`.

    A day without a time is meant to its end. `-` takes an extension back: no more time.
    """
    found: dict[str, datetime | timedelta] = {}
    at = 0
    while text[at:].strip(" ,;|\t\n"):
        match = _ITEM.match(text, at)
        moment = None if match is None else _moment(match)
        if match is None or moment is None:
            msg = f"the extension {text!r} is neither a time (2027-03-05T23:59) nor a span (+2d)"
            raise CellFault(msg)
        found[match["slug"] or ""] = moment
        at = match.end()
    return found


def _moment(match: re.Match[str]) -> datetime | timedelta | None:
    if match["none"] is not None:
        return timedelta(0)
    if match["span"] is not None:
        number = re.search(r"\d+", match["span"])
        unit = re.search(r"[a-z]", match["span"].casefold())
        assert number is not None
        assert unit is not None
        return read_duration(f"{number[0]}{_UNITS[unit[0]]}")
    text = re.sub(r"\s?(?:Z|UTC)$", "+00:00", match["date"], flags=re.IGNORECASE)
    if len(text) == len("2027-03-05"):
        text += "T23:59:59"
    try:
        return datetime.fromisoformat(text.replace(" +", "+").replace(" -", "-"))
    except ValueError:
        return None


def read_excuses(text: str) -> frozenset[str] | None:
    """The assignments that do not count, "" for all; None where it says that all count."""
    plain = text.strip().casefold()
    if plain in _EXCUSED:
        return frozenset({""})
    if plain in _NOT_EXCUSED:
        return None
    return frozenset(re.split(r"[\s,;|]+", text.strip(" ,;|\t\n"))) - {""}
