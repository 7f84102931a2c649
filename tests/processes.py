"""Which tests may start processes, and the watch over those that may not.

`make fast` runs only tests that start none. Whether one does is not left to its marker: an audit
hook of Python hears of every start, whichever way it is made, and refuses it.
"""

from __future__ import annotations

import contextlib
import platform
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

__all__ = ["ProcessStarted", "allowed", "may_start", "watch"]

#: In these folders every test may: there is little else to them.
_FOLDERS = [Path(__file__).parent / name for name in ("acceptance", "goldens", "sandbox")]
#: Asking for one of these, or for what asks for it, starts a command.
_FIXTURES = {"doctor"}
_EVENTS = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"}
_state = {"watching": False, "allowed": True}


class ProcessStarted(BaseException):
    """A test that is not marked as one that may started a process.

    No `Exception`: code under test that takes any failure for an answer would hide it.
    """


def may_start(item: pytest.Item) -> bool:
    """Whether a test is to be marked `processes` for where it is, or for what it asks for."""
    asks = _FIXTURES.intersection(getattr(item, "fixturenames", ()))
    return bool(asks) or _in_a_folder(item.path)


@cache
def _in_a_folder(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in _FOLDERS)


@contextlib.contextmanager
def allowed(yes: bool) -> Iterator[None]:
    """While this lasts, processes may be started, or may not."""
    before, _state["allowed"] = _state["allowed"], yes
    try:
        yield
    finally:
        _state["allowed"] = before


def watch() -> None:
    """Hear of every start of a process from now on; a hook can not be taken away again."""
    if not _state["watching"]:
        _state["watching"] = True
        platform.platform()  # it asks the system once, by a process, and remembers the answer
        sys.addaudithook(_heard)


def _heard(event: str, arguments: tuple[object, ...]) -> None:
    if event in _EVENTS and not _state["allowed"]:
        what = f"{event} {arguments[0]}" if arguments else event
        msg = (
            f"this test starts a process ({what}) and is not marked as one that does; "
            "mark it `processes`, and `make fast` leaves it out"
        )
        raise ProcessStarted(msg)
