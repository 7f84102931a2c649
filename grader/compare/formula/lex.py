"""From text to tokens."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

__all__ = ["FormulaError", "Token", "is_identifier", "normalised", "tokens"]

_SAME = str.maketrans(
    {
        **dict.fromkeys("−–", "-"),
        **dict.fromkeys("·⋅×∗∙•", "*"),
        **dict.fromkeys("′’", "'"),
        **dict.fromkeys("\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NON-JOINER}\N{WORD JOINER}", " "),
        "÷": "/",
        "∣": "|",
        "{": "(",
        "}": ")",
        "π": "pi",
    }
)
_SUBSCRIPT = re.compile(r"_\{(\w+)\}")
_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+(?![\w.]))?)"
    r"|(?P<name>[^\W\d]\w*'*)"
    r"|(?P<operator>\*\*|<=|>=|==|[-+*/^@(),<>|])"
    r"|(?P<transpose>\.T\b)"
)
_RELATIONS = {"≤": "<=", "≥": ">="}


class FormulaError(ValueError):
    """The text is not a formula. The message is one sentence for a student."""


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  #: number, name, operator, transpose, end
    text: str
    position: int


def normalised(text: str) -> str:
    """One spelling for what looks alike: minus signs, dots, primes, subscripts and superscripts."""
    for relation, plain in _RELATIONS.items():
        text = text.replace(relation, plain)
    text = _SUBSCRIPT.sub(r"_\1", text).translate(_SAME)
    runs = groupby(text, key=_is_raised)
    return "".join(
        _power("".join(run)) if raised else unicodedata.normalize("NFKC", "".join(run))
        for raised, run in runs
    )


def _is_raised(char: str) -> bool:
    return not char.isascii() and unicodedata.decomposition(char).startswith("<super>")


def _power(run: str) -> str:
    """`x⁻¹` as x^(-1): what is raised must not come down into the line, as `xn` for `xⁿ`."""
    exponent = unicodedata.normalize("NFKC", run).translate(_SAME)
    return "^T" if exponent == "T" else f"^({exponent})"


def is_identifier(spelling: str) -> bool:
    match = _TOKEN.fullmatch(spelling)
    return match is not None and match.lastgroup == "name"


def tokens(text: str, odd_spellings: Iterable[str] = ()) -> list[Token]:
    """The tokens of a normalised text, with an end token. Raises FormulaError.

    `odd_spellings` are declared names that are not identifiers, such as `h3*`. One that ends in an
    operator is a name only where no operand follows: `h3*w` is a product.
    """
    odd = sorted(odd_spellings, key=len, reverse=True)
    found: list[Token] = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        name = next((s for s in odd if text.startswith(s, position)), None)
        if name is not None and _stands_alone(name, text[position + len(name) :]):
            found.append(Token("name", name, position))
            position += len(name)
            continue
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            msg = f"{text[position]!r} cannot be read"
            raise FormulaError(msg)
        found.append(Token(match.lastgroup, match[0], position))
        position = match.end()
    return [*found, Token("end", "", len(text))]


def _stands_alone(name: str, rest: str) -> bool:
    following = rest.lstrip()[:1]
    if name[-1].isalnum() or name[-1] in "_'":
        return not (rest[:1].isalnum() or rest[:1] in ("_", "'"))
    return not (following.isalnum() or following in ("(", "_", "."))
