"""Runs cells, each statement by itself: one that fails takes nothing else with it."""

from __future__ import annotations
import __future__

import ast
import builtins
import linecache
import signal
import time
import types
from typing import Any

from failures import describe

__all__ = ["CellRunner", "CellsDone", "TooLong", "run_cells"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_AGAIN_SECONDS = 0.2  # until code that caught the end of its time is ended once more
_IS_COROUTINE = 0x80  # as `inspect` has it
_sleep = time.sleep
_used = time.process_time
_DEFINITIONS = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
)


class CellsDone:
    """What came of the cells of a file."""

    def __init__(self) -> None:
        self.failed: list[tuple[bytes, dict[str, Any]]] = []  #: text of a cell, what went wrong
        self.text = ""  #: all cells that are Python, as one
        self.seconds_left = 0.0


def run_cells(cells: Any, scope: dict[str, Any], seconds: float, places: Any) -> CellsDone:
    """Run cells in their order. What fails is kept, and takes nothing of the others with it."""
    done = CellsDone()
    runner = CellRunner(scope, seconds)
    texts = []
    for cell in cells:
        lines = cell.text.splitlines(True)
        linecache.cache[cell.label] = (len(cell.text), None, lines, cell.label)
        error = runner.run(cell.label, cell.text)
        if error is not None:
            failure = describe(error, places)
            failure.setdefault("file", cell.label)
            if isinstance(error, TooLong):
                failure.update(verdict="timed_out", reason="time_limit")
            done.failed.append((cell.text.encode("utf-8", "replace"), failure))
        if not isinstance(error, SyntaxError):
            texts.append(cell.text)
    done.text = "\n".join(texts)
    done.seconds_left = runner.left
    return done


class TooLong(BaseException):
    """What all cells together may take is used up."""

    def __str__(self) -> str:
        return "the cells took too long; from here on only what defines something was run"


class CellRunner:
    """Runs cells in one namespace, in their order, within so many seconds for all together.

    Processor time and sleep count, not how long others keep the processor. When they are used up,
    what still comes is run only as far as it defines something.
    """

    def __init__(self, namespace: dict[str, Any], seconds: float) -> None:
        self._namespace = namespace
        self._until = _used() + seconds
        self._armed = False
        self._flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT  # and what cells import from __future__

    def run(self, label: str, text: str) -> BaseException | None:
        """What went wrong first, or None. Statements after one that failed are run even so."""
        try:
            tree = compile(text, label, "exec", self._flags | ast.PyCF_ONLY_AST, True)
            self._add_flags(tree)
        except Exception as error:
            return error
        before = signal.signal(signal.SIGPROF, self._end)
        vars(time)["sleep"] = self._count_sleep
        try:
            return self._run_all(tree, label)
        finally:
            self._armed = False
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)
            vars(time)["sleep"] = _sleep

    def _run_all(self, tree: Any, label: str) -> BaseException | None:
        first: BaseException | None = None
        for statement in tree.body:
            left = self.left
            if left <= 0 and not _only_defines(statement):
                first = first or TooLong()
                continue
            try:
                self._run_one(statement, label, max(left, _AGAIN_SECONDS))
            except (SystemExit, MemoryError) as error:
                return first or error
            except BaseException as error:
                first = first or error
        return first

    @property
    def left(self) -> float:
        """Seconds that the cells still have."""
        return max(0.0, self._until - _used())

    def _add_flags(self, tree: Any) -> None:
        for statement in tree.body:
            if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
                for alias in statement.names:
                    feature = getattr(__future__, alias.name, None)
                    self._flags |= getattr(feature, "compiler_flag", 0)

    def _run_one(self, statement: ast.stmt, label: str, seconds: float) -> None:
        code = compile(ast.Module([statement], []), label, "exec", self._flags, True)
        self._armed = True
        signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN_SECONDS)
        try:
            if code.co_flags & _IS_COROUTINE:
                import asyncio

                asyncio.run(types.FunctionType(code, self._namespace)())
            else:
                exec(code, self._namespace)
        finally:
            self._armed = False

    def _end(self, _number: int, _frame: Any) -> None:
        if self._armed:
            self._until = min(self._until, _used())
            raise TooLong

    def _count_sleep(self, seconds: float) -> None:
        """Sleep, where there is time for it; later, too, in a cell that kept this function."""
        if self._armed:
            self._until -= seconds
            if self._until <= _used():
                raise TooLong
        _sleep(seconds)


def _only_defines(statement: ast.stmt) -> bool:
    """Whether it is an import, a function, a class, or gives a name to a literal."""
    if isinstance(statement, _DEFINITIONS):
        return True
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement.value is None:
        return False
    try:
        ast.literal_eval(statement.value)
    except Exception:
        return False
    return True
