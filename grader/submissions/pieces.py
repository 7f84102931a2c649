"""Where an answer in a sheet begins and ends, by its lines alone."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from grader.submissions.lines import KeyLine, closed_at, indent_of, is_blank, key_line

__all__ = ["MOST_PIECES", "AnswerLines", "Lines", "closes_only", "first_word"]

_MARKS = ("---", "...")
_FIRST_WORD = re.compile(r"\W*(\w[\w.-]*)")
MOST_PIECES = 5000
_ROOM = 8  #: how often a text may be looked through for the ends of brackets and quotes
_CLOSERS = re.compile(r"[\]},\s]+")
_PAIRED = ("'", '"', "[", "{")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLines:
    """Lines that belong together. Without a key they belong to no answer."""

    start: int
    stop: int
    key: KeyLine | None
    crooked: bool = False  #: not indented like the other names
    closed: int | None = None  #: the line in which the quote or bracket is closed that opens it


def closes_only(line: str) -> bool:
    """Whether there is nothing in a line but closing brackets and commas."""
    return _CLOSERS.fullmatch(line) is not None


def first_word(line: str) -> str:
    """The word with which a line begins, which may be meant as a name."""
    found = _FIRST_WORD.match(line)
    return found[1] if found else ""


class Lines:
    """The lines of a text, cut into pieces. `names` are those of the questions, if known.

    `reads` says whether the lines from one number to another can be read as one answer.
    """

    def __init__(
        self, text: str, names: Collection[str], reads: Callable[[int, int], bool]
    ) -> None:
        # A line of spaces and tabs is empty: YAML minds the tabs.
        self.lines = ["" if line.isspace() and "\t" in line else line for line in text.split("\n")]
        text = self.text = "\n".join(self.lines)
        self.starts = [0, *accumulate(len(line) + 1 for line in self.lines)]
        self._names = frozenset(map(str.casefold, names))
        self._reads = reads
        self._room = _ROOM * len(text)
        self._left = MOST_PIECES
        self.ended: int | None = None  #: the line from which on nothing was cut, if there is one
        self._next = [len(self.lines)] * (len(self.lines) + 1)  #: that is not blank, from here on
        for number in range(len(self.lines) - 1, -1, -1):
            blank = is_blank(self.lines[number])
            self._next[number] = self._next[number + 1] if blank else number

    def known(self, name: str) -> bool:
        """Whether it is the name of a question."""
        return name.casefold() in self._names

    def next_line(self, number: int) -> int:
        """The first line from here on that says something."""
        return self._next[min(number, len(self.lines))]

    def first_below(self, piece: AnswerLines) -> int:
        """The first line below the name of a piece that says something, or the end of the piece."""
        return min(self._next[piece.start + 1], piece.stop)

    def pieces(self, start: int, stop: int, level: int, *, top: bool) -> Iterator[AnswerLines]:
        """The answers whose names are indented so far, in order. `top`: these are not parts."""
        current: AnswerLines | None = None
        number = start
        while number < stop:
            line = self.lines[number]
            if top and line.rstrip() in _MARKS:
                if current is not None:
                    yield replace(current, stop=number)
                current = None
            elif not is_blank(line) and self._begins(number, current, level):
                if current is not None:
                    yield replace(current, stop=number)
                self._left -= 1
                if self._left < 0:
                    self.ended = number if self.ended is None else self.ended
                    return
                key = key_line(line)
                crooked = indent_of(line) != level
                current = AnswerLines(start=number, stop=stop, key=key, crooked=crooked)
                current = replace(current, closed=self._closed(current))
                number = self._end(current, level)
            number += 1
        if current is not None:
            yield current

    def _begins(self, number: int, current: AnswerLines | None, level: int) -> bool:
        """Whether a line belongs to no piece above it."""
        if current is None:
            return True
        line = self.lines[number]
        indent, text, key = indent_of(line), line.lstrip(), current.key
        if indent > max(level, key.indent if key is not None else level):
            return False
        if key is None:
            return True
        if not key.value and (text.startswith("- ") or text.rstrip() == "-"):
            return False  # a list may stand right below its name
        if key.value[:1] in _PAIRED and current.closed is None:
            return text[0] not in "]},"
        if closes_only(text):
            return True  # nothing is open that it could close
        return not self._between_parts(number, current, level)

    def _between_parts(self, number: int, current: AnswerLines, level: int) -> bool:
        """Whether a line that stands too far left has parts above it and below it."""
        assert current.key is not None
        after = self._next[number + 1]
        if current.key.value or after == len(self.lines) or indent_of(self.lines[after]) <= level:
            return False
        if key_line(self.lines[after]) is None:
            return False
        above = self._next[current.start + 1]
        if above < number and key_line(self.lines[above]) is None:
            return False
        key = key_line(self.lines[number])
        if key is None:
            return not self.known(first_word(self.lines[number]))
        return bool(key.value) and bool(self._names) and not self.known(key.name)

    def _closed(self, piece: AnswerLines) -> int | None:
        """The line in which the quote or bracket is closed with which an answer begins."""
        key = piece.key
        if key is None or key.value[:1] not in _PAIRED or self._room <= 0:
            return None
        begins = self.text.index(key.value, self.starts[piece.start])
        end = closed_at(self.text, begins)
        self._room -= (end or len(self.text)) - begins
        last = piece.start if end is None else bisect_right(self.starts, end - 1) - 1
        return None if end is None or last >= piece.stop else last

    def _end(self, piece: AnswerLines, level: int) -> int:
        """The last line of a bracket or a quote that goes on in lines which look like others."""
        last = piece.closed or piece.start
        if all(
            is_blank(line) or indent_of(line) > level
            for line in self.lines[piece.start + 1 : last + 1]
        ):
            return piece.start
        return last if self._reads(piece.start, last + 1) else piece.start
