"""Ctrl-Z and `fg`, a container that is paused, a laptop that sleeps: no time of the student's."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.sandbox.machine.work import job, outcome, uses
from tests.sandbox.processes import below, until, with_umask
from tests.tiers import opened

ROOT = Path(__file__).parents[3]
MARK = 0o123
SLOW = pytest.mark.slow
PAUSE = 1.8  # seconds, of which a submission has one
_PROGRAM = """
import sys
from grader.sandbox import waited
from grader.sandbox.choose import choose
from tests.sandbox.machine.work import job, outcome
tier, source, guarded = sys.argv[1:]
if guarded == "no":
    waited.Stopwatch._notice_gap = lambda self, now: None
sandbox = choose(tier)
print(outcome(sandbox, job(source)))
sandbox.close()
"""
SLEEPS = f"os.umask({MARK})\ntime.sleep(0.5)"
WORKS = f"os.umask({MARK})\nend = time.process_time() + 0.5\nwhile time.process_time() < end: pass"
ENDLESS = f"os.umask({MARK})\nwhile True: pass"
TOO_LONG = f"os.umask({MARK})\ntime.sleep(1.5)"


def paused(tier: str, source: str, who: str, *, guarded: bool = True) -> str:
    """What came of it in a program that was stopped for a while in the middle of it."""
    opened(tier).close()
    command = [sys.executable, "-c", _PROGRAM, tier, source, "yes" if guarded else "no"]
    running = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert until(lambda: with_umask(below(running.pid), MARK), 30)
        others = [pid for pid, _ in below(running.pid)] if who == "all" else []
        for pid in (running.pid, *others):
            os.kill(pid, signal.SIGSTOP)
        time.sleep(PAUSE)
        for pid in (*others, running.pid):
            os.kill(pid, signal.SIGCONT)
        return running.communicate(timeout=60)[0].strip()
    finally:
        running.kill()
        running.communicate()


@pytest.mark.parametrize(
    ("tier", "source", "who"),
    [
        ("full", WORKS, "all"),
        *(
            pytest.param(tier, source, who, marks=SLOW)
            for tier in ("full", "container", "basic")
            for source in (WORKS, SLEEPS)
            for who in ("main", "all")
            if (tier, source, who) != ("full", WORKS, "all")
        ),
    ],
)
def test_a_pause_costs_no_mark(tier: str, source: str, who: str) -> None:
    assert paused(tier, source, who) == "right"


@SLOW
@pytest.mark.parametrize("who", ["main", "all"])
@pytest.mark.parametrize("source", [ENDLESS, TOO_LONG], ids=["endless", "too-long"])
def test_who_needs_too_long_does_so_with_a_pause_too(source: str, who: str) -> None:
    assert paused("full", source, who) == "timed_out"


@SLOW
@pytest.mark.parametrize(("source", "who"), [(WORKS, "all"), (SLEEPS, "main")])
def test_it_would_cost_a_mark_if_gaps_were_not_noticed(source: str, who: str) -> None:
    assert paused("full", source, who, guarded=False) == "timed_out"


@SLOW
def test_a_wall_clock_that_is_set_back_and_forth_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No deadline reads it: all of them go by the clock that nobody can set."""
    sandbox = opened("auto")
    try:
        jumps = itertools.cycle((0.0, 4e9))
        monkeypatch.setattr(time, "time", lambda: next(jumps))
        assert outcome(sandbox, job(uses(0.25))) == "right"
        assert outcome(sandbox, job("time.sleep(20)")) == "timed_out"
    finally:
        sandbox.close()
