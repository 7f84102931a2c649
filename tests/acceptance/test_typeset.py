r"""Reports in LaTeX are typeset by a real TeX: the examples, and answers in all places.

Without `pdflatex` on the `PATH`, with amsmath and graphicx, these are skipped.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STYLE = ROOT / "grader" / "report" / "numgrader.sty"
REPORTS = sorted((ROOT / "examples" / "submissions").glob("*/*/*.tex"))
ALL_WAYS = r"""\documentclass{article}
\usepackage{amsmath}
\usepackage{numgrader}
\begin{document}
\section{One \answer*{in_a_title}{$x_1$}}
\answer{no_backslash}{w_1: 0.5, dL\_dw: $x_1^2$} \answer*{alone}{a_b}
\[ \answer{in_display}{x_{12} + \mathrm{d}x_\mathrm{in}} \]
\begin{align*} \answer{in_align}{z_1 &= w_1 x} \\ \answer*{without_name}{z_2} &= 1 \end{align*}
\begin{tabular}{ll} \answer{cell_1}{a_1} & \answer{cell_2}{$a_2$} \\ \end{tabular}
\fbox{\answer{boxed_one}{$\begin{pmatrix} 1 \\ 2 \end{pmatrix}$}}
\answer{several}{%
  first_line

  second_line}
\end{document}
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no pdflatex here"),
]


def typeset(folder: Path, text: str) -> str:
    """Typesets a report; gives what TeX said. Fails where TeX found a fault."""
    (folder / "report.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "report.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=300, check=False)
    said = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, said[-2000:]
    assert (folder / "report.pdf").stat().st_size
    return said


@pytest.mark.parametrize("report", REPORTS, ids=[report.parts[-3] for report in REPORTS])
def test_an_example_is_typeset(tmp_path: Path, report: Path) -> None:
    shutil.copy(STYLE, tmp_path)
    typeset(tmp_path, report.read_text("utf-8"))


def test_answers_may_stand_anywhere(tmp_path: Path) -> None:
    shutil.copy(STYLE, tmp_path)
    typeset(tmp_path, ALL_WAYS)
