"""`grader … | head -0`: the reader went away before anything was written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
QUICK = "sigmoid-chain-exercise-3"
CLASS = f"examples/submissions/{QUICK}"

COMMANDS: dict[str, tuple[str, ...]] = {
    "help": ("--help",),
    "version": ("--version",),
    "explain": ("explain", "S101"),
    "doctor": ("doctor",),
    "grade": ("grade", QUICK, CLASS),
    "grade-details": ("grade", QUICK, CLASS, "--details"),
    "grade-json": ("grade", QUICK, CLASS, "--format", "json"),
    "grade-below": ("grade", QUICK, CLASS, "--fail-under", "100"),
    "check": ("check", QUICK, f"{CLASS}/all-correct"),
    "verify": ("verify", QUICK),
}


def unread(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `grader` with its output in a pipe of which nobody holds the other end."""
    reads, writes = os.pipe()
    os.close(reads)
    try:
        return subprocess.run(
            [sys.executable, "-m", "grader", *arguments],
            cwd=checkout,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=writes,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
            timeout=300,
        )
    finally:
        os.close(writes)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(words, id=name, marks=() if name == "explain" else pytest.mark.slow)
        for name, words in COMMANDS.items()
    ],
)
def test_a_command_whose_output_nobody_reads_ends_in_silence(
    checkout: Path, arguments: tuple[str, ...]
) -> None:
    """As one that is done: any other code would say something of the answers or the assignment."""
    done = unread(checkout, *arguments)
    assert done.returncode == 0
    said = [line for line in done.stderr.splitlines() if not line.startswith(("warning:", "  "))]
    assert said == []


def test_a_fault_is_told_even_so(checkout: Path) -> None:
    done = unread(checkout, "explain", "S999")
    assert done.returncode == 2
    assert done.stderr.startswith("error: there is no code 'S999'")


def test_through_a_shell_the_reader_decides(checkout: Path) -> None:
    command = f"set -o pipefail; '{sys.executable}' -m grader explain | head -0"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
