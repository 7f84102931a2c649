"""What an assignment asks, and in which form: for whoever has not written anything yet."""

from __future__ import annotations

from collections.abc import Sequence

from grader.checks.wanted import WantedQuestion
from grader.model.assignment import Assignment, FunctionQuestion
from grader.report.columns import WIDTH, in_columns
from grader.report.wanted_words import form_of, forms_of_parts, option_lines, paragraphs, worth

__all__ = ["asked_page"]


def asked_page(
    assignment: Assignment,
    wanted: Sequence[WantedQuestion],
    empty: Sequence[str] = (),
    notes: Sequence[str] = (),
    *,
    width: int = WIDTH,
) -> str:
    """Every question with its points, its prompt and the form of its answer, nothing of the key.

    `empty` are sheets that are there, with no answer in them; `notes` are about what else is there.
    """
    heading = f"{assignment.title} ({assignment.slug}): nothing is written yet"
    lines = [*in_columns(heading, width), ""]
    for words in (*_files(assignment.files, empty), *(f"note: {one}" for one in notes)):
        lines += paragraphs(words, width, first="  ")
    for one in wanted:
        lines += ["", f"  – {one.question.id}  [{worth(one.question)}]"]
        lines += paragraphs(one.question.prompt, width, first="      ")
        for words in _forms(one):
            lines += paragraphs(words, width, first="      ")
    return "\n".join([*lines, ""])


def _files(wanted: Sequence[str], empty: Sequence[str]) -> list[str]:
    said = [f"there is no answer yet in {' and '.join(empty)}"] if empty else []
    missing = [name for name in wanted if name not in empty]
    if missing:
        said.append(f"{'also' if empty else 'no file found here;'} wanted: {' and '.join(missing)}")
    return said


def _forms(one: WantedQuestion) -> list[str]:
    if isinstance(one.question, FunctionQuestion):
        if one.question.driver is not None:
            return [f"form: {one.question.entry}, in a module"]
        return [f"form: a function {one.question.entry}({', '.join(one.question.parameters)})"]
    same = forms_of_parts(one)
    if same is not None and not one.labelled:
        return [f"form: {same}", *map("  {}".format, option_lines(one.answers[0]))]
    if same is not None:
        return [f"form: {', '.join(answer.label for answer in one.answers)}, each {same}"]
    return [f"form: {answer.label}, {form_of(one, answer)}" for answer in one.answers]
