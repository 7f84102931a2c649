"""How wide text is on a terminal, and how it is cut to one line of a table."""

from __future__ import annotations

import unicodedata

from grader.sandbox.text import clean_text

__all__ = ["cut_name", "one_line", "width_of"]

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
