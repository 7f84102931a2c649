"""Ends code that is being loaded when its time is used up, so that what it defined is kept."""

from __future__ import annotations

import builtins
import signal
import time
from typing import Any

__all__ = ["AGAIN_SECONDS", "Clock", "TooLong"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

AGAIN_SECONDS = 0.2  # until code that caught the end of its time is ended once more
_sleep = time.sleep
_used = time.process_time


class TooLong(BaseException):
    """The time for loading is used up."""

    def __str__(self) -> str:
        return "this took too long"


class Clock:
    """So many seconds for all code that runs between `start` and `stop`, inside of `with`.

    Processor time and sleep count, not how long others keep the processor. When they are used up,
    TooLong is raised in that code.
    """

    def __init__(self, seconds: float) -> None:
        self._until = _used() + seconds
        self._running = False
        self._before: Any = None

    @property
    def left(self) -> float:
        return max(0.0, self._until - _used())

    def __enter__(self) -> Clock:
        self._before = signal.signal(signal.SIGPROF, self._end)
        vars(time)["sleep"] = self._count_sleep
        return self

    def __exit__(self, *_error: object) -> None:
        self._running = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, self._before)
        vars(time)["sleep"] = _sleep

    def start(self) -> None:
        self._running = True
        signal.setitimer(signal.ITIMER_PROF, max(self.left, AGAIN_SECONDS), AGAIN_SECONDS)

    def stop(self) -> None:
        self._running = False

    def _end(self, _number: int, _frame: Any) -> None:
        if self._running:
            self._until = min(self._until, _used())
            raise TooLong

    def _count_sleep(self, seconds: float) -> None:
        """Sleep, where there is time for it; later, too, in code that kept this function."""
        if self._running:
            self._until -= seconds
            if self._until <= _used():
                raise TooLong
        _sleep(seconds)
