"""Words that people type into formulas that are not names there: what to write instead."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["HINTS", "NOT_HERE", "OFTEN_BARE"]

_CASES = "write where(condition, value, other value)"
_ALONE = "write the formula alone"
#: Word → what to do about it.
HINTS: Mapping[str, str] = {
    **dict.fromkeys(
        ("if", "else", "elif", "then", "otherwise", "when", "wenn", "sonst", "si"), _CASES
    ),
    **dict.fromkeys(("for", "unless", "whenever", "für", "pour"), f"{_ALONE}, or {_CASES[6:]}"),
    **dict.fromkeys(("or", "and", "oder", "und", "resp", "bzw"), "write one formula"),
    **dict.fromkeys(("return", "print", "def", "answer", "equals", "by"), _ALONE),
    **dict.fromkeys(("times", "mal", "multiplied"), "for a product write *"),
    **dict.fromkeys(("over", "divided", "durch"), "for a division write /"),
    **dict.fromkeys(("squared", "quadrat"), "for a square write ^2"),
    **dict.fromkeys(("heaviside", "step"), "write the condition, (x > 0) or (x >= 0)"),
}
#: Functions of books and libraries that are not known here: their letters are not a product either.
NOT_HERE = frozenset(
    [
        "eye",
        "det",
        "diag",
        "outer",
        "cross",
        "kron",
        "rank",
        "mean",
        "std",
        "var",
        "median",
        "erf",
        "erfc",
        "floor",
        "ceil",
        "round",
        "sinc",
        "pinv",
        "solve",
        "argmax",
        "argmin",
        "sqrtm",
        "expm",
        "logm",
        "cumsum",
        "prod",
        "zeros",
        "clip",
        "root",
        "mod",
        "ones",
    ]
)
#: Functions that are written without brackets so often that `sinx` is hardly s·i·n·x.
OFTEN_BARE = [
    "sin",
    "cos",
    "tan",
    "tanh",
    "sinh",
    "cosh",
    "sec",
    "csc",
    "cot",
    "arcsin",
    "arccos",
    "arctan",
    "asin",
    "acos",
    "atan",
    "exp",
    "log",
    "ln",
    "sqrt",
]
