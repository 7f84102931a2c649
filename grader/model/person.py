"""Who is in a class, as its roster or a platform's download tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

__all__ = ["Person"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One student. `key` is the name in the gradebook; nothing else need be known."""

    key: str
    name: str = ""
    email: str = ""
    number: str = ""  #: the student number as it was typed, leading zeros kept
    section: str = ""
    #: what platforms call them: {"canvas": "1234", "moodle": "Participant 12", "github": "ada"}
    ids: Mapping[str, str] = field(default_factory=dict)
    #: by assignment ("" for every assignment): a later date, or more time after the date
    extensions: Mapping[str, datetime | timedelta] = field(default_factory=dict)
    excused: frozenset[str] = frozenset()  #: assignments ("" for all) that do not count for them
