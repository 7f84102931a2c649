"""A bar on a terminal, and nothing anywhere else."""

from __future__ import annotations

import io
import sys
import threading

import pytest

from grader.cli.progress import WantedProgress, progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "wanted", "shown"),
    [
        (Terminal(), WantedProgress.AUTO, True),
        (Terminal(), WantedProgress.NEVER, False),
        (io.StringIO(), WantedProgress.AUTO, False),
    ],
)
def test_it_is_shown_on_a_terminal_alone(
    stream: io.StringIO, wanted: WantedProgress, shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    threads = threading.active_count()
    with progress(wanted) as tell:
        tell(300, 120, 2)
        assert threading.active_count() == threads  # the course's code may be forked meanwhile
    assert ("120/300" in stream.getvalue()) is shown
    assert ("2 not marked" in stream.getvalue()) is shown
    assert bool(stream.getvalue()) is shown
