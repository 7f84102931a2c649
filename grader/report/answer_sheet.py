"""The sheet to fill in: every question that a sheet can answer, its names there and empty.

It loads as it is, and what stays empty in it is not answered.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import Any

from grader.checks.wanted import WantedAnswer, WantedQuestion
from grader.model.assignment import Assignment
from grader.report.wanted_words import (
    counted,
    form_of,
    forms_of_parts,
    option_lines,
    paragraphs,
    worth,
)

__all__ = ["SHEET_FORMATS", "answer_sheet"]

_WIDTH = 80
_HOW = (
    "Write each answer behind its colon. What stays empty is not answered. Lines that begin with # "
    "are not read. Put an answer in quotes if it has a colon and a space in it or begins with a "
    "sign such as [ { * & ! % @ | > or #."
)
_HOW_TEXT = "A text of several lines begins with >- behind the colon and stands below it, indented."

_HOW_LATEX = (
    "Write each answer into the second pair of braces of its \\answer. What stays empty is not "
    "answered. Whatever else you write is yours: only \\answer is read. Formulas stand in dollars. "
    "The style file below is written beside this file when it is typeset."
)
_STYLE = "numgrader.sty"

Writer = Callable[[Assignment, Sequence[WantedQuestion]], str]


def answer_sheet(assignment: Assignment, wanted: Sequence[WantedQuestion], form: str) -> str:
    """The sheet in one of the formats. Of the key it shows only how many numbers are asked for."""
    return SHEET_FORMATS[form](assignment, wanted)


def _yaml(assignment: Assignment, wanted: Sequence[WantedQuestion]) -> str:
    lines = _comment(f"Answers: {assignment.title} ({assignment.slug})")
    how = f"{_HOW} {_HOW_TEXT}" if any(one.question.nature.text for one in wanted) else _HOW
    lines += ["#", *_comment(how)]
    for one in wanted:
        if one.answers:
            lines += ["", *_comment(one.question.prompt), *_about(one, "# ")]
            lines += _keys(one)
    code = _answered_by_code(assignment, wanted)
    lines += ["", *_comment(code)] if code else []
    return "\n".join(lines) + "\n"


def _json(_assignment: Assignment, wanted: Sequence[WantedQuestion]) -> str:
    """JSON has no comments: the names alone."""
    empty: dict[str, Any] = {}
    for one in wanted:
        if one.labelled:
            empty[one.question.id] = {answer.label: None for answer in one.answers}
            if one.best:
                empty[one.question.id]["best"] = dict.fromkeys(one.best)
        elif one.answers:
            empty[one.question.id] = None
    return json.dumps(empty, indent=2, ensure_ascii=False) + "\n"


def _markdown(assignment: Assignment, wanted: Sequence[WantedQuestion]) -> str:
    lines = [f"# {assignment.title}", ""]
    lines += paragraphs(
        "Write each answer behind its colon, between the lines that begin with three backticks. "
        "Whatever else you write here is yours: only the blocks marked `answers` are read.",
        _WIDTH,
    )
    for one in wanted:
        if one.answers:
            lines += ["", f"## {one.question.id}", "", *_prompt(one), *_about(one, ""), ""]
            lines += ["```yaml answers", *_keys(one), "```"]
    code = _answered_by_code(assignment, wanted)
    lines += ["", *paragraphs(code, _WIDTH)] if code else []
    return "\n".join(lines) + "\n"


def _latex(assignment: Assignment, wanted: Sequence[WantedQuestion]) -> str:
    """A report whose style file is in it. Prompts are comments: they are not written in LaTeX."""
    style = files("grader.report").joinpath(_STYLE).read_text(encoding="utf-8")
    lines = _comment(f"Answers: {assignment.title} ({assignment.slug})", "% ")
    lines += ["%", *_comment(_HOW_LATEX, "% ")]
    lines += [f"\\begin{{filecontents*}}{{{_STYLE}}}", style.rstrip(), "\\end{filecontents*}"]
    lines += ["\\documentclass{article}", "\\usepackage[utf8]{inputenc}"]
    lines += ["\\usepackage{amsmath,graphicx}", "\\usepackage{numgrader}"]
    lines += ["\\setcounter{MaxMatrixCols}{20}", "\\begin{document}"]
    for one in wanted:
        if one.answers:
            lines += ["", *_comment(one.question.prompt, "% "), *_about(one, "% ")]
            lines += _macros(one)
    code = _answered_by_code(assignment, wanted)
    lines += ["", *_comment(code, "% ")] if code else []
    return "\n".join([*lines, "", "\\end{document}"]) + "\n"


def _macros(one: WantedQuestion) -> list[str]:
    """The commands to fill in, one a paragraph."""
    empty = "{$ $}" if one.question.nature.formula else "{}"
    lines: list[str] = []
    same = forms_of_parts(one) is not None
    for answer in one.answers:
        if one.labelled and not same:
            lines += _comment(form_of(one, answer), "% ")
            lines += _options(answer, "% ")
        name = f"{one.question.id}.{answer.label}" if answer.label else one.question.id
        lines += [f"\\answer{{{name}}}{empty}", ""]
    for name in one.best:
        lines += [f"\\answer{{{one.question.id}.best.{name}}}{{}}", ""]
    return lines[:-1]


def _prompt(one: WantedQuestion) -> list[str]:
    """What is asked. What looks like a fence in it begins no block of answers."""
    prompt = one.question.prompt.replace("```", "'''").replace("~~~", "---")
    return [*paragraphs(prompt, _WIDTH), ""] if prompt else []


def _about(one: WantedQuestion, before: str) -> list[str]:
    """Points and form of a question, and the options where all its answers have the same."""
    form = forms_of_parts(one)
    said = worth(one.question)
    if one.labelled:
        what = "column" if one.question.kind == "series" else "part"
        said += f", {counted(len(one.answers), what)}"
    if form is not None:
        said += f", each {form}" if len(one.answers) > 1 else f": {form}"
    said += ", and the best row" if one.best else ""
    lines = paragraphs(said, _WIDTH, first=before)
    if form is not None and one.answers[0].options:
        lines += _options(one.answers[0], before)
    return lines


def _options(answer: WantedAnswer, before: str) -> list[str]:
    return [
        line
        for option in option_lines(answer)
        for line in paragraphs(option, _WIDTH, first=f"{before}  ", rest=f"{before}    ")
    ]


def _keys(one: WantedQuestion) -> list[str]:
    """The lines to fill in. Parts of different forms have theirs above them."""
    lines = [f"{one.question.id}:"]
    if not one.labelled:
        return lines
    same = forms_of_parts(one) is not None
    for answer in one.answers:
        if not same:
            lines += paragraphs(form_of(one, answer), _WIDTH, first="  # ")
            lines += _options(answer, "  # ")
        lines.append(f"  {answer.label}:")
    return [*lines, "  best:", *(f"    {name}:" for name in one.best)] if one.best else lines


def _answered_by_code(assignment: Assignment, wanted: Sequence[WantedQuestion]) -> str:
    names = [one.question.id for one in wanted if not one.answers]
    if not names:
        return ""
    modules = [name for name in assignment.files if name.endswith(".py")]
    where = f" in {' or '.join(modules)}" if modules else ""
    return f"Answered by code{where}, not here: {', '.join(names)}"


def _comment(text: str, sign: str = "# ") -> list[str]:
    return paragraphs(text, _WIDTH, first=sign)


SHEET_FORMATS: Mapping[str, Writer] = {
    "yaml": _yaml,
    "json": _json,
    "markdown": _markdown,
    "latex": _latex,
}
