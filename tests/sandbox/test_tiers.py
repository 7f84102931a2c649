"""A tier that has to work and does not is a failure; else it is a skip that says why."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox.child.syscalls import NUMBERS
from grader.sandbox.choose import survey
from tests.tiers import VARIABLE, missing, required, unless

ROOT = Path(__file__).parents[2]
WITHOUT_WALLS = ROOT / "tests" / "acceptance" / "without_walls.py"
#: A test that runs once in each tier.
ONE = "tests/sandbox/test_traces.py::test_many_threads_at_once_do_not_mix_up_their_jobs"


def test_every_tier_that_has_to_work_here_does() -> None:
    works = {probe.tier for probe in survey() if probe.works}
    assert required() <= works, {probe.tier: probe.why for probe in survey()}


@pytest.mark.parametrize(
    ("named", "tiers", "fails"),
    [
        ("", ("full",), False),
        ("container, basic", ("full",), False),
        ("container, basic", ("full", "container"), True),
        ("full,", ("full",), True),
    ],
)
def test_what_is_missing_fails_where_it_is_named(
    monkeypatch: pytest.MonkeyPatch, named: str, tiers: tuple[str, ...], fails: bool
) -> None:
    monkeypatch.setenv(VARIABLE, named)
    wanted = pytest.fail.Exception if fails else pytest.skip.Exception
    with pytest.raises(wanted, match=r"(not|no) .*: it does not stand"):
        missing(*tiers, why="it does not stand")


@pytest.mark.parametrize(("named", "skips"), [("", True), ("basic", True), ("container", False)])
def test_what_the_kernel_has_not_is_no_excuse_where_walls_are_named(
    monkeypatch: pytest.MonkeyPatch, named: str, skips: bool
) -> None:
    monkeypatch.setenv(VARIABLE, named)
    assert unless(False, "the kernel has it not").args == (skips,)
    assert unless(True, "the kernel has it not").args == (False,)


def test_a_name_that_is_no_tier_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "full,contianer")
    with pytest.raises(ValueError, match=r"names contianer; there are full, container, basic"):
        required()


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() not in NUMBERS, reason="its system calls are not known")
@pytest.mark.parametrize(
    ("named", "code", "said"),
    [
        ("", 0, "1 skipped"),
        ("container,basic", 0, "1 skipped"),
        ("full,container,basic", 1, "GRADER_TEST_TIERS names full, and it does not work here"),
    ],
)
def test_tests_of_a_tier_that_the_kernel_refuses(named: str, code: int, said: str) -> None:
    """With a fault planted: no namespaces, so that the tier `full` is taken away."""
    number = str(NUMBERS[platform.machine()]["unshare"])
    tests = ["-m", "pytest", "-q", "-p", "no:cacheprovider", f"{ONE}[full]"]
    done = subprocess.run(
        [sys.executable, str(WITHOUT_WALLS), number, sys.executable, *tests],
        cwd=ROOT,
        env={**os.environ, VARIABLE: named},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == code, done.stdout
    assert said in done.stdout
    assert "unshare" in done.stdout  # the reason


@pytest.mark.slow
def test_a_test_that_starts_a_process_and_does_not_say_so_fails(tmp_path: Path) -> None:
    """Whichever way it starts one, and whatever it makes of exceptions."""
    starts = {
        "popen": "subprocess.run(['/bin/true'])",
        "fork": "os.fork() or os._exit(0)",
        "spawn": "os.posix_spawn('/bin/true', ['true'], {})",
        "system": "os.system('true')",
    }
    lines = ["import os, subprocess, pytest"]
    for name, start in starts.items():
        for mark in ("", "@pytest.mark.processes"):
            lines += [mark, f"def test_{name}_{len(mark)}():"]
            lines += ["    try:", f"        {start}", "    except Exception: pass"]
    (tmp_path / "test_starting.py").write_text("\n".join(lines), encoding="utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest"),
            *("-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml"), str(tmp_path)),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.stdout.count("and is not marked as one that does; mark it") >= len(starts)
    assert f"{len(starts)} failed, {len(starts)} passed" in done.stdout, done.stdout
