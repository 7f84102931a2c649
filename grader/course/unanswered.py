"""Why a process that runs a course's code gave no answer."""

from __future__ import annotations

from dataclasses import dataclass

from grader.solver.progress import Moment

__all__ = ["Overran", "Vanished", "where"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overran:
    """A function of the author's, or our work between two, that took too long."""

    moment: Moment
    seconds: float  #: that it may take


@dataclass(frozen=True, slots=True, kw_only=True)
class Vanished:
    """The process ended before it answered."""

    moment: Moment


def where(moment: Moment, doing: str) -> str:
    """In words, while what it happened; `doing` is what the process did all in all."""
    if moment.step and moment.file:
        return f"while {moment.step!r} ran ({moment.file}:{moment.line})"
    return "while the course's code was loaded" if moment.step else f"while it {doing}"
