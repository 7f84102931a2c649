"""What the lines of a sheet look like, before YAML has a say: names, indentation, brackets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

__all__ = [
    "KeyLine",
    "closed_at",
    "entries_of",
    "holds_no_text",
    "indent_of",
    "is_blank",
    "is_tabbed",
    "key_line",
    "level_of",
]

_LONGEST_NAME = 100
_TAB = 8
#: What no name begins with: YAML's own marks, but for quotes, which may stand around a name.
_NO_NAME = frozenset("-?:,[]{}#&*!|>%@`")
_GLUED = re.compile(r"[\w.()-]+")
_FLOW = re.compile(
    r"""(?P<quoted>"[^"\\]*(?:\\.[^"\\]*)*"|'[^']*(?:''[^']*)*')"""
    r"""|(?P<open>[\[{])|(?P<close>[\]}])|(?P<comment>\#[^\n]*)"""
    r"""|(?P<between>[\s,:]+)|(?P<word>[^\s\[\]{},:"'\#][^\s\[\]{},:]*|:)""",
    re.DOTALL,
)
_PAIRS = {"[": "]", "{": "}"}
_HEADER = re.compile(r"[|>](?:[+-]?[1-9]?|[1-9][+-])")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLine:
    """A line that begins with a name and a colon."""

    indent: int
    name: str
    value: str  #: what stands behind the colon, without spaces and comments around it
    spaced: bool  #: whether a space or the end of the line follows the colon


def indent_of(line: str) -> int:
    """How many columns a line is indented."""
    text = line[: len(line) - len(line.lstrip(" \t"))]
    return len(text.expandtabs(_TAB))


def is_tabbed(line: str) -> bool:
    """Whether there is a tab among what a line is indented with."""
    return "\t" in line[: len(line) - len(line.lstrip())]


def is_blank(line: str) -> bool:
    """Whether a line says nothing: it is empty, or a comment."""
    text = line.strip()
    return not text or text.startswith("#")


def key_line(line: str) -> KeyLine | None:
    """The name, and what stands behind its colon; None for a line that does not begin so."""
    text = line.strip()
    if not text or text[0] in _NO_NAME:
        return None
    end = _end_of_name(text)
    if end < 0:
        return None
    name = text[:end].rstrip()
    spaced = text[end + 1 : end + 2] in ("", " ", "\t")
    if name[:1] in ("'", '"'):
        name = name[1:-1]
    elif not spaced and not (_GLUED.fullmatch(name) and text[end + 1] not in "/:"):
        return None
    if not name or len(name) > _LONGEST_NAME:
        return None
    return KeyLine(
        indent=indent_of(line), name=name, value=_uncommented(text[end + 1 :]), spaced=spaced
    )


def _end_of_name(text: str) -> int:
    """Where the colon behind the name stands, or -1."""
    if text[0] in "'\"":
        close = text.find(text[0], 1)
        rest = text[close + 1 :].lstrip()
        return len(text) - len(rest) if close > 0 and rest.startswith(":") else -1
    first = text.find(":", 0, _LONGEST_NAME + 10)
    spaced = re.search(r":(?=\s|$)", text[: _LONGEST_NAME + 10])
    if spaced is not None and first < spaced.start() and not _GLUED.fullmatch(text[:first]):
        return spaced.start()
    return first


def _uncommented(value: str) -> str:
    value = value.strip()
    if value.startswith("#"):
        return ""
    if value[:1] in ("'", '"', "[", "{"):
        return value
    return re.split(r"\s#", value, maxsplit=1)[0].rstrip()


def holds_no_text(value: str, below: Iterable[str]) -> bool:
    """Whether an answer begins like a text of several lines, with | or >, and is none.

    `below` are the lines below its name. After a number (`> 5`) there must be some.
    """
    if value[:1] not in ("|", ">"):
        return False
    if not _HEADER.fullmatch(value):
        return True
    return value[-1] in "0123456789" and all(map(is_blank, below))


def level_of(
    lines: Iterable[str], *, first: bool = False, known: Callable[[str], bool] | None = None
) -> int:
    """How far the names are indented that are not below another name: what most of them are.

    Where as many are indented otherwise it is the least, or with `first` what comes first. Where
    there are `known` names, these alone are counted.
    """
    found: Counter[int] = Counter()
    of_known: Counter[int] = Counter()
    above: list[int] = []  #: how far names without a value are indented, that this may be below
    for line in lines:
        key = None if is_blank(line) else key_line(line)
        if key is None:
            continue
        while above and above[-1] >= key.indent:
            above.pop()
        if not above:
            found[key.indent] += 1
            of_known[key.indent] += known is not None and known(key.name)
        if not key.value or key.value[0] in "|>":
            above.append(key.indent)
    found = +of_known or found
    return min(found, key=lambda indent: (-found[indent], 0 if first else indent), default=0)


def closed_at(text: str, position: int) -> int | None:
    """Where the quote or the bracket that opens at a position is closed; None if it never is.

    Gives the position behind it. Brackets that do not match close nothing.
    """
    opened: list[str] = []
    while (found := _FLOW.match(text, position)) is not None:
        position = found.end()
        if found["open"]:
            opened.append(_PAIRS[found["open"]])
        elif found["close"] and (not opened or opened.pop() != found["close"]):
            return None
        if not opened:
            return position
    return None


def entries_of(text: str, position: int) -> list[tuple[int, int]] | None:
    """Where the entries of the bracket that opens at a position begin and end.

    None if it is never closed.
    """
    found: list[tuple[int, int]] = []
    opened: list[str] = []
    begins = position + 1
    while (token := _FLOW.match(text, position)) is not None:
        comma = text.find(",", position, token.end()) if token["between"] else -1
        position = token.end()
        if token["open"]:
            opened.append(_PAIRS[token["open"]])
        elif token["close"]:
            if not opened or opened.pop() != token["close"]:
                return None
            if not opened:
                found.append((begins, position - 1))
                return found
        elif comma >= 0 and len(opened) == 1:
            found.append((begins, comma))
            begins = comma + 1
    return None
