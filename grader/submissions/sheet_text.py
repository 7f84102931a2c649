"""Read the text of one sheet: a file, or a block of a report that holds answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from grader.model.diagnostic import Place
from grader.model.typed import Typed
from grader.model.value import Value, map_leaves
from grader.spec.yaml_reader import YamlFault, read_yaml_string

__all__ = ["SheetText", "Stray", "read_sheet_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """A line that belongs to no answer. `name` is its first word, which may be meant as a name."""

    name: str
    place: Place
    text: str  #: what stands there, with the lines below it that belong to it
    why: str  #: what is wrong, with the line in it, in words for the one who typed it


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetText:
    """What a text answers, by the names that stand in it.

    Scalars are `Typed`. An answer that cannot be read, or a part of one, is a `Typed` with a
    `fault`; all other answers are what they would be without it.
    """

    answers: Mapping[str, Value] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)  #: where each answer begins
    strays: tuple[Stray, ...] = ()


def read_sheet_text(
    text: str,
    *,
    file: str,
    first_line: int = 1,
    names: Collection[str] = (),  # noqa: ARG001 - for what is read key by key
) -> SheetText:
    """Read lines `question: answer`, key by key where they are not YAML as a whole.

    `first_line` is the number that the first line of the text has in the file. `names` are those
    that are asked for, if they are known: they help to tell a name from a line of prose.
    """
    before = first_line - 1
    try:
        document = read_yaml_string(
            text, name=file, scalar=lambda said, quoted, line: Typed(said, quoted, line + before)
        )
    except YamlFault as fault:
        place = fault.diagnostics[0].place
        place = Place(file=file, line=place.line + before if place.line else first_line)
        why = fault.diagnostics[0].message
        return SheetText(strays=(Stray(name="", place=place, text=text, why=why),))
    if not isinstance(document.data, dict):
        return SheetText()
    places = {
        str(path[0]): Place(file=file, line=line + before)
        for path, (line, _) in document.key_places.items()
        if len(path) == 1
    }
    answers = map_leaves(document.data, lambda scalar: scalar, tuple)
    assert isinstance(answers, dict)
    return SheetText(answers=answers, places=places)
