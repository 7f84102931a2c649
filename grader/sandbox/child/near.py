"""Functions whose names are nearly the one that is asked for, from the text of files alone."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sources import defines

__all__ = ["NearNames"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

_LONGEST = 1 << 20  # bytes of a file that is looked through
_CALLED_AS_IT_IS = ("staticmethod", "classmethod")


class Near:
    """A definition with nearly the name: `path` leads to it from its module."""

    def __init__(self, file: str, line: int, path: tuple[str, ...], usable: bool) -> None:
        self.file = file
        self.line = line
        self.path = path
        self.usable = usable  #: it is a function that can be called as the one asked for

    @property
    def name(self) -> str:
        return ".".join(self.path)


class NearNames:
    """Every definition of nearly a name at the top of the files, or in a class there."""

    def __init__(
        self, sources: Mapping[str, bytes], first: Collection[str], asked: Iterable[str]
    ) -> None:
        """What is in the `first` files counts before all else; `asked` are the names asked for."""
        self._sources = sources
        self._first = first
        self._asked = frozenset(asked)
        self._known: dict[str, list[Near]] = {}
        self._alike: dict[str, list[Near]] = {}

    def of(self, entry: str) -> list[Near]:
        """Nothing where a file seems to define the name itself."""
        if entry not in self._known:
            written = any(defines(source, entry) for source in self._sources.values())
            found = [] if written else self._all(entry)
            self._known[entry] = [one for one in found if one.file in self._first] or found
        return self._known[entry]

    def said(self, entry: str) -> dict[str, Any]:
        """The first of them, for a failure that names it, or the only function that may have been
        meant; nothing where there is none."""
        if entry not in self._alike:
            self._alike[entry] = self.of(entry) or self._meant(entry)
        for one in self._alike[entry]:
            met = {"problem": "near", "called": one.name}
            return {"file": one.file, "line": one.line, "met": met}
        return {}

    def _meant(self, entry: str) -> list[Near]:
        """The only function with a name like this, or the only one at all, in the first files."""
        found: list[Near] = []
        for file in self._first:
            try:
                found += _functions_in(file, ast.parse(self._sources[file][:_LONGEST]))
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
        found = [one for one in found if one.name not in self._asked]
        like = [one for one in found if _is_like(_plain(one.name), _plain(entry))]
        return next((some for some in (like, found) if len(some) == 1), [])

    def _all(self, entry: str) -> list[Near]:
        found: list[Near] = []
        plain = _plain(entry).encode("utf-8")
        for file, source in self._sources.items():
            if len(source) <= _LONGEST and plain in source.lower().replace(b"_", b""):
                try:
                    found += _in_file(file, ast.parse(source), entry, self._asked)
                except (SyntaxError, ValueError, RecursionError, MemoryError):
                    continue
        return found


def _in_file(file: str, tree: ast.Module, entry: str, but: Collection[str]) -> list[Near]:
    found = []
    for node in tree.body:
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        if _plain(node.name) == _plain(entry) and node.name not in but:
            usable = isinstance(node, ast.FunctionDef)
            found.append(Near(file, node.lineno, (node.name,), usable))
        for inner in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(inner, ast.FunctionDef) and inner.name == entry:
                path = (node.name, inner.name)
                found.append(Near(file, inner.lineno, path, _is_static(inner)))
    return found


def _functions_in(file: str, tree: ast.Module) -> list[Near]:
    return [
        Near(file, node.lineno, (node.name,), False)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def _is_like(name: str, entry: str) -> bool:
    """Whether one name holds the other, or begins with the same letters."""
    return len(name) > 2 and (name in entry or entry in name or name[:4] == entry[:4])


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def _is_static(node: ast.FunctionDef) -> bool:
    names: list[Any] = [getattr(one, "id", "") for one in node.decorator_list]
    return any(name in _CALLED_AS_IT_IS for name in names)
