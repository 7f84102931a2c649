"""What workers leave out changes nothing of what a run says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = """
from tests import terse

def pytest_configure(config):
    if terse.wanted(config):
        config.pluginmanager.register(terse.Terse())

def pytest_runtest_logreport(report):
    if hasattr(report, "node"):
        print(f"\\nheard {report.when} of {report.nodeid.split('::')[1]}")
"""
TESTS = """
import pytest

@pytest.fixture
def unset():
    raise RuntimeError("not set up")

@pytest.fixture
def left():
    yield
    raise RuntimeError("not taken down")

def test_passes(): pass
def test_fails(): assert 1 == 2
def test_is_not_set_up(unset): pass
def test_is_not_taken_down(left): pass
def test_skips(): pytest.skip("not here")

@pytest.mark.skip(reason="never")
def test_is_skipped(): pass

@pytest.mark.xfail
def test_is_known_to_fail(): assert 1 == 2

@pytest.mark.xfail
def test_is_known_to_fail_and_passes(): pass
"""


@pytest.mark.processes
@pytest.mark.slow
def test_workers_tell_of_all_that_went_wrong(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(PLUGIN)
    (tmp_path / "test_some.py").write_text(TESTS)

    def said(*options: str) -> list[str]:
        command = [sys.executable, "-m", "pytest", "-q", "--rootdir", str(tmp_path), *options]
        variables = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False
        )
        return done.stdout.splitlines()

    alone, by_workers = said(), said("-n", "1")
    counts = "1 failed, 2 passed, 2 skipped, 1 xfailed, 1 xpassed, 2 errors"
    assert alone[-1].startswith(counts)
    assert by_workers[-1].split(" in ")[0] == alone[-1].split(" in ")[0]
    assert "heard call of test_passes" in by_workers
    assert "heard setup of test_passes" not in by_workers
    assert "heard teardown of test_passes" not in by_workers
    assert "heard setup of test_passes" in said("-n", "1", "--durations=3")
