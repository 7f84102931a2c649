"""A driver is tried here as it will run: behind walls that let it start nothing."""

from __future__ import annotations

import builtins
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from grader.solver.forbidden import forbidden_to

pytestmark = pytest.mark.processes
STARTS = {
    "fork": "import os\ndef drive():\n    if os.fork() == 0: os._exit(0)\n",
    "system": "import os\ndef drive(): os.system('true')\n",
    "run": "import subprocess\ndef drive(): subprocess.run(['true'])\n",
    "connect": "import socket\ndef drive():\n    socket.create_connection(('127.0.0.1', 9), 1)\n",
}


def drive(source: str, file: str = "drive.py", **scope: Any) -> Callable[[], object]:
    exec(compile(source, file, "exec"), scope)
    found: Callable[[], object] = scope["drive"]
    return found


@pytest.mark.parametrize("source", STARTS.values(), ids=STARTS)
def test_a_driver_that_starts_a_process_or_calls_out_is_told(source: str) -> None:
    with forbidden_to("drive.py", processes=1), pytest.raises(PermissionError, match="the walls"):
        drive(source)()


def test_what_the_driver_calls_of_others_is_not_run_there() -> None:
    def reference() -> int:
        return subprocess.run([sys.executable, "-S", "-c", ""], check=False).returncode

    source = "import math, os\ndef drive(): return [reference(), math.pi, os.getpid()]\n"
    with forbidden_to("drive.py", processes=1):
        assert drive(source, reference=reference)()[0] == 0  # type: ignore[index]  # a list


def test_where_processes_are_allowed_a_driver_may_start_them() -> None:
    source = "import os\ndef drive(): return os.system('true')\n"
    with forbidden_to("drive.py", processes=2):
        assert drive(source)() == 0


def test_afterwards_nothing_is_forbidden() -> None:
    with forbidden_to("drive.py", processes=1):
        pass
    assert drive("import os\ndef drive(): return os.system('true')\n")() == 0


def test_what_a_course_puts_in_the_place_of_a_built_in_is_not_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with forbidden_to("driver.py", processes=1):
        pass
    with monkeypatch.context() as patch:
        patch.setattr(builtins, "getattr", None)
        compile("1", "elsewhere.py", "eval")  # is told to hooks
