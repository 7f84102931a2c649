"""Temporary folders: gone when closed, removed when their owner was killed, and no others."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.sandbox.folders import Folder, remove_abandoned


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def _filled(folder: Path) -> None:
    inner = folder / "data" / "more"
    inner.mkdir(parents=True)
    (inner / "file").write_text("x", encoding="ascii")
    (inner / "link").symlink_to("/")
    for item in (inner, inner.parent, folder):
        item.chmod(0o555)


def test_it_goes_with_all_that_is_in_it(temporary: Path) -> None:
    folder = Folder()
    _filled(folder.path)
    folder.close()
    folder.close()
    assert list(temporary.iterdir()) == []


MAKES_ONE = """
import os, sys
from grader.sandbox.folders import Folder

Folder()
if os.fork() == 0:
    sys.exit()  # a copy of the process that made it
os.wait()
assert len(os.listdir(sys.argv[1])) == 1
raise KeyboardInterrupt
"""


@pytest.mark.processes
def test_it_goes_with_the_process_that_made_it_and_not_with_a_copy_of_that(temporary: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MAKES_ONE, str(temporary)],
        env={**os.environ, "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr.endswith("KeyboardInterrupt\n")
    assert list(temporary.iterdir()) == []


def test_what_a_killed_run_left_is_removed_and_nothing_else(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with contextlib.closing(Folder()) as used:
        left = temporary / "grader-run-abcd1234"
        left.mkdir()
        _filled(left)
        others = [temporary / name for name in ("grader-run", "grader-run-mine", "grader-abcd1234")]
        for other in others:
            other.mkdir()
        (temporary / "grader-run-link0000").symlink_to(others[0])
        remove_abandoned()
        assert left.exists()  # its owner may be about to lock it
        later = time.time() + 100
        monkeypatch.setattr("grader.sandbox.folders.time.time", lambda: later)
        remove_abandoned()
        assert not left.exists()
        assert used.path.exists()
        assert all(other.exists() for other in others)
        assert os.path.lexists(temporary / "grader-run-link0000")


def test_a_folder_that_is_not_there_is_no_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nonexistent")
    remove_abandoned()
