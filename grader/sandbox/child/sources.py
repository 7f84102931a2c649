"""The text of a file: as Python reads it, which names it seems to define, and how it imports."""

from __future__ import annotations

import builtins
import importlib.util
import re

__all__ = ["defines", "imports_relatively", "source_text"]

# Student code may replace built-in functions; what is defined below keeps the ones of now.
__builtins__ = dict(vars(builtins))  # type: ignore[assignment]

#: How a line begins that defines a name, and what may follow the name.
_DEFINING = (
    (b"def ", (b"(", b"[")),
    (b"async def ", (b"(", b"[")),
    (b"class ", (b"(", b":", b"[")),
    (b"", (b"=", b":", b",")),
)
_relative = re.compile(rb"^[ \t]*from[ \t]+\.", re.MULTILINE).search


def defines(source: bytes, entry: str) -> bool:
    """Whether a line at the top level of a file that was not run seems to define the name."""
    name = entry.encode("utf-8")
    if name not in source:
        return False
    for line in source.splitlines():
        if line[:1] not in (b" ", b"\t"):
            words = b" ".join(line.split())
            for start, follows in _DEFINING:
                rest = words[len(start + name) :].lstrip()
                if words.startswith(start + name) and rest[:1] in follows:
                    return True
    return False


def imports_relatively(source: bytes) -> bool:
    """Whether it imports what lies beside it by a dot: `from .layers import relu`."""
    return _relative(source) is not None


def source_text(source: bytes, name: str) -> str:
    """A file as Python reads it. Raises SyntaxError, with the place, where it is not text."""
    try:
        return importlib.util.decode_source(source)
    except (SyntaxError, UnicodeDecodeError) as error:
        message, line = str(error), 1
        try:
            source.decode("utf-8")
        except UnicodeDecodeError as broken:
            message = "it is not saved as UTF-8"
            line += source.count(b"\n", 0, broken.start)
        raise SyntaxError(message, (name, line, None, None)) from None
