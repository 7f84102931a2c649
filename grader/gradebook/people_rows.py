"""A person as a row of the gradebook: what rosters say of them stands there as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from grader.gradebook.book import Gradebook
from grader.model.person import Person
from grader.spec.durations import duration_text, read_duration

__all__ = ["extensions_json", "extensions_of", "people_of", "person_of"]


def people_of(book: Gradebook) -> Iterator[Person]:
    """Everybody that the gradebook knows, by key."""
    return map(person_of, book.rows("SELECT * FROM student ORDER BY key"))


def person_of(row: Any) -> Person:
    """From a row of the table `student`."""
    return Person(
        key=row["key"],
        name=row["name"],
        email=row["email"],
        number=row["number"],
        section=row["section"],
        ids=json.loads(row["ids"]),
        extensions=extensions_of(row["extensions"]),
        excused=frozenset(json.loads(row["excused"])),
    )


def extensions_json(extensions: Mapping[str, datetime | timedelta]) -> str:
    """By assignment a time as ISO 8601, or how much longer: `{"hw1": "+2d"}`."""
    texts = {
        name: f"+{duration_text(one)}" if isinstance(one, timedelta) else one.isoformat()
        for name, one in extensions.items()
    }
    return json.dumps(texts, ensure_ascii=False)


def extensions_of(text: str) -> Mapping[str, datetime | timedelta]:
    """What `extensions_json` wrote."""
    found: dict[str, datetime | timedelta] = {}
    for name, written in json.loads(text).items():
        span = read_duration(written[1:]) if written.startswith("+") else None
        found[name] = datetime.fromisoformat(written) if span is None else span
    return found
