"""The facts of answers whose elements may come in any order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grader.model.fact import Fact

__all__ = ["ElementsRight"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ElementsRight(Fact):
    """How many numbers or rows of a set are among the right ones, in whatever order."""

    right: int
    imprecise: int = 0  #: more of them are right but for their digits
    given: int
    wanted: int | None  #: how many there are; None: that is not told
    incomplete: bool  #: there are more than were given
    count_asked: bool = False  #: how many there are is part of the question

    def for_student(self) -> Fact | None:
        if self.hidden:
            return None
        return replace(self, wanted=None) if self.count_asked else self
