"""A machine with little memory, as a cgroup gives it: no more at once than fit, no lost mark."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import tiers

ROOT = Path(__file__).parents[3]
_TOPS = (Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup"))
_LIMITS = ("memory.limit_in_bytes", "memory.max")
pytestmark = pytest.mark.slow

_PROGRAM = """
import sys
from concurrent.futures import ThreadPoolExecutor
from grader.model.assignment import Limits
from grader.sandbox import ended, machine
from grader.sandbox.choose import choose
from tests.sandbox.machine.work import job, outcome
tier, workers, mib, guarded = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "yes"
if not guarded:
    machine.fitting = lambda limits: 99
    ended.MachineFault = lambda *_: ended.ChildEnded()
sandbox = choose(tier)
limits = Limits(memory_mib=256, file_mib=1)
print(bool(machine.shortage(limits)))
uses = job(f"held = bytearray({mib} << 20)\\ntime.sleep(0.5)", wall_seconds=10, file_mib=1)
with ThreadPoolExecutor(workers) as pool:
    print(*pool.map(lambda one: outcome(sandbox, one), [uses] * 4))
sandbox.close()
"""


@contextlib.contextmanager
def group(mib: int) -> Iterator[Path]:
    """A cgroup of our own with so much memory; removed afterwards."""
    for top, limit in zip(_TOPS, _LIMITS, strict=True):
        folder = top / f"grader-test-{os.getpid()}"
        try:
            folder.mkdir()
        except OSError:
            continue
        try:
            if (folder / limit).exists():
                (folder / limit).write_text(str(mib << 20), encoding="ascii")
                yield folder
                return
        finally:
            folder.rmdir()
    pytest.skip("no cgroup that limits memory can be made here")


def outcomes(tier: str, room: int, workers: int, mib: int, *, guarded: bool = True) -> list[str]:
    """Whether the machine is said to be too small, and what came of four submissions."""
    tiers.opened(tier).close()
    arguments = (tier, str(workers), str(mib), "yes" if guarded else "no")
    with group(room) as folder:
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            preexec_fn=lambda: (folder / "cgroup.procs").write_text(str(os.getpid())),
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr[-2000:]
    short, found = done.stdout.splitlines()
    return [short, *found.split(" ")]


@pytest.mark.parametrize("tier", ["full", "container", "basic"])
@pytest.mark.parametrize("workers", [1, 2])
def test_no_more_are_started_than_fit(tier: str, workers: int) -> None:
    assert outcomes(tier, 440, workers, 180) == ["False", *["right"] * 4]


def test_it_would_cost_marks_if_nobody_looked() -> None:
    assert "crashed" in outcomes("full", 440, 4, 220, guarded=False)


@pytest.mark.parametrize("tier", ["full", "container", "basic"])
def test_where_not_even_one_fits_it_is_said_and_what_needs_more_is_held(tier: str) -> None:
    found = " ".join(outcomes(tier, 260, 2, 245))
    assert found == "True " + " ".join(["held: machine_memory"] * 4)
    assert outcomes(tier, 260, 2, 20) == ["True", *["right"] * 4]
