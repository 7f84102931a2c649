"""Formulas as students write them: a text that is read by Python here and by the judge there."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader.solver import Reference
from grader.solver.reference import Step

__all__ = ["changed", "slips_of", "typed"]

_NUMPY = {
    "sin": np.sin,
    "tanh": np.tanh,
    "sign": np.sign,
    "abs": np.abs,
    "where": np.where,
    "transpose": np.transpose,
    "array": np.array,
}


def typed(formula: str) -> str:
    """The formula as it stands in a sheet."""
    return formula.replace("**", "^")


def changed(reference: Reference, formulas: dict[str, str]) -> Reference:
    """The reference with these steps (or givens) computed by the formulas in their place."""
    steps = dict(reference.steps)
    for name, formula in formulas.items():
        old = steps.get(name)
        steps[name] = _step(name, formula, old.arguments if old is not None else ())
    return Reference(path=reference.path, steps=steps)


def _step(name: str, formula: str, arguments: tuple[str, ...]) -> Step:
    code = compile(formula, f"<{name}>", "eval")
    names = tuple(one for one in code.co_names if one not in _NUMPY and one not in arguments)

    def function(*given: Any, **needed: Any) -> Any:
        own = dict(zip(arguments, given, strict=False))
        with np.errstate(all="ignore"):
            return eval(code, _NUMPY, {**needed, **own})

    return Step(
        name=name,
        function=function,
        arguments=arguments,
        required=len(arguments),
        needs=names,
        line=0,
    )


def slips_of(formula: str, neighbours: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every formula that one slip makes of this one, with the name of the slip."""
    tree = ast.parse(formula, mode="eval")
    yield "sign", f"-({formula})"
    yield "factor", f"2 * ({formula})"
    seen = {ast.unparse(tree)}
    for number, node in enumerate(ast.walk(tree)):
        for name, change in _changes(node, neighbours):
            copy = ast.parse(formula, mode="eval")
            target = list(ast.walk(copy))[number]
            text = ast.unparse(ast.fix_missing_locations(_Put(target, change).visit(copy)))
            if text not in seen:
                seen.add(text)
                yield name, text


def _changes(
    node: ast.AST, neighbours: dict[str, str]
) -> Iterator[tuple[str, Callable[[Any], ast.expr]]]:
    if isinstance(node, ast.BinOp):
        dropped = {ast.Mult: "dropped factor", ast.Div: "dropped divisor"}
        name = dropped.get(type(node.op), "dropped term")
        if isinstance(node.op, ast.Mult | ast.Add | ast.Sub | ast.Div):
            yield name, lambda one: one.left
        product = isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Mult)
        if isinstance(node.op, ast.Add) or (isinstance(node.op, ast.Mult) and not product):
            yield name, lambda one: one.right  # of a longer product only one factor is dropped
        if isinstance(node.op, ast.Add):
            yield "sign", lambda one: ast.BinOp(left=one.left, op=ast.Sub(), right=one.right)
        if isinstance(node.op, ast.Sub):
            yield "sign", lambda one: ast.BinOp(left=one.left, op=ast.Add(), right=one.right)
            yield "sign", lambda one: ast.BinOp(left=one.right, op=ast.Sub(), right=one.left)
        if isinstance(node.op, ast.Pow):
            yield "dropped factor", lambda one: one.left
    if isinstance(node, ast.UnaryOp):
        yield "sign", lambda one: one.operand
    if isinstance(node, ast.Constant) and node.value not in (0, 1):
        yield "factor", lambda one: ast.Constant(value=2 * one.value)
    if isinstance(node, ast.Name) and node.id in neighbours:
        yield "wrong neighbour", lambda one: ast.Name(id=neighbours[one.id], ctx=ast.Load())


class _Put(ast.NodeTransformer):
    def __init__(self, target: ast.AST, change: Callable[[Any], ast.expr]) -> None:
        self._target, self._change = target, change

    def visit(self, node: ast.AST) -> Any:
        return self._change(node) if node is self._target else self.generic_visit(node)
