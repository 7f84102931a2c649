"""Bound trusted code that is fed strangers' numbers, without a clock: the same on every machine."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

__all__ = ["OutOfBounds", "bounded"]


class OutOfBounds(Exception):
    """More lines were executed than allowed."""


class bounded:  # noqa: N801 - used as a statement, like the context managers of the library
    """Raise OutOfBounds once code called from the block has executed so many lines of Python.

    Lines are counted in this thread alone, and a turn of a loop on a single line counts as one. A
    trace function that is set, as by a debugger, is put back at the end. What a compiled function
    does within one line is not bounded: whoever calls must keep the sizes of its inputs plausible.
    """

    def __init__(self, lines: int = 200_000) -> None:
        self._lines = self._left = lines

    @property
    def used(self) -> int:
        """How many lines were executed."""
        return self._lines - max(self._left, 0)

    def __enter__(self) -> None:
        self._before = sys.gettrace()
        sys.settrace(self._count)

    def __exit__(self, *_error: object) -> None:
        sys.settrace(self._before)

    def _count(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        if frame.f_code is bounded.__exit__.__code__:
            return None
        self._left -= 1
        if self._left < 0:
            msg = f"more than {self._lines} lines were executed"
            raise OutOfBounds(msg)
        return self._count
