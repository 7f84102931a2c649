"""Who waits for a processor loses no mark by it, and who keeps itself waiting gains no time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from grader.sandbox import meter
from grader.sandbox.contention import Contention
from grader.sandbox.forked import ForkSandbox
from grader.sandbox.waited import Stopwatch
from tests.sandbox.machine.work import busy, job, outcome, uses
from tests.tiers import opened

SLOW = pytest.mark.slow
ALL = pytest.mark.parametrize(
    "crowded",
    ["full", pytest.param("container", marks=SLOW), pytest.param("basic", marks=SLOW)],
    indirect=True,
)
LOOPS = 4  # each gets a fifth of the processor
#: Of the second that it may take by the clock; of a fifth of a processor that is too much.
RIGHT = uses(0.3)
OWN_THREADS = """
def spin():
    end = time.monotonic() + 20
    while time.monotonic() < end: pass
for _ in range(4): threading.Thread(target=spin, daemon=True).start()
start = time.thread_time()
while time.thread_time() < start + 0.9: pass
"""
OWN_PROCESSES = """
for _ in range(3):
    if os.fork() == 0:
        end = time.monotonic() + 20
        while time.monotonic() < end: pass
        os._exit(0)
start = time.process_time()
while time.process_time() < start + 0.9: pass
"""


@ALL
def test_who_waits_for_a_processor_is_marked_all_the_same(crowded: ForkSandbox) -> None:
    with busy(LOOPS):
        assert outcome(crowded, job(RIGHT)) == "right"


@SLOW
def test_it_would_cost_a_mark_if_waiting_counted(
    crowded: ForkSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Stopwatch, "_waited", lambda _: 0.0)
    with busy(LOOPS):
        assert outcome(crowded, job(RIGHT)) == "timed_out"


@pytest.mark.parametrize("crowded", ["full"], indirect=True)
@pytest.mark.parametrize(
    "source", [OWN_THREADS, OWN_PROCESSES, "time.sleep(20)"], ids=["threads", "processes", "sleep"]
)
def test_nobody_gains_time_by_keeping_itself_waiting(crowded: ForkSandbox, source: str) -> None:
    assert outcome(crowded, job(source, processes=4)) == "timed_out"


@SLOW
@ALL
@pytest.mark.parametrize(
    "source",
    [OWN_THREADS, "time.sleep(20)", "while True: pass", uses(1.3)],
    ids=["threads", "sleep", "endless", "slow"],
)
def test_who_needs_too_long_does_so_on_a_busy_machine_too(
    crowded: ForkSandbox, source: str
) -> None:
    with busy(LOOPS):
        assert outcome(crowded, job(source)) == "timed_out"


@SLOW
@pytest.mark.parametrize(
    ("tier", "workers"), [("full", 1), ("full", 64), ("container", 8), ("basic", 8)]
)
def test_any_number_of_workers_gives_the_same(tier: str, workers: int) -> None:
    """Right ones that need a quarter of their time, and one that needs too much."""
    sandbox = opened(tier)
    jobs = [job(uses(1.5 if number == 3 else 0.25)) for number in range(8)]
    with ThreadPoolExecutor(workers) as pool:
        found = list(pool.map(lambda one: outcome(sandbox, one), jobs))
    sandbox.close()
    assert found == ["timed_out" if number == 3 else "right" for number in range(8)]


@SLOW
@pytest.mark.parametrize("contended", [True, False])
def test_where_waiting_is_not_counted_the_machine_as_a_whole_is_looked_at(
    crowded: ForkSandbox, monkeypatch: pytest.MonkeyPatch, contended: bool
) -> None:
    monkeypatch.setattr(meter, "_delay", lambda _: (0.0, 0.0))
    monkeypatch.setattr(Contention, "seen", lambda *_: contended)
    with busy(LOOPS):
        found = outcome(crowded, job(RIGHT))
    assert found == ("held: machine_busy" if contended else "timed_out")
    assert outcome(crowded, job(uses(0.2), wall_seconds=5)) == "right"


@pytest.mark.parametrize("idle", [0.0, 3.0])
def test_a_machine_with_no_time_left_is_contended(
    monkeypatch: pytest.MonkeyPatch, idle: float
) -> None:
    clock = iter([100.0, 100.0 + idle])
    monkeypatch.setattr("grader.sandbox.contention._idle_seconds", lambda: next(clock))
    times = iter([0.0, 2.0])
    monkeypatch.setattr("grader.sandbox.contention.time.monotonic", lambda: next(times))
    assert Contention().seen(0.1) is (idle == 0.0)
