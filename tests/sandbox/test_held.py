"""What a student's process holds, and may do, seen from outside while its code runs."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.attacks.decoys import SECRET, Scene, expose
from tests.sandbox.attacks.trial import EARLIER, another_student, honest
from tests.sandbox.attacks.watching import alive, descendants
from tests.tiers import opened

_CHUNK = 1 << 22


@pytest.fixture(scope="module", params=["full", "container"])
def student(request: pytest.FixtureRequest) -> Iterator[int]:
    """The process of a student whose code is in the middle of a call, and stays there."""
    with contextlib.ExitStack() as stack:
        expose(stack)
        sandbox = opened(request.param)
        stack.callback(sandbox.close)
        assert honest(sandbox, EARLIER).value == "DECOY"
        scene = stack.enter_context(Scene().add())
        stack.enter_context(another_student(sandbox, scene, seconds=50))
        stack.callback(sandbox.stop)
        yield scene.told["sibling"]


def _status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return dict(line.split(":\t", 1) for line in lines)


def test_it_has_no_rights_and_can_gain_none(student: int) -> None:
    status = _status(student)
    rights = {name: int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")}
    assert set(rights.values()) == {0}
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    if os.geteuid() == 0:
        assert int(status["CapBnd"], 16) == 0


def test_nobody_of_the_same_user_may_look_into_it(student: int) -> None:
    """The files in /proc of such a process are root's."""
    assert Path(f"/proc/{student}/mem").stat().st_uid == 0
    if os.geteuid() != 0:
        with pytest.raises(PermissionError):
            Path(f"/proc/{student}/environ").read_bytes()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may look into a student's process")
def test_it_has_open_two_pipes_an_output_and_nothing_else(student: int) -> None:
    folder = Path(f"/proc/{student}/fd")
    opened = {int(entry.name): str(entry.readlink()) for entry in folder.iterdir()}
    kinds = {number: re.sub(r"\[\d+\]", "", name) for number, name in opened.items()}
    pipe = "pipe:"
    assert kinds == {0: "/dev/null", 1: pipe, 2: pipe, 3: pipe, 4: pipe}
    assert opened[1] == opened[2]
    assert len({opened[1], opened[3], opened[4]}) == 3
    modes = {n: stat.S_IMODE((folder / str(n)).lstat().st_mode) for n in opened}
    assert (modes[3] & 0o600, modes[4] & 0o600) == (0o400, 0o200)  # one way each


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may look into a student's process")
def test_the_secret_is_in_no_memory_of_the_sandbox(student: int) -> None:
    """Nor is the work of the student before: not in this process, not in the one it came from."""
    scanned = {student: _scan(student)}  # first: it will not be there for long
    scanned |= {pid: _scan(pid) for pid in descendants() if pid != student and alive(pid)}
    assert len(scanned) > 1
    assert min(size for size, _ in scanned.values()) > 1 << 16
    assert scanned[student][0] > 10 << 20
    assert not [pid for pid, (_, found) in scanned.items() if found]


def test_a_scan_finds_what_is_there() -> None:
    assert _scan(os.getpid())[1]


def _scan(pid: int) -> tuple[int, bool]:
    """How many bytes of a process's memory could be read, and whether the secret is in them."""
    size, found, wanted = 0, False, SECRET.encode()
    of_process = Path(f"/proc/{pid}")
    with (
        (of_process / "maps").open(encoding="ascii") as maps,
        (of_process / "mem").open("rb") as mem,
    ):
        for line in maps:
            area, rights = line.split()[:2]
            start, end = (int(number, 16) for number in area.split("-"))
            if not rights.startswith("r") or "[v" in line:
                continue
            for place in range(start, end, _CHUNK):
                try:
                    mem.seek(place)
                    held = mem.read(min(_CHUNK, end - place) + len(wanted))
                except (OSError, ValueError, OverflowError):
                    break
                size += len(held)
                found = found or wanted in held
    return size, found
