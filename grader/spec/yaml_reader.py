"""Read YAML by the 1.2 core rules, with the place of everything and the digits of every number.

PyYAML's own constructors follow YAML 1.1, where `no` is false, `1:30` is 90 and `1e-6` is a
string; here only its parser is used. Duplicate keys are problems, aliases are bounded, and tags
are refused, so that nothing but plain data can come out.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from grader.model.diagnostic import Diagnostic, Place
from grader.spec.scalars import read_scalar
from grader.spec.yaml_advice import yaml_advice

__all__ = [
    "Document",
    "KeyPath",
    "ScalarReader",
    "YamlFault",
    "read_yaml",
    "read_yaml_string",
    "read_yaml_text",
]

MAX_FILE_BYTES = 1 << 20
MAX_NODES = 100_000
MAX_DEPTH = 60

KeyPath: TypeAlias = tuple[str | int, ...]
ScalarReader: TypeAlias = Callable[[str, bool, int], Any]

# YAML takes no other characters than these; PyYAML names no place for the ones it refuses.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a file holds, and where: `places` by path, `key_places` for the keys themselves."""

    file: str
    data: Any
    places: Mapping[KeyPath, tuple[int, int]]
    key_places: Mapping[KeyPath, tuple[int, int]]

    def place(self, path: KeyPath, *, of_key: bool = False) -> Place:
        """The place of the value at `path` (or of its key), or of the nearest thing around it."""
        marks = self.key_places if of_key else self.places
        for length in range(len(path), -1, -1):
            mark = marks.get(path[:length]) or self.places.get(path[:length])
            if mark is not None:
                return Place(file=self.file, line=mark[0], column=mark[1])
        return Place(file=self.file)


#: What to do, by words of PyYAML's messages, which speak of its own inside.
class YamlFault(Exception):
    """The text cannot be read; `diagnostics` say where and why."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("\n".join(map(str, diagnostics)))
        self.diagnostics = diagnostics


def read_yaml(path: Path, *, name: str | None = None) -> Document:
    """Read a file of at most 1 MiB. `name` is what messages call it. Raises YamlFault."""
    name = name or str(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise _fault("S001", name, f"the file cannot be read: {error.strerror}") from None
    return read_yaml_text(raw, name=name)


def _meant(text: str, quoted: bool, _line: int) -> Any:
    """What a scalar means by the rules of YAML 1.2."""
    return text if quoted else read_scalar(text)


def read_yaml_text(raw: bytes, *, name: str, scalar: ScalarReader = _meant) -> Document:
    """Read the bytes of one YAML document. Raises YamlFault.

    `scalar` makes a value of a scalar's text, of whether it is a text for certain (it was quoted),
    and of its line. Keys are texts whatever it does.
    """
    if len(raw) > MAX_FILE_BYTES:
        raise _fault("S001", name, "the file is larger than 1 MiB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The codec's own bytes: it leaves out a byte order mark.
        line, column = _line_and_column(error.object[: error.start].decode("utf-8"))
        message = "the file is not UTF-8 text"
        raise _fault("S002", name, message, line=line, column=column) from None
    return read_yaml_string(text, name=name, scalar=scalar)


def read_yaml_string(
    text: str, *, name: str, scalar: ScalarReader = _meant, most_nodes: int = MAX_NODES
) -> Document:
    """Read a text of one YAML document, of at most so many values. Raises YamlFault."""
    odd = _FORBIDDEN.search(text)
    if odd is not None:
        line, column = _line_and_column(text[: odd.start()])
        message = f"the character U+{ord(odd[0]):04X} is not allowed in YAML"
        raise _fault("S002", name, message, line=line, column=column)
    return _Composer(text, name, scalar, most_nodes).document()


def _line_and_column(before: str) -> tuple[int, int]:
    """The place behind a text, from 1."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _fault(
    code: str, name: str, message: str, *, line: int = 0, column: int = 0, text: str = ""
) -> YamlFault:
    place = Place(file=name, line=line, column=column)
    said = yaml_advice(message, text, line, column)
    return YamlFault(Diagnostic(code=code, place=place, message=message, help=said))


