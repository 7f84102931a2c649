"""Collect the problems of one file, each with its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from grader.model.diagnostic import Diagnostic, Place
from grader.spec.yaml_reader import Document, KeyPath

__all__ = ["Problems", "did_you_mean"]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A help sentence naming the nearest known names, or "" when nothing is near."""
    near = difflib.get_close_matches(name, sorted(known), n=2, cutoff=0.6)
    return f"did you mean {' or '.join(repr(item) for item in near)}?" if near else ""


class Problems:
    def __init__(self, document: Document) -> None:
        self.document = document
        self._found: list[Diagnostic] = []
        self._paths: set[KeyPath] = set()

    def add(
        self, code: str, path: KeyPath, message: str, help: str = "", *, of_key: bool = False
    ) -> None:
        place = self.document.place(path, of_key=of_key)
        self._paths.add(path)
        self._found.append(Diagnostic(code=code, place=place, message=message, help=help))

    def add_at(self, code: str, place: Place, message: str, help: str = "") -> None:
        """Add a problem of another file, such as the reference."""
        self._found.append(Diagnostic(code=code, place=place, message=message, help=help))

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        self._found.extend(diagnostics)

    @property
    def found(self) -> tuple[Diagnostic, ...]:
        """Everything found, in the order of the file, each problem once."""
        return tuple(sorted(dict.fromkeys(self._found), key=lambda item: (item.place, item.code)))

    @property
    def paths(self) -> frozenset[KeyPath]:
        """Where in the document problems were added."""
        return frozenset(self._paths)

    def __len__(self) -> int:
        """How often a problem was added."""
        return len(self._found)

    def __bool__(self) -> bool:
        return bool(self._found)
