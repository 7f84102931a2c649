"""What is said of cells, and which picture is meant."""

from __future__ import annotations

import pytest

from grader.collect.cells import about_cells, figure_about, figure_called
from grader.model.response import Failure
from grader.model.verdict import Reason, Verdict
from grader.submissions.submission import Figure


def figure(cell: int, about: str = "", file: str = "hw.ipynb") -> Figure:
    return Figure(name=f"{file} cell {cell}.png", file=file, cell=cell, about=about)


FIGURES = (figure(3, "# contour_plot"), figure(7, "contour_plots"), figure(3, file="b.ipynb"))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("cell 7", 1),
        ("cell 7.png", 1),
        ("hw.ipynb, cell 7", 1),
        ("hw.ipynb cell 7.png", 1),
        ("b.ipynb cell 3", 2),
        ("cell 3", 0),
        ("cell 4", None),
        ("c.ipynb cell 3", None),
        ("contour.png", None),
    ],
)
def test_a_picture_is_called_by_its_cell(name: str, found: int | None) -> None:
    assert figure_called(name, FIGURES) is (None if found is None else FIGURES[found])


def test_a_picture_that_no_sheet_names_is_found_by_the_question() -> None:
    assert figure_about("contour_plot", FIGURES, alone=True) is FIGURES[0]
    assert figure_about("losses", FIGURES, alone=True) is None
    assert figure_about("losses", FIGURES[:1], alone=True) is FIGURES[0]
    assert figure_about("losses", FIGURES[:1], alone=False) is None


def test_a_cell_that_failed_is_told_by_cell_and_line() -> None:
    failures = [
        Failure(
            verdict=Verdict.RAISED,
            reason=Reason.EXCEPTION,
            exception="ValueError",
            message="no",
            file="hw.ipynb cell 3",
            line=2,
        ),
        Failure(verdict=Verdict.TIMED_OUT, reason=Reason.TIME_LIMIT, file="hw.py", line=9),
    ]
    assert about_cells(failures) == [
        "hw.ipynb, cell 3, line 2: ValueError: no; all else was run",
        "hw.py, line 9: this took too long, and from there on only what defines something was run",
    ]
