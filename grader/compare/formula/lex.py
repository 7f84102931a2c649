"""From text to tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from grader.compare.formula.spelling import Plain, normalised
from grader.compare.formula.tree import FormulaError, TwoReadings, quote

__all__ = ["FormulaError", "Token", "is_identifier", "normalised", "tokens"]

_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+(?![\w.]))?)"
    r"|(?P<name>[^\W\d][\w\u0300-\u036f]*'*)"
    r"|(?P<operator>\*\*|<=|>=|==|[-+*/^@(),;<>|\[\]√∛])"
    r"|(?P<entrywise>\.[*/^])"
    r"|(?P<transpose>\.T\b)"
    r"|(?P<method>\.[^\W\d_]\w*)"
    r"|(?P<prime>'+)"
)
#: `1e-3g`: a number in scientific notation, or 1·e − 3·g?
_GLUED_EXPONENT = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)([eE])([-+]?)([0-9]++)(?=[\w.])([\w.]*)")
#: What to do about a sign that is none of ours.
_HINTS = {
    **dict.fromkeys("±∓", ": it says two formulas; write one of them"),
    **dict.fromkeys('“”"„«»`', ": take the quotes away"),
    ":": ": write / for a division",
    "∂": ": a derivative must be written out",
    "∇": ": a derivative must be written out",
    "∏": ": write the product out",
    "∑": ": write the sum out",
    "%": ": write the number that it is",
    "!": ": a factorial is none of the functions here",
    "≠": ": write a condition with <, <=, >, >= or ==",
    "°": ": write the angle in radians, 90 degrees as pi/2",
    "#": ": write the formula alone",
    "⇒": ": write the formula alone",
    "→": ": write the formula alone",
    ".": ": write * for a product",
    "=": ": write the formula alone, without what it is equal to",
    "≈": ": write the formula alone",
    "?": ": write the formula alone",
}
_RELATIONS = {
    "!=": ": write a condition with <, <=, >, >= or ==",
    "=<": ": write <=",
    "=>": ": write >=",
}
_MODULE = re.compile(
    r"(?:np|numpy|math|cmath|torch|tf|jnp|jax|scipy|F|nn|sp|sympy)"
    r"(?:\.(?:nn|functional|linalg|special|numpy|math))*\.(?=[^\W\d_])"
)


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  #: number, name, function, operator, transpose, end
    text: str
    position: int
    end: int = -1  #: where the next character stands
    glued: bool = False  #: a name that was typed in one word with the one before
    of_module: bool = False  #: a name that was typed as np.name
    means: str = ""  #: the name that is meant, where the text is another spelling of it


def is_identifier(spelling: str) -> bool:
    match = _TOKEN.fullmatch(spelling)
    return match is not None and match.lastgroup == "name"


def tokens(
    plain: Plain | str, odd_spellings: Iterable[str] = (), declared: Iterable[str] = ()
) -> list[Token]:
    """The tokens of a text in one spelling, with an end token. Raises FormulaError.

    `odd_spellings` are declared names that are not identifiers, such as `h3*`. One that ends in an
    operator is a name only where no operand follows: `h3*w` is a product. `declared` are names
    that are not Python modules here, such as `F`.
    """
    if isinstance(plain, str):
        plain = Plain(plain, plain, [(i, i + 1) for i in range(len(plain))])
    text = plain.text
    odd = sorted(odd_spellings, key=len, reverse=True)
    found: list[Token] = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        name = next((s for s in odd if text.startswith(s, position)), None)
        if name is not None and _stands_alone(name, text[position + len(name) :]):
            found.append(Token("name", name, position, position + len(name)))
            position += len(name)
            continue
        module = _MODULE.match(text, position) if "." in text else None
        if module is not None and module[0].split(".")[0] not in declared:
            position = module.end()
        else:
            module = None
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            typed = plain.quoted(position, position + 1) or text[position]
            hint = _RELATIONS.get(text[position : position + 2]) or _HINTS.get(text[position], "")
            msg = f"{quote(typed)} cannot be read{hint}"
            raise FormulaError(msg)
        if match.lastgroup == "number":
            _refuse_glued_exponent(plain, position)
        of_module = module is not None
        kind, said = match.lastgroup, match[0]
        if kind == "entrywise":  # `A .* B` is what `A * B` is here
            kind, said = "operator", said[1:]
        found.append(Token(kind, said, position, match.end(), of_module=of_module))
        position = match.end()
    return [*found, Token("end", "", len(text), len(text))]


def _refuse_glued_exponent(plain: Plain, position: int) -> None:
    match = _GLUED_EXPONENT.match(plain.text, position)
    if match is None:
        return
    number, letter, sign, digits, rest = match.groups()
    power = f"{number}{letter}{sign}{digits}"
    between = f" {sign} " if sign else " · "
    raise TwoReadings(
        quote(plain.quoted(position, match.end())),
        f"{power} · {rest.lstrip('.') or '…'}",
        f"{number} · {letter}{between}{digits}{rest}",
    )


def _stands_alone(name: str, rest: str) -> bool:
    following = rest.lstrip()[:1]
    if name[-1].isalnum() or name[-1] in "_'":
        return not (rest[:1].isalnum() or rest[:1] in ("_", "'"))
    return not (following.isalnum() or following in ("(", "_", "."))
