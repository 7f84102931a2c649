"""How much of the time that a child takes is its own, and how much it waited for the machine.

The kernel counts how long a thread was ready to run and did not (its run delay). That it waits for
the child's own other threads and processes is the child's affair: what they used is taken off.
Nothing here is asked of the child, which may lie.
"""

from __future__ import annotations

import time
from enum import Enum

from grader.sandbox.contention import Contention
from grader.sandbox.meter import Meter

__all__ = ["BEAT", "Stopwatch", "Time"]

BEAT = 0.05  #: seconds from one look at a child to the next
_LATE = 0.1  #: seconds after a beat was due: we did not run ourselves, or the clock jumped
_STOPPED = "Tt"  # states


class Time(Enum):
    """What a stopwatch says."""

    LEFT = "the limit is not reached"
    OVER = "the child had its time"
    UNCLEAR = "the machine had so much of it that this cannot be said"


class Stopwatch:
    """One stretch of a child's time, such as a call, with a limit."""

    def __init__(
        self,
        meter: Meter,
        limit: float,
        *,
        patience: float,
        alone: bool,
        stops_count: bool = True,
    ) -> None:
        """`limit` is seconds of the child's own; at most `patience` times as long by the wall.

        `alone`: no other child runs, so that on a kernel that does not count run delay, a second
        time-out counts, unless the machine as a whole is seen to be busy. `stops_count`: a time in
        which the child was stopped is its own; code that means harm may stop itself.
        """
        self._meter = meter
        self._limit = limit
        self._longest = limit * patience
        self._alone = alone
        self._stops_count = stops_count
        self._began = self._last = meter.look()
        self._expected = self._began.at
        self._gaps = 0.0  #: in which we did not run, and the child did not either
        self._stuck = 0.0  #: how long the main thread has been ready to run by now, at least
        self._stopped = 0.0  #: how long it was stopped, where that is not its own affair
        self._due = self._began.at + limit  #: when the limit may be reached, by what is known
        self._contention = None if meter.counts_delay else Contention()

    def pause(self) -> float:
        """How long to wait for the child before the next `beat`."""
        now = time.monotonic()
        self._notice_gap(now)
        seconds = max(0.0, min(BEAT, self._due - now))
        self._expected = now + seconds
        return seconds

    def beat(self, *, answers: bool = False) -> Time:
        """Look again: may the child go on? `answers`: it sends something and waits for us."""
        now = time.monotonic()
        self._notice_gap(now)
        if now >= self._due or now - self._last.at >= BEAT:
            self._look()
        if now < self._due or (answers and self._counted(now) - self._ours() < self._limit):
            return self._patience(now)
        return self._said(now)

    def finish(self) -> Time:
        """The child is done: was it in time? What it said is there, however late we came to it."""
        now = time.monotonic()
        self._notice_gap(now)
        if now < self._began.at + self._limit:
            return Time.LEFT
        self._look()
        counted = self._counted(now)
        # It may have been done early in a gap, or before we got a processor to see it, or late:
        # only another run can tell.
        if counted - self._ours() < self._limit <= counted + self._gaps:
            return Time.UNCLEAR
        return self._said(now)

    @property
    def counted(self) -> float:
        """Seconds up to now that are the child's own."""
        now = time.monotonic()
        if now - self._began.at >= BEAT:
            self._look()
        return self._counted(now)

    @property
    def ended(self) -> bool:
        """Whether the last look found that the child has ended."""
        return self._last.state in "ZX"

    def _said(self, now: float) -> Time:
        if self._counted(now) >= self._limit:
            if self._contention is None or self._used() >= self._limit:
                return Time.OVER
            busy = not self._alone or self._contention.seen(self._used())
            return Time.UNCLEAR if busy else Time.OVER
        return self._patience(now)

    def _patience(self, now: float) -> Time:
        spent = now - self._began.at - self._gaps
        return Time.UNCLEAR if spent >= self._longest else Time.LEFT

    def _counted(self, now: float) -> float:
        wall = now - self._began.at - self._gaps
        return max(wall - self._waited(), min(self._used(), wall))

    def _used(self) -> float:
        """Processor time of the main thread, or of all where the threads are not told apart."""
        used = self._last.used - self._began.used
        return self._last.main - self._began.main if self._contention is None else used

    def _waited(self) -> float:
        began, last = self._began, self._last
        delay = last.delay - began.delay + self._stuck
        return max(0.0, delay - (last.own - began.own)) + self._stopped

    def _ours(self) -> float:
        """How long we were ready to run and did not: a child that was done waited for us."""
        began, last = self._began, self._last
        return max(0.0, last.ours - began.ours - (last.own - began.own))

    def _look(self) -> None:
        look, last = self._meter.look(closely=True), self._last
        if look.state == "?":  # it has gone, and took its counts with it
            return
        # It was ready to run at both ends and did not run between: the kernel has not counted it.
        waits = look.state == "R" == last.state and look.used <= last.used
        self._stuck = self._stuck + look.at - last.at if waits else 0.0
        if not self._stops_count and look.state in _STOPPED and last.state in _STOPPED:
            self._stopped += look.at - last.at
        self._last = look
        self._due = self._began.at + self._limit + self._gaps + self._waited()

    def _notice_gap(self, now: float) -> None:
        """Where we come much too late, we were paused, or did not get a processor."""
        late, self._expected = now - self._expected, now
        if late < _LATE:
            return
        before, kept = self._last, self._stuck + self._stopped
        self._look()
        look = self._last
        ran = look.used - before.used + look.others - before.others
        kept = self._stuck + self._stopped - kept
        delayed = look.delay - before.delay + look.ours - before.ours + kept
        self._gaps += max(0.0, late - ran - max(0.0, delayed))
        self._due = self._began.at + self._limit + self._gaps + self._waited()
