"""Spans of time as people write them: `15min`, `2d`, `1h 30min`."""

from __future__ import annotations

import re
from datetime import timedelta

__all__ = ["DURATION", "duration_text", "read_duration"]

_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}
_PART = re.compile(r"(\d{1,6})\s*(s|min|h|d|w)")
#: What may be written, as a pattern for the whole text.
DURATION = r"^(\d{1,6} ?(s|min|h|d|w) ?)+$"


def read_duration(text: str) -> timedelta | None:
    """The span, or None where it is none."""
    text = text.strip()
    if not re.fullmatch(DURATION, text):
        return None
    seconds = sum(int(number) * _SECONDS[unit] for number, unit in _PART.findall(text))
    return timedelta(seconds=seconds)


def duration_text(span: timedelta) -> str:
    """The shortest text that is read as this span; it is not negative."""
    left = int(span.total_seconds())
    parts = []
    for unit in ("d", "h", "min", "s"):
        number, left = divmod(left, _SECONDS[unit])
        if number:
            parts.append(f"{number}{unit}")
    return " ".join(parts) or "0min"
