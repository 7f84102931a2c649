"""A driver that would fail beside every student's code is told before any of it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.checks.prepare import prepare
from grader.course.drivers import expect_drivers_work
from grader.course.judge import grade
from grader.course.watch import open_course
from grader.sandbox.contract import Job, JobResult, NothingRuns, SandboxFault
from grader.sandbox.forked import ForkSandbox
from grader.spec.load import SpecFault
from grader.submissions.submission import Submission
from tests.tiers import opened

SPEC = """\
schema: 1
slug: small
title: Small
reference: small
submission: {files: [code.py]}
data: [table.csv]
limits: {wall_seconds: 1, memory_mib: 256, threads: 16}
questions:
  - {id: walk, kind: function, entry: step, driver: drive.py, cases: [{w: 1.5}]}
"""
REFERENCE = "def step(w, state, /): return w + 1, {'t': 1}\n"
DRIVER = """\
import os, threading, time
import numpy as np

def drive(module, case):
    spent = time.process_time()
    w, state = module.step(case["w"], None)
    {does}
    return [w, state["t"]]
"""
FAULTS = {
    "a foreign file": ("open('/etc/passwd').close()", "uses a file that"),
    "threads": (
        "[threading.Thread(target=time.sleep, args=(0.2,)).start() for _ in range(40)]",
        "starts more threads or processes than its limits allow",
    ),
    "memory": ("np.zeros(60_000_000)", "needs more than 256 MiB of memory"),
    "time": (
        "while time.process_time() < spent + 1.6: pass",
        "takes more than 1 s by itself",
    ),
    "output": ("print('x' * 3_000_000)", "prints or returns more than 1024 KiB"),
    "a file of its own elsewhere": ("open('/tmp/mine', 'w').close()", "uses a file that"),
}
HONEST = {
    "data": "np.loadtxt('table.csv') if os.path.exists('table.csv') else w",
    "some threads": "[threading.Thread(target=time.sleep, args=(0.1,)).start() for _ in range(6)]",
    "some memory": "np.ones(10_000_000).sum()",
    "data, and most of the time": (
        "while time.process_time() < spent + 0.75: np.loadtxt('table.csv') if "
        "os.path.exists('table.csv') else w"
    ),
}


@pytest.fixture(scope="module")
def walled() -> Iterator[ForkSandbox]:
    sandbox = opened("auto")
    yield sandbox
    sandbox.close()


@pytest.fixture
def course(tmp_path: Path) -> Callable[[str], Path]:
    def made(does: str) -> Path:
        lies = tmp_path / "assignments" / "small"
        lies.mkdir(parents=True)
        (tmp_path / "reference").mkdir()
        (tmp_path / "reference" / "small.py").write_text(REFERENCE, encoding="utf-8")
        (lies / "drive.py").write_text(DRIVER.format(does=does), encoding="utf-8")
        (lies / "table.csv").write_text("1 2\n", encoding="utf-8")
        (lies / "assignment.yaml").write_text(SPEC, encoding="utf-8")
        return lies

    return made


@pytest.mark.parametrize(
    ("does", "told"),
    [
        pytest.param(*way, id=name, marks=[pytest.mark.slow] if number else [])
        for number, (name, way) in enumerate(FAULTS.items())
    ],
)
def test_a_driver_that_the_walls_would_stop_is_told(
    walled: ForkSandbox, course: Callable[[str], Path], does: str, told: str
) -> None:
    folder = course(does)
    with open_course(folder) as found, pytest.raises(SpecFault) as caught:
        expect_drivers_work(found, walled)
    (one,) = caught.value.diagnostics
    assert one.code == "S305"
    assert one.place.file == str(folder / "drive.py")
    line = (folder / "drive.py").read_text("utf-8").splitlines()[one.place.line - 1]
    assert does in line or (told.startswith("prints") and line.startswith("def drive"))
    assert "behind the walls the driver of 'walk'" in one.message
    assert told in one.message


@pytest.mark.slow
@pytest.mark.parametrize("does", HONEST.values(), ids=HONEST)
def test_a_driver_that_stays_within_them_is_not(
    walled: ForkSandbox, course: Callable[[str], Path], does: str
) -> None:
    with open_course(course(does)) as found:
        expect_drivers_work(found, walled)


class Hindered:
    """A machine that cannot run anything now."""

    tier = "full"

    def __init__(self) -> None:
        self.asked: list[Job] = []

    def run(self, job: Job) -> JobResult:
        self.asked.append(job)
        msg = "no room"
        raise SandboxFault(msg)

    def stop(self) -> None:
        """Nothing runs."""

    def close(self) -> None:
        """Nothing was started."""


def test_what_fails_in_the_record_is_not_the_drivers(
    walled: ForkSandbox, course: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of an interpreter that cannot read what was recorded."""
    with open_course(course("pass")) as found:
        asked = found.ask

        def unreadable(what: str, *arguments: Any) -> Any:
            if what == "gives_again":
                return True
            return tuple(replace(one, source=SPOILT) for one in asked(what, *arguments))

        monkeypatch.setattr(found, "ask", unreadable)
        expect_drivers_work(found, walled)


SPOILT = b"def step(w, state): raise ValueError('not readable')\n"


def test_a_fault_of_the_machine_is_not_the_drivers(course: Callable[[str], Path]) -> None:
    sandbox = Hindered()
    with open_course(course("pass")) as found:
        expect_drivers_work(found, sandbox)
    (job,) = sandbox.asked
    assert set(job.files) == {"replayed.py", "drive.py"}
    assert not any(b"return w + 1" in source for source in job.files.values())


def test_where_nothing_runs_nothing_is_tried(course: Callable[[str], Path]) -> None:
    with open_course(course("open('/etc/passwd').close()")) as found:
        expect_drivers_work(found, NothingRuns())


LATER = """\
  - {id: walk, kind: function, entry: step, driver: drive.py, cases: [{w: 1.5}, CASE]}
"""
ASKS_MORE = """\
def drive(module, case):
    w, state = module.step(case["w"], None)
    for _ in range(int(case["w"])):
        w, state = module.step(w, state)
        if w > 90:
            open('/etc/passwd').close()
    return [w, state["t"]]
"""


@pytest.mark.parametrize(
    ("case", "said"),
    [
        pytest.param("{w: 80}", "(step(80))", id="visible", marks=pytest.mark.slow),
        pytest.param("{inputs: {w: 80}, hidden: true}", "(hidden case", id="hidden"),
    ],
)
def test_the_case_that_asks_most_of_the_code_is_tried_too(
    walled: ForkSandbox, course: Callable[[str], Path], case: str, said: str
) -> None:
    folder = course("pass")
    first = SPEC.splitlines(keepends=True)[-1]
    spec = SPEC.replace(first, LATER.replace("CASE", case))
    (folder / "assignment.yaml").write_text(spec, encoding="utf-8")
    (folder / "drive.py").write_text(ASKS_MORE, encoding="utf-8")
    with open_course(folder) as found, pytest.raises(SpecFault) as caught:
        expect_drivers_work(found, walled)
    (one,) = caught.value.diagnostics
    assert (one.code, one.place.line) == ("S305", 6)
    assert said in one.message
    assert ("/etc/passwd" in one.message) is ("hidden" not in said)


def test_who_marks_from_python_is_told_too(
    walled: ForkSandbox, course: Callable[[str], Path]
) -> None:
    prepared = prepare(course("open('/etc/passwd').close()"))
    with pytest.raises(SpecFault, match="behind the walls the driver of 'walk' uses a file that"):
        grade(prepared, [Submission(id="ann")], walled)
