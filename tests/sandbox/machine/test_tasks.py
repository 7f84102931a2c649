"""Threads and processes that others took from a student's number are no fault of the student's."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox import identity, zygote
from grader.sandbox.forked import ForkSandbox
from tests import tiers
from tests.sandbox.attacks import elsewhere
from tests.sandbox.attacks.watching import has_right
from tests.sandbox.machine.work import job, outcome

_CAP_SYS_ADMIN = 21
as_root = pytest.mark.skipif(
    os.geteuid() != 0 or not has_right(_CAP_SYS_ADMIN),
    reason="only root gives children users of their own",
)
SLOW = pytest.mark.slow

#: Of the 16 threads that it may have; the last is its main one.
THREADS = """
done = threading.Event()
for _ in range({}): threading.Thread(target=done.wait, args=(20,), daemon=True).start()
done.set()
"""
RIGHT = THREADS.format(12)
TOO_MANY = THREADS.format(16)
FAKED = 'raise RuntimeError("can\'t start new thread")'
FAKED_FORK = "raise BlockingIOError(11, 'Resource temporarily unavailable')"
_NEIGHBOUR = """
import threading, time
for _ in range({}): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
print("there", flush=True)
time.sleep(60)
"""


@contextlib.contextmanager
def neighbour(user: int, threads: int) -> Iterator[None]:
    """Another program of this user with so many threads."""
    with subprocess.Popen(
        ["/usr/bin/env", "python3", "-S", "-c", _NEIGHBOUR.format(threads)],
        stdout=subprocess.PIPE,
        preexec_fn=lambda: os.setresuid(user, user, user),
        env={"PATH": "/usr/bin:/bin"},
    ) as running:
        try:
            assert running.stdout is not None
            assert running.stdout.readline() == b"there\n"
            yield
        finally:
            running.kill()


@pytest.fixture(params=["full", "container"])
def fresh(request: pytest.FixtureRequest) -> Iterator[ForkSandbox]:
    sandbox = tiers.opened(request.param)
    if not sandbox._walls.other_identity:
        pytest.skip("its children do not have a user of their own here")
    sandbox.close()
    sandbox = ForkSandbox(sandbox._walls)
    yield sandbox
    sandbox.close()


def drawn(monkeypatch: pytest.MonkeyPatch, *numbers: int) -> None:
    """These users are drawn, one after another."""
    left = list(numbers)
    monkeypatch.setattr(identity, "_drawn", lambda: (left.pop(0) if left else numbers[-1], None))


@as_root
def test_two_graders_with_one_user_are_run_again_with_another(
    fresh: ForkSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn(monkeypatch, 61001, 61002)
    with neighbour(61001, 14):
        assert outcome(fresh, job(RIGHT)) == "right"


@as_root
@SLOW
@pytest.mark.parametrize("seen", [True, False])
def test_where_it_happens_again_it_is_held(
    fresh: ForkSandbox, monkeypatch: pytest.MonkeyPatch, seen: bool
) -> None:
    """Also where the other's processes cannot be seen from here."""
    drawn(monkeypatch, 61001)
    if not seen:
        monkeypatch.setattr(zygote, "tasks_of", lambda _: 0)
    with neighbour(61001, 14):
        assert outcome(fresh, job(RIGHT)) == "held: machine_busy"
    assert outcome(fresh, job(RIGHT)) == "right"


@as_root
@SLOW
def test_it_would_cost_a_mark_if_nobody_looked(
    fresh: ForkSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn(monkeypatch, 61001)
    monkeypatch.setattr("grader.sandbox.run.Run._is_refused_a_task", lambda *_: False)
    with neighbour(61001, 14):
        assert outcome(fresh, job(RIGHT)) == "blocked"


@as_root
@pytest.mark.parametrize(
    "source",
    [TOO_MANY, pytest.param(FAKED, marks=SLOW), pytest.param(FAKED_FORK, marks=SLOW)],
    ids=["many", "faked", "fork"],
)
def test_who_starts_too_many_or_says_that_it_could_not_is_not_held(
    fresh: ForkSandbox, source: str
) -> None:
    assert outcome(fresh, job(source)) in ("blocked", "raised")
    assert outcome(fresh, job(RIGHT)) == "right"


@as_root
def test_a_user_is_drawn_that_has_no_processes_and_that_nobody_else_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(identity, "_NUMBERS", range(61170, 61174))
    with neighbour(61171, 1), contextlib.ExitStack() as stack:
        assert identity.tasks_of(61171) == 2
        drawn = [stack.enter_context(contextlib.closing(identity.Identity())) for _ in range(3)]
        assert {one.number for one in drawn} == {61170, 61172, 61173}
        last = stack.enter_context(contextlib.closing(identity.Identity()))
        assert last.number in range(61170, 61174)  # all are taken: better one of them than none
        drawn[0].close()
        again = stack.enter_context(contextlib.closing(identity.Identity()))
        assert again.number == drawn[0].number


_AS_ORDINARY_USER = """
import resource, subprocess, sys
from grader.sandbox.walls import Walls
from grader.sandbox.forked import ForkSandbox
from tests.sandbox.machine.work import job, outcome
from tests.sandbox.machine.test_tasks import _NEIGHBOUR, FAKED, RIGHT
tier = sys.argv[1]
sandbox = ForkSandbox(Walls(tier=tier, own_user=tier == "full"))
print(outcome(sandbox, job(RIGHT)))
command = [sys.executable, "-S", "-c", _NEIGHBOUR.format(60)]
with subprocess.Popen(command, stdout=subprocess.PIPE) as running:
    running.stdout.readline()
    resource.setrlimit(resource.RLIMIT_NPROC, (70, 70))
    sandbox.close()
    sandbox = ForkSandbox(Walls(tier=tier, own_user=tier == "full"))
    print(outcome(sandbox, job(RIGHT)), outcome(sandbox, job("")))
    running.kill()
print(outcome(sandbox, job(RIGHT)), outcome(sandbox, job(FAKED)))
sandbox.close()
"""


@as_root
@pytest.mark.parametrize("tier", ["full", "container", "basic"])
def test_an_ordinary_user_whose_programs_use_up_the_number(tier: str) -> None:
    with tempfile.TemporaryDirectory(prefix="tasks-", dir="/tmp") as folder:
        Path(folder).chmod(0o777)
        done = subprocess.run(
            [sys.executable, elsewhere.__file__, "user", folder, "-c", _AS_ORDINARY_USER, tier],
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
    if tier == "full" and "unshare" in done.stderr + done.stdout:
        tiers.missing("full", why="ordinary users have no user namespaces here")
    faked = "raised" if tier == "basic" else "blocked"
    assert done.stdout.split("\n")[:3] == [
        "right",
        "held: machine_busy right",
        f"right {faked}",
    ], done.stderr[-2000:]
