"""Which of the author's functions runs now, for a process that watches from outside."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Moment", "Progress", "allow", "watched", "watched_by"]

_NUMBERS = struct.Struct("qd")
_PAGE = mmap.PAGESIZE
_MOST_BYTES = 1024  # of a name, or of a path
_SEPARATOR = b"\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What is seen at one look."""

    number: int  #: another one whenever the outermost call of the author's begins or ends
    seconds: float  #: that a call may take; 0 while that is not known
    step: str  #: the innermost function that runs; "" where none does
    file: str
    line: int  #: at which the function begins
    caller: str = ""  #: the outermost function that runs, where that is another


class Progress:
    """A page of memory that a process and those that it forks share.

    Only one thread of one process may write at a time. A look while it writes may see a number with
    the name of the call before; it is taken for what it is when the next look sees the same.
    """

    def __init__(self) -> None:
        self._page = mmap.mmap(-1, _PAGE)
        self._number = 0
        self._seconds = 0.0
        self._running: list[bytes] = []
        self._told: dict[object, bytes] = {}
        #: names of functions that are not called: they ran too long for these answers
        self.refused: frozenset[str] = frozenset()

    def look(self) -> Moment:
        """What runs now."""
        number, seconds = _NUMBERS.unpack_from(self._page, 0)
        told = bytes(self._page[_NUMBERS.size :]).split(_SEPARATOR)
        name, file, line, caller = (*told, b"", b"", b"", b"")[:4]
        return Moment(
            number=number,
            seconds=seconds,
            step=name.decode(errors="replace"),
            file=file.decode(errors="replace"),
            line=int(line) if line.isdigit() else 0,
            caller=caller.decode(errors="replace") if caller != name else "",
        )

    @property
    def seconds(self) -> float:
        """That a call may take."""
        return self._seconds

    def begin(self, refused: frozenset[str] = frozenset()) -> None:
        """Nothing runs yet, whatever another process left here. `refused` are not to be called."""
        self.refused = refused
        self._running.clear()
        self._count()
        self._show()

    def allow(self, seconds: float) -> None:
        """From now on a call may take so many seconds."""
        self._seconds = seconds
        self._count()

    def enter(self, function: Callable[..., Any]) -> None:
        """A call begins."""
        code = getattr(function, "__code__", function)
        if code not in self._told:
            self._told[code] = _told(function)
        self._running.append(self._told[code])
        if len(self._running) == 1:
            self._count()
        self._show()

    def leave(self) -> None:
        """The call that began last has ended."""
        self._running.pop()
        if not self._running:
            self._count()
        self._show()

    def _count(self) -> None:
        self._number += 1
        _NUMBERS.pack_into(self._page, 0, self._number, self._seconds)

    def _show(self) -> None:
        told = _SEPARATOR * 4
        if self._running:
            outermost = self._running[0].partition(_SEPARATOR)[0]
            told = self._running[-1] + outermost + _SEPARATOR
        self._page[_NUMBERS.size : _NUMBERS.size + len(told)] = told


def _told(function: Callable[..., Any]) -> bytes:
    """Name, file and line of a function, for the page."""
    code = getattr(function, "__code__", None)
    name = str(getattr(function, "__name__", "")).encode(errors="replace")[:_MOST_BYTES]
    file = str(getattr(code, "co_filename", "")).encode(errors="replace")[:_MOST_BYTES]
    line = str(getattr(code, "co_firstlineno", 0)).encode()
    return _SEPARATOR.join((name, file, line, b""))


_WATCHED: list[Progress] = []


def watched() -> Progress | None:
    """The page that this process shows its calls on, if it is watched."""
    return _WATCHED[-1] if _WATCHED else None


def watched_by(progress: Progress) -> None:
    """From now on this process shows its calls there."""
    _WATCHED[:] = [progress]


def allow(seconds: float) -> None:
    """Let each call of the author's code take so many seconds, where somebody watches."""
    progress = watched()
    if progress is not None:
        progress.allow(seconds)
