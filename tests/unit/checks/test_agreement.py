"""A stated answer beside the reference: as near as a student's has to be, and measured alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.spec.load import SpecFault
from tests.unit.judge.course import Course


def stated(folder: Path, value: int) -> Course:
    spec = f"questions: [{{id: a, kind: number, expected: {value}, tolerance: {{rtol: 0.1}}}}]\n"
    return Course(folder, spec, "def a(): return 100.0\n")


@pytest.mark.parametrize("value", [100, 90, 110])
def test_what_a_student_might_answer_may_be_stated(value: int, tmp_path: Path) -> None:
    assert stated(tmp_path, value).verdicts({"a": str(value)}) == {"a": "correct"}


@pytest.mark.parametrize("value", [89, 111])
def test_the_allowance_is_a_part_of_the_computed_value(value: int, tmp_path: Path) -> None:
    with pytest.raises(SpecFault, match="S307"):
        stated(tmp_path, value)
