"""Figures that were handed in, as files for whoever marks them.

What a student handed in is not trusted: its kind is seen from its bytes, its name is made here, and
a drawing that could do anything but be looked at is not written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from grader.collect.cells import figure_called
from grader.gradebook.book import Gradebook
from grader.gradebook.source import opened

__all__ = ["HandedInFigure", "figure_of"]

_KINDS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"\xff\xd8\xff"), "jpg"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "webp"),
    (re.compile(rb"%PDF-"), "pdf"),
    (
        re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE svg[^\[>]*>\s*)?<svg\b"),
        "svg",
    ),
)
_DRAWING_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml(?:\s+(?:version|standalone)=\"[\w.]+\"|\s+encoding=\"utf-8\")*"
    rb"\s*\?>\s*)?(?:<!DOCTYPE svg[^\[>]*>\s*)?(?=<svg\b)",
    re.IGNORECASE,
)
#: A drawing is a document of a browser's: these could run, load or define something.
_NOT_DRAWN = re.compile(
    rb"<!(?!--|\[CDATA\[)|<\?|\0|[\s/\"']on\w+\s*=|script|foreignobject|<\s*(?:\w+:)?(?:image|a|set|animate)"
    rb"\b|href\s*=\s*[\"']?(?!#|[\"']#)|data:|@import|url\s*\((?![\"']?#)|&(?!(?:amp|lt|gt|quot|apos);)",
    re.IGNORECASE,
)
_WHOLE = 16  #: no more than so many bytes are only the first of a file


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedInFigure:
    """`content` is None where only `why` can be told; `where` is the place in its download."""

    suffix: str = ""
    content: bytes | None = None
    why: str = ""
    where: str = ""


def figure_of(book: Gradebook, submission: int, answer: str) -> HandedInFigure:
    """The figure that an answer names, of the files of this submission as they are now."""
    row = book.row(
        "SELECT origin, archive FROM submission JOIN source ON source.digest = submission.source"
        " WHERE submission.id = ?",
        submission,
    )
    assert row is not None
    files = opened(row["archive"], "")
    name = answer.removeprefix("./")
    figure = figure_called(name, files.figures)
    content = files.others.get(name if figure is None else figure.name, b"")
    where = row["origin"]
    if len(content) <= _WHOLE:
        return HandedInFigure(why="not kept: it is large, or not a picture", where=where)
    suffix = next((kind for start, kind in _KINDS if start.match(content)), "")
    if not suffix:
        return HandedInFigure(why="not copied: it is not a picture of a known kind", where=where)
    if suffix == "svg" and not _is_only_drawn(content):
        return HandedInFigure(why="not copied: the drawing may do more than be seen", where=where)
    return HandedInFigure(suffix=suffix, content=content, where=where)


def _is_only_drawn(content: bytes) -> bool:
    begins = _DRAWING_BEGINS.match(content)
    return begins is not None and _NOT_DRAWN.search(content, begins.end()) is None
