"""Problems in an author's file, kept as data until somebody prints them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Diagnostic", "Place"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """Where in which file; lines and columns count from 1, and 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return (
            f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One problem: a stable code, a place, one sentence, and help that stands apart from it."""

    code: str
    place: Place
    message: str
    help: str = ""
    stops: bool = True  #: an error; what does not stop anything is a warning

    def __str__(self) -> str:
        kind = "error" if self.stops else "warning"
        text = f"{self.place}: {kind}[{self.code}]: {self.message}"
        return f"{text}\n  help: {self.help}" if self.help else text
