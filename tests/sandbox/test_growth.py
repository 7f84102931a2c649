"""Thousands of submissions through one sandbox leave nothing behind, however each of them ends."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from grader.model.assignment import Limits
from grader.model.response import Response
from grader.model.verdict import Verdict
from grader.sandbox.contract import Job
from grader.sandbox.forked import ForkSandbox
from grader.sandbox.walls import TIERS
from tests.build import call_of
from tests.sandbox.processes import below
from tests.tiers import opened

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
    pytest.mark.usefixtures("machine_to_itself"),
]

LIMITS = Limits(
    wall_seconds=20, submission_seconds=40, memory_mib=128, output_kib=64, file_mib=1, cpu_seconds=9
)
DAEMON = """
import os, time
def f():
    if os.fork() == 0:
        os.setsid()
        time.sleep(30)
        os._exit(0)
    return 1
"""
FILES = """
def f():
    for number in range(100):
        with open(str(number), "w") as stream:
            stream.write("x" * 5000)
    return 1
"""
THREAD = """
import threading, time
def f():
    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
    return 1
"""
#: How a submission may end, the verdict in the tiers with walls, and the one without.
ENDINGS: Mapping[str, tuple[str, str, str]] = {
    "answers": ("def f(): return 1", "", ""),
    "raises": ("def f(): raise ValueError('no')", "raised", "raised"),
    "ends": ("import os\ndef f(): os._exit(3)", "crashed", "crashed"),
    "crashes": ("import os\ndef f(): os.abort()", "crashed", "crashed"),
    "prints": ("def f():\n    while True: print('x' * 9999)", "output_exceeded", "output_exceeded"),
    "memory": ("def f(): return len(bytearray(1 << 30))", "memory_exceeded", "memory_exceeded"),
    "forks": ("import os\ndef f(): return 0 if os.fork() else os._exit(0)", "blocked", ""),
    "daemon": (DAEMON, "blocked", ""),
    "writes": (FILES, "*", ""),
    "thread": (THREAD, "", ""),
    "descriptors": ("import os\ndef f(): return len([os.dup(1) for _ in range(200)])", "", ""),
    "syntax": ("def f(:", "raised", "raised"),
}


def _ended(response: Response) -> str:
    return "" if response.failure is None else response.failure.verdict.value


def _run(sandbox: ForkSandbox, number: int) -> None:
    name = list(ENDINGS)[number % len(ENDINGS)] if number % 3 else "answers"
    source, walled, basic = ENDINGS[name]
    wanted = basic if sandbox.tier == "basic" else walled
    if wanted == "*":  # where nothing can be written
        wanted = "" if sandbox.tier == "full" else Verdict.BLOCKED.value
    job = Job(
        files={"f.py": source.encode()},
        provided="",
        calls=(call_of("f"),),
        limits=LIMITS,
        seed=number,
    )
    assert _ended(sandbox.run(job).responses["f"]) == wanted, name


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What there is of things that could be left behind."""

    files: tuple[str, ...]
    descriptors: Mapping[str, int]
    threads: int
    processes: int
    shared: tuple[str, ...]  #: shared memory, semaphores and queues of the machine
    mounts: tuple[str, ...]
    of_templates: tuple[int, ...]  #: mounts and descriptors of the template processes
    #: How many keys each user of ours has. They may go meanwhile: the kernel takes away expired
    #: ones when it likes, and an attack of another test may have left one.
    keys: Mapping[str, int] = field(compare=False)

    @classmethod
    def now(cls, temporary: Path) -> State:
        templates = [pid for pid, _ in below(os.getpid())]
        return cls(
            files=tuple(sorted(item.name for item in temporary.iterdir())),
            descriptors=Counter(_descriptors(os.getpid())),
            threads=threading.active_count(),
            processes=len(templates),
            shared=tuple(
                Path("/proc/sysvipc", name).read_text(encoding="ascii")
                for name in ("shm", "sem", "msg")
            ),
            mounts=tuple(Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()),
            of_templates=tuple(
                sorted(
                    count
                    for pid in templates
                    for count in (
                        len(list(_descriptors(pid))),
                        len(Path(f"/proc/{pid}/mountinfo").read_bytes().splitlines()),
                    )
                )
            ),
            keys=_keys(),
        )


def _descriptors(pid: int) -> Iterator[str]:
    """What each descriptor is open on, but for the one that looks; nothing if it is hidden."""
    found: list[Path] = []
    with contextlib.suppress(PermissionError):  # from an ordinary user
        found = list(Path(f"/proc/{pid}/fd").iterdir())
    for item in found:
        with contextlib.suppress(FileNotFoundError):
            yield re.sub(r"\d+", "N", str(item.readlink()))


def _keys() -> Mapping[str, int]:
    """How many keys each user of ours has: root, us, and those that code is run as."""
    try:
        text = Path("/proc/key-users").read_text(encoding="ascii")
    except OSError:
        return {}
    fields = [line.split() for line in text.splitlines()]
    ours = [item for item in fields if item[0] in ("0:", f"{os.getuid()}:")]
    return {item[0]: int(item[3].partition("/")[0]) for item in ours}


def _assert_as_before(temporary: Path, before: State) -> None:
    now = State.now(temporary)
    assert now == before
    assert {user for user, count in now.keys.items() if count > before.keys.get(user, 0)} == set()


def _resident_kib(pids: list[int]) -> list[int]:
    """Memory that each process holds for itself alone, in KiB."""
    sizes = []
    for pid in pids:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        private = re.findall(r"^(?:Private_Dirty|Private_Clean): +(\d+)", text, re.MULTILINE)
        sizes.append(sum(map(int, private)))
    return sizes


@pytest.fixture
def sandbox(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[ForkSandbox]:
    tier = request.param
    tmp_path.chmod(0o755)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    others = below(os.getpid())
    sandbox = opened(tier)
    yield sandbox
    sandbox.close()
    assert below(os.getpid()) <= others
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("sandbox", TIERS, indirect=True)
def test_submissions_leave_nothing(sandbox: ForkSandbox, tmp_path: Path) -> None:
    for number in range(12):
        _run(sandbox, number)
    before = State.now(tmp_path)
    for number in range(100):
        _run(sandbox, number)
    _assert_as_before(tmp_path, before)


@pytest.mark.slow
@pytest.mark.parametrize("sandbox", TIERS, indirect=True)
def test_thousands_of_submissions_leave_nothing(sandbox: ForkSandbox, tmp_path: Path) -> None:
    for number in range(200):
        _run(sandbox, number)
    before = State.now(tmp_path)
    processes = [os.getpid(), *sorted(pid for pid, _ in below(os.getpid()))]
    sizes = _resident_kib(processes)
    for number in range(200, 2000):
        _run(sandbox, number)
    _assert_as_before(tmp_path, before)
    assert [os.getpid(), *sorted(pid for pid, _ in below(os.getpid()))] == processes
    growth = [later - size for later, size in zip(_resident_kib(processes), sizes, strict=True)]
    assert max(growth) < 2048, growth
