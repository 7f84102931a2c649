"""Two small courses of other fields: their examples get what they must, and audits are clean."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.spec.load import load_assignment

ROOT = Path(__file__).resolve().parents[2]
COURSES = sorted(path.parent for path in ROOT.glob("examples/courses/*/README.md"))
ASSIGNMENTS = [path.parent for course in COURSES for path in course.glob("assignments/*/*.yaml")]
Grader = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize("course", COURSES, ids=lambda path: path.name)
def test_the_examples_of_a_course_get_what_they_must(course: Path, grader: Grader) -> None:
    done = grader("verify", "assignments", cwd=course)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.findall(r"^✓ .*: \d questions, 3 examples$", done.stdout, re.MULTILINE)
    assert done.stdout.count("✓") == 2


@pytest.mark.slow
@pytest.mark.parametrize("course", COURSES, ids=lambda path: path.name)
def test_the_audits_of_a_course_are_clean(course: Path, grader: Grader) -> None:
    done = grader("verify", "--audit", ".", cwd=course)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count(": no holes\n") == 2


@pytest.mark.parametrize("folder", ASSIGNMENTS, ids=lambda path: path.name)
def test_a_handout_names_every_question_and_its_points(folder: Path) -> None:
    handout = (folder / "handout.md").read_text(encoding="utf-8")
    for question in load_assignment(folder).assignment.questions:
        unit = "point" if question.points == 1 else "points"
        assert f"`{question.id}` ({question.points} {unit})" in handout


def test_there_are_two_courses_of_two_assignments() -> None:
    assert [path.name for path in COURSES] == ["numerical-analysis", "statistics"]
    assert len(ASSIGNMENTS) == 4
