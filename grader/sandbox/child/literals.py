"""How the numbers of a student's answer were typed: `h = 0.410` has three digits, its float two.

Only what stands at the top level of a file as a literal, and is not bound again after it, was
typed. Whoever receives the texts holds them against the values: they are a claim, not a proof.
"""

from __future__ import annotations

import ast
import builtins
from typing import Any

__all__ = ["typed_as"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_MAKERS = ("array", "asarray")
_known: dict[str, dict[str, Any]] = {}


def typed_as(file: str, source: str, name: str) -> Any:
    """Texts in the shape of the literal that `name` stands for: lists, dictionaries of texts.

    None where it is not a literal, or the file cannot be read any more.
    """
    if file not in _known:
        try:
            _known[file] = _Reader(source).names()
        except BaseException:  # too deep, or the student's code changed what this needs
            _known[file] = {}
    return _known[file].get(name)


class _Reader:
    def __init__(self, source: str) -> None:
        self._tree = ast.parse(source)
        # Columns count bytes of UTF-8; only these characters end a line for the parser.
        self._lines = [line.encode("utf-8") for line in source.split("\n")]

    def names(self) -> dict[str, Any]:
        """Texts by name; what is bound last counts."""
        found: dict[str, Any] = {}
        for statement in self._tree.body:
            for name in _bound(statement):
                found.pop(name, None)
            if isinstance(statement, ast.Assign):
                for target in statement.targets:
                    self._take(target, statement.value, found)
            elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
                self._take(statement.target, statement.value, found)
        return found

    def _take(self, target: ast.expr, value: ast.expr, found: dict[str, Any]) -> None:
        if isinstance(target, ast.Name):
            found[target.id] = self._text(value)
        elif isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
            plain = not any(isinstance(one, ast.Starred) for one in (*target.elts, *value.elts))
            if plain and len(target.elts) == len(value.elts):
                for inner, part in zip(target.elts, value.elts):  # noqa: B905 - new in 3.10
                    self._take(inner, part, found)

    def _text(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            if node.end_lineno != node.lineno:
                return None
            line = self._lines[node.lineno - 1]
            return line[node.col_offset : node.end_col_offset].decode("utf-8")
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
            inner = self._text(node.operand)
            signed = isinstance(inner, str) and inner[:1] not in ("-", "+")
            return ("-" if isinstance(node.op, ast.USub) else "+") + inner if signed else None
        if isinstance(node, (ast.List, ast.Tuple)):
            return [self._text(item) for item in node.elts]
        if isinstance(node, ast.Dict):
            return {
                key.value: self._text(value)
                for key, value in zip(node.keys, node.values)  # noqa: B905 - new in 3.10
                if isinstance(key, ast.Constant)
            }
        if isinstance(node, ast.Call) and _name(node.func) in _MAKERS:
            alone = len(node.args) == 1 and not node.keywords
            return self._text(node.args[0]) if alone else None
        return None


def _name(node: ast.expr) -> str:
    """`array` of both `array` and `np.array`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _bound(statement: ast.stmt) -> set[str]:
    """Every name that a statement may bind, change or delete, with what stands inside of it."""
    names = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, (ast.Subscript, ast.Attribute)) and not isinstance(
            node.ctx, ast.Load
        ):
            names |= {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).split(".")[0])
    return names
