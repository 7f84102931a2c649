"""`grader check --watch`, driven in a pseudo-terminal as a student does it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SLUG = "sigmoid-chain-exercise-3"
_SECONDS = 240  # that a very busy machine may take for one page


class Terminal:
    """A command in a terminal of its own, 80 columns wide."""

    def __init__(self, *arguments: str, cwd: Path, **environment: str) -> None:
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "grader", *arguments],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", **environment},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0) and None,  # as a shell's
        )
        os.close(theirs)
        self.seen = ""

    def wait_for(self, words: str) -> str:
        """What was written until these words came; the rest is left for the next time."""
        deadline = time.monotonic() + _SECONDS
        while words not in self.seen:
            assert time.monotonic() < deadline, self.seen
            if select.select([self._ours], [], [], 1)[0]:
                self.seen += self._read()
        found, _, self.seen = self.seen.partition(words)
        return found + words

    def _read(self) -> str:
        try:
            return os.read(self._ours, 65536).decode("utf-8", "replace")
        except OSError:  # nobody has the other end any more
            assert self.process.poll() is not None
            pytest.fail(f"it ended: {self.seen}")

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._ours)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def terminal(work: Path) -> Iterator[Terminal]:
    made = Terminal("check", str(ROOT / "assignments" / SLUG), "--watch", cwd=work, TERM="dumb")
    yield made
    made.close()


def test_each_save_is_checked_whatever_the_editor_does_and_ctrl_c_ends(
    terminal: Terminal, work: Path
) -> None:
    page = terminal.wait_for("watching for changes; Ctrl-C ends")
    assert "no file found here; wanted: answers.yaml" in page
    sheet = work / "answers.yaml"
    sheet.write_text("sigma_prime_max: 0.3\n", encoding="utf-8")
    page = terminal.wait_for("Ctrl-C ends")
    assert "changed: answers.yaml" in page
    assert "✗ sigma_prime_max" in page
    beside = work / ".answers.yaml.swp"  # as editors save: another file is put in its place
    beside.write_text("sigma_prime_max: 0.25\n", encoding="utf-8")
    beside.replace(sheet)
    assert "✓ sigma_prime_max" in terminal.wait_for("Ctrl-C ends")
    sheet.write_text("sigma_prime_max: [0.25\n", encoding="utf-8")  # half of it
    assert "cannot be read" in terminal.wait_for("Ctrl-C ends")
    sheet.unlink()
    last = terminal.wait_for("Ctrl-C ends")
    assert "deleted: answers.yaml\n" in last.replace("\r", "")
    assert "no file found here" in last
    assert "\x1b" not in page  # a dumb terminal
    terminal.type("\x03")
    assert terminal.process.wait(_SECONDS) == 0
    assert not re.search("Traceback|Aborted", terminal.seen)
