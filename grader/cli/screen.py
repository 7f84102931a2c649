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

    `COLUMNS` in the environment says it too, as for other programs.
    """
    found = _found(stream)
    return WIDTH if found is None else max(_LEAST, min(found, WIDTH))


def fitted(message: str, stream: TextIO | None) -> str:
    """A message with no line that a terminal would break inside a word. Elsewhere, as in a file or
    for another program, each of its lines stays whole, whatever `COLUMNS` says."""
    if not _is_terminal(stream):
        return message
    width = columns_of(stream)
    return "\n".join(part for line in message.split("\n") for part in _wrapped(line, width))


def _found(stream: TextIO | None) -> int | None:
    """The columns that there are, None where nothing says it."""
    said = os.environ.get("COLUMNS", "")
    if said.isascii() and said.isdigit() and int(said) > 0:
        return int(said)
    try:
        if stream is None or not _is_terminal(stream):
            return None
        return os.get_terminal_size(stream.fileno()).columns or WIDTH
    except (OSError, ValueError):
        return None


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except (OSError, ValueError):  # it is closed
        return False


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
