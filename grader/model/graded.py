"""What came of a class: what reports take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.model.assignment import Assignment
from grader.model.outcome import SubmissionOutcome

__all__ = ["Graded"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Graded:
    """What came of every submission, in the order in which they were given."""

    assignment: Assignment
    #: read again at each pass, where they are kept in a gradebook
    submissions: Sequence[SubmissionOutcome]
    tier: str = ""  #: of the sandbox that ran the students' code; "" where none did
