"""The sheet to fill in loads as it is, holds nothing of the key, and takes right answers."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from grader.checks.prepare import Prepared, prepare
from grader.checks.wanted import wanted_questions
from grader.collect.collect import collect
from grader.model.assignment import FunctionQuestion
from grader.model.outcome import Outcome
from grader.model.verdict import Verdict
from grader.plan import make_plan
from grader.report.answer_sheet import SHEET_FORMATS, answer_sheet
from grader.report.wanted_words import form_of
from grader.submissions.sheet import read_sheets
from grader.submissions.submission import Submission
from tests.homeworks import SLUGS
from tests.homeworks import prepared as homework

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "submissions"
NAMES = {"yaml": "answers.yaml", "json": "answers.json"} | {
    "markdown": "report.md",
    "latex": "report.tex",
}


class Unused:
    """A sandbox that nothing is run in."""

    tier = "none"

    def run(self, *_: Any) -> Any:
        raise AssertionError


@cache
def sheet(slug: str, form: str = "yaml") -> str:
    made = homework(slug)
    return answer_sheet(made.assignment, wanted_questions(made.assignment, made.key), form)


def marked(made: Prepared, name: str, text: str) -> dict[str, Outcome]:
    """The questions that a sheet can answer, marked with this one."""
    submission = Submission(id="one", sheets={name: text.encode()}, others=_picture())
    given = collect(make_plan(made.assignment), submission, Unused(), made.assignment.data)  # type: ignore[arg-type]  # never asked
    assert {note.text for note in given.notes} <= {f"answers from {name}"}
    outcomes = made.judge(given.responses).outcomes
    questions = {question.id: question for question in made.assignment.questions}
    return {
        outcome.question: outcome
        for outcome in outcomes
        if not isinstance(questions[outcome.question], FunctionQuestion)
    }


def _picture() -> Mapping[str, bytes]:
    return MappingProxyType({"contour.png": b"\x89PNG"})


@pytest.mark.parametrize("form", NAMES)
@pytest.mark.parametrize("slug", SLUGS)
def test_what_is_left_empty_is_not_answered(slug: str, form: str) -> None:
    outcomes = marked(homework(slug), NAMES[form], sheet(slug, form))
    assert outcomes
    assert {outcome.verdict for outcome in outcomes.values()} == {Verdict.MISSING}


@pytest.mark.parametrize("form", NAMES)
@pytest.mark.parametrize("slug", SLUGS)
def test_every_name_is_there_in_its_order(slug: str, form: str) -> None:
    text = sheet(slug, form)
    wanted = [one for one in homework(slug).assignment.questions if not one.nature.by_code]
    lines = r'^\W*{}"?:|^\\answer\{{{}[}}.]'
    places = [re.search(lines.format(one.id, one.id), text, re.MULTILINE) for one in wanted]
    starts = [place.start() for place in places if place is not None]
    assert len(starts) == len(wanted)
    assert starts == sorted(starts)


def filled(slug: str, form: str) -> str:
    """The sheet with the right answers put in behind the names, as a student would type them."""
    given = (EXAMPLES / slug / "all-correct" / "answers.yaml").read_text(encoding="utf-8")
    lines = []
    question = ""
    blocks = dict(_blocks(given))
    parts = read_sheets({"answers.yaml": given.encode()}).answers
    for line in sheet(slug, form).splitlines():
        name = re.fullmatch(r"(\s*)([^\W\d]\w*):", line)
        if name is None:
            lines.append(line)
        elif name[1]:
            part = parts[question]["best"] if len(name[1]) > 2 else parts[question]
            if line != "  best:":
                line += f" {written(part[name[2]])}"
            lines.append(line)
        else:
            question = name[2]
            labelled = isinstance(parts.get(question), dict)
            lines.append(line if labelled else blocks[question].rstrip())
    return "\n".join(lines) + "\n"


def filled_latex(slug: str) -> str:
    given = (EXAMPLES / slug / "all-correct" / "answers.yaml").read_bytes()
    answers = read_sheets({"answers.yaml": given}).answers

    def put(empty: re.Match[str]) -> str:
        value: Any = answers
        for name in empty[1].split("."):
            value = value[name]
        text = re.sub(r"([%#&])", r"\\\1", written(value).strip('"'))
        return f"\\answer{{{empty[1]}}}{{{f'${text}$' if empty[2] else text}}}"

    return re.sub(
        r"^\\answer\{([\w.]+)\}\{(\$ \$)?\}", put, sheet(slug, "latex"), flags=re.MULTILINE
    )


def written(answer: Any) -> str:
    if isinstance(answer, tuple):
        return f"[{', '.join(map(written, answer))}]"
    return f'"{answer.text}"' if answer.quoted else str(answer.text)


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Name and lines of every answer of a sheet."""
    for block in re.split(r"^(?=\w)", text, flags=re.MULTILINE):
        name = re.match(r"\w+", block)
        if name is not None:
            yield name[0], re.sub(r"^#.*\n?", "", block, flags=re.MULTILINE)


@pytest.mark.parametrize("form", ["yaml", "markdown", "latex"])
@pytest.mark.parametrize("slug", SLUGS)
def test_right_answers_filled_in_get_full_marks(slug: str, form: str) -> None:
    text = filled_latex(slug) if form == "latex" else filled(slug, form)
    outcomes = marked(homework(slug), NAMES[form], text)
    left = {
        name: outcome
        for name, outcome in outcomes.items()
        if outcome.verdict not in (Verdict.CORRECT, Verdict.PENDING)
    }
    assert left == {}
    assert all(outcome.score in (None, outcome.max_score) for outcome in outcomes.values())


