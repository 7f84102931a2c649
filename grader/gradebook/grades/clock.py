"""Due times in the zone of a course: nights when clocks change, days that are 23 or 25 hours long.

Days and weeks go by the clock on the wall: who hands in at the same hour of the next day is one day
late, also in the night when clocks are put back. Hours and minutes go by the time that passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, tzinfo

__all__ = ["due_for", "in_zone", "moment", "plus"]

_DAY = timedelta(days=1)


def moment(
    time: datetime,
    zone: tzinfo | None,
    *,
    which: Callable[[Iterable[datetime]], datetime] = max,
) -> datetime:
    """The time in UTC; one that says no zone is in this one, or in UTC where that is None.

    A time that clocks show twice is the later one. One that they pass over is as if they had not
    been put forward yet. Both are in favour of who hands in, and so is the earlier one (`min`) of a
    time at which somebody did.
    """
    if time.tzinfo is None:
        time = time.replace(tzinfo=zone or UTC)
    return which(time.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def plus(time: datetime, span: timedelta, zone: tzinfo | None) -> datetime:
    """The time so much later, in UTC: whole days by the clock on the wall, the rest as it passes.

    `time` is in UTC.
    """
    wall = time.astimezone(zone or UTC).replace(tzinfo=None)
    days = timedelta(days=span.days)
    return moment(wall + days, zone) + (span - days) if days else time + span


def due_for(
    due: datetime | None, extension: datetime | timedelta | None, zone: tzinfo | None
) -> datetime | None:
    """When somebody's work is due, in UTC; an extension never makes it earlier."""
    if due is None:
        return None
    at = moment(due, zone)
    if isinstance(extension, timedelta):
        return plus(at, extension, zone)
    return at if extension is None else max(at, moment(extension, zone))


def in_zone(time: datetime | None, zone: tzinfo | None) -> datetime | None:
    """When somebody handed in, as clocks of this zone show it; as it is where there is no zone."""
    return time if time is None or zone is None else moment(time, zone, which=min).astimezone(zone)
