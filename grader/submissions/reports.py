"""Reports that hold answers: Markdown with blocks of answers, LaTeX with `\\answer`."""

from __future__ import annotations

from collections.abc import Collection

from grader.submissions.gathered import Gathered
from grader.submissions.sheet_text import SheetText, read_sheet_text

__all__ = ["REPORTS", "holds_answers", "read_report", "without_answers"]

_LATEX = (".tex",)
REPORTS = (".md", ".markdown", *_LATEX)


def holds_answers(file: str, content: bytes) -> bool:
    """Whether a file of this name is a report with answers in it."""
    text = _text(content)
    if file.endswith(_LATEX):
        from grader.submissions.latex_report import holds_latex_answers

        return holds_latex_answers(text)
    if not file.endswith(REPORTS):
        return False
    from grader.submissions.markdown_report import answer_blocks

    return bool(answer_blocks(text))


def without_answers(file: str) -> str:
    """What to say of a report that holds none."""
    if file.endswith(_LATEX):
        return "it holds no answers: `\\answer{question}{value}` is one"
    return "it holds no answers: they stand in blocks that begin with ```answers"


def read_report(content: bytes, *, file: str, names: Collection[str] = ()) -> SheetText:
    """The answers of a report; the lines are those of the file.

    `names` are the ids of the questions, where they are known.
    """
    text = _text(content)
    if file.endswith(_LATEX):
        from grader.submissions.latex_report import read_latex_report

        return read_latex_report(text, file=file)
    from grader.submissions.markdown_report import answer_blocks

    gathered = Gathered(file)
    for block in answer_blocks(text):
        gathered.add_all(read_sheet_text(block.text, file=file, first_line=block.line, names=names))
    return gathered.text()


def _text(content: bytes) -> str:
    """UTF-8, or what older editors write: `\\usepackage[latin1]{inputenc}`."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
