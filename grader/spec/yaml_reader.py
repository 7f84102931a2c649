"""Read YAML by the 1.2 core rules, with the place of everything and the digits of every number.

PyYAML's own constructors follow YAML 1.1, where `no` is false, `1:30` is 90 and `1e-6` is a
string; here only its parser is used. Duplicate keys are problems, aliases are bounded, and tags
are refused, so that nothing but plain data can come out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from grader.model.diagnostic import Diagnostic, Place

__all__ = ["Document", "TypedFloat", "TypedInt", "YamlFault", "read_yaml", "read_yaml_text"]

MAX_FILE_BYTES = 1 << 20
MAX_NODES = 100_000
MAX_DEPTH = 60

KeyPath: TypeAlias = tuple[str | int, ...]

_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)")
_NAN = re.compile(r"\.(nan|NaN|NAN)")
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_LONGEST_NUMBER = 400
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class TypedInt(int):
    """A whole number that remembers how it was typed."""

    text: str


class TypedFloat(float):
    """A number that remembers how it was typed."""

    text: str


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


def read_yaml_text(raw: bytes, *, name: str) -> Document:
    """Read the bytes of one YAML or JSON document. Raises YamlFault."""
    if len(raw) > MAX_FILE_BYTES:
        raise _fault("S001", name, "the file is larger than 1 MiB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _fault("S002", name, "the file is not UTF-8 text", line=line) from None
    return _Composer(text, name).document()


def _fault(code: str, name: str, message: str, *, line: int = 0, column: int = 0) -> YamlFault:
    place = Place(file=name, line=line, column=column)
    return YamlFault(Diagnostic(code=code, place=place, message=message))


class _Composer:
    """Builds the data from PyYAML's events; its own recursion is bounded by MAX_DEPTH."""

    def __init__(self, text: str, name: str) -> None:
        self._name = name
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
                "S002", self._name, f"not YAML: {said}", line=line, column=column
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
            recording.append(event)
        return event

    def _stop(self, code: str, event: Any, message: str) -> YamlFault:
        line, column = self._mark(event)
        return _fault(code, self._name, message, line=line, column=column)

    @staticmethod
    def _mark(event: Any) -> tuple[int, int]:
        return event.start_mark.line + 1, event.start_mark.column + 1

    def _node(self, event: Any, path: KeyPath) -> Any:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            message = f"the file holds, or its aliases expand to, more than {MAX_NODES} values"
            raise self._stop("S004", event, message)
        if len(path) > MAX_DEPTH:
            raise self._stop("S004", event, f"values are nested more than {MAX_DEPTH} deep")
        self._places.setdefault(path, self._mark(event))
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, path)
        if event.tag is not None and event.tag != "!":
            raise self._stop("S005", event, f"the tag {event.tag} is not allowed")
        if event.anchor is None:
            return self._content(event, path)
        recording = [event]
        self._recording.append(recording)
        data = self._content(event, path)
        self._recording = [kept for kept in self._recording if kept is not recording]
        self._anchors[event.anchor] = recording
        return data

    def _alias(self, event: Any, path: KeyPath) -> Any:
        recorded = self._anchors.get(event.anchor)
        if recorded is None:
            raise self._stop(
                "S004", event, f"the alias *{event.anchor} stands for nothing above it"
            )
        # The anchored node is read again: each copy has its own place and counts on its own.
        first, *rest = recorded
        if self._recording:
            for recording in self._recording:
                recording[-1] = first
        if self._nodes + len(rest) > MAX_NODES:
            message = f"the file holds, or its aliases expand to, more than {MAX_NODES} values"
            raise self._stop("S004", event, message)
        self._replayed.extend(reversed(rest))
        return self._content(first, path)

    def _content(self, event: Any, path: KeyPath) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event.value) if event.implicit[0] else event.value
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
                raise self._stop("S002", event, "a key must be a word, not a list or a mapping")
            key, mark = event.value, self._mark(event)
            if key in mapping:
                self._problems.append(
                    Diagnostic(
                        code="S003",
                        place=Place(file=self._name, line=mark[0], column=mark[1]),
                        message=f"the key {key!r} stands here a second time",
                        help=f"it first stands in line {self._key_places[(*path, key)][0]}",
                    )
                )
            self._key_places.setdefault((*path, key), mark)
            mapping[key] = self._node(self._next(), (*path, key))
        return mapping


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > _LONGEST_NUMBER:
        return text
    whole: int | None = None
    if _INT.fullmatch(text):
        whole = int(text)
    elif _OCTAL.fullmatch(text) or _HEX.fullmatch(text):
        whole = int(text, 0)
    if whole is not None:
        typed = TypedInt(whole)
        typed.text = text
        return typed
    if _FLOAT.fullmatch(text) or _INFINITE.fullmatch(text) or _NAN.fullmatch(text):
        number = TypedFloat(text if _FLOAT.fullmatch(text) else text.replace(".", ""))
        number.text = text
        return number
    return text
