"""What an assignment asks, as its own code and its key say it."""

from __future__ import annotations

from grader.checks.wanted import WantedQuestion
from grader.course.watched import WatchedCourse

__all__ = ["wanted_of"]


def wanted_of(course: WatchedCourse) -> tuple[WantedQuestion, ...]:
    """Every question, and in which form its answers are wanted.

    Raises SpecFault where the course's code takes too long, and CourseFault where it ends.
    """
    wanted: tuple[WantedQuestion, ...] = course.ask("wanted")
    return wanted
