"""What the walls around a student's code forbid, and so a driver, which runs beside it there."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from types import FrameType

__all__ = ["forbidden_to"]

_PROCESSES = frozenset(
    ("os.fork", "os.forkpty", "os.posix_spawn", "os.exec", "os.system", "subprocess.Popen")
)
_NETWORK = frozenset(("socket.connect", "socket.bind", "socket.sendto"))
_HOOKED: list[bool] = []


class _Here(threading.local):
    driver: tuple[str, frozenset[str]] | None = None


_HERE = _Here()


@contextlib.contextmanager
def forbidden_to(file: str, *, processes: int) -> Iterator[None]:
    """Within it code of this file raises PermissionError where it would behind the walls.

    What it calls of the course's other files may do what it likes: that is not run there. With
    more than one of `processes` it may start some.
    """
    if not _HOOKED:
        sys.addaudithook(_hook)  # for as long as this process lives
        _HOOKED.append(True)
    _HERE.driver = (file, _NETWORK if processes > 1 else _NETWORK | _PROCESSES)
    try:
        yield
    finally:
        _HERE.driver = None


def _hook(event: str, _arguments: object) -> None:
    # No built-in function: it is called while others may be put in their place.
    driver = _HERE.driver
    if driver is None or event not in driver[1]:
        return
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith((sys.base_prefix, "<frozen")):
        frame = frame.f_back
    if frame is not None and frame.f_code.co_filename == driver[0]:
        what = "open a network connection" if event in _NETWORK else "start a process"
        msg = f"the walls around students' code let nobody {what}"
        raise PermissionError(msg)
