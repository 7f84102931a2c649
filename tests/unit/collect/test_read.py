"""What is said of where answers were read."""

# ruff: noqa: E501 - a case a line

from __future__ import annotations

import pytest

from grader.collect.read import about_read
from grader.sandbox.child.cells import packed
from grader.submissions.submission import Submission

CELLS = packed([(2, "def f(): pass"), (3, "g = 1"), (5, "def f(): return 2"), (6, "f()")])
F, G = b"def f(): pass\n", b"g = 2\n"


@pytest.mark.parametrize(
    ("modules", "entries", "files", "said"),
    [
        ({"optim.py": F}, "f", ["answers.yaml"], "answers from answers.yaml; code from optim.py"),
        ({}, "", ["answers.yaml", "report.md", "answers.yaml"], "answers from answers.yaml, report.md"),
        ({"b.py": G, "a.py": F}, "fg", [], "code from a.py, b.py"),
        ({"optim.py": F, "old.py": F}, "f", [], "code from optim.py"),
        ({"optim.py": b"from m import *\n", "m.py": F}, "f", [], "code from m.py"),
        ({"optim.py": b"globals()['f'] = min\n", "x.py": b""}, "f", [], "code from optim.py"),
        ({"hw.ipynb": CELLS, "x.py": G}, "fgf", ["hw.ipynb cell 9"], "answers from hw.ipynb, cells 3, 5 and 9"),
        ({"hw.ipynb": CELLS}, "g", [], "answers from hw.ipynb, cell 3"),
        (
            {"hw.ipynb": CELLS, "optim.py": b"h = 1\n"},
            "gh",
            ["answers.yaml", "hw.ipynb cell 9 (2)"],
            "answers from answers.yaml; answers from hw.ipynb, cells 3 and 9; code from optim.py",
        ),
        ({}, "f", [], ""),
        ({"optim.py": F}, "", [], ""),
    ],
)  # fmt: skip
def test_what_was_read_is_said_once(
    modules: dict[str, bytes], entries: str, files: list[str], said: str
) -> None:
    first = tuple(name for name in modules if name == "optim.py")
    submission = Submission(id="ann", modules=modules, at_start=first)
    assert about_read(modules, submission, entries, files) == ([said] if said else [])
