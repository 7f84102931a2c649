"""What an assignment asks and what its answers are, as its own code says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.checks.key_shown import KeyShown
from grader.checks.wanted import WantedQuestion
from grader.course.watched import WatchedCourse
from grader.model.value import Value

__all__ = ["shown_of", "wanted_of"]


def wanted_of(course: WatchedCourse) -> tuple[WantedQuestion, ...]:
    """Every question, and in which form its answers are asked for.

    Raises SpecFault where the course's code takes too long, and CourseFault where it ends.
    """
    wanted: tuple[WantedQuestion, ...] = course.ask("wanted")
    return wanted


def shown_of(
    course: WatchedCourse, mistakes: Sequence[str] = (), givens: Mapping[str, Value] | None = None
) -> KeyShown:
    """The key with these mistakes, by id, at givens that replace the assignment's own.

    Raises as `wanted_of` does.
    """
    shown: KeyShown = course.ask("shown", tuple(mistakes), dict(givens or {}))
    return shown
