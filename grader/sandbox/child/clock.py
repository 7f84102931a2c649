"""Ends code that is being loaded when its time is used up, so that what it defined is kept."""

from __future__ import annotations

import ast
import builtins
import linecache
import signal
import time
from _thread import get_ident
from typing import Any

from failures import line_of

__all__ = ["AGAIN_SECONDS", "Clock", "TooLong", "stood_at"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

AGAIN_SECONDS = 0.2  # until code that caught the end of its time is ended once more
_LOOPS = ((ast.While,), (ast.For, ast.AsyncFor))
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_MOST_FRAMES = 200
_lines = linecache.cache
_ident = get_ident
_sleep = time.sleep
_used = time.process_time


class TooLong(BaseException):
    """The time for loading is used up."""

    def __str__(self) -> str:
        return "this took too long"


class Clock:
    """So many seconds for all code that runs between `start` and `stop`, inside of `with`.

    Processor time and sleep count, not how long others keep the processor. When they are used up,
    TooLong is raised in that code. Of threads that it started only processor time counts, and those
    that sleep for longer end.
    """

    def __init__(self, seconds: float) -> None:
        self._until = _used() + seconds
        self._running = False
        self._before: Any = None
        self._thread = 0

    @property
    def left(self) -> float:
        return max(0.0, self._until - _used())

    def __enter__(self) -> Clock:
        self._before = signal.signal(signal.SIGPROF, self._end)
        vars(time)["sleep"] = self._count_sleep
        self._thread = _ident()
        return self

    def __exit__(self, *_error: object) -> None:
        self._running = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, self._before)
        vars(time)["sleep"] = _sleep

    def start(self) -> None:
        self._running = True
        signal.setitimer(signal.ITIMER_PROF, max(self.left, AGAIN_SECONDS), AGAIN_SECONDS)

    def stop(self) -> None:
        self._running = False

    def _end(self, _number: int, _frame: Any) -> None:
        if self._running:
            self._until = min(self._until, _used())
            raise TooLong

    def _count_sleep(self, seconds: float) -> None:
        """Sleep, as long as there is time for it; later, too, in code that kept this function."""
        if self._running and _ident() != self._thread:
            if seconds > (left := self.left):
                _sleep(left)
                raise SystemExit  # which ends a thread without a word
        elif self._running:
            left = self.left
            self._until -= seconds
            if self._until <= _used():
                _sleep(left)
                raise TooLong
        _sleep(seconds)


def stood_at(error: BaseException, names: Any) -> dict[str, Any]:
    """The file and line to tell where the time was over, of the files in `names`.

    In a loop it is the line that begins the outermost one, rather a `while` than a `for`: which
    line of it was being run is different each time.
    """
    frames: list[tuple[str, int]] = []
    trace = error.__traceback__
    while trace is not None and len(frames) < _MOST_FRAMES:
        if trace.tb_frame.f_code.co_filename in names:
            frames.append((trace.tb_frame.f_code.co_filename, line_of(trace)))
        trace = trace.tb_next
    for kinds in _LOOPS:
        for file, line in frames:
            loops = _loops_at(file, line, kinds)
            if loops:
                return {"file": file, "line": min(loops)}
    return {"file": frames[-1][0], "line": frames[-1][1]} if frames else {}


def _loops_at(file: str, line: int, kinds: Any) -> list[int]:
    """Where the loops around a line begin, in the function that the line is in."""
    try:
        flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        tree: Any = compile("".join(_lines[file][2]), file, "exec", flags, True)  # type: ignore[misc]  # any flags
    except Exception:
        return []
    nodes: Any = ast.walk(tree)
    around_it: Any = (*kinds, *_FUNCTIONS)
    around = [
        node
        for node in nodes
        if isinstance(node, around_it) and node.lineno <= line <= node.end_lineno
    ]
    begins = max([one.lineno for one in around if isinstance(one, _FUNCTIONS)], default=0)
    return [one.lineno for one in around if isinstance(one, kinds) and one.lineno > begins]
