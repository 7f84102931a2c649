"""Points in time as people, platforms and spreadsheets write them.

ISO 8601, `28.02.2027 23:58`, and a day with the name of its month, as Moodle's tables have it in
English, German, French, Spanish, Italian, Portuguese and Dutch. `02/03/2027` is the second of
March to some and the third of February to others, so it is not a time.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

__all__ = ["read_moment"]

#: From January on: every spelling of the names in these languages, without accents.
_NAMES = (
    "january januar janvier enero gennaio janeiro januari jan janv ene gen",
    "february februar fevrier febrero febbraio fevereiro februari feb febr fev fevr",
    "march marz maerz mars marzo marco maart mar mrz mrt",
    "april avril abril aprile apr avr abr",
    "may mai mayo maggio maio mei mag",
    "june juni juin junio giugno junho jun giu",
    "july juli juillet julio luglio julho jul juil lug",
    "august aout agosto augustus aug ago",
    "september septembre septiembre setiembre settembre setembro sep sept set",
    "october oktober octobre octubre ottobre outubro oct okt ott out",
    "november novembre noviembre novembro nov",
    "december dezember decembre diciembre dicembre dezembro dec dez dic",
)
_MONTHS = {name: month for month, names in enumerate(_NAMES, 1) for name in names.split()}
_MOST_LETTERS = 100

_CLOCK = (
    r"(?:[\sT,]+(?:at |um |a |om |a las |as |alle )?\s*(?P<hour>\d{1,2})[:.h](?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:[.,](?P<part>\d+))?)?(?:\s*uhr)?"
    r"(?:\s*(?P<half>[ap])\.?\s?m\b\.?)?\s*(?P<zone>\S+)?)?"
)
_WEEKDAY = r"(?:[^\W\d]+(?:-feira)?\.?,?\s+)?"
_DAY_FORMS = (
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)",
    r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4}|\d\d)",
    r"(?P<first>\d{1,2})/(?P<other>\d{1,2})/(?P<year>\d{4})",
    _WEEKDAY + r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th|er)?\s+(?:de |of )?(?P<name>[^\W\d]+)\.?,?\s+"
    r"(?:de |del )?(?P<year>\d{4})",
    _WEEKDAY + r"(?P<name>[^\W\d]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})",
)
_FORMS = tuple(re.compile(form + _CLOCK, re.IGNORECASE) for form in _DAY_FORMS)
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d\d):?(\d\d)?", re.IGNORECASE)


def read_moment(text: str) -> datetime | None:
    """The point in time; without a zone where none is named. None for what cannot be read as one,
    and where its zone is not known. A day alone begins at midnight."""
    plain = _without_accents(text.strip())
    if len(plain) > _MOST_LETTERS:
        return None
    for form in _FORMS:
        match = form.fullmatch(plain)
        if match is not None:
            return _made(match.groupdict())
    return None


def _without_accents(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(char for char in letters if not unicodedata.combining(char))


def _made(parts: dict[str, str | None]) -> datetime | None:
    month, day = _month_and_day(parts)
    hour, zone = int(parts["hour"] or 0), parts["zone"]
    if parts["half"] is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (parts["half"] in "pP")
    known = None if zone is None else _zone(zone)
    if zone is not None and known is None:
        return None
    year = int(parts["year"] or 0)
    try:
        return datetime(
            year if year > 99 else 2000 + year,
            month,
            day,
            hour,
            int(parts["minute"] or 0),
            int(parts["second"] or 0),
            int((parts["part"] or "0")[:6].ljust(6, "0")),
            tzinfo=known,
        )
    except (ValueError, OverflowError):
        return None


def _month_and_day(parts: dict[str, str | None]) -> tuple[int, int]:
    """Both 0 where it is not clear which is which, or the month has no such name."""
    if "first" in parts:
        first, other = int(parts["first"] or 0), int(parts["other"] or 0)
        if first <= 12 and other <= 12 and first != other:
            return 0, 0
        return (other, first) if first > 12 else (first, other)
    day = int(parts["day"] or 0)
    if "name" in parts:
        return _MONTHS.get((parts["name"] or "").casefold(), 0), day
    return int(parts["month"] or 0), day


def _zone(name: str) -> tzinfo | None:
    if name.upper() in ("Z", "UTC", "GMT"):
        return UTC
    offset = _OFFSET.fullmatch(name)
    try:
        if offset is not None:
            far = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
            return timezone(-far if offset[1] == "-" else far)
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # no name of a zone, or of none that is known here
        return None
