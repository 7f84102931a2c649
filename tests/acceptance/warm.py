"""A `grader` whose imports are done. Every command is a process forked from it.

Most of what a command of a small class costs is importing; a test that runs 200 of them need not
pay for it 200 times. Requests come line by line as JSON on standard input, and each is answered by
a line with the exit code once the command has ended.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

__all__ = ["Warm"]

_SECONDS = 300


class Warm:
    """The process that is forked from; one for all tests of a worker."""

    def __init__(self, root: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.warm"],
            cwd=root,
            # Threads of a library would not be there after a fork.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def run(
        self, arguments: Sequence[str], *, cwd: Path, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """What `python -m grader` with these arguments does, as `subprocess.run` tells it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with tempfile.TemporaryDirectory() as folder:
            output, errors = Path(folder) / "out", Path(folder) / "err"
            request = {
                "arguments": [*arguments],
                "cwd": str(cwd),
                "environment": dict(environment),
                "streams": [os.devnull, str(output), str(errors)],
            }
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            if not select.select([self._process.stdout], [], [], _SECONDS)[0]:
                self.close()
                raise subprocess.TimeoutExpired([*arguments], _SECONDS)
            return subprocess.CompletedProcess(
                args=[*arguments],
                returncode=int(self._process.stdout.readline()),
                stdout=output.read_text(encoding="utf-8"),
                stderr=errors.read_text(encoding="utf-8"),
            )

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


def _import_everything() -> None:
    grader = importlib.import_module("grader")
    for module in pkgutil.walk_packages(grader.__path__, "grader."):
        # What runs beside a student's code is no part of a command.
        if ".child" not in module.name and not module.name.endswith("__main__"):
            with contextlib.suppress(ImportError):
                importlib.import_module(module.name)
    # What typer needs for the options of a command, it imports when the first one is called.
    CliRunner().invoke(importlib.import_module("grader.cli.app").app, ["explain", "S204"])


def _requests() -> dict[str, Any] | None:
    """In a forked process the request that it has to carry out; None in the first one."""
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            request: dict[str, Any] = json.loads(line)
            return request
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
    return None


def _carry_out(request: Mapping[str, Any]) -> None:
    for number, path in enumerate(request["streams"]):
        opened = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["cwd"])
    sys.argv[1:] = request["arguments"]
    runpy.run_module("grader", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _import_everything()
    gc.freeze()  # what all commands share is nobody's garbage
    if (found := _requests()) is not None:
        _carry_out(found)
