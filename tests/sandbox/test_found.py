"""What was found by looking for ways through, each by its smallest attack."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from grader import Tolerance, compare
from grader.model.verdict import Verdict
from grader.sandbox.contract import JobResult, Sandbox
from grader.sandbox.process import ChildProcess
from tests.build import call_of
from tests.sandbox.test_attacks import FORGE

# Each is a key of its own where marks are told apart, and all have one hash where they are not.
ALIKE = "def f(name, to):\n    return {(type(name(k), (), {})(), k * (2**61 - 1)): k for k in to}\n"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["lambda k: 'a'", "lambda k: f'0x{k:08x}'"])
def test_keys_that_hold_what_is_no_data_cost_no_time(
    run: Callable[..., JobResult], name: str
) -> None:
    """No more than as many others: each held against all before it would be thousands."""

    def seconds(keys: str) -> float:
        source = f"{ALIKE}\ndef g():\n    return {keys}\n"
        call = call_of("g")
        began = time.monotonic()
        result = run(source, call, wall_seconds=20, output_kib=1024)
        assert isinstance(result.responses["g"].value, dict)
        assert len(result.responses["g"].value) == 9000
        return time.monotonic() - began

    others = "{(type(str(k), (), {})(), k): k for k in range(9000)}"
    assert seconds(f"f({name}, range(9000))") < 10 * seconds(others)


def test_what_comes_while_a_request_is_sent_is_not_kept_without_end(
    run: Callable[..., JobResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    read, sizes = ChildProcess._read_reply, [0]

    def reading(self: Any) -> None:
        read(self)
        sizes.append(len(self._exchange._buffer))

    monkeypatch.setattr(ChildProcess, "_read_reply", reading)
    source = (
        f"{FORGE}\nimport time\n"
        "def f(text):\n"
        "    forge(value=b'N')\n"
        "    time.sleep(0.2)\n"  # the next request does not fit into the pipe, nobody takes it
        "    while True: os.write(4, bytes(1 << 16))\n"
    )
    calls = [call_of("f", "x" * 10**6, name=n) for n in ("one", "two")]
    responses = run(source, *calls, wall_seconds=1.0).responses
    assert responses["two"].failure is not None
    assert responses["two"].failure.verdict in (Verdict.CRASHED, Verdict.TIMED_OUT)
    assert max(sizes) < 16 << 20


def test_what_one_does_with_its_input_is_not_seen_by_the_next(
    run: Callable[..., JobResult],
) -> None:
    source = (
        "import fcntl, os\n"
        "def f():\n"
        "    found = fcntl.fcntl(0, fcntl.F_GETFL)\n"
        "    fcntl.fcntl(0, fcntl.F_SETFL, os.O_APPEND | os.O_NONBLOCK)\n"
        "    return [found, fcntl.fcntl(0, fcntl.F_GETFL)]\n"
    )
    call = call_of("f")
    (first, changed), (second, _) = (run(source, call).responses["f"].value for _ in range(2))
    assert first == second != changed


TELLS = """
import fcntl, os, time
def f():
    file = os.open(os.__file__, os.O_RDONLY)
    fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB, 1, 0x616263)
    time.sleep(2)
"""
HEARS = """
import fcntl, os, struct, time
def f():
    file = os.open(os.__file__, os.O_RDONLY)
    for _ in range(50):
        asked = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0)
        told = struct.unpack("hhqqi4x", fcntl.fcntl(file, fcntl.F_GETLK, asked))
        if told[0] != fcntl.F_UNLCK:
            return told[2]
        time.sleep(0.02)
"""


@pytest.mark.slow
def test_a_lock_on_a_file_that_all_may_read_tells_others_nothing(
    run: Callable[..., JobResult], sandbox: Sandbox
) -> None:
    call = call_of("f")
    with ThreadPoolExecutor(2) as pool:
        telling, hearing = (pool.submit(run, source, call) for source in (TELLS, HEARS))
    assert telling.result().responses["f"].failure is None
    heard = hearing.result().responses["f"].value
    assert heard == (0x616263 if sandbox.tier == "basic" else None)


def test_what_a_students_numbers_are_is_not_warned_of(
    run: Callable[..., JobResult], recwarn: pytest.WarningsRecorder
) -> None:
    source = (
        "import numpy as np\n"
        "no_number = bytes([0] * 7 + [0x10, 0xFF, 0x3F] + [0] * 6)\n"  # no bit before the point
        "def f():\n    return np.frombuffer(no_number * 3, np.longdouble)\n"
    )
    value = run(source, call_of("f")).responses["f"].value
    compare(actual=value, expected=np.arange(3.0), tolerance=Tolerance.from_spec({"rtol": 1e-6}))
    assert not list(recwarn)


def test_the_processor_time_of_other_processes_is_not_known(
    run: Callable[..., JobResult], sandbox: Sandbox
) -> None:
    source = (
        "import time\n"
        "def f(process):\n"
        "    time.process_time(), time.thread_time(), time.monotonic(), time.clock_getres(2)\n"
        "    try:\n"
        "        return time.clock_gettime((~process << 3) | 2)\n"
        "    except OSError:\n"
        "        return None\n"
    )
    call = call_of("f", os.getpid())
    known = run(source, call).responses["f"].value
    assert isinstance(known, float) if sandbox.tier == "basic" else known is None
