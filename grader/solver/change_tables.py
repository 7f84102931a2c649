"""Which operators and functions take each other's place in a mutant."""

from __future__ import annotations

import ast
from collections.abc import Mapping

__all__ = [
    "BUILT_IN",
    "FUNCTIONS",
    "INTACT",
    "OPERATORS",
    "ORDERED",
    "SYMBOLS",
    "SYMMETRIC",
    "UNSIGNED",
    "ZEROS",
]

OPERATORS: Mapping[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
_TOKENS = (
    *((ast.Add, "+"), (ast.Sub, "-"), (ast.Mult, "*"), (ast.Div, "/"), (ast.FloorDiv, "//")),
    *((ast.Mod, "%"), (ast.Pow, "**"), (ast.MatMult, "@"), (ast.BitAnd, "&"), (ast.BitOr, "|")),
    *((ast.BitXor, "^"), (ast.LShift, "<<"), (ast.RShift, ">>"), (ast.And, "and"), (ast.Or, "or")),
    *((ast.Lt, "<"), (ast.LtE, "<="), (ast.Gt, ">"), (ast.GtE, ">="), (ast.Eq, "==")),
    (ast.NotEq, "!="),
)
SYMBOLS: Mapping[type[ast.AST], str] = dict(_TOKENS)
#: operators for which a ⊖ b and b ⊖ a differ
ORDERED = (ast.Sub, ast.Div, ast.Pow, ast.FloorDiv, ast.Mod, ast.MatMult)

_PAIRS = (
    *(("sin", "cos"), ("sinh", "cosh"), ("arcsin", "arccos"), ("asin", "acos"), ("floor", "ceil")),
    *(("zeros", "ones"), ("zeros_like", "ones_like"), ("maximum", "minimum"), ("max", "min")),
    *(("argmax", "argmin"), ("nanmax", "nanmin"), ("any", "all"), ("sum", "mean"), ("std", "var")),
    *(("cumsum", "cumprod"), ("log", "log10"), ("exp", "exp2"), ("vstack", "hstack")),
    *(("greater", "less"), ("greater_equal", "less_equal")),
)
_ONE_WAY = (
    *(("log2", "log"), ("log1p", "log"), ("expm1", "exp"), ("sqrt", "cbrt"), ("tan", "sin")),
    *(("tanh", "sinh"), ("prod", "sum"), ("median", "mean")),
)
#: functions of numpy and math, and methods of arrays
FUNCTIONS: Mapping[str, str] = {
    **dict(_PAIRS),
    **{second: first for first, second in _PAIRS},
    **dict(_ONE_WAY),
}
#: those that need no module in front of them
BUILT_IN = frozenset({"max", "min", "any", "all"})


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: calls that are never left out: that would change no number, or leave nothing to compute with
INTACT = _names(
    "append arange array asarray ascontiguousarray astype atleast_1d atleast_2d bool copy deepcopy"
    " dict empty enumerate extend eye float float32 float64 full identity int isinstance iter len"
    " list next ones print range reversed set sorted super tuple zeros zip"
)
#: calls whose arguments get no minus: it would change no number, or be no number
UNSIGNED = _names(
    "abs absolute arange copy cos cosh deepcopy dict empty empty_like enumerate eye fabs full"
    " full_like identity isfinite isinstance isnan iter len list next ones ones_like print reversed"
    " set shape square super zeros zeros_like zip"
)
#: f(a, b) = f(b, a)
SYMMETRIC = _names(
    "add allclose array_equal hypot isclose logical_and logical_or logical_xor max maximum min"
    " minimum multiply"
)
#: calls that get no minus: −0 is 0
ZEROS = frozenset({"zeros", "zeros_like"})
