"""How long something takes in another process, by the rule that holds for students' code too."""

from __future__ import annotations

from types import TracebackType

from grader.sandbox.meter import Meter
from grader.sandbox.waited import BEAT, Stopwatch, Time

__all__ = ["Counted"]

_MOST = 10.0  # times the limit, whatever is said of waiting: everything ends


class Counted:
    """The time that one thing after another takes, counted by looking at it often.

    What the process waits for a processor, or is stopped, does not count, nor does a gap in which
    we did not run. Used by one thread, in a `with`.
    """

    def __init__(self, pid: int) -> None:
        self._meter = Meter(pid)
        self._what = (-1, 0.0)
        self._watch: Stopwatch | None = None

    def pause(self) -> float:
        """How many seconds to wait before the next look."""
        return self._watch.pause() if self._watch is not None else BEAT

    def over(self, number: int, seconds: float) -> bool:
        """Whether the thing of this number had so many seconds; another one begins anew."""
        if self._watch is None or self._what != (number, seconds):
            self._what = (number, seconds)
            # The course's code means well, so nobody gains by stopping it.
            self._watch = Stopwatch(
                self._meter, seconds, patience=_MOST, alone=True, stops_count=False
            )
            return False
        return self._watch.beat() is not Time.LEFT

    def __enter__(self) -> Counted:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._meter.close()
