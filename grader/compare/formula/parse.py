"""From tokens to a tree. The grammar is a whitelist: what is not listed here cannot be written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from grader.compare.formula.frame import without_frame
from grader.compare.formula.grammar import Grammar
from grader.compare.formula.language import Language
from grader.compare.formula.latex import is_latex, plain_of_latex
from grader.compare.formula.lex import Token, is_identifier, tokens
from grader.compare.formula.spelling import Plain, spelt
from grader.compare.formula.tree import MAX_TEXT, Formula, FormulaError, TwoReadings, quote
from grader.compare.formula.vocabulary import Resolved, Vocabulary, vocabulary
from grader.compare.formula.written import written

__all__ = ["MAX_TEXT", "Formula", "FormulaError", "Understood", "parse_formula", "understood"]

_INDICATORS = frozenset({"I", "I_", "𝟙", "indicator", "ind", "int", "float"})
_MIXED = re.compile("([0-9]+) ?([¼½¾⅐-⅞])")
_RAISED_ROOT = re.compile(r"([\w)\]]+)[ ]?([³⁴-⁹])(√)")
_HAT = re.compile(r"(?<![^\W_])([^\W\d_])\^\s*-\s*([^\W\d_]\w*)")


@dataclass(frozen=True, slots=True)
class Understood:
    """A formula that was read, and what had to be forgiven for that."""

    formula: Formula
    lenient: tuple[str, ...]  #: kinds of readings that go beyond the plain grammar, in order
    arrays: bool = False  #: whether vectors or matrices may be among its names

    @property
    def text(self) -> str:
        """The formula in print."""
        return written(self.formula, arrays=self.arrays)


def parse_formula(text: str, language: Language) -> Formula:
    """Read a formula. Raises FormulaError with a sentence that a student understands.

    Products may be written without a sign (`2 w x`) except behind a division, where
    `a / b c` would mean two things. What stands before a `=` is passed over.
    """
    return understood(text, language).formula


def understood(text: str, language: Language) -> Understood:
    """Read a formula, and say how. Raises FormulaError as `parse_formula` does."""
    if len(text) > MAX_TEXT:
        msg = f"the formula has more than {MAX_TEXT} characters"
        raise FormulaError(msg)
    _refuse_root(text)
    _refuse_hat(text, language)
    mixed = _MIXED.search(text)
    if mixed is not None:
        whole, part = mixed.groups()
        raise TwoReadings(quote(mixed[0]), f"{whole} + {part}", f"{whole} · {part}")
    lenient: list[str] = []
    if is_latex(text):
        lenient.append("LaTeX")
        plain = plain_of_latex(text)
    else:
        plain = spelt(text)
    if len(plain.text) > 4 * MAX_TEXT:
        msg = f"the formula has more than {MAX_TEXT} characters"
        raise FormulaError(msg)
    plain = without_frame(
        plain, lambda side: understood(side, language).formula, language.symbols, lenient
    )
    if not plain.text.strip():
        msg = "the formula is empty"
        raise FormulaError(msg)
    odd = [s for s in (*language.symbols, *language.functions) if not is_identifier(s)]
    stream = tokens(plain, odd, {*language.symbols, *language.functions})
    stream = _joined(_without_brackets(stream, language), vocabulary(language), lenient)
    if any(token.of_module for token in stream):
        lenient.append("module before a name")
    if any(one.kind == "operator" and one.end - one.position > len(one.text) for one in stream):
        lenient.append("dot before an operator")
    parser = Grammar(_words(stream, plain, language, lenient), plain, language, lenient)
    formula = parser.comparison(0)
    parser.expect_end()
    return Understood(formula, tuple(dict.fromkeys(lenient)), bool(language.arrays))


def _refuse_root(text: str) -> None:
    """`2³√x`: the third root, or a cube?"""
    found = _RAISED_ROOT.search(text)
    if found is not None:
        before, power, root = found.groups()
        number = unicodedata.normalize("NFKC", power)
        raise TwoReadings(
            quote(found[0]), f"{before} · (…)^(1/{number})", f"{before}^{number} · {root}(…)"
        )


def _refuse_hat(text: str, language: Language) -> None:
    """`y^ - y` where ŷ is a name: ŷ - y, or y to the power -y?"""
    for found in _HAT.finditer(text):
        name, rest = found.groups()
        if name == "e":
            continue
        hats = (f"{name}hat", f"{name}_hat", unicodedata.normalize("NFC", f"{name}\u0302"))
        hat = next((one for one in hats if one in language.symbols), None)
        if hat is not None:
            raise TwoReadings(quote(found[0]), f"{hat} - {rest}", f"{name}^(-{rest})")


def _joined(stream: list[Token], names: Vocabulary, lenient: list[str]) -> list[Token]:
    """`w[1]` as the name w1, and `Δ t` as Δt, where only the whole is a name."""
    found: list[Token] = []
    for token in stream:
        found.append(token)
        for count, joined in ((4, _indexed), (2, _difference)):
            last = found[-count:]
            word = joined(last) if len(last) == count else ""
            if word and names.knows(word) and not names.knows(last[0].text):
                found[-count:] = [Token("name", word, last[0].position, last[-1].end)]
                lenient.append("other spelling")
                break
    return found


def _indexed(tokens: Sequence[Token]) -> str:
    texts = [one.text for one in tokens]
    closed = tokens[0].kind == "name" and (texts[1], texts[3]) == ("[", "]")
    return f"{texts[0]}{texts[2]}" if closed and texts[2].isdigit() else ""


def _difference(tokens: Sequence[Token]) -> str:
    one, other = tokens
    begins = one.text in ("Δ", "δ", "Delta", "delta") and other.kind == "name"
    return ("Δ" if one.text in ("Δ", "Delta") else "δ") + other.text if begins else ""


def _without_brackets(stream: list[Token], language: Language) -> list[Token]:
    """`A^{T}` and `A^(T)` as `A^T`."""
    found: list[Token] = []
    position = 0
    known = {"T", "t"} & language.symbols.keys()
    while position < len(stream):
        token, texts = stream[position], [one.text for one in stream[position : position + 4]]
        if texts in (["^", "(", "T", ")"], ["**", "(", "T", ")"]) and not known:
            end = stream[position + 3].end
            found.append(Token("transpose", "^T", token.position, end))
            position += 4
            continue
        found.append(token)
        position += 1
    return found


def _words(
    stream: Sequence[Token], plain: Plain, language: Language, lenient: list[str]
) -> list[Token]:
    """The tokens, each word as the names that it stands for."""
    names = vocabulary(language)
    known: dict[tuple[str, bool, bool], Resolved] = {}
    found: list[Token] = []
    for index, token in enumerate(stream):
        if token.kind != "name":
            found.append(token)
            continue
        word, start = token.text, token.position
        if _is_transposition(found, word, language, plain.quoted(start, start + 1)):
            found[-1] = Token("transpose", "^T", found[-1].position, start + 1)
            word, start = word[1:], start + 1
            if not word:
                continue
            lenient.append("no sign between")
        following = stream[index + 1]
        if _is_order(word, stream[index - 1]):
            found.append(Token("order", word, start, token.end))
            continue
        if _is_indicator(word, stream, index, language):
            lenient.append("indicator of a condition")
            continue
        asked = (word, _takes_argument(following), following.text in ("(", "["))
        if asked not in known:
            typed = plain.quoted(start, token.end)
            known[asked] = _resolved(names, typed, word, called=asked[1], bracket=asked[2])
        resolved = known[asked]
        _refuse_cross(resolved, index, stream, plain)
        for place, piece in enumerate(resolved.pieces):
            found.append(
                Token(
                    piece.kind,
                    word[: piece.length],
                    start,
                    start + piece.length,
                    glued=place > 0,
                    means=piece.name,
                )
            )
            word, start = word[piece.length :], start + piece.length
        if resolved.lenient:
            lenient.append(resolved.lenient)
    return found


def _is_order(word: str, before: Token) -> bool:
    """Whether a word is the order of a norm: `||v||_2`."""
    return word in ("_1", "_2", "_F") and before.text in ("|", ")")


def _is_indicator(word: str, stream: Sequence[Token], index: int, language: Language) -> bool:
    """Whether `I(x > 0)`, `1_{x > 0}` or `int(x > 0)` stands there: 1 where it holds, else 0."""
    stands_for_one = word == "_" and index > 0 and stream[index - 1].text == "1"
    taken = word in language.symbols or word in language.functions
    if taken or not (stands_for_one or word in _INDICATORS):
        return False
    depth = 0
    for token in stream[index + 1 :]:
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        if depth <= 0:
            return False
        if depth == 1 and token.text in ("<", "<=", ">", ">=", "=="):
            return True
    return False


def _refuse_cross(resolved: Resolved, index: int, stream: Sequence[Token], plain: Plain) -> None:
    """`u x v`: an x between spaces that is not a name may be a cross."""
    token = stream[index]
    if resolved.lenient != "letter case" or token.text not in ("x", "X") or not index:
        return
    before, behind = stream[index - 1], stream[index + 1]
    ends = before.kind in ("name", "number") or before.text in (")", "]")
    begins = behind.kind in ("name", "number") or behind.text in ("(", "[")
    if ends and begins and before.end < token.position and token.end < behind.position:
        one, other = before.text, behind.text
        raise TwoReadings(
            quote(plain.quoted(before.position, behind.end)),
            f"{one} * {other}",
            f"{one} * {resolved.pieces[0].name} * {other}",
        )


def _resolved(names: Vocabulary, typed: str, word: str, *, called: bool, bracket: bool) -> Resolved:
    try:
        return names.resolve(word, called=called, bracket=bracket)
    except FormulaError as error:
        msg = str(error).replace(repr(word), quote(typed), 1)
        raise FormulaError(msg) from None


def _is_transposition(found: Sequence[Token], word: str, language: Language, typed: str) -> bool:
    """Whether a word after `^` begins with the T of a matrix: `A^TB`."""
    raised = bool(found) and found[-1].kind == "operator" and found[-1].text in ("^", "**")
    known = word in language.symbols or "T" in language.symbols
    if typed == "T" and "t" in language.symbols and len(found) > 1:
        known = known or found[-2].kind in ("constant", "number")  # e^T is e^t
    return raised and word.startswith("T") and not known


def _takes_argument(following: Token) -> bool:
    return following.kind in ("number", "name") or following.text in ("(", "[", "^", "**", "|", "√")
