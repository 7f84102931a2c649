"""How wide what is written may be: pages, and messages on a terminal."""

from __future__ import annotations

import os
import textwrap
from typing import TextIO

from grader.report.columns import WIDTH

__all__ = ["columns_of", "fitted"]

_LEAST = 20


def columns_of(stream: TextIO | None) -> int:
    """The columns of a page: those of the terminal, at most 80; 80 where there is no terminal.

    `COLUMNS` in the environment, if it says less, counts as for other programs.
    """
    found = min(_of_terminal(stream) or WIDTH, _of_environment() or WIDTH, WIDTH)
    return max(_LEAST, found)


def fitted(message: str, stream: TextIO | None) -> str:
    """A message with no line that a terminal would break inside a word. Elsewhere, as in a file or
    for another program, each of its lines stays whole."""
    if _of_terminal(stream) is None:
        return message
    width = columns_of(stream)
    return "\n".join(part for line in message.split("\n") for part in _wrapped(line, width))


def _of_terminal(stream: TextIO | None) -> int | None:
    """The columns of the terminal that is written to, None where it is none."""
    try:
        if stream is None or not stream.isatty():
            return None
        return os.get_terminal_size(stream.fileno()).columns or WIDTH
    except (OSError, ValueError):
        return None


def _of_environment() -> int:
    """Not a wish for messages in lines: whatever reads lines of a terminal may have set it."""
    said = os.environ.get("COLUMNS", "")
    return int(said) if said.isascii() and said.isdigit() else 0


def _wrapped(line: str, width: int) -> list[str]:
    words = line.lstrip(" ")
    before = line[: len(line) - len(words)]
    return textwrap.wrap(
        words,
        width,
        initial_indent=before,
        subsequent_indent=f"{before}  ",
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
        drop_whitespace=True,
    ) or [line]
