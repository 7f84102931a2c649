"""What a group of processes may use, read from files as both versions of the kernel write them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.model.assignment import Limits
from grader.sandbox import cgroup, machine

MIB = 1 << 20
Write = Callable[..., None]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Write a hierarchy and the line that says where we are in it."""

    def write(where: str, **folders: dict[str, str]) -> None:
        monkeypatch.setattr(cgroup, "_ROOT", tmp_path)
        cgroup._unified.cache_clear()
        text = cgroup._text

        def read(path: Path) -> str:
            return where if path == Path("/proc/self/cgroup") else text(path)

        monkeypatch.setattr(cgroup, "_text", read)
        for folder, found in folders.items():
            place = tmp_path / folder.replace("__", "/")
            place.mkdir(parents=True, exist_ok=True)
            for name, content in found.items():
                (place / name).write_text(content, encoding="ascii")

    yield write
    cgroup._unified.cache_clear()


def v2(limit: str, used: int, *, files: int = 0, cpu: str = "max 100000") -> dict[str, str]:
    return {
        "cgroup.controllers": "cpu memory",
        "memory.max": f"{limit}\n",
        "memory.current": f"{used}\n",
        "memory.stat": f"anon 1\nactive_file 0\ninactive_file {files}\n",
        "cpu.max": f"{cpu}\n",
        "cpu.stat": "usage_usec 7\nnr_throttled 2\nthrottled_usec 1500000\n",
    }


def test_the_tightest_group_decides_in_version_2(files: Write) -> None:
    top = {"cgroup.controllers": "cpu memory"}
    files(
        "0::/a/b\n",
        **{
            ".": top,
            "a": v2(str(700 * MIB), 100 * MIB, files=20 * MIB, cpu="150000 100000"),
            "a__b": v2("max", 90 * MIB),
        },
    )
    assert cgroup.free_bytes() == 620 * MIB
    assert cgroup.processors() == 1.5
    assert cgroup.throttled_seconds() == 3.0


def test_in_a_container_the_files_lie_at_the_top(files: Write) -> None:
    files("0::/../outside/path\n", **{".": v2(str(500 * MIB), 100 * MIB, cpu="50000 100000")})
    assert cgroup.free_bytes() == 400 * MIB
    assert cgroup.processors() == 0.5
    assert machine.processors() == 1
    assert machine.at_once() == 1  # a quota stops all that run


def test_version_1(files: Write) -> None:
    files(
        "5:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n0::/\n",
        memory__docker__abc={
            "memory.limit_in_bytes": str(600 * MIB),
            "memory.usage_in_bytes": str(200 * MIB),
            "memory.stat": f"cache 5\ntotal_inactive_file {50 * MIB}\ntotal_active_file 0\n",
        },
        memory={"memory.limit_in_bytes": str(0x7FFFFFFFFFFFF000), "memory.usage_in_bytes": "1"},
        cpu__docker__abc={
            "cpu.cfs_quota_us": "200000",
            "cpu.cfs_period_us": "100000",
            "cpu.stat": "nr_throttled 1\nthrottled_time 2000000000\n",
        },
        cpu={"cpu.cfs_quota_us": "-1", "cpu.cfs_period_us": "100000"},
    )
    assert cgroup.free_bytes() == 450 * MIB
    assert cgroup.processors() == 2.0
    assert cgroup.throttled_seconds() == 2.0


@pytest.mark.parametrize("where", ["", "nonsense\n", "0::/\n", "3:memory:/x\n"])
def test_where_nothing_is_told_there_is_no_limit(files: Write, where: str) -> None:
    files(where)
    assert cgroup.free_bytes() is None
    assert cgroup.processors() is None
    assert machine.at_once() == machine.processors() + 1 == len(os.sched_getaffinity(0)) + 1
    assert cgroup.throttled_seconds() == 0.0


@pytest.mark.parametrize(
    ("room", "memory", "fits"), [(700, 512, 1), (700, 256, 2), (700, 100, 4), (500, 512, 0)]
)
def test_as_many_as_there_is_memory_for(
    monkeypatch: pytest.MonkeyPatch, room: int, memory: int, fits: int
) -> None:
    monkeypatch.setattr(cgroup, "free_bytes", lambda: room * MIB)
    limits = Limits(memory_mib=memory, file_mib=1)
    assert machine.fitting(limits) == fits
    assert bool(machine.shortage(limits)) is (fits == 0)


def test_room_is_waited_for_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds: list[float] = []
    monkeypatch.setattr("grader.sandbox.machine.time.sleep", seconds.append)
    monkeypatch.setattr("grader.sandbox.machine.time.monotonic", lambda: sum(seconds))
    monkeypatch.setattr(cgroup, "free_bytes", lambda: (900 if sum(seconds) > 3 else 5) * MIB)
    machine.wait_for_room(Limits(), lambda: False)
    assert 3 < sum(seconds) < 5
    monkeypatch.setattr(cgroup, "free_bytes", lambda: 5 * MIB)
    machine.wait_for_room(Limits(), lambda: False)
    assert 20 < sum(seconds) < 60
    machine.wait_for_room(Limits(), lambda: True)
