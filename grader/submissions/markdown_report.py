"""Find the answers in Markdown: fenced blocks whose first line is marked with the word `answers`.

    ```answers
    max_height: 0.41
    ```

Fences are those of CommonMark (0.31, section 4.5). `~~~` will do, and so will other words beside
`answers`, as in `yaml answers` or `{.yaml .answers}`. A block inside a comment of HTML answers
nothing, nor does one that a longer or another fence around it shows as an example.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["AnswerBlock", "answer_blocks"]

_MARKS = ("answers", "answer")
_TAB = 4
_MOST_BEYOND = 3  #: columns that a closing fence may stand further to the right
#: Quotes and list items may hold a block: `> ```answers`, `2. ```answers`.
_OPENING = re.compile(
    r"(?P<quotes>(?:[ \t]*>)*)(?P<before>[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)"
    r"(?P<fence>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)$"
)
_WORDS = re.compile(r"[^\s{}.,:;#=\"']+")
_COMMENT, _ITS_END = re.compile(r" {0,3}<!--"), "-->"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerBlock:
    """What stands between two fences, without what belongs to quotes and lists around them."""

    text: str
    line: int  #: of its first line in the whole text, from 1
    words: tuple[str, ...] = ()  #: beside `answers` in the line that opens it, in small letters
    closed: bool = True  #: whether a fence ends it; else it goes on to the next one, or to the end


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fence:
    sign: str
    length: int
    quotes: int
    indent: int  #: columns that every line inside may have before it
    words: tuple[str, ...]

    @property
    def marked(self) -> bool:
        return any(mark in self.words for mark in _MARKS)


def answer_blocks(text: str) -> tuple[AnswerBlock, ...]:
    """All blocks of answers in a text of Markdown, in their order.

    A block without an end goes on to the next block of answers, or to the end of the text; `closed`
    is false then.
    """
    lines = [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]
    ends = [number for number, line in enumerate(lines) if _ITS_END in line]
    blocks: list[AnswerBlock] = []
    inside: _Fence | None = None
    first = number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        opened = _opened(line)
        if inside is None:
            if opened is not None:
                inside, first = opened, number
            elif _COMMENT.match(line):
                number = _behind_comment(lines, number, ends)
        elif _closes(line, inside):
            blocks += _block(inside, lines, first, number - 1, closed=True)
            inside = None
        elif opened is not None and _ends_before(inside, opened):
            blocks += _block(inside, lines, first, number - 1, closed=False)
            inside, first = opened, number
    if inside is not None:
        blocks += _block(inside, lines, first, len(lines), closed=False)
    return tuple(blocks)


def _opened(line: str) -> _Fence | None:
    found = _OPENING.match(line)
    if found is None:
        return None
    words = tuple(word.casefold() for word in _WORDS.findall(found["info"]))
    return _Fence(
        sign=found["fence"][0],
        length=len(found["fence"]),
        quotes=found["quotes"].count(">"),
        indent=len(found["before"].expandtabs(_TAB)),
        words=words,
    )


def _closes(line: str, fence: _Fence) -> bool:
    rest = _inner(line, fence)
    bare = rest.strip(" \t")
    indent = len(rest) - len(rest.lstrip(" "))
    return indent <= _MOST_BEYOND and len(bare) >= fence.length and not bare.strip(fence.sign)


def _ends_before(inside: _Fence, opened: _Fence) -> bool:
    """Whether a block lacks its end: its own fence could not show one of answers in it."""
    own = opened.sign == inside.sign and opened.length >= inside.length
    return opened.marked and (inside.marked or own)


def _block(
    fence: _Fence, lines: Sequence[str], first: int, end: int, *, closed: bool
) -> list[AnswerBlock]:
    """The lines from `first` up to `end`, counted from 0, if their fence is marked."""
    if not fence.marked:
        return []
    text = "\n".join(_inner(line, fence) for line in lines[first:end])
    words = tuple(word for word in fence.words if word not in _MARKS)
    return [AnswerBlock(text=text, line=first + 1, words=words, closed=closed)]


def _inner(line: str, fence: _Fence) -> str:
    """A line without the quotes and the indentation that its block has."""
    for _ in range(fence.quotes):
        line = re.sub(r"^[ \t]*>", "", line, count=1)
    room = fence.indent
    while room > 0 and line[:1] in (" ", "\t"):
        room -= 1 if line[0] == " " else _TAB
        line = " " * max(-room, 0) + line[1:] if line[0] == "\t" else line[1:]
        room = max(room, 0)
    return line


def _behind_comment(lines: Sequence[str], number: int, ends: Sequence[int]) -> int:
    """The line, from 0, behind the comment that begins in the line before `number`.

    `ends` are the lines in which a comment may end. One that never ends is none: nobody means to
    hide all the rest of a report.
    """
    begun = number - 1
    _, _, behind = lines[begun].partition("<!--")
    if _ITS_END in behind:
        return number
    later = bisect_right(ends, begun)
    return ends[later] + 1 if later < len(ends) else number
