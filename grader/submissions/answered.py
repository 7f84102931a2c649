"""What is found in a sheet: answers, and lines that belong to none of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.model.diagnostic import Place
from grader.model.typed import Typed, texts_of
from grader.model.value import Value
from grader.spec.scalars import read_scalar
from grader.submissions.slips import legible, twice

__all__ = ["KEEP_ONE", "Answered", "Stray", "all_of", "has_glued", "is_left_empty", "merged"]

_GLUED = re.compile(r"[\w.()-]+:\S.*")
_LONGEST_SHOWN = 4000
#: How what is said of two answers to one question ends.
KEEP_ONE = "; keep one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What stands under a name; a `Typed` with a `fault` where it cannot be read."""

    value: Value
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """A line that belongs to no answer. `name` is its first word, which may be meant as one."""

    name: str
    place: Place
    why: str  #: the line, and what is wrong with it, in words for the one who typed it
    text: str = ""  #: what stands there, with the lines below that belong to it


def merged(found: Iterable[tuple[str, Answered]]) -> Mapping[str, Answered]:
    """By name. Two that say the same are one; of two that differ neither counts."""
    answers: dict[str, Answered] = {}
    for name, answer in found:
        first = answers.setdefault(name, answer)
        if first is answer or is_left_empty(answer.value):
            continue
        if is_left_empty(first.value):
            answers[name] = answer
        elif texts_of(first.value) != texts_of(answer.value):
            answers[name] = replace(first, value=_different(name, first, answer))
    return answers


def is_left_empty(value: Value) -> bool:
    """Whether nothing was typed, or a word for it: `q:`, `q: ~` and `q: null` answer nothing."""
    if isinstance(value, Typed):
        return not (value.quoted or value.fault) and read_scalar(value.text) is None
    if isinstance(value, dict) and value:  # names of parts that wait to be filled in
        return all(map(is_left_empty, value.values()))
    return value is None


def _different(name: str, first: Answered, second: Answered) -> Typed:
    if isinstance(first.value, Typed) and first.value.fault.endswith(KEEP_ONE):
        return first.value
    said = [str(texts_of(one.value))[:_LONGEST_SHOWN] for one in (first, second)]
    fault = f"`{legible(name)}`: {twice((first.line, second.line))}"
    return Typed("\n".join(said), quoted=False, line=first.line, fault=fault)


def has_glued(value: Value) -> bool:
    """Whether YAML took `{a:1}` for a name without an answer."""
    return isinstance(value, Mapping) and any(
        _GLUED.fullmatch(str(name)) and is_left_empty(one) for name, one in value.items()
    )


def all_of(lines: Sequence[str]) -> str:
    """What stands there, as far as a person reads it."""
    return legible("\n".join(lines).rstrip())[:_LONGEST_SHOWN]
