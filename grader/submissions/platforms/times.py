"""Points in time as downloads write them: without a zone they are meant in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

from grader.spec.moments import read_moment

__all__ = ["read_time"]


def read_time(text: str) -> datetime | None:
    """A point in time with its zone, UTC where none is named; None for what cannot be read as one,
    and where its zone is not known."""
    moment = read_moment(text)
    return moment if moment is None or moment.tzinfo is not None else moment.replace(tzinfo=UTC)
