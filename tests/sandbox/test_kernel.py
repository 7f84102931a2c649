"""System calls by name: what they return, and how they fail."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

import pytest

from grader.sandbox.child import kernel
from tests.sandbox.behind_walls import Walls, needs_filter


@needs_filter
def test_a_call_returns_what_the_kernel_does() -> None:
    assert kernel.call("getpid") == os.getpid()
    assert kernel.prctl(kernel.PR_GET_NO_NEW_PRIVS) in (0, 1)


@needs_filter
def test_arguments_may_be_text_bytes_numbers_and_buffers(tmp_path: Path) -> None:
    os.makedirs(tmp_path / "ä")  # noqa: PTH103  # as C is told
    for path in (str(tmp_path / "ä"), os.fsencode(tmp_path / "ä")):
        descriptor = kernel.call("openat", kernel.AT_FDCWD, path, os.O_RDONLY, 0)
        os.close(descriptor)
    name = ctypes.create_string_buffer(16)
    kernel.prctl(kernel.PR_GET_NAME, name)
    assert name.value == Path("/proc/self/comm").read_bytes().strip()


@needs_filter
def test_failing_tells_which_call_and_why() -> None:
    with pytest.raises(FileNotFoundError) as raised:
        kernel.call("openat", kernel.AT_FDCWD, "/no/such/file", 0, 0)
    assert raised.value.strerror == "openat: No such file or directory"
    with pytest.raises(OSError, match="close: Bad file descriptor"):
        kernel.call("close", -1)


def test_what_this_machine_does_not_have_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OSError, match="no_such_call: not on this machine"):
        kernel.call("no_such_call")
    monkeypatch.setattr(kernel, "_call", None)
    with pytest.raises(OSError, match="getpid: not on this machine"):
        kernel.call("getpid")


@needs_filter
def test_nothing_started_gains_rights() -> None:
    said = "assert 'NoNewPrivs:\\t1' in open('/proc/self/status').read()"
    assert Walls(filtered=False).outcomes({"said": said}) == {"said": "done"}
