"""Which option of a choice is meant."""

from __future__ import annotations

import re
import unicodedata

import numpy as np

from grader.model.assignment import Part
from grader.model.value import NumberText, Value

__all__ = ["chosen_option"]

_LARGEST_OPTION = 10**50
_LONGEST = 4000
_LETTER = re.compile(r"\W*(?:option|answer|choice)?\W*(\w+)\W*")
_LETTER_AND_WORDS = re.compile(r"[(\[]?\s*(\w+)\s*[).\]:,–-]+\s*(.+)")
_NUMBERED = re.compile(r"(?:[(\[]?(?P<label>[a-z]|\d{1,2})[)\].:]+|[-–•*→])\s+(?P<rest>.+)")
_REASON = re.compile(
    r"[\s,;:–—-]+(?:because|since|as|due to|given that|weil|da|denn|car|parce que)\b.+"
    r"|\s*\((?!(?:or|and|but|not|no|maybe|if|unless)\b)(?P<aside>[^()]+)\)\W*"
)
_AROUND = "`'\"*“”„‘’«»()[]{}<> .:;,"


def chosen_option(part: Part, actual: Value) -> str | None:
    """The option that is meant: it is given by its name or by its words, in whatever case.

    Brackets, quotes and stops around it do not matter (`(a)`, `a)`, `a.`, `[a]`), nor does the word
    option before it, nor its words behind its name (`a) a saddle point`). None where it could be
    two options.
    """
    if isinstance(actual, list | tuple) and len(actual) == 1:
        actual = actual[0]
    if not _is_word(actual):
        return None
    options = {_plain(words): name for name, words in part.options.items()}
    options.update({_plain(name): name for name in part.options})  # a name comes before words
    said = _plain(actual)
    if said in options:
        return options[said]
    if len(said) > _LONGEST:
        return None
    found = {*_bare(part, said), *_both(part, said)}
    if not found:
        found = {*_numbered(part, said), *_with_reason(part, said)}
    return found.pop() if len(found) == 1 else None


def _bare(part: Part, said: str) -> list[str]:
    """Options whose name or words are what is left without brackets and stops."""
    letter = _LETTER.fullmatch(said)
    typed = {said.strip(_AROUND), letter[1] if letter else ""} - {""}
    names = [name for name in part.options if _plain(name).strip(_AROUND) in typed]
    return names or [
        name for name, words in part.options.items() if _plain(words).strip(_AROUND) in typed
    ]


def _both(part: Part, said: str) -> list[str]:
    """The option of which both the name and the words are given."""
    both = _LETTER_AND_WORDS.fullmatch(said)
    if both is None:
        return []
    return [
        name
        for name, words in part.options.items()
        if _plain(name).strip(_AROUND) == both[1]
        and _plain(words).strip(_AROUND) == both[2].strip(_AROUND)
    ]


def _numbered(part: Part, said: str) -> list[str]:
    """The option behind a bullet, or behind the letter or number of its place.

    With the letter of another place it could be either: the letters may be those of the handout.
    """
    typed = _NUMBERED.fullmatch(said)
    if typed is None:
        return []
    label, found = typed["label"], _bare(part, typed["rest"])
    if label is None:
        return found
    place = int(label) if label.isdecimal() else ord(label) - ord("a") + 1
    names = list(part.options)
    if label in map(_plain, names):
        return []
    return [name for name in found if names.index(name) + 1 == place]


def _with_reason(part: Part, said: str) -> list[str]:
    """The option in front of a reason, or of brackets that name no other option."""
    for reason in _REASON.finditer(said):
        found = _bare(part, said[: reason.start()])
        if found and reason.end() == len(said):
            others = {
                other
                for name in part.options
                if name not in found
                for other in (name, part.options[name])
            }
            aside = reason["aside"] or ""
            named = any(re.search(rf"\b{re.escape(_plain(other))}\b", aside) for other in others)
            return [] if named else found
    return []


def _is_word(value: Value) -> bool:
    if isinstance(value, int) and abs(value) > _LARGEST_OPTION:
        return False  # Python refuses to write out whole numbers of more than 4300 digits
    return isinstance(value, str | bool | int | np.bool_ | np.integer | NumberText)


def _plain(value: Value) -> str:
    return " ".join(unicodedata.normalize("NFKC", str(value)).casefold().split())
