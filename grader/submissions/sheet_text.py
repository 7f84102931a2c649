"""Read the text of one sheet: a file, or a block of a report that holds answers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from grader.model.diagnostic import Place
from grader.model.typed import Typed
from grader.model.value import Value, map_leaves
from grader.spec.yaml_reader import MAX_FILE_BYTES, YamlFault, read_yaml_string
from grader.submissions.answered import Answered, Stray, has_glued, is_left_empty
from grader.submissions.commas import with_its_commas
from grader.submissions.key_by_key import read_key_by_key
from grader.submissions.lines import key_line
from grader.submissions.slips import CROOKED, legible, quoted_line

__all__ = ["SheetText", "Stray", "read_sheet_text"]

#: A text of several lines whose indentation is said, or `> 5` without the space.
_NUMBERED = re.compile(r":[ \t]+[|>][+-]?[1-9][+-]?[ \t]*$", re.MULTILINE)
_ALIAS = re.compile(r"\*([^\s\[\]{},]+)")
_ANCHOR = re.compile(r"[:\[{,-][ \t]+&([^\s\[\]{},]+)")


#: Spaces that do not break, behind a colon, where YAML wants its own.
_WIDE_SPACES = re.compile("(?<=:)[\u00a0\u2007\u202f\u3000]+")
_COMMENT = re.compile(r"(?<=[:\s])#(?=\S).*")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetText:
    """What a text answers, by the names that stand in it.

    Scalars are `Typed`. An answer that cannot be read, or a part of one, is a `Typed` with a
    `fault`; all other answers are what they would be without it.
    """

    answers: Mapping[str, Value] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)  #: where each answer begins
    strays: tuple[Stray, ...] = ()
    #: by name, what stands behind a # in the line of an answer, which YAML takes for a comment
    cut: Mapping[str, str] = field(default_factory=dict)


def read_sheet_text(
    text: str, *, file: str, first_line: int = 1, names: Collection[str] = ()
) -> SheetText:
    """Read lines `question: answer`, key by key where they are not YAML as a whole.

    `first_line` is the number that the first line of the text has in the file. `names` are those
    of the questions, if they are known: they help to tell a name from a line of prose.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _WIDE_SPACES.sub(lambda spaces: " " * len(spaces[0]), text)
    if len(text) > MAX_FILE_BYTES:
        return _nothing(file, first_line, "the file is larger than 1 MiB")
    found = _as_a_whole(text, first_line - 1, names)
    strays: tuple[Stray, ...] = ()
    if found is None:
        found, strays = read_key_by_key(text, file=file, before=first_line - 1, names=names)
        if not found and not strays:
            return _nothing(file, first_line, "a sheet consists of lines `question: answer`")
    lines = text.split("\n")
    return SheetText(
        answers={
            name: with_its_commas(answer.value, lines, first_line=first_line, line=answer.line)
            for name, answer in found.items()
        },
        places={name: Place(file=file, line=answer.line) for name, answer in found.items()},
        strays=(*strays, *_in_texts(text, found, file, first_line, names)),
        cut=_cut_off(text, found),
    )


def _cut_off(text: str, found: Mapping[str, Answered]) -> Mapping[str, str]:
    cut = {}
    for line in text.split("\n") if "#" in text else ():
        key = key_line(line)
        comment = _COMMENT.search(line)
        if key is not None and key.name in found and comment and comment[0] not in key.value:
            cut[key.name] = legible(comment[0].strip())
    return cut


def _in_texts(
    text: str,
    found: Mapping[str, Answered],
    file: str,
    first_line: int,
    names: Collection[str],
) -> Iterator[Stray]:
    """Lines that begin with the name of a question, inside the text that answers another one."""
    if not names:
        return
    seen = {*found, *(name for answer in found.values() for name in _names_in(answer.value))}
    for number, line in enumerate(text.split("\n"), start=first_line):
        key = key_line(line) if line[:1] in (" ", "\t") else None
        if key is not None and key.name in names and key.name not in seen:
            seen.add(key.name)
            place = Place(file=file, line=number)
            why = f"{quoted_line(line)}: {CROOKED}"
            yield Stray(name=key.name, place=place, why=why, text=legible(line))


def _names_in(value: Value) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from map(str, value)


def _nothing(file: str, line: int, why: str) -> SheetText:
    """A text of which nothing can be read."""
    return SheetText(strays=(Stray(name="", place=Place(file=file, line=line), why=why),))


def _as_a_whole(text: str, before: int, names: Collection[str]) -> Mapping[str, Answered] | None:
    """All answers of a text that is YAML; None for one that is not, or that YAML reads amiss."""
    try:
        document = read_yaml_string(
            text, name="", scalar=lambda said, quoted, line: Typed(said, quoted, line + before)
        )
    except YamlFault:
        return None
    holds_set = "{" in text and isinstance(document.data, dict)
    if is_left_empty(document.data) and not holds_set:
        return {}
    if not isinstance(document.data, dict) or _passes_over(text, document.data, names):
        return None
    answers = map_leaves(document.data, lambda scalar: scalar, tuple)
    assert isinstance(answers, dict)
    lines = {path[0]: mark[0] for path, mark in document.key_places.items() if len(path) == 1}
    return {
        name: Answered(value=value, line=lines[name] + before) for name, value in answers.items()
    }


def _passes_over(text: str, data: Mapping[str, Value], names: Collection[str]) -> bool:
    """Whether something that was typed is not in what YAML reads.

    `&x` at the front of an answer names it, and is gone unless `*x` stands somewhere. A quote that
    is never closed may end at the next one, many questions below.
    """
    used = {found[1] for found in _ALIAS.finditer(text)}
    if any(found[1] not in used for found in _ANCHOR.finditer(text)):
        return True
    if _NUMBERED.search(text) or any(map(has_glued, data.values())):
        return True
    if not names:
        return False
    keys = (key_line(line) for line in text.split("\n") if line[:1].strip())
    return any(key is not None and key.name in names and key.name not in data for key in keys)
