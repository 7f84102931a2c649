"""Why there is nothing of a submission, where that is nobody's zero."""

from __future__ import annotations

from dataclasses import dataclass

from grader.model.verdict import Reason

__all__ = ["NotCollected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCollected:
    """Why nothing could be collected, through no fault of the student's."""

    reason: Reason
    detail: str
