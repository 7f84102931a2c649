"""How much work something is, to be held against other work: never against a number of seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["sums_in", "work"]


def work(action: Callable[[], object], *, tries: int = 3) -> float:
    """The least processor time of this process that the action took in some tries, in seconds.

    The least, for what else the machine does only ever adds to it. Only the ratio of two such times
    says something: a busy or a slow machine takes longer for both.
    """

    def once() -> float:
        began = time.process_time()
        action()
        return time.process_time() - began

    return min(once() for _ in range(tries))


def sums_in(action: Callable[[], object]) -> float:
    """How often the numbers up to 100,000 could be added up instead of the action, done once.

    On a machine that does it in a thousandth of a second, that is about a second for 1,000.
    """
    return work(action, tries=1) / work(lambda: sum(range(100_000)))
