from __future__ import annotations

from grader.model.diagnostic import Place
from grader.model.typed import Typed
from grader.submissions.sheet_text import read_sheet_text


def test_lines_are_those_of_the_file_that_holds_the_text() -> None:
    read = read_sheet_text("a: 1\n\nb: [2]\n", file="report.md", first_line=41)
    assert read.answers == {"a": Typed("1", False, 41), "b": (Typed("2", False, 43),)}
    assert read.places == {
        "a": Place(file="report.md", line=41),
        "b": Place(file="report.md", line=43),
    }
    assert read.strays == ()
