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

__all__ = ["ALL", "NAMED", "CellRunner", "CellsDone", "run_cells"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

#: What is run: all statements; those that give something a name; those that do and can hardly go
#: wrong, which are functions, classes, imports and literals.
ALL, NAMED, PLAIN = 0, 1, 2

_IS_COROUTINE = 0x80  # as `inspect` has it
_IMPORTS = (ast.Import, ast.ImportFrom)
_DEFINITIONS = (*_IMPORTS, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


_IS_MAIN = tuple(
    ast.dump(ast.parse(text, mode="eval").body)
    for text in ("__name__ == '__main__'", "'__main__' == __name__")
)


class CellsDone:
    """What came of the cells of a file."""

    def __init__(self) -> None:
        self.failed: list[tuple[bytes, dict[str, Any]]] = []  #: text of a cell, what went wrong
        self.text = ""  #: all cells that are Python, as one
        self.seconds_left = 0.0


def run_cells(
    cells: Any,
    scope: dict[str, Any],
    seconds: float,
    places: Any,
    part: int = ALL,
    mend: Any = None,
) -> CellsDone:
    """Run cells in their order. What fails is kept, and takes nothing of the others with it."""
    done = CellsDone()
    runner = CellRunner(scope, seconds, part, mend)
    texts = []
    for cell in cells:
        lines = cell.text.splitlines(True)
        linecache.cache[cell.label] = (len(cell.text), None, lines, cell.label)
        error = runner.run(cell.label, cell.text, as_main=cell.number > 0)
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

    When these are used up, what still comes is run only as far as it is PLAIN. `mend` is asked
    after an import that failed whether it may succeed now.
    """

    def __init__(
        self, namespace: dict[str, Any], seconds: float, part: int = ALL, mend: Any = None
    ) -> None:
        self._namespace = namespace
        self._part = part
        self._mend = mend
        self.count = 0  #: of the statements that were run
        self._clock = Clock(seconds)
        self._flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT  # and what cells import from __future__

    def run(
        self, label: str, text: str, below: int = 0, as_main: bool = False
    ) -> BaseException | None:
        """What went wrong first, or None. Statements after one that failed are run even so; what
        stands above the line `below`, or around it and is not an import, is not. With `as_main`,
        what stands behind `if __name__ == "__main__":` is run as well, as Jupyter does."""
        try:
            tree = compile(text, label, "exec", self._flags | ast.PyCF_ONLY_AST, True)
            self._add_flags(tree)
        except Exception as error:
            return error
        with self._clock:
            body = _as_main(tree.body) if as_main else tree.body
            return self._run_all([one for one in body if _is_below(below, one)], label)

    def _run_all(self, statements: list[ast.stmt], label: str) -> BaseException | None:
        first: BaseException | None = None
        part = self._part
        for statement in statements:
            if not _is_of(part, statement):
                continue
            if self.left <= 0 and not _is_of(PLAIN, statement):
                first = first or TooLong()
                continue
            error = self._error_of(statement, label)
            if isinstance(error, (SystemExit, MemoryError)):
                part = PLAIN
            first = first or error
            self.count += 1
        return first

    def _error_of(self, statement: ast.stmt, label: str) -> BaseException | None:
        """What goes wrong where a statement is run."""
        mend = self._mend if isinstance(statement, _IMPORTS) else None
        try:
            try:
                self._run_one(statement, label)
            except BaseException as error:
                if mend is None or not mend(error):
                    return error
                self._run_one(statement, label)
        except BaseException as error:
            return error
        return None

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


def _as_main(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements, with those behind `if __name__ == "__main__":` in place of it."""
    found: list[ast.stmt] = []
    for statement in body:
        test = statement.test if isinstance(statement, ast.If) else None
        named = test is not None and ast.dump(test) in _IS_MAIN
        found += statement.body if named and isinstance(statement, ast.If) else [statement]
    return found


def _is_below(line: int, statement: ast.stmt) -> bool:
    """Whether it begins below a line, or is an import in it."""
    ends = statement.end_lineno or statement.lineno
    return statement.lineno > line or (isinstance(statement, _IMPORTS) and ends >= line > 0)


def _is_of(part: int, statement: ast.stmt) -> bool:
    """Whether a statement belongs to what is run."""
    if part == ALL or isinstance(statement, _DEFINITIONS):
        return True
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement.value is None:
        return False
    if part == NAMED:
        return True
    try:
        ast.literal_eval(statement.value)
    except Exception:
        return False
    return True
