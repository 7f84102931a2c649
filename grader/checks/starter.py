"""What a starter file defines: read, never run."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["STARTER", "Starter", "read_starter"]

STARTER = "starter.py"
_LONGEST_DOC = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """`signatures` are by name, as `def gradient(x, y)`; of a class those of its methods follow."""

    signatures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    docs: Mapping[str, str] = field(default_factory=dict)  #: the first lines of docstrings
    arguments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: of functions
    fault: str = ""  #: why it cannot be read


def read_starter(folder: Path) -> Starter | None:
    """The starter of an assignment; None where there is none."""
    path = folder / STARTER
    if not path.is_file():
        return None
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError) as error:
        line = f" (line {error.lineno})" if isinstance(error, SyntaxError) and error.lineno else ""
        return Starter(fault=f"{STARTER} is not Python{line}")
    signatures: dict[str, tuple[str, ...]] = {}
    docs: dict[str, str] = {}
    arguments: dict[str, tuple[str, ...]] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            signatures[node.name] = (_signature(node),)
            arguments[node.name] = tuple(one.arg for one in _positional(node))
        elif isinstance(node, ast.ClassDef):
            bases = ", ".join(map(ast.unparse, node.bases))
            methods = (f"    {_signature(one)}" for one in node.body if _is_method(one))
            head = f"class {node.name}({bases})" if bases else f"class {node.name}"
            signatures[node.name] = (head, *methods)
        else:
            continue
        docs[node.name] = _first_line(ast.get_docstring(node))
    return Starter(signatures=signatures, docs=docs, arguments=arguments)


def _is_method(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def _signature(node: ast.stmt) -> str:
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    returns = f" -> {ast.unparse(node.returns)}" if node.returns is not None else ""
    return f"def {node.name}({ast.unparse(node.args)}){returns}"


def _positional(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    return [*node.args.posonlyargs, *node.args.args]


def _first_line(doc: str | None) -> str:
    return (doc or "").strip().partition("\n")[0][:_LONGEST_DOC]
