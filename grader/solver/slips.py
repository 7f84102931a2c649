"""The small changes that make a mutant: each rule looks at one node of a syntax tree.

A rule gives every other node that could stand in the place of the one it is shown. What it gives
shares its unchanged parts with the original, so no rule may write to a node.

The kinds are those of mutation testing (King and Offutt 1991, "A Fortran language system for
mutation-based software testing": operators, signs, constants, variables, removed statements) and
the slips of homework: a term left out, an index off by one, arguments or parameters swapped, the
wrong function of a pair, an activation or a transpose forgotten.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from grader.solver.change import (
    Change,
    Scope,
    altered,
    becomes,
    inside,
    made,
    negative,
    off_by_one,
    placed,
    swaps,
    symbol,
)
from grader.solver.change_tables import (
    BUILT_IN,
    FUNCTIONS,
    INTACT,
    OPERATORS,
    ORDERED,
    SYMBOLS,
    SYMMETRIC,
    UNSIGNED,
)

__all__ = ["slips"]


def slips(node: ast.AST, scope: Scope) -> Iterator[Change]:
    """Every change of this very node, in a fixed order; those inside it are not among them."""
    if scope.in_loop and isinstance(node, _REMOVABLE):
        yield Change(node=made(node, ast.Pass()), old=ast.unparse(node), new="", at=node)
    rule = _RULES.get(type(node))
    if rule is not None:
        yield from rule(node, scope)


# Operators and signs.


def _operation(node: ast.BinOp, scope: Scope) -> Iterator[Change]:
    for other in OPERATORS.get(type(node.op), ()):
        yield symbol(altered(node, op=other()), node.op, other, node.left)
    if isinstance(node.op, ORDERED):
        yield becomes(node, altered(node, left=node.right, right=node.left))
    yield becomes(node, node.left)
    yield replace(becomes(node, node.right), at=node.right)
    if isinstance(node.op, ast.Add | ast.Sub):
        yield from inside(node, "left", negative(node.left, scope))


def _augmented(node: ast.AugAssign, _scope: Scope) -> Iterator[Change]:
    for other in OPERATORS.get(type(node.op), ()):
        change = symbol(altered(node, op=other()), node.op, other, node.target)
        yield replace(change, old=f"{change.old}=", new=f"{change.new}=")
    plain = made(node, ast.Assign(targets=[node.target], value=node.value))
    old = f"{SYMBOLS[type(node.op)]}="
    yield Change(node=plain, old=old, new="=", at=node.target, is_symbol=True)


def _comparison(node: ast.Compare, _scope: Scope) -> Iterator[Change]:
    for index, operator in enumerate(node.ops):
        behind = (node.left, *node.comparators)[index]
        for other in OPERATORS.get(type(operator), ()):
            yield symbol(
                altered(node, ops=placed(node.ops, index, other())), operator, other, behind
            )


def _logic(node: ast.BoolOp, _scope: Scope) -> Iterator[Change]:
    for other in OPERATORS[type(node.op)]:
        yield symbol(altered(node, op=other()), node.op, other, node.values[0])
    for index, left_out in enumerate(node.values):
        rest = [*node.values[:index], *node.values[index + 1 :]]
        fewer = altered(node, values=rest) if len(rest) > 1 else rest[0]
        yield replace(becomes(node, fewer), at=left_out)


def _unary(node: ast.UnaryOp, _scope: Scope) -> Iterator[Change]:
    if isinstance(node.op, ast.USub | ast.Not):
        yield becomes(node, node.operand)


def _result(node: ast.Return | ast.Assign | ast.AnnAssign, scope: Scope) -> Iterator[Change]:
    yield from inside(node, "value", negative(node.value, scope))


def _branches(node: ast.IfExp, scope: Scope) -> Iterator[Change]:
    yield from inside(node, "body", negative(node.body, scope))
    yield from inside(node, "orelse", negative(node.orelse, scope))
    yield becomes(node, altered(node, body=node.orelse, orelse=node.body))


# Constants, names, places.


def _constant(node: ast.Constant, _scope: Scope) -> Iterator[Change]:
    value = node.value
    others: tuple[float, ...] = ()
    if isinstance(value, bool):
        others = (not value,)
    elif isinstance(value, int):
        others = (value + 1, value - 1)
    elif isinstance(value, float):
        others = (2 * value, 0.0) if value else (1.0,)
    for other in others:
        if other != value:
            yield becomes(node, made(node, ast.Constant(value=other)))


def _name(node: ast.Name, scope: Scope) -> Iterator[Change]:
    if isinstance(node.ctx, ast.Load) and node.id in scope.parameters:
        yield becomes(node, altered(node, id=scope.parameters[node.id]))


def _attribute(node: ast.Attribute, _scope: Scope) -> Iterator[Change]:
    if node.attr == "T":
        yield becomes(node, node.value)


def _slice(node: ast.Slice, _scope: Scope) -> Iterator[Change]:
    for field, instead in (("lower", ast.Constant(value=1)), ("upper", _minus_one())):
        bound = getattr(node, field)
        if bound is not None:
            yield from inside(node, field, off_by_one(bound))
        elif node.step is None:
            yield becomes(node, altered(node, **{field: made(node, instead)}))


def _minus_one() -> ast.expr:
    return ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))


def _display(node: ast.Tuple | ast.List, scope: Scope) -> Iterator[Change]:
    if isinstance(node.ctx, ast.Load):
        yield from swaps(node, "elts")
        for index, item in enumerate(node.elts):
            yield from inside(node, "elts", negative(item, scope), index)


def _dictionary(node: ast.Dict, scope: Scope) -> Iterator[Change]:
    for index, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
        if key is not None:  # None stands for `**`
            yield from inside(node, "values", negative(value, scope), index)
    for index, keys in enumerate(pairwise(node.keys)):
        if None not in keys:
            first, second = node.values[index : index + 2]
            swapped = altered(node, values=placed(node.values, index, second, first))
            yield replace(becomes(node, swapped), at=first)


# Calls.


def _call(node: ast.Call, scope: Scope) -> Iterator[Change]:
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    yield from inside(node, "func", _other_function(node.func, name, scope))
    left = _argument(node, name, scope)
    if left is not None:
        yield becomes(node, left)
    if name not in SYMMETRIC:
        yield from swaps(node, "args")
    for index, argument in enumerate(node.args):
        if name == "range":
            yield from inside(node, "args", off_by_one(argument), index)
        elif name not in UNSIGNED:
            yield from inside(node, "args", negative(argument, scope), index)


def _other_function(node: ast.expr, name: str, scope: Scope) -> Iterator[Change]:
    if isinstance(node, ast.Attribute) and name in FUNCTIONS:
        yield becomes(node, altered(node, attr=FUNCTIONS[name]))
    elif isinstance(node, ast.Name) and name in BUILT_IN and name not in scope.parameters:
        yield becomes(node, altered(node, id=FUNCTIONS[name]))


def _argument(node: ast.Call, name: str, scope: Scope) -> ast.expr | None:
    """What is left when a function of one argument, or a method like `sum`, is forgotten."""
    if name in INTACT:
        return None
    if isinstance(node.func, ast.Attribute):
        owner: ast.expr = node.func
        while isinstance(owner, ast.Attribute):
            owner = owner.value
        if not (isinstance(owner, ast.Name) and owner.id in scope.modules):
            return node.func.value if name in FUNCTIONS or name == "transpose" else None
    only = node.args[0] if len(node.args) == 1 else None
    return None if isinstance(only, ast.Starred | ast.GeneratorExp) else only


_REMOVABLE = (
    *(ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.With),
    *(ast.If, ast.For, ast.While, ast.Break, ast.Continue),
)
_RULES: Mapping[type[ast.AST], Callable[[Any, Scope], Iterator[Change]]] = {
    ast.BinOp: _operation,
    ast.AugAssign: _augmented,
    ast.Compare: _comparison,
    ast.BoolOp: _logic,
    ast.UnaryOp: _unary,
    ast.Return: _result,
    ast.Assign: _result,
    ast.AnnAssign: _result,
    ast.IfExp: _branches,
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Slice: _slice,
    ast.Tuple: _display,
    ast.List: _display,
    ast.Dict: _dictionary,
    ast.Call: _call,
}
