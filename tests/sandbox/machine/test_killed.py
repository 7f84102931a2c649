"""A process that somebody ended outright is no crash of the code that ran in it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from grader.sandbox.forked import ForkSandbox
from tests import tiers
from tests.sandbox.machine.work import job, outcome
from tests.sandbox.processes import below, until, with_umask

SLOW = pytest.mark.slow
MARK = 0o123
#: Says that it runs, and leaves time to be ended.
WAITS = f"os.umask({MARK})\ntime.sleep({{}})"
PATIENT = {"wall_seconds": 60, "submission_seconds": 120}


@pytest.fixture(params=["full", "container", "basic"])
def fresh(request: pytest.FixtureRequest) -> Iterator[ForkSandbox]:
    sandbox = tiers.opened(request.param)
    yield sandbox
    sandbox.close()


class Killer(threading.Thread):
    """Ends the process that runs a student's code, so many times, as soon as it does."""

    def __init__(self, times: int) -> None:
        super().__init__(daemon=True)
        self._times = times
        self.start()

    def run(self) -> None:
        for _ in range(self._times):
            if not until(lambda: with_umask(below(os.getpid()), MARK), 20):
                return
            seen = with_umask(below(os.getpid()), MARK)
            for pid, _start in seen:
                os.kill(pid, signal.SIGKILL)
            until(lambda seen=seen: not seen & below(os.getpid()), 10)  # type: ignore[misc]  # a default of a lambda


def test_a_process_that_is_ended_from_outside_is_run_again(fresh: ForkSandbox) -> None:
    killer = Killer(1)
    assert outcome(fresh, job(WAITS.format(1), **PATIENT)) == "right"
    killer.join(20)


def test_one_that_is_ended_again_is_held_and_the_next_is_run(fresh: ForkSandbox) -> None:
    killer = Killer(2)
    assert outcome(fresh, job(WAITS.format(50), **PATIENT)) == "held: machine_memory"
    killer.join(20)
    assert outcome(fresh, job("")) == "right"


@SLOW
def test_it_would_cost_a_mark_if_the_signal_were_not_looked_at(
    fresh: ForkSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.sandbox.ended.MachineFault", lambda *_: _crashed())
    killer = Killer(1)
    assert outcome(fresh, job(WAITS.format(50), **PATIENT)) == "crashed"
    killer.join(20)


def _crashed() -> Exception:
    from grader.sandbox.ended import ChildEnded

    return ChildEnded()


ENDS_ITSELF = {
    "by-exit": "os._exit(0)",
    "by-a-signal": "os.kill(os.getpid(), signal.SIGTERM); os._exit(1)",
    "by-a-fault": "import ctypes; ctypes.string_at(0)",
    "by-abort": "os.abort()",
    "by-hiding": "os.close(3); os.close(4); time.sleep(20)",
    "by-ending-its-thread": (
        "threading.Thread(target=time.sleep, args=(20,)).start()\n"
        "import ctypes; os.close(3); os.close(4); ctypes.CDLL(None).syscall(60, 0)"
    ),
}


QUICK = ("by-exit", "by-hiding")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(source, id=name, marks=[] if name in QUICK else SLOW)
        for name, source in ENDS_ITSELF.items()
    ],
)
def test_who_ends_itself_is_not_held(fresh: ForkSandbox, source: str) -> None:
    assert outcome(fresh, job(source, wall_seconds=5)) == "crashed"


@pytest.mark.parametrize(
    "source",
    [
        "os.kill(os.getpid(), signal.SIGKILL)",
        *(
            pytest.param(source, marks=SLOW)
            for source in (
                (
                    "import resource; resource.setrlimit(resource.RLIMIT_CPU, (0, 0))\n"
                    "while True: pass"
                ),
                (
                    "import resource; resource.prlimit(0, resource.RLIMIT_CPU, (0, 0))\n"
                    "while True: pass"
                ),
                "signal.pthread_kill(threading.main_thread().ident, 9)\ntime.sleep(20)",
            )
        ),
    ],
    ids=["signal", "setrlimit", "prlimit", "thread"],
)
def test_nobody_can_end_itself_as_if_from_outside(fresh: ForkSandbox, source: str) -> None:
    """Without walls it can; then it is held, and staff read that the code may have done it."""
    found = outcome(fresh, job(source))
    expected = {"held: machine_memory"} if fresh.tier == "basic" else {"blocked", "raised"}
    assert found in expected
