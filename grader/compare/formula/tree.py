"""The tree of a formula, and its bounds."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "MAX_DEPTH",
    "MAX_LEVEL",
    "MAX_TEXT",
    "Formula",
    "FormulaError",
    "TwoReadings",
    "node",
    "quote",
]

MAX_TEXT = 5000
MAX_DEPTH = 120  # of the tree: a sum of a hundred terms is this deep
_SHOWN = 160  # characters of what is quoted
MAX_LEVEL = 40  # of brackets: each is about eight calls of Python deep


class FormulaError(ValueError):
    """The text is not a formula. The message is one sentence for a student."""


class TwoReadings(FormulaError):
    """The text can be read in two ways; both are spelt out."""

    def __init__(self, typed: str, one: str, other: str) -> None:
        typed, one, other = map(_short, (typed, one, other))
        super().__init__(f"{typed} can be read in two ways, as {one} or as {other}: write which")


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


@dataclass(frozen=True, slots=True)
class Formula:
    """A node of the tree: an operator or function with operands, a symbol, or a number."""

    head: str  #: "number", "constant", "symbol", "call", "transpose", "negative", or the operator
    operands: tuple[Formula, ...] = ()
    name: str = ""  #: of a symbol, a function or a constant
    value: complex = 0.0  #: of a number or a constant
    depth: int = 1
    declared: bool = False  #: a function of the assignment, whatever is built in under that name
    sign: str = ""  #: `|` or `·` where that was typed and means two things between arrays

    @property
    def symbols(self) -> frozenset[str]:
        """All symbols, functions and constants that the formula uses."""
        inner = frozenset(name for operand in self.operands for name in operand.symbols)
        return inner | {self.name} if self.name else inner


def node(
    head: str,
    *operands: Formula,
    name: str = "",
    value: complex = 0.0,
    declared: bool = False,
    sign: str = "",
) -> Formula:
    """A node over these operands. Raises FormulaError where the tree becomes too deep."""
    depth = 1 + max((operand.depth for operand in operands), default=0)
    if depth > MAX_DEPTH:
        msg = "the formula is too long or nested too deep"
        raise FormulaError(msg)
    return Formula(
        head=head,
        operands=operands,
        name=name,
        value=value,
        depth=depth,
        declared=declared,
        sign=sign,
    )


def quote(text: str) -> str:
    """A piece of what was typed, in quotes; a backslash escapes nothing."""
    return repr(text).replace("\\\\", "\\")
