"""The worker runs under any CPython from 3.9 on, also where there is no numpy."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.child import wire

WORKER = Path(wire.__file__).with_name("worker.py")
VERSIONS = ["3.9", "3.10", "3.11", "3.12", "3.13", "3.14"]


class Conversation:
    """One worker under another interpreter, asked as the sandbox asks it."""

    def __init__(self, interpreter: str) -> None:
        replies, child_end = os.pipe()
        self._process = subprocess.Popen(
            [interpreter, "-s", "-S", "-B", str(WORKER), str(child_end)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=(child_end,),
        )
        os.close(child_end)
        self._replies = os.fdopen(replies, "rb")

    def ask(self, **request: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stderr is not None
        self._process.stdin.write(wire.frame(wire.encode({**request, "nonce": b"n"}, 1 << 20)))
        self._process.stdin.flush()
        header = self._replies.read(4)
        assert header, self._process.stderr.read().decode()
        reply = wire.decode(self._replies.read(int.from_bytes(header, "big")))
        assert reply.pop("nonce") == b"n"
        assert isinstance(reply, dict)
        return reply

    def close(self) -> None:
        self._process.kill()
        for stream in (self._process.stdin, self._process.stderr, self._replies):
            if stream is not None:
                stream.close()
        self._process.wait()


def _interpreter(version: str) -> str:
    """The interpreter's own file: a link or a launcher of this name may start another one."""
    found = shutil.which(f"python{version}")
    if found is not None:
        said = subprocess.run(
            [found, "-c", "import sys; print(sys.implementation.name, sys.executable)"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        name, _, executable = said.stdout.strip().partition(" ")
        if said.returncode == 0 and name == "cpython":
            return executable
    pytest.skip(f"there is no CPython {version} on the PATH of this machine")


@pytest.fixture(params=VERSIONS)
def worker(request: pytest.FixtureRequest) -> Iterator[Conversation]:
    conversation = Conversation(_interpreter(request.param))
    yield conversation
    conversation.close()


def test_the_worker_answers(worker: Conversation) -> None:
    limits = {"memory_mib": 256, "cpu_seconds": 20, "file_mib": 1}
    source = b"import helper\nprint('x')\ndef f(x):\n    return [helper.TWO * x, {'a': 1.5}]\n"
    source += (
        b"h = [0.410, -2]\ndef bad():\n    return 1 / 0\n\ndef big():\n    return 'x' * 10**6\n"
    )
    files = [("a.py", source), ("helper.py", b"TWO = 2\n")]
    assert worker.ask(site=[], limits=limits) == {"ready": True}
    loaded = worker.ask(files=files, provided="", reply_bytes=1 << 16, seed=0)
    assert loaded == {"loaded": True}

    def call(entry: str, *arguments: Any, mode: str = "call") -> dict[str, Any]:
        return worker.ask(
            entry=entry,
            mode=mode,
            arguments=list(arguments),
            globals={},
            driver=None,
            seed=2**40,
            id=entry,
            group=entry,
            look_again=True,
            look_back=True,
            repeat=True,
            digits=mode == "value",
        )

    assert wire.decode(call("f", 21)["value"]) == [42, {"a": 1.5}]
    assert wire.decode(call("f", 21)["earlier"][0][1]) == [42, {"a": 1.5}]
    assert wire.decode(call("h", mode="value")["typed"]) == ["0.410", "-2"]
    failure = call("bad")["failure"]
    place = (failure["exception"], failure["file"], failure["line"])
    assert place == ("ZeroDivisionError", "a.py", 7)
    assert call("big")["failure"]["verdict"] == "output_exceeded"
    assert call("gone")["failure"]["reason"] == "name_not_defined"
