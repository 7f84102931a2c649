"""What a sheet and a module both answer: the sheet counts, and a note says where they differ."""

from __future__ import annotations

from typing import Any

import pytest

from grader.collect.collect import Collected, collect
from grader.collect.twice import _differ
from grader.judge.submission import judge
from grader.model.typed import Typed
from grader.model.value import NumberText
from grader.plan import make_plan
from grader.submissions.submission import Submission
from tests.shared_sandbox import SANDBOX
from tests.unit.judge.course import Course

SPEC = """
questions:
  - {id: same, kind: number, prompt: A number., expected: 1}
  - {id: other, kind: number, prompt: A number., expected: 2}
  - {id: rounded, kind: number, prompt: A number., expected: 0.33}
  - {id: row, kind: array, prompt: Two numbers., expected: [1, 2]}
  - {id: alone, kind: number, prompt: A number., expected: 5}
"""
SHEET = b"same: 1.0\nother: 3\nrounded: 0.33\nrow: [1, 2]\n"
MODULE = b"same = 1\nother = 2\nrounded = 1 / 3\nrow = (1, 3)\nalone = 5\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(tmp_path_factory.mktemp("twice"), SPEC, "def one():\n    return 1.0\n")


def collected(course: Course, **files: bytes) -> Collected:
    submission = Submission(
        id="ann",
        sheets={"answers.yaml": SHEET},
        modules={f"{name}.py": source for name, source in files.items()},
    )
    return collect(make_plan(course.prepared.assignment), submission, SANDBOX, {})


@pytest.mark.processes
def test_the_sheet_counts_and_a_note_says_where_code_differs(course: Course) -> None:
    found = collected(course, code=MODULE)
    notes = [note.text for note in found.notes]
    assert notes == [
        "answers from answers.yaml; code from code.py",
        "'other' is answered otherwise in code.py; the answer in answers.yaml counts",
        "'row' is answered otherwise in code.py; the answer in answers.yaml counts",
    ]
    judged = judge(course.prepared.assignment, course.prepared.key, found.responses)
    verdicts = {one.question: one.verdict.value for one in judged.outcomes}
    assert verdicts["other"] == "incorrect"  # as the sheet says
    assert {name for name, verdict in verdicts.items() if verdict == "correct"} == {
        *("same", "rounded", "row", "alone")
    }


def test_code_that_defines_none_of_it_is_not_asked(course: Course) -> None:
    plan = make_plan(course.prepared.assignment)
    sheet = SHEET + b"alone: 5\n"
    submission = Submission(
        id="ann", sheets={"answers.yaml": sheet}, modules={"code.py": b"raise SystemExit\n"}
    )
    (read,) = collect(plan, submission, SANDBOX, {}).notes
    assert read.text == "answers from answers.yaml"


@pytest.mark.parametrize(
    ("typed", "given", "differ"),
    [
        ("3.19", 3.185, False),  # rounded
        ("3", 2, True),
        ("3.19", 3.25, True),
        ("[1, 2]", [1.0, 2.0], False),
        ("(1; 2)", (1, 2), False),
        ("[1, 2]", [1, 2, 3], True),
        ("1+2i", 1 + 2j, False),
        ("1+2i", 1 - 2j, True),
        ("w * x", "w*x", False),
        ("w * x", "w + x", True),
        ("a", "a", False),
        ("1", NumberText("1.0"), False),
        ("1", True, False),
        ("1", None, True),
        ("1", "x" * 5000, True),
        ("nan", float("inf"), True),
    ],
)
def test_two_answers_differ_where_a_person_sees_it(typed: str, given: Any, differ: bool) -> None:
    assert _differ(Typed(typed, quoted=False), given) is differ
