"""Bound trusted code that is fed strangers' numbers, without a clock: the same on every machine."""

from __future__ import annotations

import _weakrefset
import gc
import math
import os
import sys
import threading
import weakref
from collections.abc import Callable
from types import CodeType, FrameType, TracebackType
from typing import Any, TypeVar

from grader.solver.progress import watched

__all__ = [
    "MOST_LINES",
    "OutOfBounds",
    "bounded",
    "called",
    "check_block",
    "current_block",
    "out_of_time",
]

MOST_LINES = 200_000  # of one block, if nothing else is said

_Result = TypeVar("_Result")
_OCCASIONS = ("<frozen importlib", weakref.__file__, _weakrefset.__file__)


class OutOfBounds(Exception):
    """More lines were executed than allowed, or a function ran too long before."""


class bounded:  # noqa: N801 - used as a statement, like the context managers of the library
    """Raise OutOfBounds once code called from the block has executed so many lines of Python.

    Lines are counted in this thread alone, and a turn of a loop on a single line counts as one.
    Not counted are lines of this package and of what it calls itself, unless through `called`:
    what an author's code costs must not hang on how we keep its values. Nor are those of
    imports, which only the first one to need a module would pay, and of what runs where Python
    frees memory. A block inside another has a budget of its own, and is not counted in the
    outer one. A trace function that is set, as by a debugger, is put back at the end. What a
    compiled function does within one line is not bounded: whoever calls must keep the sizes of
    its inputs plausible. With None lines are only counted.
    """

    def __init__(self, lines: int | None = MOST_LINES) -> None:
        self._most: float = math.inf if lines is None else lines
        self._lines = 0
        self._counting = True
        #: frames at which counting begins or pauses, and whether lines were counted before
        self._edges: list[tuple[FrameType, bool]] = []
        self._charged: dict[object, set[str]] = {}

    @property
    def used(self) -> int:
        """How many lines were executed or charged, at most as many as are allowed."""
        return int(min(self._lines, self._most))

    def charge(self, lines: int) -> None:
        """Count lines that were executed before, for a value that was kept. Raises OutOfBounds."""
        self._lines += lines
        self.check()

    def charged(self, owner: object) -> set[str]:
        """The names of what was charged for one owner of kept values; who charges adds to it."""
        return self._charged.setdefault(owner, set())

    def check(self) -> None:
        """Raise OutOfBounds if the bound was reached, also where an author's code caught that."""
        if self._lines > self._most:
            msg = f"more than {self._most} lines were executed"
            raise OutOfBounds(msg)

    def __enter__(self) -> bounded:
        self._outer = current_block()
        _HERE.block = self
        self._before = sys.gettrace()
        _set_trace(self._entered)
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        _set_trace(self._before)
        _HERE.block = self._outer

    # -- tracing ---------------------------------------------------------------------------------

    def _entered(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        """A frame is entered: should its lines be counted, and what is called from it?"""
        code, caller = frame.f_code, frame.f_back
        if code.co_filename.startswith(_OURS):
            return None
        if caller is not None and caller.f_code is _GATE:
            counts = True
        elif not self._counting:
            return None
        else:
            ours = caller is not None and caller.f_code.co_filename.startswith(_OURS)
            counts = not ours and not _incidental(code)
        changes = counts is not self._counting
        if changes:
            self._edges.append((frame, self._counting))
            self._counting = counts
            frame.f_trace_lines = counts
        if counts:
            self._count(frame, "", None)
        return self._at_edge if changes else self._count

    def _count(self, _frame: FrameType, _event: str, _argument: Any) -> Any:
        self._lines += 1
        if self._lines > self._most:
            self.check()
        return self._count

    def _at_edge(self, frame: FrameType, event: str, _argument: Any) -> Any:
        if self._counting:
            self._count(frame, event, None)
        if event == "return" and self._edges and self._edges[-1][0] is frame:
            self._counting = self._edges.pop()[1]
            frame.f_trace_lines = True  # a generator may be gone on with from elsewhere
        return self._at_edge


def _set_trace(function: Any) -> None:
    # Python refuses it while another thread is at it, and may change threads in between: an audit
    # hook is called there.
    with _SETTING:
        sys.settrace(function)


def called(function: Callable[..., _Result], /, *arguments: Any, **named: Any) -> _Result:
    """Call an author's code: of what this package calls, blocks count only what comes by here.

    Where this process is watched, it is told what runs. Raises OutOfBounds for a function that ran
    too long before.
    """
    progress = watched()
    if progress is None:
        return function(*arguments, **named)
    if function.__name__ in progress.refused:
        msg = f"{function.__name__} ran too long before"
        raise OutOfBounds(msg)
    progress.enter(function)
    try:
        return function(*arguments, **named)
    finally:
        progress.leave()


def out_of_time() -> bool:
    """Whether a function of the author's is not called any more, since it ran too long before."""
    progress = watched()
    return progress is not None and bool(progress.refused)


def current_block() -> bounded | None:
    """The innermost block around, in this thread."""
    return getattr(_HERE, "block", None)


def check_block() -> None:
    """Raise OutOfBounds if the bound of the block around was reached."""
    block = current_block()
    if block is not None:
        block.check()


def _incidental(code: CodeType) -> bool:
    """Whether it runs on an occasion: the first import, or whenever Python frees memory.

    To imports belongs a package that imports a part when asked for it. Memory is freed in any line,
    also for what others have left, so that those lines would fall to whoever happens to run then.
    """
    return (
        code.co_filename.startswith(_OCCASIONS)
        or code.co_qualname == "__getattr__"
        or code.co_name == "__del__"
        or any(getattr(callback, "__code__", None) is code for callback in gc.callbacks)
    )


_HERE = threading.local()
_SETTING = threading.RLock()
_GATE = called.__code__
_OURS = os.path.dirname(os.path.dirname(_GATE.co_filename)) + os.sep  # noqa: PTH120 - of any form
