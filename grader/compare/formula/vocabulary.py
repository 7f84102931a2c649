"""Which names a word stands for: itself, another spelling of one, or several names in a row."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from grader.compare.formula.advice import HINTS, NOT_HERE, OFTEN_BARE
from grader.compare.formula.language import BUILT_IN, HIDEABLE, Language
from grader.compare.formula.spelling import GREEK
from grader.compare.formula.tree import FormulaError
from grader.compare.formula.variants import by_case, near, variants

__all__ = ["Piece", "Resolved", "Vocabulary", "vocabulary"]

#: `dL`, `dL_dyhat`: what stands in a derivative.
_DERIVATIVE = re.compile(r"d[^\W\d_]\d?(?:\u0302|_?hat)?|d[^\W\d_]\w*_d\w+")
_LONGEST_CUT = 40
_GREEK_LEAST = 4  # letters: `mu` and `xi` are products often enough


@dataclass(frozen=True, slots=True)
class Piece:
    kind: str  #: "symbol", "function", "constant" or "transpose"
    name: str
    length: int  #: in characters of the word


@dataclass(frozen=True, slots=True)
class Resolved:
    pieces: tuple[Piece, ...]
    lenient: str = ""  #: what was forgiven: "other spelling", "letter case", "no sign between"


class Vocabulary:
    """All names of a language in all spellings."""

    def __init__(self, language: Language) -> None:
        self._language = language
        exact: dict[str, tuple[str, str]] = {}
        for spelling, name in language.symbols.items():
            exact[spelling] = ("symbol", name)
        self._functions: dict[str, str] = {}
        for name in language.built_in:
            self._functions[name] = name
        for other, name in language.other_spellings.items():
            self._functions[other] = name
        self._functions.update(language.functions)
        for name in language.constants:
            exact.setdefault(name, ("constant", "i" if language.constants[name] == 1j else name))
        exact.setdefault("π", ("constant", "pi"))
        self._exact = exact
        self._others = variants(exact)
        self._other_functions = {
            spelling: found[1]
            for spelling, found in variants(
                {s: ("", n) for s, n in self._functions.items()}
            ).items()
            if spelling not in self._functions
        }
        self._folded = by_case(exact, self._functions)

    def resolve(self, word: str, *, called: bool, bracket: bool) -> Resolved:
        """The names that a word stands for, in order. Raises FormulaError.

        `called` says whether an argument follows, so that the last may be a function.
        """
        whole = self._whole(word, called=called, bracket=bracket)
        if whole is not None:
            return whole
        if bracket and word in NOT_HERE:
            raise FormulaError(f"the function {word!r} is not known here")
        ways = self._cuts(word, called=called)
        folded = self._folded.get(word.casefold(), set())
        if ways and bracket and any(kind == "function" for kind, _ in folded):
            product = " · ".join(_spelt(word, ways[0]))
            msg = (
                f"{word!r} can be read in two ways, as {word.casefold()}(…) or as {product}(…): "
                "write which"
            )
            raise FormulaError(msg)
        if ways and self._may_be_cut(word, ways[0]):
            if len(ways) > 1:
                one, other = (" · ".join(_spelt(word, way)) for way in ways[:2])
                msg = (
                    f"the name {word!r} is not known here, and as a product it can be read in two "
                    f"ways, as {one} or as {other}: write the signs"
                )
                raise FormulaError(msg)
            return Resolved(ways[0], "no sign between")
        if len(folded) == 1:
            kind, name = next(iter(folded))
            return Resolved((Piece(kind, name, len(word)),), "letter case")
        if word.endswith("'"):
            transposed = self._transposed(word)
            if transposed is not None:
                return transposed
        conjugate = self._conjugate(word)
        if conjugate is not None:
            return conjugate
        raise FormulaError(self._unknown(word))

    def _whole(self, word: str, *, called: bool, bracket: bool) -> Resolved | None:
        length = len(word)
        if word in self._exact and not (
            called and word in self._language.functions and self._exact[word][0] == "constant"
        ):
            return Resolved((Piece(*self._exact[word], length),))
        if word in self._language.functions:
            return Resolved((Piece("function", self._functions[word], length),))
        if word in self._functions:
            if word in HIDEABLE and (product := self._product(word)):
                if not bracket:
                    return None
                msg = (
                    f"{word!r} can be read in two ways, as {self._functions[word]}(…) or as "
                    f"{' · '.join(product)}(…): write which"
                )
                raise FormulaError(msg)
            forgiven = "" if word in BUILT_IN else "other spelling"
            return Resolved((Piece("function", self._functions[word], length),), forgiven)
        squeezed = word.replace("_", "") if word[0] != "_" else word
        for one in (word, squeezed):
            found = self._others.get(one) or (self._exact.get(one) if one != word else None)
            if found is not None:
                return Resolved((Piece(*found, length),), "other spelling")
        if word in self._other_functions:
            function = self._other_functions[word]
            return Resolved((Piece("function", function, length),), "other spelling")
        return None

    def _product(self, word: str) -> list[str]:
        """The declared names that the word of a function is made of as well: `a · sin`."""
        ways = [way for way in self._cuts(word, called=True) if len(way) > 1]
        for way in ways:
            if all(piece.kind != "constant" for piece in way):
                return _spelt(word, way)
        return []

    def _cuts(self, word: str, *, called: bool) -> list[tuple[Piece, ...]]:
        """At most two ways of cutting a word into known names; those of fewest doubts first."""
        if len(word) > _LONGEST_CUT:
            return []
        ways: list[list[tuple[Piece, ...]]] = [[()], *([] for _ in word)]
        for end in range(1, len(word) + 1):
            for start in range(end):
                text = word[start:end]
                found = self._exact.get(text) or self._others.get(text)
                if found is not None and ways[start]:
                    piece = Piece(*found, end - start)
                    ways[end] += [(*way, piece) for way in ways[start]]
            ways[end] = ways[end][:2]
        if called:
            ending = [
                (*way, Piece("function", function, len(word) - start))
                for start in range(1, len(word))
                if (function := self._function(word[start:])) is not None
                for way in ways[start]
            ]
            if ending:
                return ending[:2]
        return ways[-1]

    def knows(self, word: str) -> bool:
        """Whether it is a declared name, letter for letter or in another spelling."""
        return word in self._exact or word in self._others

    def products(self, word: str) -> list[list[str]]:
        """At most two ways of cutting a word into two names or more."""
        return [_spelt(word, way) for way in self._cuts(word, called=False) if len(way) > 1]

    def _function(self, spelling: str) -> str | None:
        return self._functions.get(spelling) or self._other_functions.get(spelling)

    def _may_be_cut(self, word: str, way: tuple[Piece, ...]) -> bool:
        """Whether a product is meant: not the slip of a pen in another name, nor such a name."""
        if way[-1].kind == "function":
            word = word[: len(word) - way[-1].length]
        if len(word) >= 3 and word in self._language.elsewhere:
            return False
        if len(word) >= _GREEK_LEAST and word.casefold() in GREEK:
            return False
        if way[-1].kind != "function" and any(
            len(word) > len(name) and word.startswith(name) and name not in self._exact
            for name in OFTEN_BARE
        ):
            return False
        if word in self._functions and word not in HIDEABLE:
            return False
        if way[-1].kind != "function" and "…" not in (self._bare_calls(word) or "…"):
            return False  # `xsinx`
        meant = {piece.name for piece in way}
        names = {spelling for spelling, (_, name) in self._exact.items() if name not in meant}
        names |= {spelling for spelling, name in self._functions.items() if name not in meant}
        return not any(near(word, name) for name in names | self._language.elsewhere)

    def _transposed(self, word: str) -> Resolved | None:
        """`X'` of a matrix X."""
        base = word.rstrip("'")
        if not base or len(word) - len(base) != 1:
            return None
        try:
            inner = self.resolve(base, called=False, bracket=False)
        except FormulaError:
            return None
        if inner.pieces[-1].name not in self._language.arrays:
            return None
        return Resolved((*inner.pieces, Piece("transpose", "'", 1)), "prime for transposition")

    def _conjugate(self, word: str) -> Resolved | None:
        """`z_bar` and `z_star` of a complex z."""
        base = next(
            (word[: -len(end)] for end in ("_bar", "_star", "\u0304") if word.endswith(end)), ""
        )
        if not (base and self._language.imaginary):
            return None
        try:
            inner = self.resolve(base, called=False, bracket=False)
        except FormulaError:
            return None
        length = len(word) - len(base)
        return Resolved((*inner.pieces, Piece("conjugate", "*", length)), "sign for the conjugate")

    def _bare_calls(self, word: str) -> str:
        """`mgsinθ` with the brackets that it lacks; empty where it is nothing like that."""
        names = sorted(
            (one for one in (*OFTEN_BARE, "log10", "log2") if one not in self._exact),
            key=len,
            reverse=True,
        )
        before, *behind = re.split(f"({'|'.join(names)})", word)
        arguments = behind[1::2]
        if not behind or not all(self._is_known(one) for one in (before, *arguments) if one):
            return ""
        if not all(arguments[:-1]):
            return ""
        calls = zip(behind[::2], arguments, strict=True)
        return f"{before} " * bool(before) + " ".join(f"{one}({of or '…'})" for one, of in calls)

    def _is_known(self, word: str) -> bool:
        name = word.lstrip("0123456789")
        try:
            return not name or bool(self.resolve(name, called=False, bracket=False).pieces)
        except FormulaError:
            return False

    def _unknown(self, word: str) -> str:
        hint = HINTS.get(word.casefold())
        if hint:
            return f"{word!r} is not a name here: {hint}"
        bare = self._bare_calls(word)
        if bare:
            return f"the name {word!r} is not known here: write {bare}"
        base = word.rstrip("'")
        if base != word and (
            base in self._functions or (base in self._exact and not self._language.arrays)
        ):
            return f"the name {word!r} is not known here: a derivative must be written out"
        if _DERIVATIVE.fullmatch(word):
            return f"the name {word!r} is not known here: a derivative must be written out"
        times_ten = word[:3].casefold() == "x10"
        if re.fullmatch("[xX][0-9]*", word) and (times_ten or not {"x", "X"} & {*self._exact}):
            return f"the name {word!r} is not known here: for a product write *"
        if self._has_unit(word):
            return f"the name {word!r} is not known here: no complex number is asked"
        known_names = {*self._exact, *self._language.functions, *BUILT_IN}
        close = difflib.get_close_matches(word, sorted(known_names), n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        return f"the name {word!r} is not known here{hint}"

    def _has_unit(self, word: str) -> bool:
        """Whether it is the imaginary unit beside a name or two, where there is none: `bi`."""
        rest = word.strip("ij") if not self._language.imaginary else word
        return rest != word and (not rest or rest in self._exact)


@lru_cache(maxsize=256)
def vocabulary(language: Language) -> Vocabulary:
    """The vocabulary of a language, made once."""
    return Vocabulary(language)


def _spelt(word: str, way: Iterable[Piece]) -> list[str]:
    texts, start = [], 0
    for piece in way:
        texts.append(word[start : start + piece.length])
        start += piece.length
    return texts
