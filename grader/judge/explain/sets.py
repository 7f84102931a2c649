"""Which sets of mistakes are tried, in which order, and how many: none of it hangs on the spec."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from grader.judge.explain.findings import MistakeSet
from grader.model.assignment import Mistake

__all__ = ["MOST_AT_ONCE", "Budget", "in_turn", "sets_of", "that_change"]

MOST_AT_ONCE = 3


class Budget:
    """A fixed number of sets to try. Trying one more than that is refused, and remembered."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.tried = 0
        self.spent = False  #: there were more sets than these

    def allows(self) -> bool:
        """Whether one more set may be tried; it is counted."""
        if self.tried >= self.most:
            self.spent = True
            return False
        self.tried += 1
        return True


def in_turn(mistakes: Sequence[Mistake]) -> list[Mistake]:
    """The mistakes in the order in which they are tried, whatever the order of the spec."""
    return sorted(mistakes, key=lambda one: one.id)


def sets_of(mistakes: Sequence[Mistake], size: int) -> Iterator[MistakeSet]:
    """Sets of so many mistakes that do not replace the same thing twice."""
    for chosen in combinations(in_turn(mistakes), size):
        names = [name for mistake in chosen for name in mistake.names]
        if len(set(names)) == len(names):
            yield chosen


def that_change(
    mistakes: Sequence[Mistake], changes: Callable[[Mistake], bool], used: frozenset[str]
) -> list[Mistake]:
    """The mistakes that alone change the expected value, and those that others may bring in: they
    replace what is not `used` rightly, only in the place of something."""
    return [one for one in in_turn(mistakes) if not one.names & used or changes(one)]
