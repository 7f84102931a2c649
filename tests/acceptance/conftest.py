"""Run the commands as their users do: as processes, in a folder that looks like a checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.warm import Warm

ROOT = Path(__file__).resolve().parents[2]
Grader = Callable[..., subprocess.CompletedProcess[str]]
_WARNING = re.compile(r"warning: the sandbox is basic:.*\n(?:  .*\n)+")


@pytest.fixture(autouse=True)
def _with_the_walls_there_are(tier: str) -> None:
    """Commands are told to do without walls where there are none."""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the assignments, references and examples, in which commands may write."""
    for name in ("assignments", "reference", "examples"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


@pytest.fixture(scope="session")
def warm(tier: str) -> Iterator[Warm]:
    """A `grader` whose imports are done, to fork commands from."""
    made = Warm(ROOT)
    yield made
    made.close()


@pytest.fixture
def grader(checkout: Path, warm: Warm) -> Grader:
    """Call `grader` with these arguments in the checkout; the result has the exit code.

    What `grade` says each time of a sandbox without walls is left out, unless `warned` is true.
    With `fresh` an interpreter is started for the command, as a shell does it.
    """

    def run(
        *arguments: object,
        cwd: Path = checkout,
        warned: bool = False,
        fresh: bool = False,
        **environment: str,
    ) -> subprocess.CompletedProcess[str]:
        variables = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", **environment}
        if fresh:
            done = subprocess.run(
                [sys.executable, "-m", "grader", *map(str, arguments)],
                cwd=cwd,
                env=variables,
                capture_output=True,
                encoding="utf-8",
                check=False,
                timeout=300,
            )
        else:
            done = warm.run([*map(str, arguments)], cwd=cwd, environment=variables)
        if not warned:
            done.stderr = _WARNING.sub("", done.stderr)
        return done

    return run
