"""What each step of a reference needs, read from its text: nothing of it is run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Needs", "above", "needs_of"]

#: Step → the steps and givens that its parameters name.
Needs = Mapping[str, tuple[str, ...]]


def needs_of(text: str) -> Needs:
    """The steps of a module, as `load_reference` finds them in one that defines each with `def` or
    as a lambda. Empty where the text is not Python."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return {}
    return {
        name: tuple(one.arg for one in (*arguments.args, *arguments.kwonlyargs))
        for name, arguments in _functions(tree.body)
        if not name.startswith("_")
    }


def above(needs: Needs, name: str) -> frozenset[str]:
    """Every step and given that `name` is computed from, without itself."""
    found: set[str] = set()
    waiting = [*needs.get(name, ())]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting += needs.get(current, ())
    return frozenset(found - {name})


def _functions(body: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.arguments]]:
    for statement in body:
        if isinstance(statement, ast.FunctionDef):
            yield statement.name, statement.args
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Lambda):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    yield target.id, statement.value.args
        elif isinstance(statement, ast.If | ast.Try | ast.With | ast.For | ast.While):
            for inner in (statement.body, getattr(statement, "orelse", [])):
                yield from _functions(inner)
