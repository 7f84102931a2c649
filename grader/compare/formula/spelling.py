"""One spelling for signs that look alike, with the place in the typed text of each of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

__all__ = ["GREEK", "INVISIBLE", "Plain", "normalised", "spelt"]

_SAME = str.maketrans(
    {
        **dict.fromkeys("−–‐‑‒—", "-"),
        **dict.fromkeys("·⋅×∗∙•⊙∘", "*"),
        **dict.fromkeys("′’´ʹ", "'"),
        **dict.fromkeys("\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NON-JOINER}\N{WORD JOINER}", " "),
        **dict.fromkeys("÷⁄∕⊘", "/"),
        "∣": "|",
        **dict.fromkeys("‖∥", "||"),
        "{": "(",
        "}": ")",
        "⊤": "T",
        "。": ".",
        "、": ",",
        "\N{ARABIC DECIMAL SEPARATOR}": ".",
        "\N{ARABIC THOUSANDS SEPARATOR}": ",",
        "\N{ARABIC PERCENT SIGN}": "%",
        "\N{INVISIBLE TIMES}": "*",
        "\N{INVISIBLE PLUS}": "+",
        "∆": "Δ",
        "≤": "<=",
        "≥": ">=",
    }
)
#: What nobody sees and what changes nothing; what turns the direction of writing is refused.
INVISIBLE = frozenset(
    "\N{SOFT HYPHEN}\N{ZERO WIDTH NO-BREAK SPACE}\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}"
    "\N{FUNCTION APPLICATION}"
)
#: A prime that is not on every keyboard, before the bracket of a function.
_BACKTICK = re.compile(r"(?<=[^\W_])`(?=\s*\()")
_SUBSCRIPT = re.compile(r"_\{\w+\}")
_BEFORE_NFKC = str.maketrans({"´": "'", "″": "''", "‴": "'''"})

_ASCII = str.maketrans("{}", "()")

_SMALL = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "omicron",
    "pi",
    "rho",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "chi",
    "psi",
    "omega",
]
#: Greek letters by name.
GREEK = {
    **dict(zip(_SMALL, "αβγδεζηθικλμνξοπρστυφχψω", strict=True)),
    **dict(zip(map(str.capitalize, _SMALL), "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ", strict=True)),
}


@dataclass(slots=True)
class Plain:
    """A text in one spelling, and for each of its characters where it stands in what was typed."""

    typed: str
    text: str = ""
    places: list[tuple[int, int]] = field(default_factory=list)

    def quoted(self, start: int, end: int) -> str:
        """What was typed for these characters."""
        places = self.places[start:end]
        end = max((behind for _, behind in places), default=0)
        return self.typed[places[0][0] : end].strip() if places else ""

    def part(self, start: int, end: int) -> Plain:
        """These characters alone."""
        return Plain(self.typed, self.text[start:end], self.places[start:end])


def normalised(text: str) -> str:
    """One spelling for what looks alike: minus signs, dots, primes, subscripts and superscripts."""
    return spelt(text).text


def spelt(text: str, source: Plain | None = None) -> Plain:
    """The text in one spelling; `source` says where its characters come from, if not itself."""
    whole = text
    kept = _without_braces_of_subscripts(text)
    text = "".join(text[position] for position in kept) if len(kept) < len(text) else text
    origin = source.places if source else _places(whole, kept)
    text = _BACKTICK.sub("'", text)
    if text.isascii():
        where = [origin[position] for position in range(len(text))]
        return Plain(source.typed if source else whole, text.translate(_ASCII), where)
    pieces: list[str] = []
    where = []
    raised = False

    def add(piece: str, start: int, end: int) -> None:
        pieces.append(piece)
        where.extend([(origin[start][0], origin[end - 1][1])] * len(piece))

    for start, end in _clusters(text):
        cluster = text[start:end]
        if cluster.isascii() and not raised:
            add(cluster.translate(_ASCII), start, end)
            continue
        if cluster == "³" and text[end : end + 1] == "√" and not raised:
            continue  # the third root: the sign itself follows
        if cluster == "√" and text[start - 1 : start] == "³" and start and not raised:
            add("∛", start - 1, end)
            continue
        if _is_raised(cluster):
            # What is raised must not come down into the line, as `xn` for `xⁿ`.
            plain = unicodedata.normalize("NFKC", cluster).translate(_SAME)
            if not raised and plain == "T":
                add("^T", start, end)
            else:
                add(plain if raised else f"^({plain}", start, end)
                raised = True
            continue
        if raised:
            add(")", start - 1, start)
            raised = False
        add(_plain(cluster), start, end)
    if raised:
        add(")", len(text) - 1, len(text))
    return Plain(source.typed if source else whole, "".join(pieces), where)


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """A character with the accents that follow it."""
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and text[end] > "\u02ff" and unicodedata.combining(text[end]):
            end += 1
        yield start, end
        start = end


def _is_raised(cluster: str) -> bool:
    char = cluster[0]
    return not char.isascii() and unicodedata.decomposition(char).startswith("<super>")


def _plain(cluster: str) -> str:
    if unicodedata.decomposition(cluster[0]).startswith("<fraction>"):
        above, _, below = unicodedata.normalize("NFKC", cluster[0]).partition("⁄")
        return f"({above}/{below or 1})"
    known = unicodedata.normalize("NFKC", cluster.translate(_BEFORE_NFKC)).translate(_SAME)
    if len(known) == 1:
        digit = unicodedata.decimal(known, None)  # ٣ and ३ are digits as well
        if digit is not None:
            return str(digit)
        if known in INVISIBLE:
            return ""
    return known


def _places(text: str, kept: Sequence[int]) -> list[tuple[int, int]]:
    """Where each kept character stands, with a brace that was dropped behind it."""
    left = set(kept)
    return [(at, at + 1 + (text[at + 1 : at + 2] == "}" and at + 1 not in left)) for at in kept]


def _without_braces_of_subscripts(text: str) -> list[int]:
    """The positions that are left of `w_{12}`, read as w_12."""
    dropped: set[int] = set()
    for match in _SUBSCRIPT.finditer(text):
        dropped |= {match.start() + 1, match.end() - 1}
    return [position for position in range(len(text)) if position not in dropped]
