"""Follow a page of the documentation: write its files, run its commands, in the order it has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Command", "blocks", "follow"]

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PATH = re.compile(r"# (>> )?((?:assignments|reference|examples|submissions)/\S+)\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What a block of the page runs, and what the page says that it prints ("": not said)."""

    arguments: str
    said: str


def blocks(text: str) -> list[tuple[str, str]]:
    """The language and the text of every block, in order."""
    return _BLOCK.findall(text)


def follow(text: str, folder: Path) -> Iterator[Command]:
    """Write the files of a page into the folder, and give its commands where they come.

    A block whose first line is a comment with a path is a file, and is added to it after `>>`.
    """
    for language, content in blocks(text):
        named = _PATH.match(content)
        if language == "console" and content.startswith("$ grader "):
            first, _, said = content.partition("\n")
            yield Command(arguments=first.removeprefix("$ grader "), said=said)
        elif named is not None:
            path = folder / named[2]
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a" if named[1] else "w", encoding="utf-8") as stream:
                stream.write(content[named.end() :])
