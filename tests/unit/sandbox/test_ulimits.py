"""Limits of the machine's owner below the assignment's are told before anything is marked."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.model.assignment import Limits
from grader.sandbox.ulimits import UlimitsTooLow, expect_ulimits

ROOT = Path(__file__).resolve().parents[3]
OPTIONS = {
    "-f": resource.RLIMIT_FSIZE,
    "-t": resource.RLIMIT_CPU,
    "-n": resource.RLIMIT_NOFILE,
    "-u": resource.RLIMIT_NPROC,
    "-v": resource.RLIMIT_AS,
}
#: by option: what is just enough for LIMITS, in the kernel's units
LIMITS = Limits(file_mib=8, cpu_seconds=30, threads=4, processes=3, memory_mib=128)
ENOUGH = {"-f": 8 << 20, "-t": 30, "-n": 256, "-u": 6, "-v": 64 << 30}
Allow = Callable[..., None]


@pytest.fixture
def allow(monkeypatch: pytest.MonkeyPatch) -> Allow:
    """Have the owner allow so much, and no end of all else; soft limits are 0 throughout."""

    def allow(**hard: int) -> None:
        by_number = {OPTIONS[f"-{option}"]: value for option, value in hard.items()}
        monkeypatch.setattr(
            resource, "getrlimit", lambda which: (0, by_number.get(which, resource.RLIM_INFINITY))
        )

    return allow


@pytest.mark.parametrize("option", OPTIONS)
def test_a_limit_that_is_too_low_is_named_and_one_that_is_enough_is_not(
    allow: Allow, option: str
) -> None:
    allow(**{option[1:]: ENOUGH[option]})
    expect_ulimits(LIMITS)
    allow(**{option[1:]: ENOUGH[option] // 1000})
    with pytest.raises(UlimitsTooLow, match=rf"\(ulimit -H {option}\)") as caught:
        expect_ulimits(LIMITS)
    assert str(caught.value).count("ulimit") == 1


@pytest.mark.parametrize("option", ["-f", "-t", "-n", "-u"])
def test_one_less_than_enough_is_too_low(allow: Allow, option: str) -> None:
    allow(**{option[1:]: ENOUGH[option] - 1})
    with pytest.raises(UlimitsTooLow):
        expect_ulimits(LIMITS)


def test_all_that_are_too_low_are_named_at_once(allow: Allow) -> None:
    allow(f=1, t=1, n=1, u=1, v=1)
    with pytest.raises(UlimitsTooLow) as caught:
        expect_ulimits(LIMITS)
    assert [option for option in OPTIONS if f"-H {option}" in str(caught.value)] == [*OPTIONS]


@pytest.mark.processes
def test_no_command_marks_under_them() -> None:
    grade = [sys.executable, "-m", "grader", "grade", "sigmoid-chain-exercise-3"]
    example = "examples/submissions/sigmoid-chain-exercise-3/all-correct"

    def low() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

    done = subprocess.run(
        [*grade, example],
        cwd=ROOT,
        env={**os.environ, "GRADER_SANDBOX": "basic"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        preexec_fn=low,
        timeout=300,
    )
    assert (done.returncode, done.stdout) == (4, "")
    assert "the size of a file: at most 1 MiB (ulimit -H -f), 16 MiB are needed" in done.stderr
