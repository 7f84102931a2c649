"""What one student handed in, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.model.outcome import Note

__all__ = ["Submission"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Files by their path. Modules and sheets are read; of other files only the first bytes are."""

    id: str
    modules: Mapping[str, bytes] = field(default_factory=dict)
    sheets: Mapping[str, bytes] = field(default_factory=dict)
    others: Mapping[str, bytes] = field(default_factory=dict)
    at_start: tuple[str, ...] = ()  #: modules that are declared, or stand in for these
    unreadable: str = ""  #: why some of it could not be read, through no fault of the student's
    notes: tuple[Note, ...] = ()