SPEC = """\
schema: 1
slug: small
title: Small
reference: small
seed: 48151623
submission: {files: [answers.yaml, code.py]}
givens: {start: 7391.0625, x: 1}
formulas:
  domains: {x: [0.0078125, 2], w: [0.0078125, 2]}
  symbols: {hidden_step: [], other_step: []}
questions:
  - id: one
    kind: number
    points: 2.5
    prompt: |
      A number.

      - the first: with a colon
      - the second
    expected: 59.375
    tolerance: {atol: 0.03125}
  - id: rows
    kind: iterates
    length: hidden
    expected: [[83.5, 67.25], [45.5, 98.75], [21.25, 77.5]]
    tolerance: {decimals: 2}
  - id: set
    kind: array
    count_asked: true
    expected: [34.5, 64.25, 41.75]
    tolerance: {unordered: true, atol: 0.015625}
  - id: matrix
    kind: array
    expected: [[84.5, 23.25, 52.75], [72.5, 12.25, 87.75]]
    tolerance: {sigfigs: 3, strict: true}
  - id: labels
    kind: expression
    tolerance: {rtol: 0.00390625}
    parts: {a: {step: hidden_step}, b: {step: other_step}}
  - id: which
    kind: choice
    options: {left: To the left, right: "To the right: mostly", none: none}
    expected: right
  - id: words
    kind: text
    prompt: Why?
    rubric: [{points: 1, text: Names the secret reason}]
  - id: table
    kind: series
    columns: [epoch, loss]
    criteria: [{column: loss, final: [null, 0.0546875]}, {column: loss, states_best: [epoch]}]
  - id: f
    kind: function
    call: f(x)
    cases: [{x: 63.5}, {inputs: {x: 91.25}, hidden: true}]
mistakes:
  - {id: secret-mistake, replaces: hidden_step, with: wrong_step, feedback: secret words}
"""
REFERENCE = """\
def hidden_step(x, w): return 27.125 * x * w
def wrong_step(x, w): return 27.125 * x
def other_step(x, hidden_step): return x + hidden_step
def f(x, /): return x * 36.625
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    folder = tmp_path_factory.mktemp("sheet")
    for path, text in {
        "assignments/small/assignment.yaml": SPEC,
        "reference/small.py": REFERENCE,
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return prepare(folder / "assignments" / "small")


@pytest.mark.parametrize("form", SHEET_FORMATS)
def test_nothing_of_the_key_stands_in_it(small: Prepared, form: str) -> None:
    text = answer_sheet(small.assignment, wanted_questions(small.assignment, small.key), form)
    for number in re.findall(r"\d+\.\d{2,}|\d{3,}", SPEC + REFERENCE):
        assert number not in text
        assert repr(float(number)) not in text
    for secret in ("secret", "reason", "wrong", "hidden", "three triples", "36", "27"):
        assert secret not in text.replace("hidden_step", "")


def test_the_form_is_told(small: Prepared) -> None:
    text = answer_sheet(small.assignment, wanted_questions(small.assignment, small.key), "yaml")
    for said in (
        "# A number.\n# - the first: with a colon\n# - the second\n# 2.5 points: a number\none:\n",
        "# 1 point: a list of pairs of numbers, each to two decimals\nrows:\n",
        "# 1 point: a list of numbers, in any order\nset:\n",
        "each to exactly three significant\n# digits\nmatrix:\n",
        "#   left: To the left\n#   right: To the right: mostly\n#   none\nwhich:\n",
        "# 1 point: a text, which a person marks\nwords:\n",
        "# 1 point, two columns, each a list of numbers, and the best row\ntable:\n  epoch:\n",
        "  loss:\n  best:\n    epoch:\n",
        "# Answered by code in code.py, not here: f\n",
    ):
        assert said in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_column_of_a_table_is_a_list_of_numbers(small: Prepared) -> None:
    wanted = {one.question.id: one for one in wanted_questions(small.assignment, small.key)}
    table = wanted["table"]
    assert {form_of(table, answer) for answer in table.answers if answer.label == "loss"} == {
        "a list of numbers"
    }


def test_parts_do_not_tell_which_step_they_ask_for(small: Prepared) -> None:
    """A name that a part may not use is what the part asks for."""
    text = answer_sheet(small.assignment, wanted_questions(small.assignment, small.key), "yaml")
    assert "two parts, each a formula in hidden_step, other_step, x and w\nlabels:\n  a:\n" in text


def test_a_column_left_empty_is_said_to_be_missing(small: Prepared) -> None:
    given = "table: {epoch: [1, 2], loss: , best: {epoch: }}\n"
    outcome = marked(small, "answers.yaml", given)["table"]
    assert outcome.verdict is Verdict.MISSING
    (part,) = outcome.parts[:1]
    assert part.feedback.student == ("the column loss is missing",)


@pytest.mark.processes
def test_the_report_in_latex_can_be_typeset(small: Prepared, tmp_path: Path) -> None:
    """The sheet as it is, and answers in text, in formulas and with a star."""
    latex = next(filter(None, map(shutil.which, ("pdflatex", "lualatex", "xelatex"))), None)
    if latex is None:
        pytest.skip("there is no LaTeX on this machine")
    text = answer_sheet(small.assignment, wanted_questions(small.assignment, small.key), "latex")
    more = r"\[ y = \answer{labels.a}{w_1 x} \] It is \answer*{which}{op\_class}. \end{document}"
    (tmp_path / "report.tex").write_text(text.replace(r"\end{document}", more), encoding="utf-8")
    command = [latex, "-interaction=nonstopmode", "-halt-on-error", "report.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert (tmp_path / "numgrader.sty").exists()
