"""However the marking ends, nothing that it started goes on; and a broken part is replaced."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.model.assignment import Limits
from grader.model.call import Call
from grader.sandbox.contract import Job, JobResult, Sandbox, SandboxFault
from grader.sandbox.forked import ForkSandbox
from grader.sandbox.walls import TIERS
from tests.build import call_of
from tests.sandbox.processes import Process, alive, below, marked, until, with_umask
from tests.tiers import opened

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

ROOT = Path(__file__).parents[2]
SLUG = "ecs289-homework"
MARK = 0o123
SECONDS = 25.0  # within which everything has to be gone that would go on for 50
SLOW = pytest.mark.slow

# Each ends by itself, should the test fail to end it.
BUSY = f"import os, time\nos.umask({MARK})\nend = time.time() + 50\nwhile time.time() < end: pass\n"
ASLEEP = f"import os, time\nos.umask({MARK})\ntime.sleep(50)\n"
DEAF = f"""
import os, signal, time
for number in set(signal.Signals) - {{signal.SIGKILL, signal.SIGSTOP}}:
    signal.signal(number, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_SETMASK, set(signal.Signals))
os.umask({MARK})
time.sleep(50)
"""
DAEMON = f"""
import ctypes, os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
        for descriptor in range(20):
            try:
                os.close(descriptor)
            except OSError:
                pass
        os.umask({MARK})
        time.sleep(50)
    os._exit(0)
os.wait()
"""


class Marking:
    """`grader grade` of one submission with this module, as a process of its own."""

    def __init__(self, tmp_path: Path, tier: str, source: str) -> None:
        for name in ("assignments", "reference"):
            (tmp_path / name).symlink_to(ROOT / name)
        (tmp_path / "amber").mkdir()
        (tmp_path / "amber" / "optimizers.py").write_text(source, encoding="utf-8")
        # Short: a socket has to fit into it, and the folders of many workers have long names.
        self.temporary = Path(tempfile.mkdtemp(prefix="ended-", dir="/tmp"))
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "grader", "grade", SLUG, "amber", "--sandbox", tier),
                *("--limit", "wall=40s", "--results", "results.json"),
            ],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(self.temporary)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    @property
    def started(self) -> set[Process]:
        found = below(self.process.pid) | marked(str(self.temporary))
        return {one for one in found if one[0] != self.process.pid}

    def runs(self) -> bool:
        """Whether the student's code was seen to run."""
        return until(lambda: with_umask(self.started, MARK), 60)

    def end(self) -> None:
        """Whatever is left, ended."""
        started = self.started
        self.process.kill()
        self.process.communicate(timeout=30)
        for pid, _ in alive(started | marked(str(self.temporary))):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.temporary, ignore_errors=True)

    def left(self) -> set[Process]:
        """What still runs after a while."""
        until(lambda: not marked(str(self.temporary)), SECONDS)
        return marked(str(self.temporary))


@pytest.fixture
def marking(tmp_path: Path) -> Iterator[dict[str, Marking]]:
    """A place for a marking, of which nothing is left after the test."""
    place: dict[str, Marking] = {}
    yield place
    for one in place.values():
        one.end()


SOURCES = {"busy": BUSY, "asleep": ASLEEP, "deaf": DEAF}
QUICK = {
    ("full", "asleep", "SIGKILL"),
    ("container", "deaf", "SIGTERM"),
    ("basic", "asleep", "SIGINT"),
}
ENDINGS = [
    pytest.param(*ending, marks=[] if ending in QUICK else SLOW, id="-".join(ending))
    for ending in itertools.product(TIERS, SOURCES, ("SIGKILL", "SIGTERM", "SIGINT"))
]


