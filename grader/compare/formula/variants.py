"""Other spellings of declared names: Greek letters, indices, accents; and slips in long names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from grader.compare.formula.spelling import GREEK

__all__ = ["by_case", "near", "variants"]

_MARKS = {"hat": "\N{COMBINING CIRCUMFLEX ACCENT}", "tilde": "\N{COMBINING TILDE}"}
_MARKS["bar"] = "\N{COMBINING MACRON}"
_NUMBERED = re.compile(r"(.*[^\W\d_])_?(\d+)('*)")
_ACCENTED = re.compile(r"([^\W\d_])_?(hat|tilde|bar)((?:_?\d+)?'*)")
_GREEK_WORD = re.compile(r"(?<![^\W\d_])(" + "|".join(GREEK) + r")(?![^\W\d_])")
#: Short words for Greek letters, as programs have them.
_SHORT = {"lam": "λ", "eps": "ε"}
_SHORT_OF = {letter: word for word, letter in _SHORT.items()}
_SHORT_WORD = re.compile(r"(?<![^\W\d_])(lam|eps)(?![^\W\d_])")
_LETTER = {letter: word for word, letter in GREEK.items()}


def variants(exact: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Other spellings that stand for one declared name only."""
    found: dict[str, set[tuple[str, str]]] = {}
    for spelling, meant in exact.items():
        for other in _other_spellings(spelling):
            if other not in exact:
                found.setdefault(other, set()).add(meant)
    # Δt is often called delta_t; where Delta_t is a name as well, it is that.
    capital: dict[str, set[tuple[str, str]]] = {}
    for spelling, meant in exact.items():
        for other in {spelling, *_other_spellings(spelling)}:
            if other.startswith("δ"):
                capital.setdefault("Δ" + other[1:], set()).add(meant)
    found = {**{other: one for other, one in capital.items() if other not in exact}, **found}
    return {other: next(iter(meant)) for other, meant in found.items() if len(meant) == 1}


@lru_cache(maxsize=4096)  # each formula has the built-in functions in its language
def _other_spellings(spelling: str) -> frozenset[str]:
    found = {spelling}
    found |= {_GREEK_WORD.sub(lambda match: GREEK[match[1]], one) for one in found}
    found |= {_SHORT_WORD.sub(lambda match: _SHORT[match[1]], one) for one in tuple(found)}
    found |= {re.sub("[λε]", lambda match: _SHORT_OF[match[0]], one) for one in tuple(found)}
    found |= {re.sub(r"[Α-ω]", lambda match: _LETTER.get(match[0], match[0]), one) for one in found}
    for one in tuple(found):
        accented = _ACCENTED.fullmatch(one)
        if accented:
            base, mark, rest = accented.groups()
            found |= {f"{base}_{mark}{rest}", f"{base}{mark}{rest}"}
            found.add(_composed(base + _MARKS[mark]) + rest)
    for one in tuple(found):
        plain = _decomposed(one)
        for mark, sign in _MARKS.items():
            if plain[1:2] == sign:
                found |= {f"{plain[0]}_{mark}{plain[2:]}", f"{plain[0]}{mark}{plain[2:]}"}
    for one in tuple(found):
        numbered = _NUMBERED.fullmatch(one)
        if numbered:
            stem, digits, primes = numbered.groups()
            found |= {f"{stem}{digits}{primes}", f"{stem}_{digits}{primes}"}
            if primes:  # σ'_1 and σ_1'
                found |= {f"{stem}{primes}{digits}", f"{stem}{primes}_{digits}"}
    found |= {one.replace("_", "") for one in tuple(found) if one.strip("_")}
    return frozenset(found - {spelling})


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def by_case(
    exact: Mapping[str, tuple[str, str]], functions: Mapping[str, str]
) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for spelling, meant in exact.items():
        if meant != ("constant", "e"):  # E is an energy, or an expectation
            found.setdefault(spelling.casefold(), set()).add(meant)
    for spelling, name in functions.items():
        if len(spelling) > 1:
            found.setdefault(spelling.casefold(), set()).add(("function", name))
    return found


def near(word: str, name: str) -> bool:
    """Whether a word is a longer name with one slip: a letter more, less, other, or two swapped."""
    letters = "".join(c for c in name if c.isalpha())
    digits = "".join(c for c in name if c.isdigit())
    if len(letters) < 4 or digits != "".join(c for c in word if c.isdigit()):
        return False
    if abs(len(word) - len(name)) > 1 or word == name:
        return word == name
    if (word[0], word[-1]) == (name[0], name[-1]) and sorted(word) == sorted(name):
        return True  # the letters between are in another order
    start = 0
    while start < min(len(word), len(name)) and word[start] == name[start]:
        start += 1
    one, other = word[start:], name[start:]
    return (
        one[1:] == other
        or one == other[1:]
        or one[1:] == other[1:]
        or (one[:2] == other[1::-1] and one[2:] == other[2:])
    )
