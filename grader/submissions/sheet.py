"""Read an answer sheet: question ids and what the student typed, as it was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from grader.model.diagnostic import Diagnostic, Place
from grader.model.typed import Typed
from grader.model.value import Value, map_leaves
from grader.spec.scalars import read_scalar
from grader.spec.yaml_reader import YamlFault, read_yaml_text
from grader.submissions.json_sheet import JsonFault, read_json

__all__ = ["Sheet", "read_sheets"]

_MOST_AGAIN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Answers by question id, their scalars `Typed`. `fault` says why a sheet could not be read."""

    answers: Mapping[str, Value]
    places: Mapping[str, Place] = field(default_factory=dict)  #: where each answer begins
    fault: str = ""
    notes: tuple[str, ...] = ()


def read_sheets(sheets: Mapping[str, bytes]) -> Sheet:
    """Read all sheets of a submission as one. The first answer to a question counts."""
    answers: dict[str, Value] = {}
    places: dict[str, Place] = {}
    faults: list[str] = []
    again: dict[str, list[str]] = {}  #: by the name of a sheet: what one before it answers too
    for name, content in sheets.items():
        try:
            data, lines = _read(name, content)
        except JsonFault as fault:
            faults.append(str(fault))
            continue
        except YamlFault as fault:
            faults.append(_in_plain_words(fault.diagnostics[0], content))
            continue
        if _is_empty(data):
            continue
        if not isinstance(data, dict):
            faults.append(f"{name}: a sheet consists of lines `question: answer`")
            continue
        for question, answer in data.items():
            if question in answers:
                again.setdefault(name, []).append(str(question))
            elif not _is_empty(answer):
                answers[question] = answer
                places[question] = Place(file=name, line=lines[question])
    notes = [note for name, questions in again.items() for note in _about_again(name, questions)]
    return Sheet(answers=answers, places=places, fault="; ".join(faults), notes=tuple(notes))


def _about_again(name: str, questions: Sequence[str]) -> Iterator[str]:
    for question in questions[:_MOST_AGAIN]:
        yield f"{question!r} is answered again in {name}; the first answer counts"
    if len(questions) > _MOST_AGAIN:
        more = len(questions) - _MOST_AGAIN
        yield f"{more} more are answered again in {name}; the first answers count"


def _read(name: str, content: bytes) -> tuple[Value, Mapping[str, int]]:
    """What a sheet holds, and the line of every question in it."""
    if name.endswith(".json"):
        return read_json(content, name=name)
    document = read_yaml_text(content, name=name, scalar=Typed)
    lines = {str(path[0]): mark[0] for path, mark in document.key_places.items() if len(path) == 1}
    return map_leaves(document.data, lambda scalar: scalar, tuple), lines


def _is_empty(data: Value) -> bool:
    """Whether nothing was typed, or a word for it: `q:`, `q: ~` and `q: null` answer nothing."""
    if isinstance(data, Typed):
        return not data.quoted and read_scalar(data.text) is None
    if isinstance(data, dict) and data:  # names of parts that wait to be filled in
        return all(map(_is_empty, data.values()))
    return data is None


def _in_plain_words(diagnostic: Diagnostic, content: bytes) -> str:
    """What is wrong with a sheet, for a student who has never heard of YAML's tokens."""
    place = diagnostic.place
    line = next(iter(content.split(b"\n")[max(place.line - 1, 0) :]), b"")
    if diagnostic.code == "S002" and b"\t" in line[: len(line) - len(line.lstrip())]:
        return f"{place}: the line is indented with a tab; use spaces"
    if "mapping values" in diagnostic.message and b":" not in line[: max(place.column - 1, 0)]:
        return f"{place}: {_UNLIKE}, or the line above is missing a colon"
    for said, words in _WORDS:
        if said in diagnostic.message:
            return f"{diagnostic.place}: {words}"
    message = diagnostic.message if diagnostic.code != "S002" else _OTHERWISE
    return f"{diagnostic.place}: {message.replace('the key', 'the name')}"


_OTHERWISE = "the answers cannot be read from here on; a sheet consists of lines `question: answer`"
_UNLIKE = "this line is not indented like the ones before it"
_WORDS = (
    ("not UTF-8", "the file is not UTF-8 text; save it as UTF-8"),
    ("more than one document", "there is a line `---`; only the first line of a sheet may be one"),
    ("mapping values are not allowed", "an answer with a colon in it must stand in quotes"),
    ("could not find expected ':'", "a colon and a space after the question's name are missing"),
    ("expected ',' or", "a comma or a closing bracket is missing"),
    ("unexpected end of stream", "a quote is opened and never closed"),
    ("the character U+", "an invisible control character stands here"),
    ("characters are not allowed", "an invisible control character stands here"),
    ("cannot start any token", "an answer that begins with this character must stand in quotes"),
    ("escape", "in double quotes a backslash has a meaning; use single quotes"),
    ("the tag", "an answer that begins with ! must stand in quotes"),
    ("the alias", "an answer that begins with * must stand in quotes"),
    ("expected key", _UNLIKE),
    ("expected <block end>", _UNLIKE),
    ("expected <document start>", _UNLIKE),
)
