"""The value of a formula at one point. Undefined places give NaN or infinity, not exceptions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grader.compare.formula.parse import Formula, FormulaError
from grader.model.value import Value

__all__ = ["evaluate"]

_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "tanh": np.tanh,
    "exp": np.exp,
    "log": np.log,
    "ln": np.log,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "sign": np.sign,
    "transpose": np.transpose,
}
_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
}
_RELATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
}


def evaluate(formula: Formula, lookup: Callable[[str], Value]) -> Any:
    """Evaluate in float64. `lookup` gives the value of a symbol, or the callable of a function.

    Raises FormulaError where shapes do not fit together. Whatever `lookup` raises passes through.
    """
    with np.errstate(all="ignore"):
        try:
            return _value(formula, lookup)
        except ValueError as error:
            if isinstance(error, FormulaError):
                raise
            msg = "the shapes in the formula do not fit together"
            raise FormulaError(msg) from None


def _value(formula: Formula, lookup: Callable[[str], Value]) -> Any:
    head = formula.head
    if head == "number":
        return np.float64(formula.value)
    if head == "symbol":
        return np.float64(np.pi) if formula.name == "pi" else _as_float(lookup(formula.name))
    operands = [_value(operand, lookup) for operand in formula.operands]
    if head == "call":
        return _called(formula.name, operands, lookup)
    if head == "negative":
        return np.negative(operands[0])
    if head == "transpose":
        return np.transpose(operands[0])
    left, right = operands
    if head == "@" or (head == "juxtaposed" and np.ndim(left) and np.ndim(right)):
        if not (np.ndim(left) and np.ndim(right)):
            return np.multiply(left, right)
        return np.matmul(left, right)
    if head == "juxtaposed":
        return np.multiply(left, right)
    _check_shapes(left, right)
    if head in _RELATIONS:
        # 1 where it holds and 0 where not, so that one can calculate with it as on paper.
        holds = _as_float(_RELATIONS[head](left, right))
        return np.where(np.isnan(left) | np.isnan(right), np.nan, holds)[()]
    return _OPERATORS[head](left, right)


def _check_shapes(*values: Any) -> None:
    # numpy would stretch a row over a matrix; in a formula that is a slip, not an intention.
    shapes = list(dict.fromkeys(_shape(value) for value in values if np.ndim(value)))
    if len(shapes) > 1:
        msg = f"{shapes[0]} and {shapes[1]} do not fit together"
        raise FormulaError(msg)


def _shape(value: Any) -> str:
    return "×".join(map(str, np.shape(value)))


def _as_float(value: Value) -> Any:
    return np.asarray(value, dtype=np.float64)[()]


def _called(name: str, operands: list[Any], lookup: Callable[[str], Value]) -> Any:
    if name == "where":
        _check_shapes(*operands)
        return _where(operands)
    if name in ("min", "max"):
        _check_shapes(*operands)
        combine = np.minimum if name == "min" else np.maximum
        return combine.reduce(np.broadcast_arrays(*operands))
    if name in _FUNCTIONS:
        return _FUNCTIONS[name](*operands)
    function = lookup(name)
    try:
        return _as_float(function(*operands))
    except FormulaError:
        raise
    except Exception:  # noqa: BLE001 - the author's function may raise anything
        # The author's function refuses these values: the formula has none there.
        return np.float64(np.nan)


def _where(operands: list[Any]) -> Any:
    """Pairs of condition and value, then perhaps the value that holds otherwise."""
    otherwise = operands.pop() if len(operands) % 2 else np.float64(np.nan)
    result = otherwise
    for position in range(len(operands) - 2, -1, -2):
        condition, value = operands[position], operands[position + 1]
        chosen = np.where(np.asarray(condition, dtype=bool), value, result)
        result = np.where(np.isnan(condition), np.nan, chosen)
    return np.asarray(result, dtype=np.float64)[()]