@pytest.mark.parametrize(("tier", "source", "number"), ENDINGS)
def test_nothing_is_left_when_the_command_is_ended(
    marking: dict[str, Marking], tmp_path: Path, tier: str, source: str, number: str
) -> None:
    opened(tier).close()
    one = marking["one"] = Marking(tmp_path, tier, SOURCES[source])
    assert one.runs(), one.process.communicate(timeout=60)
    started = one.started
    # The process that judges is among them: it has tried the drivers by then.
    assert len(started) == {"full": 5, "container": 4, "basic": 4}[tier]
    one.process.send_signal(signal.Signals[number])
    assert until(lambda: not alive(started), SECONDS), alive(started)
    assert one.left() == set()
    if number != "SIGKILL":
        one.process.wait(timeout=30)
        assert list(one.temporary.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("number", ["SIGKILL", "SIGTERM"])
@pytest.mark.parametrize("tier", TIERS)
def test_nothing_is_left_whenever_the_command_is_ended(
    tmp_path: Path, tier: str, number: str
) -> None:
    """While it imports, tries walls, starts templates, or marks."""
    opened(tier).close()
    for tenths in range(2, 16):
        folder = tmp_path / str(tenths)
        folder.mkdir()
        one = Marking(folder, tier, ASLEEP)
        try:
            time.sleep(tenths / 10)
            one.process.send_signal(signal.Signals[number])
            one.process.communicate(timeout=SECONDS)
            assert one.left() == set(), tenths
            if number != "SIGKILL":
                assert list(one.temporary.iterdir()) == [], tenths
        finally:
            one.end()


@pytest.mark.parametrize(
    "number", [pytest.param(one, marks=SLOW) for one in ("SIGTERM", "SIGINT", "SIGKILL")]
)
def test_a_daemon_ends_with_the_command_even_without_walls(
    marking: dict[str, Marking], tmp_path: Path, number: str
) -> None:
    one = marking["one"] = Marking(tmp_path, "basic", DAEMON + BUSY)
    assert one.runs(), one.process.communicate(timeout=60)
    assert until(lambda: len(with_umask(one.started, MARK)) == 2, 20)
    started = one.started
    one.process.send_signal(signal.Signals[number])
    assert until(lambda: not alive(started), SECONDS), alive(started)


def test_a_daemon_ends_with_its_job_even_without_walls(tmp_path: Path) -> None:
    sandbox = opened("basic")
    try:
        sandbox.run(_job(DAEMON + "def f(): return 1\n"))
        assert with_umask(below(os.getpid()), MARK) == set()
    finally:
        sandbox.close()


def _job(source: str, **limits: Any) -> Job:
    return Job(
        files={"f.py": source.encode()},
        provided="",
        calls=tuple(call_of("f", name=name) for name in ("one", "two")),
        limits=Limits(wall_seconds=40, submission_seconds=40, **limits),
    )


@pytest.fixture
def others() -> set[Process]:
    """Processes of other tests' sandboxes."""
    return below(os.getpid())


@pytest.fixture(params=TIERS)
def fresh(request: pytest.FixtureRequest, others: set[Process]) -> Iterator[ForkSandbox]:
    """A sandbox for one test, which may break it."""
    sandbox = opened(request.param)
    yield sandbox
    sandbox.close()


class Running:
    """A job that runs in a thread of its own."""

    def __init__(self, sandbox: Sandbox, job: Job) -> None:
        self.result: JobResult | None = None
        self.fault: SandboxFault | None = None
        self._thread = threading.Thread(target=self._run, args=(sandbox, job))
        self._thread.start()

    def _run(self, sandbox: Sandbox, job: Job) -> None:
        try:
            self.result = sandbox.run(job)
        except SandboxFault as fault:
            self.fault = fault

    def seen(self) -> set[Process]:
        """The process that runs the student's code, once it does."""
        assert until(lambda: with_umask(below(os.getpid()), MARK), 30)
        return with_umask(below(os.getpid()), MARK)

    def end(self) -> None:
        self._thread.join(20)
        assert not self._thread.is_alive()


def _above(process: Process, started: set[Process]) -> list[Process]:
    """The processes between it and us, the nearest first."""
    found = []
    while parents := [one for one in started if process in below(one[0])]:
        process = min(parents, key=lambda one: len(below(one[0])))
        found.append(process)
        started = started - {process}
    return found


def _end_template(fresh: ForkSandbox, running: Running, which: str) -> None:
    """End a process above the one that runs the student's code, once it does."""
    students = running.seen()
    (student,) = students
    above = _above(student, below(os.getpid()))
    assert len(above) == (2 if fresh.tier == "full" else 1)
    os.kill(above[0 if which == "nearest" else -1][0], signal.SIGKILL)
    assert until(lambda: not alive(students | set(above)), SECONDS)


@pytest.mark.parametrize("which", ["nearest", "outermost"])
def test_a_job_whose_template_is_ended_is_run_again(fresh: ForkSandbox, which: str) -> None:
    source = f"import os, time\nos.umask({MARK})\ntime.sleep(1)\ndef f(): return 2\n"
    running = Running(fresh, _job(source))
    _end_template(fresh, running, which)
    running.end()
    assert running.fault is None
    assert running.result is not None
    assert [response.value for response in running.result.responses.values()] == [2, 2]


def test_a_job_whose_template_is_ended_twice_is_held_and_the_next_one_is_run(
    fresh: ForkSandbox,
) -> None:
    running = Running(fresh, _job(ASLEEP))
    for which in ("nearest", "outermost"):
        _end_template(fresh, running, which)
    running.end()
    assert running.fault is not None
    assert running.result is None
    responses = fresh.run(_job("def f(): return 2\n")).responses
    assert [response.value for response in responses.values()] == [2, 2]


def test_a_job_whose_template_is_ended_after_a_crash_is_held_too(fresh: ForkSandbox) -> None:
    """What the student's code did before is no reason to count our end as theirs."""
    source = f"""
import os, time
def f(first):
    if first:
        os._exit(1)
    os.umask({MARK})
    time.sleep(50)
"""
    calls = [Call(id=str(n), group=str(n), entry="f", arguments=(n,)) for n in (1, 0)]
    running = Running(fresh, replace(_job(source), calls=tuple(calls)))
    for _ in range(2):
        _end_template(fresh, running, "nearest")
    running.end()
    assert running.fault is not None


@pytest.mark.parametrize("which", ["nearest", "outermost"])
def test_a_template_that_ended_between_jobs_is_replaced(
    others: set[Process], fresh: ForkSandbox, which: str
) -> None:
    fresh.run(_job("def f(): return 1\n"))
    idle = below(os.getpid()) - others
    assert len(idle) == (2 if fresh.tier == "full" else 1)
    chosen = max if which == "nearest" else min
    os.kill(chosen(idle, key=lambda one: -len(below(one[0])))[0], signal.SIGKILL)
    assert until(lambda: not alive(idle), SECONDS)
    responses = fresh.run(_job("def f(): return 2\n")).responses
    assert [response.value for response in responses.values()] == [2, 2]


def test_an_endless_import_of_the_template_ends_with_the_command(tmp_path: Path) -> None:
    (tmp_path / "endless.py").write_text(ASLEEP, encoding="utf-8")
    program = f"""
from dataclasses import replace
from grader.model.assignment import Limits
from grader.sandbox import forked
from grader.sandbox.contract import Job
from grader.sandbox.walls import BASIC
found = forked.find_interpreter("")
forked.find_interpreter = lambda path: replace(found, site=({str(tmp_path)!r},))
job = Job(files={{}}, provided="", calls=(), limits=Limits(), preload=("endless",))
forked.ForkSandbox(BASIC).run(job)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", program], env=environment) as command:
        assert until(lambda: with_umask(below(command.pid), MARK), 30)
        started = below(command.pid)
        command.kill()
    assert until(lambda: not alive(started), SECONDS)


def test_stopping_ends_what_runs_and_refuses_what_comes(
    others: set[Process], fresh: ForkSandbox
) -> None:
    running = Running(fresh, _job(DEAF))
    students = running.seen()
    fresh.stop()
    running.end()
    assert running.fault is not None
    assert until(lambda: not alive(students), SECONDS)
    with pytest.raises(SandboxFault, match="stopped"):
        fresh.run(_job("def f(): return 1\n"))
    fresh.close()
    assert below(os.getpid()) <= others
