"""A driver as its author wrote it: which of its names come from which call, and what a line does
with them; and the same driver with its calls led through one function."""

from __future__ import annotations

import ast
import builtins

__all__ = ["CALLED", "WrittenDriver"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

CALLED = "__called__"  #: the name in the driver of what its calls are led through
_BUILT_IN = frozenset(vars(builtins))


class WrittenDriver(ast.NodeTransformer):
    """`tree` is the driver with every call `f(x)` written as `__called__(number, f, x)`."""

    def __init__(self, source: str) -> None:
        self._as_written = ast.parse(source)
        self._calls: list[ast.Call] = []  #: as they are written, by their number
        plain = [node for node in ast.walk(self._as_written) if isinstance(node, ast.Call)]
        self._plain = {_place(node): node for node in plain}
        self._bound: dict[int, list[str]] = {}
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                self._bound[id(node.value)] = _names(node.targets[0])
        self._names: dict[int, list[str]] = {}
        self.tree = ast.fix_missing_locations(self.visit(tree))

    def visit_Call(self, node: ast.Call) -> ast.AST:
        bound = self._bound.get(id(node), [])
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in _BUILT_IN:
            return node  # some look at who calls them
        self._names[len(self._calls)] = bound
        number = ast.Constant(len(self._calls))
        self._calls.append(self._plain[_place(node)])
        led = ast.Call(
            func=ast.Name(CALLED, ast.Load()),
            args=[number, node.func, *node.args],
            keywords=node.keywords,
        )
        return ast.copy_location(led, node)

    def text(self, number: int) -> str:
        """A call as a student would write it: `adam(w, dw, config)`."""
        return ast.unparse(self._calls[number]).replace("module.", "")

    def arguments(self, number: int) -> list[str]:
        """The names that a call is given in their places, "" for what is not a name."""
        return [_name(node) for node in self._calls[number].args]

    def bound(self, number: int) -> list[str]:
        """The names that a call's result is given: one name, or one for each of its values."""
        return self._names[number]

    def calls_at(self, line: int) -> list[int]:
        """The calls of the statement at a line whose results get no name."""
        nodes = [node for part in self._parts(line) for node in ast.walk(part)]
        inside = {id(node) for node in nodes}
        return [
            number
            for number, node in enumerate(self._calls)
            if id(node) in inside and not self._names[number]
        ]

    def used(self, line: int) -> tuple[list[str], int, list[str]]:
        """What the statement at a line does: the names it reads, how many values it takes a
        result apart into (0: it does not), and the texts that it looks up as keys."""
        nodes = [node for part in self._parts(line) for node in ast.walk(part)]
        names = [node.id for node in nodes if isinstance(node, ast.Name)]
        keys = [
            node.value
            for one in nodes
            if isinstance(one, ast.Subscript)
            for node in ast.walk(one.slice)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        return names, self._taken_apart(line), keys

    def _statement(self, line: int) -> ast.stmt | None:
        """The innermost statement that the line belongs to."""
        found = None
        for node in ast.walk(self._as_written):  # the outer ones come first
            if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0):
                found = node
        return found

    def _parts(self, line: int) -> list[ast.AST]:
        """The statement at a line without the statements inside it."""
        statement = self._statement(line)
        if statement is None:
            return []
        return [node for node in ast.iter_child_nodes(statement) if not isinstance(node, ast.stmt)]

    def _taken_apart(self, line: int) -> int:
        statement = self._statement(line)
        targets: list[ast.expr] = []
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.For):
            targets = [statement.target]
        for target in targets:
            if isinstance(target, (ast.Tuple, ast.List)):
                starred = any(isinstance(one, ast.Starred) for one in target.elts)
                return 0 if starred else len(target.elts)
        return 0


def _place(node: ast.expr) -> tuple[int, int, int | None, int | None]:
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _names(target: ast.AST) -> list[str]:
    if isinstance(target, (ast.Tuple, ast.List)):
        return [_name(node) for node in target.elts]
    return [_name(target)]
