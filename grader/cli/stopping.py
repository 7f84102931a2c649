"""How Ctrl-C and other signals that ask for an end stop a command, wherever it is just then.

Python raises an exception at whatever line runs. Where that is in code called by C, while modules
are imported or memory is freed, the exception is dropped, and the command would go on as if
nobody had asked: so it is raised again until it is seen on its way.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["stopped_by_signals"]

_AGAIN_SECONDS = 0.2


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Within it SIGINT, SIGTERM and SIGHUP raise KeyboardInterrupt in the main thread.

    Students' processes are killed and their folders removed on its way. A signal that was ignored
    when the command started, as `nohup` does, stays ignored.
    """
    for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", None)):
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    try:
        yield
    finally:
        _repeat(0)


def _stop(_number: int, _frame: object) -> None:
    if not _on_its_way(sys.exc_info()[1]):
        _repeat(_AGAIN_SECONDS)
        raise KeyboardInterrupt


def _on_its_way(handled: BaseException | None) -> bool:
    """Whether what is handled now came of a KeyboardInterrupt: blocks end, things are put away."""
    while handled is not None:
        if isinstance(handled, KeyboardInterrupt):
            return True
        handled = handled.__context__
    return False


def _repeat(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, _stop)
        signal.setitimer(signal.ITIMER_REAL, seconds, seconds)
