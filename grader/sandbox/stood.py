"""Where a student's code stood when its time was over, from what the interpreter wrote of it."""

from __future__ import annotations

import contextlib
import os
import re
import select
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from grader.sandbox.child.cells import NOTEBOOK, cells_of

__all__ = ["lines_by_place", "read_stack", "stood"]

_STACK = b"Stack (most recent call first):\n"
_LAST = re.compile(rb'zygote\.py", line \d+ in <module>\n\Z|^  \.\.\.\n\Z', re.MULTILINE)
_FRAME = re.compile(rb'^  File "([^"\n]{1,600})", line (\d{1,7}) in ', re.MULTILINE)
_UNKNOWN = re.compile(rb'^  File "[^"\n]{1,600}", line \?\?\? in ', re.MULTILINE)
_LOOP = re.compile(r"\s*(?:async\s+)?(while|for)\b")
_FUNCTION = re.compile(r"\s*(?:async\s+)?(?:def|class)\b")
_SECONDS = 2.0
_MOST_ASKED = 4
_CHUNK = 1 << 16
_LONGEST_LINE = 1000
_MOST_LINES = 5000  # above a line, where the loops around it begin

_Place = tuple[str, int]


def lines_by_place(files: Mapping[str, bytes]) -> Mapping[str, Sequence[str]]:
    """The lines of all files, and of the cells of those that are run cell by cell."""
    found: dict[str, Sequence[str]] = {}
    for name, source in files.items():
        if name.endswith(NOTEBOOK):
            cells = cells_of(name, source) or ()
            found |= {cell.label: cell.text.splitlines() for cell in cells}
        else:
            found[name] = source.decode("utf-8", "replace").splitlines()
    return found


def stood(said: bytes, lines: Mapping[str, Sequence[str]]) -> _Place | None:
    """The file and the line to tell, or None where none of the student's was being run.

    Of code that goes round in a loop it is the line that begins the loop, the outermost one and
    rather a `while` than a `for`: which line of it was being run is different each time.
    """
    frames = _frames(said, lines)
    loops = [loop for file, line in reversed(frames) for loop in _loops(file, lines[file], line)]
    if loops:
        return min(loops, key=lambda loop: loop[0] != "while")[1]
    return frames[0] if frames else None


def read_stack(ask: Callable[[], None], descriptor: int, most: int) -> bytes:
    """What a child writes of where it stands, once it is asked to; see `_read`.

    It is asked again where it stands between two lines: the jump that ends a loop belongs to none.
    """
    said = b""
    for _ in range(_MOST_ASKED):
        ask()
        said = _read(descriptor, most)
        if _UNKNOWN.search(said.rpartition(_STACK)[2]) is None:
            break
    return said


def _read(descriptor: int, most: int) -> bytes:
    """What a child writes, of at most so many bytes, which may begin with what it wrote before.

    It may be made up, like all that a child says, or not come: then it is waited for a moment.
    """
    said = bytearray()
    until = time.monotonic() + _SECONDS
    with contextlib.suppress(OSError):
        while len(said) < most and not (_STACK in said and _LAST.search(said[-_LONGEST_LINE:])):
            ready, _, _ = select.select([descriptor], (), (), max(0.0, until - time.monotonic()))
            chunk = os.read(descriptor, _CHUNK) if ready else b""
            if not chunk:
                break
            said += chunk
    return bytes(said)


def _frames(said: bytes, places: Mapping[str, object]) -> list[_Place]:
    """The files and lines of the student's that were being run, the innermost first."""
    names = {_written(name): name for name in places}
    _, _, stack = said.rpartition(_STACK)
    found = [(names.get(file), int(line)) for file, line in _FRAME.findall(stack)]
    return [(name, line) for name, line in found if name is not None]


def _written(name: str) -> bytes:
    """A name as the interpreter writes it."""
    return b"".join(
        sign.encode() if " " <= sign <= "~" else sign.encode("unicode_escape") for sign in name
    )


def _loops(file: str, lines: Sequence[str], line: int) -> Iterator[tuple[str, _Place]]:
    """The loops of a function that a line of it stands in, the outermost first."""
    found: list[tuple[str, _Place]] = []
    if not 0 < line <= len(lines):
        return
    indent = _indent(lines[line - 1]) + 1
    for number in range(line, max(0, line - _MOST_LINES), -1):
        text = lines[number - 1]
        if not text.strip() or text.lstrip().startswith("#") or _indent(text) >= indent:
            continue
        loop = _LOOP.match(text)
        if loop is not None:
            found.append((loop[1], (file, number)))
        if _FUNCTION.match(text):
            break
        indent = _indent(text)
    yield from reversed(found)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
