"""The stopwatch, with a clock and a kernel that do as they are told."""

from __future__ import annotations

from typing import cast

import pytest

from grader.sandbox.contention import Contention
from grader.sandbox.meter import Look, Meter
from grader.sandbox.waited import BEAT, Stopwatch, Time


class Kernel:
    """Stands in for the meter; `go` lets time pass."""

    def __init__(self, *, counts_delay: bool = True) -> None:
        self.counts_delay = counts_delay
        self.now = 100.0
        self.used = self.main = self.delay = self.ours = self.others = 0.0
        self.waiting = 0.0  #: a wait that the kernel counts when it is over
        self.state = "S"

    def look(self, *, closely: bool = False) -> Look:
        state = self.state if closely else "?"
        return Look(
            at=self.now,
            used=self.used,
            main=self.main,
            delay=self.delay,
            ours=self.ours,
            others=self.others,
            state=state,
        )

    def monotonic(self) -> float:
        return self.now

    def runs(self, seconds: float) -> None:
        self.now, self.used, self.main = (
            self.now + seconds,
            self.used + seconds,
            self.main + seconds,
        )
        self.delay, self.waiting, self.state = self.delay + self.waiting, 0.0, "R"

    def waits(self, seconds: float) -> None:
        self.now, self.waiting, self.state = self.now + seconds, self.waiting + seconds, "R"

    def sleeps(self, seconds: float) -> None:
        self.now, self.state = self.now + seconds, "S"


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    made = Kernel()
    monkeypatch.setattr("grader.sandbox.waited.time.monotonic", made.monotonic)
    monkeypatch.setattr(Contention, "seen", lambda *_: False)
    return made


def stopwatch(kernel: Kernel, *, alone: bool = False) -> Stopwatch:
    return Stopwatch(cast(Meter, kernel), 1.0, patience=4.0, alone=alone)


def goes(watch: Stopwatch, kernel: Kernel, does: str, seconds: float) -> Time:
    """What it says when the child did this for so long, with beats all the while."""
    said = Time.LEFT
    for _ in range(round(seconds / BEAT)):
        watch.pause()
        getattr(kernel, does)(BEAT)
        said = watch.beat()
        if said is not Time.LEFT:
            break
    return said


@pytest.mark.parametrize("does", ["runs", "sleeps"])
def test_who_uses_its_time_has_had_it(kernel: Kernel, does: str) -> None:
    watch = stopwatch(kernel)
    assert goes(watch, kernel, does, 0.95) is Time.LEFT
    assert goes(watch, kernel, does, 0.1) is Time.OVER


def test_who_waits_has_more_by_the_clock_and_not_for_ever(kernel: Kernel) -> None:
    watch = stopwatch(kernel)
    for _ in range(3):
        assert goes(watch, kernel, "runs", 0.25) is Time.LEFT
        assert goes(watch, kernel, "waits", 0.6) is Time.LEFT
    assert watch.finish() is Time.LEFT
    assert watch.counted == pytest.approx(0.75, abs=3 * BEAT)
    assert goes(watch, kernel, "waits", 3.0) is Time.UNCLEAR


def test_who_is_kept_waiting_by_its_own_has_no_more(kernel: Kernel) -> None:
    watch = stopwatch(kernel)
    for _ in range(5):
        assert watch.beat() is Time.LEFT
        kernel.delay += 0.15
        kernel.used += 0.2
        kernel.main += 0.05
        kernel.now += 0.2
    assert watch.finish() is Time.OVER


def test_processes_that_it_started_are_its_own(kernel: Kernel) -> None:
    watch = stopwatch(kernel)
    kernel.now, kernel.delay, kernel.others = kernel.now + 1.05, 0.9, 1.0
    assert watch.finish() is Time.OVER


def test_a_pause_of_everything_counts_for_nobody(kernel: Kernel) -> None:
    watch = stopwatch(kernel)
    assert goes(watch, kernel, "runs", 0.5) is Time.LEFT
    watch.pause()
    kernel.sleeps(30)
    assert watch.beat() is Time.LEFT
    assert goes(watch, kernel, "runs", 0.4) is Time.LEFT
    assert goes(watch, kernel, "runs", 0.2) is Time.OVER


def test_an_answer_that_came_in_a_pause_is_asked_for_again(kernel: Kernel) -> None:
    watch = stopwatch(kernel)
    watch.pause()
    kernel.sleeps(30)
    assert watch.finish() is Time.UNCLEAR


def test_a_pause_of_ours_in_which_it_ran_is_its_time(kernel: Kernel) -> None:
    watch = stopwatch(kernel)
    watch.pause()
    kernel.runs(3)
    assert watch.beat() is Time.OVER


def test_that_we_got_no_processor_does_not_lengthen_its_sleep(kernel: Kernel) -> None:
    watch = stopwatch(kernel)
    watch.pause()
    kernel.sleeps(1.1)
    kernel.ours += 1.0
    assert watch.beat() is Time.OVER


def test_that_we_got_no_processor_leaves_open_when_it_was_done(kernel: Kernel) -> None:
    watch = stopwatch(kernel)
    watch.pause()
    kernel.sleeps(1.1)
    kernel.ours += 1.0
    assert watch.finish() is Time.UNCLEAR


@pytest.mark.parametrize(
    ("does", "alone", "said"),
    [
        ("runs", False, Time.OVER),
        ("sleeps", False, Time.UNCLEAR),
        ("sleeps", True, Time.OVER),
    ],
)
def test_where_waiting_is_not_counted_a_second_time_out_counts(
    kernel: Kernel, does: str, alone: bool, said: Time
) -> None:
    kernel.counts_delay = False
    assert goes(stopwatch(kernel, alone=alone), kernel, does, 1.1) is said


def test_unless_the_machine_is_busy(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel.counts_delay = False
    monkeypatch.setattr(Contention, "seen", lambda *_: True)
    assert goes(stopwatch(kernel, alone=True), kernel, "sleeps", 1.1) is Time.UNCLEAR
