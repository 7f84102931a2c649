"""How wide text is on a terminal, and how it is cut or wrapped to fit."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from grader.sandbox.text import clean_text

__all__ = ["WIDTH", "cut_name", "in_columns", "joined", "one_line", "width_of"]

WIDTH = 80  #: columns of a page, where nothing else is said
_NAME_WIDTH = 28
_LINE = 2000


def one_line(text: str) -> str:
    """Without what a terminal would obey, and not endless."""
    return clean_text(text, limit=_LINE).replace("\n", " ").replace("\t", " ")


def cut_name(submission: str) -> str:
    """At most so wide that the table stays one; names of a class often differ at their ends."""
    name = one_line(submission)
    if width_of(name) <= _NAME_WIDTH:
        return name
    front, back = name, ""
    while width_of(back) < _NAME_WIDTH // 3:
        front, back = front[:-1], front[-1] + back
    while width_of(front) + 1 + width_of(back) > _NAME_WIDTH:
        front = front[:-1]
    return f"{front}…{back}"


def width_of(text: str) -> int:
    """How many columns a terminal needs for it: wide characters take two, marks on others none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def in_columns(text: str, width: int = WIDTH) -> Iterator[str]:
    """Its lines, those wider than `width` in several; what stands after "| " stays whole."""
    for line in text.split("\n"):
        words = line.lstrip(" ")
        before = line[: len(line) - len(words)]
        if width_of(line) <= width or words.startswith("| "):
            yield line
        else:
            yield from joined(before, words.split(" "), f"{before or '  '}  ", width)


def joined(first: str, words: Iterable[str], rest: str, width: int = WIDTH) -> list[str]:
    """The words after `first`, in lines of at most `width` columns.

    No word is split across lines, be it longer than one.
    """
    lines = [first]
    for word in words:
        space = " " * (lines[-1] != "" and not lines[-1].endswith(" "))
        if lines[-1].strip() and width_of(f"{lines[-1]}{space}{word}") > width and word:
            lines[-1] = lines[-1].rstrip()
            lines.append(f"{rest}{word}")
        else:
            lines[-1] += space + word
    return lines
