"""What is said of the cells of notebooks, and which of their pictures is a figure asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from grader.collect.loading import where_marked
from grader.model.response import Failure
from grader.model.verdict import Reason
from grader.submissions.submission import Figure

__all__ = ["about_cells", "figure_about", "figure_called"]

_LONGEST = 200
_OF_A_CELL = re.compile(r"(?P<file>.+\.ipynb) cell (?P<cell>\d+)")
_CALLED = re.compile(r"(?:(?P<file>.+\.ipynb)[ ,:]+)?(?:cell|output)[ _-]?(?P<cell>\d+)(?:\.\w+)?")


def about_cells(failures: Iterable[Failure]) -> list[str]:
    """A note for every cell that failed while it was run."""
    return [f"{_place(failure)}: {_what(failure)}" for failure in failures]


def _place(failure: Failure) -> str:
    cell = _OF_A_CELL.fullmatch(failure.file)
    place = f"{cell['file']}, cell {cell['cell']}" if cell else failure.file
    return f"{place}, line {failure.line}" if failure.line else place


def _what(failure: Failure) -> str:
    if failure.reason is Reason.TIME_LIMIT:
        return "this took too long, and from there on only what defines something was run"
    text = f"{failure.exception or failure.reason}: {failure.message}".strip(": ")
    said = f"{text[:_LONGEST]}{where_marked(failure)}"
    return f"{said}; all else was run".replace("\n", " ")


def figure_called(name: str, figures: Sequence[Figure]) -> Figure | None:
    """The picture that an answer names: `cell 7`, with or without the notebook before it."""
    found = _CALLED.fullmatch(name.strip())
    if found is None:
        return next((figure for figure in figures if figure.name == name), None)
    return next(
        (
            figure
            for figure in figures
            if figure.cell == int(found["cell"]) and found["file"] in (None, figure.file)
        ),
        None,
    )


def figure_about(question: str, figures: Sequence[Figure], *, alone: bool) -> Figure | None:
    """The last picture whose cell, or the text above it, has the question's name.

    `alone`: no other figure is asked for, so that the only picture there is must be meant.
    """
    names = re.compile(rf"(?<!\w){re.escape(question)}(?!\w)")
    named = [figure for figure in figures if names.search(figure.about)]
    if named:
        return named[-1]
    return figures[0] if alone and len(figures) == 1 else None
