"""What is said of which files and cells gave answers: once, also where all is right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from grader.sandbox.child.cells import NOTEBOOK, cells_of
from grader.sandbox.child.sources import defines
from grader.submissions.notes import listed
from grader.submissions.submission import Submission

__all__ = ["about_read"]

_OF_A_CELL = re.compile(r"(?P<file>.+\.ipynb) cell (?P<cell>\d+)")


def about_read(
    modules: Mapping[str, bytes],
    submission: Submission,
    entries: Iterable[str],
    files: Iterable[str],
) -> list[str]:
    """A note that names the sheets with an answer, the cells, and the modules with code asked for.

    `modules` are those of the submission in the order in which names are looked up, `entries` the
    names that are asked for, `files` those of the sheets with an answer, cells by themselves.
    """
    sheets: list[str] = []
    cells: dict[str, set[int]] = {}
    for file in dict.fromkeys(files):
        found = _OF_A_CELL.match(file)
        if found:
            cells.setdefault(found["file"], set()).add(int(found["cell"]))
        else:
            sheets.append(file)
    code: list[str] = []
    wanted = dict.fromkeys(entries)
    for entry in wanted:
        name, number = _defining(modules, entry)
        if number:
            cells.setdefault(name, set()).add(number)
        elif name:
            code.append(name)
    if wanted and modules and not code and not cells:
        # No line defines it, and a file that was run may have it all the same.
        code += [name for name in submission.at_start or () if not name.endswith(NOTEBOOK)]
    parts = [f"answers from {listed(sheets)}"] if sheets else []
    parts += [
        f"answers from {name}, cell{'s' * (len(numbers) > 1)} {_joined(sorted(numbers))}"
        for name, numbers in cells.items()
    ]
    parts += [f"code from {listed([*dict.fromkeys(code)])}"] if code else []
    return ["; ".join(parts)] if parts else []


def _defining(modules: Mapping[str, bytes], entry: str) -> tuple[str, int]:
    """The first module that seems to define a name, and of a notebook the last such cell."""
    for name, source in modules.items():
        if not name.endswith(NOTEBOOK):
            if defines(source, entry):
                return name, 0
            continue
        cells = cells_of(name, source) or []
        numbers = [one.number for one in cells if defines(one.text.encode("utf-8"), entry)]
        if numbers:
            return name, numbers[-1]
    return "", 0


def _joined(numbers: Sequence[int]) -> str:
    *first, last = map(str, numbers)
    return f"{', '.join(first)} and {last}" if first else last
