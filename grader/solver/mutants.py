"""Mutants of a reference: the same module with one small slip in it.

A check that a mutant passes would pass a student who made that slip.
"""

from __future__ import annotations

import ast
import io
import textwrap
import tokenize
import warnings
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FunctionType
from typing import Any

from grader.solver.change import Change, Scope, altered, placed
from grader.solver.reference import Reference, Step, load_reference
from grader.solver.slips import slips

__all__ = ["MOST_MUTANTS", "Mutant", "load_mutant", "mutants", "spread", "with_a_slip"]

MOST_MUTANTS = 600
_WIDTH = 60
_MUTATED = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
    *(ast.Assign, ast.AnnAssign, ast.AugAssign),
)
#: what no value is computed from; the parts of `f"…"` have no true places before Python 3.12
_SKIPPED = (ast.JoinedStr, ast.pattern, ast.Raise, ast.Assert)
_NO_CODE = frozenset({"annotation", "returns", "decorator_list", "type_params", "ctx", "op", "ops"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mutant:
    """A reference with exactly one change, at a line and column (from 1) of its source.

    `step` is the function (or the class) at module level in which the change lies, a private one
    too, and None for a constant of the module. `tree` shares its unchanged parts with the trees of
    the other mutants: never write to it.
    """

    path: Path
    step: str | None
    line: int
    column: int
    change: str
    tree: ast.Module = field(repr=False)

    @property
    def source(self) -> str:
        """The mutated module as text, for people: it has no comments, and lines of its own."""
        return ast.unparse(self.tree)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.change}"


def mutants(source: str, path: Path, *, most: int = MOST_MUTANTS) -> tuple[Mutant, ...]:
    """Every mutant of a reference, in the order of its lines, without those that change nothing.

    Where there are more than `most`, they are thinned out as `spread` says. The same source always
    gives the same mutants. Raises SyntaxError for a source that is not Python.
    """
    module = ast.parse(source, str(path))
    places = _Places(source)
    found: list[Mutant] = []
    for index, statement in enumerate(module.body):
        if not isinstance(statement, _MUTATED):
            continue
        seen = {ast.unparse(statement)}
        for changed, change in _changed(statement, _outside(module)):
            code = ast.unparse(changed)
            if code not in seen and _compiles(changed):
                seen.add(code)
                body = [*module.body[:index], changed, *module.body[index + 1 :]]
                line, column = places.of(change)
                mutant = Mutant(
                    path=path,
                    step=getattr(statement, "name", None),
                    line=line,
                    column=column,
                    change=_words(change),
                    tree=altered(module, body=body),
                )
                found.append(mutant)
    found.sort(key=lambda mutant: (mutant.line, mutant.column))
    return spread(found, most)


def load_mutant(mutant: Mutant) -> Reference:
    """Run a mutant and read its steps. Raises ReferenceFault where it cannot be loaded.

    Loading is bounded. Its steps may never end: whoever solves them does so within `bounded`.
    """
    with warnings.catch_warnings():
        # A mutant may be odd code, such as a number with an index; nobody wrote it so.
        warnings.simplefilter("ignore", SyntaxWarning)
        return load_reference(mutant.path, mutant.tree)


def with_a_slip(reference: Reference, name: str) -> Iterator[Step]:
    """A step of a reference with one slip in its code, each in turn.

    The rest of the module is not run again. There are none where its text is not known.
    """
    step = reference.steps[name]
    try:
        module = ast.parse(reference.source, str(reference.path))
    except (SyntaxError, ValueError):
        return
    own = (one for one in module.body if isinstance(one, ast.FunctionDef) and one.name == name)
    statement = next(own, None)
    if statement is None or not isinstance(step.function, FunctionType):
        return
    seen = {ast.unparse(statement)}
    for changed, _ in _changed(statement, _outside(module)):
        text = ast.unparse(changed)
        if text in seen or not _compiles(changed):
            continue
        seen.add(text)
        body: Any = [changed]
        tree = ast.Module(body=body, type_ignores=[])
        names = dict(step.function.__globals__)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            exec(compile(tree, str(reference.path), "exec", dont_inherit=True), names)  # noqa: S102 - the course's own code
        yield replace(step, function=names[name])


def spread(found: Sequence[Mutant], most: int) -> tuple[Mutant, ...]:
    """At most so many of the mutants, in their order.

    Each step keeps up to an equal number of its own, at equal distances, so the longest functions
    are thinned out first. With more steps than that, the distances are equal over all.
    """
    own: dict[str | None, list[int]] = {}
    for index, mutant in enumerate(found):
        own.setdefault(mutant.step, []).append(index)
    if len(own) > most:
        return tuple(found[index] for index in _evenly(range(len(found)), most))
    share = 1
    while sum(min(len(group), share + 1) for group in own.values()) <= most and share < len(found):
        share += 1
    kept = sorted(index for group in own.values() for index in _evenly(group, share))
    return tuple(found[index] for index in kept)


def _evenly(items: Sequence[int], most: int) -> Sequence[int]:
    if len(items) <= most:
        return items
    return [items[number * len(items) // most] for number in range(most)]


def _compiles(statement: Any) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            compile(ast.Module(body=[statement], type_ignores=[]), "<mutant>", "exec")
        except (SyntaxError, ValueError):
            return False
    return True


def _words(change: Change) -> str:
    old, new = (
        textwrap.shorten(text, _WIDTH, placeholder=" …") for text in (change.old, change.new)
    )
    return f"`{old}` → `{new}`" if new else f"`{old}` left out"


def _short(text: str) -> str:
    return textwrap.shorten(text, _WIDTH, placeholder=" …")


# Walking a tree.


def _changed(node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Change]]:
    """The node with each of its own changes, then with each of those inside it."""
    for change in slips(node, scope):
        yield change.node, change
    for name, value in ast.iter_fields(node):
        inner = _scope_of(node, name, scope)
        for index, child in enumerate(value if isinstance(value, list) else [value]):
            if name in _NO_CODE or not isinstance(child, ast.AST) or isinstance(child, _SKIPPED):
                continue
            for other, change in _changed(child, inner):
                held = placed(value, index, other) if isinstance(value, list) else other
                yield altered(node, **{name: held}), change


def _outside(module: ast.Module) -> Scope:
    imported = {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(module)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    functions = {
        node.name
        for node in module.body
        if isinstance(node, ast.FunctionDef) and node.args.posonlyargs
    }
    return Scope(parameters={}, called=frozenset(functions), modules=frozenset(imported))


def _scope_of(node: ast.AST, name: str, scope: Scope) -> Scope:
    """What surrounds the children of a node that stand in its field `name`."""
    if name != "body":
        return scope
    if isinstance(node, ast.For | ast.AsyncFor | ast.While):
        return replace(scope, in_loop=True)
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return scope
    arguments = node.args
    own = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    called = scope.called | {
        inside.func.id
        for inside in ast.walk(node)
        if isinstance(inside, ast.Call) and isinstance(inside.func, ast.Name)
    }
    parameters = {name: other for name, other in scope.parameters.items() if name not in own}
    # A number is not confused with a function, so each takes the place of its own sort.
    for sort in ([p for p in own if p in called], [p for p in own if p not in called]):
        if len(sort) > 1:
            parameters |= dict(zip(sort, (*sort[1:], sort[0]), strict=True))
    return replace(scope, parameters=parameters, called=frozenset(called), in_loop=False)


class _Places:
    """Lines and columns, both from 1, in characters: those of `ast` are counted in bytes."""

    def __init__(self, source: str) -> None:
        self._lines = list(io.StringIO(source, newline=None))
        tokens = tokenize.generate_tokens(io.StringIO(source, newline=None).readline)
        self._tokens = [(token.start, token.string) for token in tokens]

    def of(self, change: Change) -> tuple[int, int]:
        at: Any = change.at  # every node that is changed has a place
        if not change.is_symbol:
            return self._place(at.lineno, at.col_offset)
        end = self._place(at.end_lineno, at.end_col_offset)
        first = bisect_left(self._tokens, ((end[0], end[1] - 1), ""))
        places = (start for start, text in self._tokens[first:] if text == change.old)
        line, column = next(places, (end[0], end[1] - 1))
        return line, column + 1

    def _place(self, line: int, offset: int) -> tuple[int, int]:
        before = self._lines[line - 1].encode()[:offset]
        return line, len(before.decode(errors="replace")) + 1
