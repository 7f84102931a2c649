"""One change of a syntax tree, and what rules build changes with.

Every new tree shares its unchanged parts with the old one, so nothing may write to a node.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeVar

from grader.solver.change_tables import SYMBOLS, ZEROS

__all__ = [
    "Change",
    "Scope",
    "altered",
    "becomes",
    "inside",
    "made",
    "negative",
    "off_by_one",
    "placed",
    "swaps",
    "symbol",
]

_Node = TypeVar("_Node", bound=ast.AST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What surrounds a node."""

    parameters: Mapping[str, str]  #: which other parameter to put in the place of one
    called: frozenset[str] = frozenset()  #: parameters that are functions
    modules: frozenset[str] = frozenset()
    in_loop: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`node` stands in for the node that a rule was shown; `old` and `new` are for people.

    The change begins at the node `at`, or, for an operator, which has no place of its own in a
    syntax tree, where the symbol `old` comes behind `at`.
    """

    node: ast.AST
    old: str
    new: str
    at: ast.AST
    is_symbol: bool = False


def altered(node: _Node, **fields: object) -> _Node:
    """A node with other fields, which shares the rest with the old one."""
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def made(node: ast.AST, other: _Node) -> _Node:
    """A new node at the place of an old one."""
    return ast.fix_missing_locations(ast.copy_location(other, node))


def becomes(node: ast.AST, other: ast.AST) -> Change:
    return Change(node=other, old=ast.unparse(node), new=ast.unparse(other), at=node)


def symbol(changed: ast.AST, old: ast.AST, new: type[ast.AST], behind: ast.AST) -> Change:
    words = SYMBOLS[type(old)], SYMBOLS[new]
    return Change(node=changed, old=words[0], new=words[1], at=behind, is_symbol=True)


def placed(items: Sequence[Any], index: int, *new: object) -> list[Any]:
    """A list with other items from `index` on."""
    return [*items[:index], *new, *items[index + len(new) :]]


def inside(node: ast.AST, field: str, found: Iterator[Change], index: int = -1) -> Iterator[Change]:
    """Changes of one child, as changes of its parent."""
    for change in found:
        held = getattr(node, field)
        value = change.node if index < 0 else placed(held, index, change.node)
        yield replace(change, node=altered(node, **{field: value}))


def swaps(node: ast.AST, field: str) -> Iterator[Change]:
    """Neighbours in a list of expressions change places."""
    items: list[ast.expr] = getattr(node, field)
    for index, (first, second) in enumerate(pairwise(items)):
        if not isinstance(first, ast.Starred) and not isinstance(second, ast.Starred):
            swapped = altered(node, **{field: placed(items, index, second, first)})
            yield replace(becomes(node, swapped), at=first)


def negative(node: ast.expr | None, scope: Scope) -> Iterator[Change]:
    """A minus where there is none. That of a difference is left to the swap of its terms."""
    match node:
        case ast.Constant(value=value):
            wanted = isinstance(value, int | float) and not isinstance(value, bool) and value != 0
        case ast.BinOp(op=operator):
            wanted = not isinstance(operator, ast.Sub)
        case ast.Name(id=name):
            wanted = name not in scope.called
        case ast.Call(func=ast.Attribute(attr=name)):
            wanted = name not in ZEROS
        case _:
            wanted = isinstance(node, ast.Call | ast.Subscript | ast.Attribute)
    if wanted and node is not None:
        yield becomes(node, made(node, ast.UnaryOp(op=ast.USub(), operand=node)))


def off_by_one(node: ast.expr) -> Iterator[Change]:
    if not isinstance(node, ast.Constant | ast.UnaryOp | ast.Starred):  # their digits change
        for operator in (ast.Add(), ast.Sub()):
            moved = ast.BinOp(left=node, op=operator, right=ast.Constant(value=1))
            yield becomes(node, made(node, moved))
