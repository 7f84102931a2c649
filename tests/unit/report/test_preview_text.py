"""How an assignment reads to a student."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.checks.starter import read_starter
from grader.checks.wanted import wanted_questions
from grader.report.asked_text import asked_page
from grader.report.preview_text import preview_page
from tests.unit.judge.course import Course

SPEC = """\
givens: {x: 2}
questions:
  - {id: one, kind: number, prompt: Give it., expected: 59.375, tolerance: {decimals: 3}}
  - id: two
    kind: choice
    points: 2
    bonus: true
    parts:
      a: &which {options: {up: It rises, down: It falls}, expected: down}
      b: *which
  - id: f
    kind: function
    call: f(x, y)
    requires: [inputs_unchanged]
    cases: [{x: 3, y: 1}, {inputs: {x: 63.5, y: 91.25}, hidden: true}]
  - {id: g, kind: function, call: g(x), cases: [{inputs: {x: 1}, label: at one}]}
  - {id: Op, kind: function, step: g, call: Op(x), cases: [{x: 1}]}
"""
REFERENCE = "def f(x, y, /): return x * y\ndef g(x, /): return x\n"
STARTER = '''\
def f(x):
    """Return the product.

    Secret details.
    """
    return 36.625

class Op(Base):
    def run(self, x: float = 1) -> float: ...

wrong = 1 / 0
'''


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(tmp_path_factory.mktemp("preview"), SPEC, REFERENCE)


def page(course: Course, starter: str | None = None) -> str:
    made = course.prepared
    path = made.assignment.folder / "starter.py"
    path.unlink(missing_ok=True)
    if starter is not None:
        path.write_text(starter, encoding="utf-8")
    wanted = wanted_questions(made.assignment, made.key)
    return preview_page(made.assignment, wanted, read_starter(made.assignment.folder))


def test_everything_that_is_asked_stands_there(course: Course) -> None:
    text = page(course, STARTER)
    for said in (
        "A course (course): 4 points and 2 bonus\nhand in: answers.yaml, code.py\n",
        "there is no handout.md beside the spec\n",
        " 1  one  (1 point)\n    Give it.\n    → a number to three decimals\n",
        " 2  two  (2 bonus points)\n    (there is no prompt)\n",
        "    → two parts, a, b: each one of these words\n        up: It rises\n",
        "    → f(x, y) in code.py; leaves its inputs as they are\n",
        "      starter.py: def f(x)\n        “Return the product.”\n",
        "      starter.py takes one argument, and the question gives 2\n",
        "      tried with f(3, 1) and hidden cases\n",
        "    → g(x) in code.py\n      starter.py has nothing of this name\n",
        "      tried with at one\n",
        "      starter.py: class Op(Base)\n        def run(self, x: float=1) -> float\n",
    ):
        assert said in text
    assert max(map(len, text.splitlines())) <= 80


def test_its_lines_are_as_wide_as_asked(course: Course) -> None:
    made = course.prepared
    wanted = wanted_questions(made.assignment, made.key)
    starter = read_starter(made.assignment.folder)
    narrow = preview_page(made.assignment, wanted, starter, width=40)
    assert max(map(len, narrow.splitlines())) <= 40
    assert narrow.split() == preview_page(made.assignment, wanted, starter).split()
    assert max(map(len, asked_page(made.assignment, wanted, width=40).splitlines())) <= 40


def test_nothing_of_the_key_stands_there(course: Course) -> None:
    text = page(course, STARTER)
    for number in re.findall(r"\d+\.\d+", SPEC + STARTER):
        assert number not in text
    assert "Secret" not in text


def test_without_a_starter_nothing_is_said_of_one(course: Course) -> None:
    assert "starter" not in page(course)


def test_a_starter_that_is_broken_is_told(course: Course) -> None:
    text = page(course, "def f(x:\n    pass\n")
    assert "starter.py is not Python (line 1)\n" in text
    assert text.count("starter") == 1


def test_a_folder_in_the_place_of_the_starter_is_none(tmp_path: Path) -> None:
    (tmp_path / "starter.py").mkdir()
    assert read_starter(tmp_path) is None


@pytest.mark.parametrize(
    ("empty", "said"),
    [
        ((), "no file found here; wanted: answers.yaml and code.py"),
        (("answers.yaml",), "also wanted: code.py"),
        (("answers.yaml", "code.py"), "there is no answer yet in answers.yaml and code.py"),
    ],
)
def test_who_has_written_nothing_reads_which_files_are_wanted(
    course: Course, empty: tuple[str, ...], said: str
) -> None:
    made = course.prepared
    text = asked_page(made.assignment, wanted_questions(made.assignment, made.key), empty)
    assert said in text
    assert text.count("wanted") == (len(empty) < 2)
