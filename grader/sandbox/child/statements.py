"""Runs cells, each statement by itself: one that fails takes nothing else with it."""

from __future__ import annotations
import __future__

import ast
import builtins
import linecache
import types
from typing import Any

from clock import Clock, TooLong, stood_at
from failures import describe

__all__ = ["CellRunner", "CellsDone", "run_cells"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_IS_COROUTINE = 0x80  # as `inspect` has it
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
                late = {"verdict": "timed_out", "reason": "time_limit"}
                failure.update(late, **stood_at(error, places))
            done.failed.append((cell.text.encode("utf-8", "replace"), failure))
        if not isinstance(error, SyntaxError):
            texts.append(cell.text)
    done.text = "\n".join(texts)
    done.seconds_left = runner.left
    return done


class CellRunner:
    """Runs cells in one namespace, in their order, within so many seconds for all together.

    When these are used up, what still comes is run only as far as it defines something.
    """

    def __init__(self, namespace: dict[str, Any], seconds: float) -> None:
        self._namespace = namespace
        self._clock = Clock(seconds)
        self._flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT  # and what cells import from __future__

    def run(self, label: str, text: str) -> BaseException | None:
        """What went wrong first, or None. Statements after one that failed are run even so."""
        try:
            tree = compile(text, label, "exec", self._flags | ast.PyCF_ONLY_AST, True)
            self._add_flags(tree)
        except Exception as error:
            return error
        with self._clock:
            return self._run_all(tree, label)

    def _run_all(self, tree: Any, label: str) -> BaseException | None:
        first: BaseException | None = None
        for statement in tree.body:
            if self.left <= 0 and not _only_defines(statement):
                first = first or TooLong()
                continue
            try:
                self._run_one(statement, label)
            except (SystemExit, MemoryError) as error:
                return first or error
            except BaseException as error:
                first = first or error
        return first

    @property
    def left(self) -> float:
        """Seconds that the cells still have."""
        left: float = self._clock.left
        return left

    def _add_flags(self, tree: Any) -> None:
        for statement in tree.body:
            if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
                for alias in statement.names:
                    feature = getattr(__future__, alias.name, None)
                    self._flags |= getattr(feature, "compiler_flag", 0)

    def _run_one(self, statement: ast.stmt, label: str) -> None:
        code = compile(ast.Module([statement], []), label, "exec", self._flags, True)
        self._clock.start()
        try:
            if code.co_flags & _IS_COROUTINE:
                import asyncio

                asyncio.run(types.FunctionType(code, self._namespace)())
            else:
                exec(code, self._namespace)
        finally:
            self._clock.stop()


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
