"""What one student handed in, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.model.outcome import Note

if TYPE_CHECKING:
    from datetime import datetime

    from grader.model.person import Person

__all__ = ["Delivery", "Figure", "NotRead", "Submission", "group_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRead:
    """Something that we cannot read and a person can: where it may hold an answer that is missing,
    that answer waits for a person."""

    why: str  #: which file, and what is wrong with it
    code: bool = True  #: whether it may be code
    answers: bool = True  #: whether it may be answers as they stand in a sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A picture among the outputs of a notebook's cell."""

    name: str  #: by which `others` of the submission has it
    file: str  #: the notebook
    cell: int
    about: str  #: what stands in the cell, and right above it


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a platform's download tells of a submission, beside its files."""

    platform: str
    person: Person  #: as the platform knows them
    place: str = ""  #: what its files are called there: "lovelaceada_123"
    group: str = ""  #: the same for all who handed this in together
    handed_in: datetime | None = None  #: with a time zone; None where the download does not say
    late: bool = False  #: as the platform says


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Files by their path. Modules and sheets are read, and of the others what may be a figure; of
    the rest, and of large figures, only the first bytes are.

    Of a notebook, `modules` has the code, as `sandbox.child.cells.packed` gives it, and `sheets`
    the answers in its text.
    """

    id: str
    modules: Mapping[str, bytes] = field(default_factory=dict)
    sheets: Mapping[str, bytes] = field(default_factory=dict)
    others: Mapping[str, bytes] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()
    #: Modules that are declared, or stand in for these; None: any at the top
    at_start: tuple[str, ...] | None = None
    outer: tuple[str, ...] = ()  #: the names of the folders around everything, which were taken off
    unreadable: str = ""  #: why some of it could not be read, through no fault of the student's
    unread: tuple[NotRead, ...] = ()  #: what we cannot read and a person can
    notes: tuple[Note, ...] = ()
    delivery: Delivery | None = (
        None  #: no part of the work: two with the same files are the same work
    )


def group_of(submission: Submission) -> str:
    """The same for all who handed this in together; "" where it is of one person."""
    return "" if submission.delivery is None else submission.delivery.group
