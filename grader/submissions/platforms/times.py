"""Points in time as downloads write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

__all__ = ["read_time"]

_TIME = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:[T ]+(?P<clock>\d\d:\d\d(?::\d\d)?)(?:[.,](?P<part>\d+))?"
    r"\s*(?P<zone>\S+)?)?\s*",
)
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d\d):?(\d\d)?")


def read_time(text: str) -> datetime | None:
    """A point in time with its zone, UTC where none is named; None for what cannot be read as one,
    and where its zone is not known."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    zone = _zone(match["zone"] or "UTC")
    if zone is None:
        return None
    part = (match["part"] or "0")[:6].ljust(6, "0")
    try:
        moment = datetime.fromisoformat(f"{match['day']} {match['clock'] or '00:00'}")
        return moment.replace(microsecond=int(part), tzinfo=zone)
    except (ValueError, OverflowError):
        return None


def _zone(name: str) -> tzinfo | None:
    if name in ("Z", "z", "UTC", "GMT"):
        return UTC
    offset = _OFFSET.fullmatch(name)
    try:
        if offset is not None:
            far = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
            return timezone(-far if offset[1] == "-" else far)
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # no name of a zone, or of none that is known here
        return None
