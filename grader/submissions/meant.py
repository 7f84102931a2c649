"""Which of the names that are asked for is meant by one that is written otherwise."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence

__all__ = ["folded", "meant", "meant_part", "parts_meant"]

_AROUND = "`'\"*“”„‘’«»()[]{}<> \t"
_BETWEEN = re.compile(r"[\s_./:,‐-―-]+")
_WORDS_BEFORE = re.compile(
    r"(?:questions?|q|aufgabe|frage|exercise|ex|problem|task|part|answer|antwort)[\s_.:-]+(?P<rest>.+)",
    re.IGNORECASE,
)
_NUMBER_BEFORE = re.compile(r"[(\[]?[0-9]+(?:\.[0-9]+)*[a-z]?[.)\]:]*\s+(?P<rest>.+)")
_NUMBERED = re.compile(
    r"(?:questions?|q|aufgabe|frage|exercise|ex|problem|task|no|nr|#)?(\d+[a-z]?)"
)


def folded(name: str) -> str:
    """A name without what people change in it: case, spaces, dashes, brackets around it."""
    seen = "".join(sign for sign in name if unicodedata.category(sign) != "Cf")
    text = unicodedata.normalize("NFKC", seen).casefold().replace("∂", "d").strip(_AROUND)
    return _BETWEEN.sub("", text.rstrip(".:;,)] "))


def meant(name: str, known: Collection[str]) -> str | None:
    """The only known name that is the same in other letters, or has the same number: `Q1`, `q-1`,
    `(q1)`, `Question 1` and `1` for q1, `Question a` and `2. a` for a."""
    if name in known:
        return name
    typed = folded(name)
    if not typed:
        return None
    same = [one for one in known if folded(one) == typed]
    if not same and (number := _NUMBERED.fullmatch(typed)) is not None:
        numbers = ((one, _NUMBERED.fullmatch(folded(one))) for one in known)
        same = [one for one, found in numbers if found is not None and found[1] == number[1]]
    for pattern in (_WORDS_BEFORE, _NUMBER_BEFORE):
        before = None if same else pattern.fullmatch(name.strip(_AROUND))
        if before is not None:
            rest = folded(before["rest"])
            same = [one for one in known if folded(one) == rest]
    return same[0] if len(same) == 1 else None


def meant_part(name: str, labels: Collection[str], question: str = "") -> str | None:
    """The only part that is meant: in other letters, with the question's name before it, or with
    some of its words alone (`x` for mean_x)."""
    found = meant(name, labels)
    if found is not None:
        return found
    before, typed = folded(question), folded(name)
    if before and typed.startswith(before) and (rest := typed[len(before) :]):
        same = [label for label in labels if folded(label) == rest]
        if len(same) == 1:
            return same[0]
    words = _words(name)
    same = [label for label in labels if _within(words, _words(label))]
    return same[0] if len(same) == 1 else None


def parts_meant(
    names: Iterable[str], labels: Collection[str], question: str = ""
) -> Mapping[str, str]:
    """By each name the part that it answers. Left out is a name that could be two parts, or one
    that another name answers."""
    names = [*names]
    found = {name: name for name in names if name in labels}
    others = {name: meant_part(name, labels, question) for name in names if name not in found}
    claims = [part for part in others.values() if part is not None]
    for name, part in others.items():
        if part is not None and part not in found and claims.count(part) == 1:
            found[name] = part
    return found


def _words(name: str) -> Sequence[str]:
    text = unicodedata.normalize("NFKC", name).casefold()
    return [word for word in re.split(r"[\W_]+", text) if word]


def _within(words: Sequence[str], all_words: Sequence[str]) -> bool:
    """Whether words stand in this order, side by side, among others."""
    count = len(words)
    starts = range(len(all_words) - count + 1)
    return count > 0 and any([*all_words[at : at + count]] == [*words] for at in starts)