class _Composer:
    """Builds the data from PyYAML's events; its own recursion is bounded by MAX_DEPTH."""

    def __init__(self, text: str, name: str, scalar: ScalarReader, most_nodes: int) -> None:
        self._name = name
        self._text = text
        self._most_nodes = most_nodes
        self._scalar = scalar
        self._events = yaml.parse(text, Loader=_Loader)
        self._anchors: dict[str, list[Any]] = {}  # name → events of the node
        self._places: dict[KeyPath, tuple[int, int]] = {}
        self._key_places: dict[KeyPath, tuple[int, int]] = {}
        self._problems: list[Diagnostic] = []
        self._recording: list[list[Any]] = []
        self._replayed: list[Any] = []
        self._nodes = 0

    def document(self) -> Document:
        try:
            data = self._read()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            said = " ".join(part for part in (error.context, error.problem) if part)
            raise _fault(
                "S002",
                self._name,
                f"not YAML: {said}",
                line=line,
                column=column,
                text=self._text,
            ) from None
        except yaml.YAMLError as error:
            said = str(error).splitlines()[0]
            raise _fault("S002", self._name, f"not YAML: {said}") from None
        if self._problems:
            raise YamlFault(*self._problems)
        return Document(
            file=self._name, data=data, places=self._places, key_places=self._key_places
        )

    def _read(self) -> Any:
        data: Any = None
        seen = False
        event = self._next()
        while not isinstance(event, yaml.StreamEndEvent):
            if isinstance(event, yaml.DocumentStartEvent):
                if seen:
                    raise self._stop("S002", event, "the file holds more than one document")
                seen = True
                data = self._node(self._next(), ())
            event = self._next()
        return data

    def _next(self) -> Any:
        event = self._replayed.pop() if self._replayed else next(self._events)
        for recording in self._recording:
            # Reading a copy must not define a name anew: it may stand for another node by then.
            recording.append(_without_anchor(event))
        return event

    def _stop(self, code: str, event: Any, message: str) -> YamlFault:
        line, column = self._mark(event)
        return _fault(code, self._name, message, line=line, column=column)

    @staticmethod
    def _mark(event: Any) -> tuple[int, int]:
        return event.start_mark.line + 1, event.start_mark.column + 1

    def _node(self, event: Any, path: KeyPath) -> Any:
        self._nodes += 1
        if self._nodes > self._most_nodes:
            message = (
                f"the file holds, or its aliases expand to, more than {self._most_nodes} values"
            )
            raise self._stop("S004", event, message)
        if len(path) > MAX_DEPTH:
            raise self._stop("S004", event, f"values are nested more than {MAX_DEPTH} deep")
        self._places.setdefault(path, self._mark(event))
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, path)
        self._refuse_tag(event)
        if event.anchor is None:
            return self._content(event, path)
        # From here on the name stands for this node, which cannot hold itself.
        self._anchors.pop(event.anchor, None)
        recording = [_without_anchor(event)]
        self._recording.append(recording)
        data = self._content(event, path)
        self._recording = [kept for kept in self._recording if kept is not recording]
        self._anchors[event.anchor] = recording
        return data

    def _refuse_tag(self, event: Any) -> None:
        if event.tag is not None and event.tag != "!":
            raise self._stop("S005", event, f"the tag {event.tag[:60]} is not allowed")

    def _alias(self, event: Any, path: KeyPath) -> Any:
        recorded = self._anchors.get(event.anchor)
        if recorded is None:
            raise self._stop(
                "S004", event, f"the alias *{event.anchor[:60]} is not defined above it"
            )
        # The anchored node is read again: each copy has its own place and counts on its own.
        first, *rest = recorded
        for recording in self._recording:
            recording[-1] = first
        if self._nodes + len(rest) > self._most_nodes:
            message = (
                f"the file holds, or its aliases expand to, more than {self._most_nodes} values"
            )
            raise self._stop("S004", event, message)
        self._replayed.extend(reversed(rest))
        return self._content(first, path)

    def _content(self, event: Any, path: KeyPath) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            plain = event.implicit[0] and event.tag is None  # `! 1` is the word 1
            return self._scalar(event.value, not plain, self._mark(event)[0])
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(item := self._next(), yaml.SequenceEndEvent):
                items.append(self._node(item, (*path, len(items))))
            return items
        return self._mapping(path)

    def _mapping(self, path: KeyPath) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._stop("S002", event, "a key must be a word, not an alias or a list")
            self._refuse_tag(event)
            key, mark = event.value, self._mark(event)
            if key in mapping:
                self._problems.append(
                    Diagnostic(
                        code="S003",
                        place=Place(file=self._name, line=mark[0], column=mark[1]),
                        message=f"the key {key[:60]!r} is used a second time",
                        help=f"it is first used in line {self._key_places[(*path, key)][0]}",
                    )
                )
            self._key_places.setdefault((*path, key), mark)
            mapping[key] = self._node(self._next(), (*path, key))
        return mapping


def _without_anchor(event: Any) -> Any:
    if getattr(event, "anchor", None) is None or isinstance(event, yaml.AliasEvent):
        return event
    bare = copy.copy(event)
    bare.anchor = None
    return bare
