"""Which files a release holds, by what lies in the assignment's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.checks.prepare import prepare
from grader.checks.wanted import wanted_questions
from grader.course.new import new_assignment
from grader.course.release import _files


@pytest.mark.parametrize("own", [True, False])
def test_there_is_one_sheet_to_fill_in(own: bool, tmp_path: Path) -> None:
    new_assignment("week-1", like="backprop", course=tmp_path)
    starter = tmp_path / "assignments" / "week-1" / "starter.yaml"
    text = starter.read_bytes()
    if not own:
        starter.unlink()
    made = prepare(starter.parent)
    files = _files(made.assignment, wanted_questions(made.assignment, made.key), {})
    assert set(files) == {"answers.yaml", "handout.md", "release.json"}
    assert (files["answers.yaml"] == text) is own
    assert b"slope_w1:" in files["answers.yaml"]
