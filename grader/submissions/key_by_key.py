"""Read a sheet that is not YAML as a whole: each answer by itself, and each part of one.

An answer is the line with its name and the lines below it that are indented further. One that
YAML reads by itself counts as if nothing else were wrong; another one is kept as it was typed,
with what is wrong with it. No line is read more than a few times.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from grader.model.diagnostic import Diagnostic, Place
from grader.model.typed import Typed
from grader.model.value import Value, map_leaves
from grader.spec.yaml_reader import YamlFault, read_yaml_string
from grader.submissions.answered import Answered, Stray, all_of, has_glued, merged
from grader.submissions.lines import (
    KeyLine,
    entries_of,
    holds_no_text,
    indent_of,
    is_blank,
    is_tabbed,
    key_line,
    level_of,
)
from grader.submissions.pieces import MOST_PIECES, AnswerLines, Lines, closes_only, first_word
from grader.submissions.slips import quoted_line, slip, stray

__all__ = ["read_key_by_key"]


_HEADING = re.compile(r"#+\s*[*`_]*(?P<name>[\w.-]+?)[*`_]*\s*:?")
_ALIAS = re.compile(r"\*([^\s\[\]{},]+)")
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
        self._all = Lines(text, names, self._reads)
        self._lines = self._all.lines
        self._file = file
        self._before = before
        self._used = {found[1] for found in _ALIAS.finditer(text)}
        self.strays: list[Stray] = []

    def answers(self) -> Iterator[_Found]:
        """All answers in order, names that stand there twice included."""
        stop = len(self._lines)
        level = level_of(self._lines, known=self._all.known)
        above: AnswerLines | None = None
        for piece in self._all.pieces(0, stop, level, top=True):
            if piece.key is not None:
                yield from self._answer(piece, piece.key, parts=True)
            elif above is not None and self._is_answer_of(piece, above):
                yield from self._below_its_name(piece, above)
            else:
                self._stray(piece)
            above = piece
        if self._all.ended is not None:
            place = Place(file=self._file, line=self._before + self._all.ended + 1)
            why = f"there are more than {MOST_PIECES} names and lines; from here on nothing is read"
            self.strays.append(Stray(name="", place=place, why=why))

    def _is_answer_of(self, piece: AnswerLines, above: AnswerLines) -> bool:
        """Whether a line without a name stands right below a name without an answer."""
        if above.key is None or above.key.value or not self._all.known(above.key.name):
            return False
        below = self._lines[above.start + 1 : piece.start]
        return not any(map(str.strip, below)) and not self._all.known(
            first_word(self._lines[piece.start])
        )

    def _below_its_name(self, piece: AnswerLines, above: AnswerLines) -> Iterator[_Found]:
        assert above.key is not None
        line = self._before + piece.start + 1
        text = "\n".join(self._lines[piece.start : piece.stop]).strip()
        try:
            value = self._read_text(f"{above.key.name}: {text}\n", line - 1)
        except YamlFault:
            self._stray(piece, name=above.key.name)
            return
        yield above.key.name, Answered(value=value, line=line)

    # -- what an answer says ----------------------------------------------------------------------

    def _read(self, start: int, stop: int) -> Value:
        """What stands under the one name in these lines. Raises YamlFault."""
        return self._read_text("\n".join(self._lines[start:stop]) + "\n", self._before + start)

    def _reads(self, start: int, stop: int) -> bool:
        try:
            self._read(start, stop)
        except YamlFault:
            return False
        return True

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

    def _answer(self, piece: AnswerLines, key: KeyLine, *, parts: bool) -> Iterator[_Found]:
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
        if not key.value.startswith("&"):
            return False
        name = key.value[1:].split(None, 1)[:1]
        return not name or name[0] not in self._used

    def _unread(self, piece: AnswerLines, key: KeyLine, fault: Diagnostic | None) -> Typed:
        lines = self._lines[piece.start : piece.stop]
        number, why = slip(lines, key, crooked=piece.crooked, fault=fault)
        return Typed(
            all_of(lines),
            quoted=False,
            line=self._before + piece.start + number + 1,
            fault=f"{quoted_line(lines[number])}: {why}",
        )

    def _stray(self, piece: AnswerLines, name: str = "") -> None:
        lines = self._lines[piece.start : piece.stop]
        self.strays.append(
            Stray(
                name=name or self._heading_of(piece) or first_word(lines[0]),
                place=Place(file=self._file, line=self._before + piece.start + 1),
                why=f"{quoted_line(lines[0])}: {stray(lines[0])}",
                text=all_of(lines),
            )
        )

    def _heading_of(self, piece: AnswerLines) -> str:
        """The name of a question that stands above as a heading: `## q`."""
        above = next((one for one in reversed(self._lines[: piece.start]) if one.strip()), "")
        found = _HEADING.fullmatch(above.strip())
        return found["name"] if found is not None and self._all.known(found["name"]) else ""

    def _another(self, piece: AnswerLines, key: KeyLine) -> int | None:
        """The line inside a piece that begins another answer, if there is one.

        It is indented, and should not be: the answer above is complete, or it is a known name.
        """
        first = self._all.first_below(piece)
        if piece.closed is not None:  # whatever comes behind the closing bracket is another one
            number = self._all.next_line(piece.closed + 1)
            closers = self._lines[number : number + 1]
            return None if number >= piece.stop or closes_only(closers[0]) else number
        text = key.value[:1] in ("|", ">")
        whole = not text and (not key.value or len(key.value.split()) == 1)
        for number in range(first if key.value else first + 1, piece.stop):
            line = self._lines[number]
            if is_blank(line) or line.lstrip().startswith("- "):
                continue
            below = key_line(line)
            less = is_tabbed(line) or indent_of(line) < indent_of(self._lines[first])
            known = below is not None and self._all.known(below.name)
            if (whole and (below is not None or less)) or (known and (less or not text)):
                break
        else:
            return None
        rest = self._lines[number : piece.stop]
        listed = not key.value and any(line.lstrip().startswith("- ") for line in rest)
        return None if listed else number

    def _crooked(self, start: int, stop: int) -> Iterator[_Found]:
        """The answers that are indented though the one above them is complete."""
        for piece in self._all.pieces(start, stop, indent_of(self._lines[start]), top=False):
            if piece.key is None:
                self._stray(piece)
            else:
                yield from self._answer(replace(piece, crooked=True), piece.key, parts=False)

    # -- parts ------------------------------------------------------------------------------------

    def _parts(self, piece: AnswerLines, key: KeyLine) -> Mapping[str, Value] | None:
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

    def _of_parts(self, piece: AnswerLines, level: int) -> Iterator[_Found]:
        for part in self._all.pieces(piece.start + 1, piece.stop, level, top=False):
            if part.key is not None:
                yield from self._answer(part, part.key, parts=False)
                continue
            lines = self._lines[part.start : part.stop]
            line = self._before + part.start + 1
            fault = f"{quoted_line(lines[0])}: {stray(lines[0])}"
            unread = Typed(all_of(lines), quoted=False, line=line, fault=fault)
            yield first_word(lines[0]) or lines[0].strip(), Answered(value=unread, line=line)

    def _flow_parts(self, piece: AnswerLines, key: KeyLine) -> Mapping[str, Value] | None:
        """The parts that stand in braces."""
        begins = self._all.text.index(key.value, self._all.starts[piece.start])
        entries = entries_of(self._all.text, begins)
        if entries is None or entries[-1][1] >= self._all.starts[piece.stop]:
            return None
        after = self._all.text[entries[-1][1] + 1 : self._all.starts[piece.stop]].split("\n")
        if not all(map(is_blank, after)):
            return None
        found = [one for entry in entries for one in self._entry(*entry)]
        return {name: answer.value for name, answer in merged(iter(found)).items()}

    def _entry(self, begins: int, ends: int) -> Iterator[_Found]:
        """A part that stands in braces, or nothing where there is a comma too many."""
        text = self._all.text[begins:ends]
        if not text.strip():
            return
        begins += len(text) - len(text.lstrip())
        before = self._before + bisect_right(self._all.starts, begins) - 1
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
        name = key.name if key is not None else first_word(lines[0])
        said = f"{quoted_line(lines[0])}: {why}"
        unread = Typed(all_of(lines), quoted=False, line=before + 1, fault=said)
        yield name, Answered(value=unread, line=before + 1)
