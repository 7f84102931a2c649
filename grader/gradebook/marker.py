"""What judges: an assignment that is prepared here, or in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol, TypeVar

from grader.judge.submission import SubmissionJudged
from grader.model.assignment import Assignment
from grader.model.response import Response
from grader.model.value import Value

if TYPE_CHECKING:
    from grader.gradebook.asking import Others
    from grader.judge.other_variants import RightElsewhere

__all__ = ["Marker"]

Given = TypeVar("Given")
Made = TypeVar("Made")


class Marker(Protocol):
    """What judges the submissions to one assignment, from many threads."""

    @property
    def assignment(self) -> Assignment: ...

    def judge(
        self, responses: Mapping[str, Response], givens: Mapping[str, Value] | None = None
    ) -> SubmissionJudged:
        """By the variant with these givens. Raises an exception where a submission cannot be
        judged: it is held."""
        ...

    def judge_as(
        self,
        given: Given,
        opened: Callable[[Given], Mapping[str, Response]],
        made: Callable[[SubmissionJudged], Made],
        givens: Mapping[str, Value] | None = None,
    ) -> Made:
        """As `judge`, with what is made of the responses and of what was judged. These two are
        functions of a module: they are called where it is judged."""
        ...

    def elsewhere(
        self, responses: Mapping[str, Response], givens: Mapping[str, Value], others: Others
    ) -> RightElsewhere | None:
        """The other variant that wrong answers are right for."""
        ...

    def stop(self) -> None:
        """Wait no longer for what is judged now or would be later."""
        ...
