"""What it costs on a quiet machine to tell whose fault a delay is: with and without, in one run.

Without: a deadline by the wall, nothing that the kernel counts, and no looking whether we ran
ourselves. Both are measured in turns, in an order that changes, so that what else the machine does
falls on both alike. Told are the quickest tenth of the turns, which is the machine at its quietest.
All of it happens in the process that waits, so its own processor time is told too.
"""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

from grader.checks.prepare import prepare
from grader.collect.collect import collect
from grader.plan import make_plan
from grader.sandbox import process
from grader.sandbox.choose import choose
from grader.sandbox.waited import BEAT, Time
from grader.submissions.find import open_submission

ROOT = Path(__file__).resolve().parents[1]
SLUG = "ecs289-homework"
TURNS = 200
MOST = 0.03  # of the time of a submission


class Deadline:
    """Offers what a Stopwatch does, and looks at the clock alone."""

    ended = False

    def __init__(self, _meter: object, limit: float, **_: Any) -> None:
        self._began = time.monotonic()
        self._until = self._began + limit

    def pause(self) -> float:
        return max(0.0, min(BEAT, self._until - time.monotonic()))

    def beat(self, *, answers: bool = False) -> Time:  # noqa: ARG002 - as of the watch that it stands in for
        return self.finish()

    def finish(self) -> Time:
        return Time.LEFT if time.monotonic() < self._until else Time.OVER

    @property
    def counted(self) -> float:
        return time.monotonic() - self._began


class Unseen:
    """Offers what a Meter does of a child that is not looked at."""

    pid = 0

    def __init__(self, _pid: int, **_: Any) -> None:
        """Nothing is opened."""

    def close(self) -> None:
        """Nothing was."""

    def ends_by_itself(self) -> bool:
        return False


@contextlib.contextmanager
def unguarded() -> Iterator[None]:
    with (
        mock.patch.object(process, "Stopwatch", Deadline),
        mock.patch.object(process, "Meter", Unseen),
    ):
        yield


def measured(turns: int) -> Mapping[str, tuple[float, float]]:
    """Milliseconds of one submission, by the wall and of our own processor time."""
    prepared = prepare(ROOT / "assignments" / SLUG)
    folder = ROOT / "examples" / "submissions" / SLUG / "all-correct"
    submission = open_submission(folder, prepared.assignment.files)
    plan = make_plan(prepared.assignment)
    sandbox = choose("auto")
    ways: Mapping[str, Callable[[], contextlib.AbstractContextManager[None]]]
    ways = {"guarded": contextlib.nullcontext, "unguarded": unguarded}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    try:
        for turn in range(turns + 1):
            for name in sorted(ways, reverse=bool(turn % 2)):
                with ways[name]():
                    began, ran = time.perf_counter(), time.thread_time()
                    collect(plan, submission, sandbox, prepared.assignment.data)
                    spent = time.perf_counter() - began, time.thread_time() - ran
                if turn:  # the first is not counted
                    times[name].append((1000 * spent[0], 1000 * spent[1]))
    finally:
        sandbox.close()
    return {
        name: (_quick(wall for wall, _ in found), _quick(own for _, own in found))
        for name, found in times.items()
    }


def _quick(times: Iterable[float]) -> float:
    """What the quickest tenth do not exceed."""
    return statistics.quantiles(times, n=10)[0]


def main() -> None:
    found = measured(TURNS)
    for name, (wall, own) in found.items():
        print(f"{name:10} {wall:8.2f} ms a submission, {own:6.2f} ms of it our own")
    (wall, own), (bare_wall, bare_own) = found["guarded"], found["unguarded"]
    print(f"the guards cost {(wall - bare_wall) / bare_wall:+.1%} by the wall")
    share = (own - bare_own) / bare_wall
    print(f"and {share:+.1%} by our processor time (at most {MOST:.0%} is promised)")


if __name__ == "__main__":
    main()
