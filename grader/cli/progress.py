"""How far a class is, on a terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import TypeAlias

__all__ = ["Tell", "WantedProgress", "progress"]

Tell: TypeAlias = Callable[[int, int, int], None]
"""Told how many submissions there are, how many are done, and how many of those are held."""


class WantedProgress(StrEnum):
    AUTO = "auto"
    NEVER = "never"


@contextlib.contextmanager
def progress(wanted: WantedProgress) -> Iterator[Tell]:
    """A bar while this lasts: count, rate, time left, and how many could not be marked so far.

    It goes to standard error, and nowhere where that is not a terminal.
    """
    if wanted is WantedProgress.NEVER or not sys.stderr.isatty():
        yield lambda _total, _done, _held: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        TextColumn("marking"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[held]}"),
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,  # that would be a thread, and the course's code is forked beside it
    )
    with bar:
        task = bar.add_task("", total=None, rate="", held="")

        def tell(total: int, done: int, held: int) -> None:
            speed = bar.tasks[0].speed
            bar.update(
                task,
                total=total,
                completed=done,
                rate=f"{speed:.1f}/s" if speed else "",
                held=f"{held} not marked" if held else "",
                refresh=True,
            )

        yield tell
