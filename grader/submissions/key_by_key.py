"""Read a sheet that is not YAML as a whole: each answer by itself, and each part of one.

An answer is the line with its name and the lines below it that are indented further. One that
YAML reads by itself counts as if nothing else were wrong; another one is kept as it was typed,
with what is wrong with it. No line is read more than a few times.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate

from grader.model.diagnostic import Diagnostic, Place
from grader.model.typed import Typed
from grader.model.value import Value, map_leaves
from grader.spec.yaml_reader import YamlFault, read_yaml_string
from grader.submissions.answered import Answered, Stray, all_of, has_glued, merged
from grader.submissions.lines import (
    KeyLine,
    closed_at,
    entries_of,
    holds_no_text,
    indent_of,
    is_blank,
    key_line,
    level_of,
)
from grader.submissions.slips import quoted_line, slip, stray

__all__ = ["read_key_by_key"]

_MARKS = ("---", "...")
_FIRST_WORD = re.compile(r"\W*(\w[\w.-]*)")
_ROOM = 8  #: how often a text may be looked through for the ends of brackets and quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """Lines that belong together. Without a key they belong to no answer."""

    start: int
    stop: int
    key: KeyLine | None
    crooked: bool = False  #: not indented like the other names


_Found = tuple[str, Answered]


def read_key_by_key(
    text: str, *, file: str, before: int, names: Collection[str]
) -> tuple[Mapping[str, Answered], tuple[Stray, ...]]:
    """The answers of a text, by name, and the lines that belong to none of them.

    `before` is how many lines of the file stand above the text.
    """
    reader = _Reader(text, file, before, names)
    answers = merged(reader.answers())
    return answers, tuple(reader.strays)


class _Reader:
    def __init__(self, text: str, file: str, before: int, names: Collection[str]) -> None:
        self._text = text
        self._lines = text.split("\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in self._lines)]
        self._file = file
        self._before = before
        self._names = frozenset(map(str.casefold, names))
        self._room = _ROOM * len(text)
        self.strays: list[Stray] = []

    def answers(self) -> Iterator[_Found]:
        """All answers in order, names that stand there twice included."""
        stop = len(self._lines)
        level = level_of(self._lines)
        for piece in self._pieces(0, stop, level, top=True):
            if piece.key is None:
                self._stray(piece)
            else:
                yield from self._answer(piece, piece.key, parts=True)

    # -- where an answer begins and ends ----------------------------------------------------------

    def _pieces(self, start: int, stop: int, level: int, *, top: bool) -> Iterator[_Piece]:
        current: _Piece | None = None
        number = start
        while number < stop:
            line = self._lines[number]
            if top and line.rstrip() in _MARKS:
                if current is not None:
                    yield replace(current, stop=number)
                current = None
            elif not is_blank(line) and self._begins(line, current, level):
                if current is not None:
                    yield replace(current, stop=number)
                key = key_line(line)
                current = _Piece(start=number, stop=stop, key=key, crooked=indent_of(line) != level)
                number = self._end(current, level, stop)
            number += 1
        if current is not None:
            yield current

    @staticmethod
    def _begins(line: str, current: _Piece | None, level: int) -> bool:
        """Whether a line belongs to no piece above it."""
        if current is None:
            return True
        indent, text = indent_of(line), line.lstrip()
        key = current.key
        if indent > max(level, key.indent if key is not None else level):
            return False
        if key is not None and not key.value and (text.startswith("- ") or text.rstrip() == "-"):
            return False  # a list may stand right below its name
        return text[0] not in "]},"

    def _end(self, piece: _Piece, level: int, stop: int) -> int:
        """The last line of a bracket or a quote that goes on in lines which look like others."""
        key = piece.key
        if key is None or key.value[:1] not in ("'", '"', "[", "{") or self._room <= 0:
            return piece.start
        begins = self._text.index(key.value, self._starts[piece.start])
        end = closed_at(self._text, begins)
        self._room -= (end or len(self._text)) - begins
        last = piece.start if end is None else bisect_right(self._starts, end - 1) - 1
        if last >= stop or all(
            is_blank(line) or indent_of(line) > level
            for line in self._lines[piece.start + 1 : last + 1]
        ):
            return piece.start
        try:
            self._read(piece.start, last + 1)
        except YamlFault:
            return piece.start
        return last

    # -- what an answer says ----------------------------------------------------------------------

    def _read(self, start: int, stop: int) -> Value:
        """What stands under the one name in these lines. Raises YamlFault."""
        return self._read_text("\n".join(self._lines[start:stop]) + "\n", self._before + start)

    def _read_text(self, text: str, before: int) -> Value:
        document = read_yaml_string(
            text,
            name=self._file,
            scalar=lambda said, quoted, line: Typed(said, quoted, line + before),
            most_nodes=2 * len(text) + 10,
        )
        if not isinstance(document.data, dict) or len(document.data) != 1:
            place = Place(file=self._file, line=1)
            raise YamlFault(Diagnostic(code="S002", place=place, message=""))
        value = map_leaves(next(iter(document.data.values())), lambda scalar: scalar, tuple)
        if has_glued(value):
            place = Place(file=self._file, line=1)
            raise YamlFault(Diagnostic(code="S002", place=place, message=""))
        return value

    def _answer(self, piece: _Piece, key: KeyLine, *, parts: bool) -> Iterator[_Found]:
        line = self._before + piece.start + 1
        fault = None
        lost = self._named_for_nothing(key) or holds_no_text(
            key.value, self._lines[piece.start + 1 : piece.stop]
        )
        if not (piece.crooked or lost) and key.spaced:
            try:
                yield key.name, Answered(value=self._read(piece.start, piece.stop), line=line)
            except YamlFault as found:
                fault = found.diagnostics[0]
            else:
                return
            if parts and (found_parts := self._parts(piece, key)) is not None:
                yield key.name, Answered(value=found_parts, line=line)
                return
            below = self._another(piece, key)
            if below is not None:
                yield from self._answer(replace(piece, stop=below), key, parts=False)
                yield from self._crooked(below, piece.stop)
                return
        yield key.name, Answered(value=self._unread(piece, key, fault), line=line)

    def _named_for_nothing(self, key: KeyLine) -> bool:
        """Whether it begins with & and the name that YAML takes it for is used nowhere."""
        return key.value.startswith("&") and f"*{key.value[1:].split(None, 1)[0]}" not in self._text

    def _unread(self, piece: _Piece, key: KeyLine, fault: Diagnostic | None) -> Typed:
        lines = self._lines[piece.start : piece.stop]
        number, why = slip(lines, key, crooked=piece.crooked, fault=fault)
        return Typed(
            all_of(lines),
            quoted=False,
            line=self._before + piece.start + number + 1,
            fault=f"{quoted_line(lines[number])}: {why}",
        )

    def _stray(self, piece: _Piece) -> None:
        lines = self._lines[piece.start : piece.stop]
        word = _FIRST_WORD.match(lines[0])
        self.strays.append(
            Stray(
                name=word[1] if word else "",
                place=Place(file=self._file, line=self._before + piece.start + 1),
                why=f"{quoted_line(lines[0])}: {stray(lines[0])}",
                text=all_of(lines),
            )
        )

    def _another(self, piece: _Piece, key: KeyLine) -> int | None:
        """The line inside a piece that begins another answer, if there is one.

        It is indented, and should not be: the answer above is complete, or it is a known name.
        """
        if not key.value or key.value[0] in "|>":
            return None
        whole = key.value[0] in "'\"[({" or len(key.value.split()) == 1
        for number in range(piece.start + 1, piece.stop):
            line = self._lines[number]
            below = None if is_blank(line) else key_line(line)
            if below is not None and (whole or below.name.casefold() in self._names):
                return number
        return None

    def _crooked(self, start: int, stop: int) -> Iterator[_Found]:
        """The answers that are indented though the one above them is complete."""
        for piece in self._pieces(start, stop, indent_of(self._lines[start]), top=False):
            if piece.key is None:
                self._stray(piece)
            else:
                yield from self._answer(replace(piece, crooked=True), piece.key, parts=False)

    # -- parts ------------------------------------------------------------------------------------

    def _parts(self, piece: _Piece, key: KeyLine) -> Mapping[str, Value] | None:
        """The parts of an answer, each read by itself; None where it has none."""
        if key.value.startswith("{"):
            return self._flow_parts(piece, key)
        if key.value:
            return None
        body = [*range(piece.start + 1, piece.stop)]
        first = next((n for n in body if not is_blank(self._lines[n])), None)
        if first is None or all(key_line(self._lines[n]) is None for n in body):
            return None
        if self._lines[first].lstrip().startswith("- "):
            return None
        level = level_of(self._lines[piece.start + 1 : piece.stop], first=True)
        found = merged(self._of_parts(piece, level))
        return {name: answer.value for name, answer in found.items()}

    def _of_parts(self, piece: _Piece, level: int) -> Iterator[_Found]:
        for part in self._pieces(piece.start + 1, piece.stop, level, top=False):
            if part.key is not None:
                yield from self._answer(part, part.key, parts=False)
                continue
            lines = self._lines[part.start : part.stop]
            line = self._before + part.start + 1
            word = _FIRST_WORD.match(lines[0])
            fault = f"{quoted_line(lines[0])}: {stray(lines[0])}"
            unread = Typed(all_of(lines), quoted=False, line=line, fault=fault)
            yield word[1] if word else "", Answered(value=unread, line=line)

    def _flow_parts(self, piece: _Piece, key: KeyLine) -> Mapping[str, Value] | None:
        """The parts that stand in braces."""
        begins = self._text.index(key.value, self._starts[piece.start])
        entries = entries_of(self._text, begins)
        if entries is None or entries[-1][1] >= self._starts[piece.stop]:
            return None
        after = self._text[entries[-1][1] + 1 : self._starts[piece.stop]].split("\n")
        if not all(map(is_blank, after)):
            return None
        found = [one for entry in entries for one in self._entry(*entry)]
        return {name: answer.value for name, answer in merged(iter(found)).items()}

    def _entry(self, begins: int, ends: int) -> Iterator[_Found]:
        """A part that stands in braces, or nothing where there is a comma too many."""
        text = self._text[begins:ends]
        if not text.strip():
            return
        begins += len(text) - len(text.lstrip())
        before = self._before + bisect_right(self._starts, begins) - 1
        key = key_line(text.strip().replace("\n", " "))
        fault = None
        if key is not None and key.spaced:
            try:
                value = self._read_text(f"{{{text.strip()}}}\n", before)
                yield key.name, Answered(value=value, line=before + 1)
                return
            except YamlFault as found:
                fault = found.diagnostics[0]
        lines = text.strip().split("\n")
        why = slip(lines, key, fault=fault)[1] if key is not None else stray(lines[0])
        word = _FIRST_WORD.match(lines[0])
        name = key.name if key is not None else word[1] if word else ""
        said = f"{quoted_line(lines[0])}: {why}"
        unread = Typed(all_of(lines), quoted=False, line=before + 1, fault=said)
        yield name, Answered(value=unread, line=before + 1)
