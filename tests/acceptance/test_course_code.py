"""What a course's own code does wrong: told to staff, hidden from students, and nobody's zero."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Grader = Callable[..., subprocess.CompletedProcess[str]]
SPEC = """
schema: 1
slug: small
title: Small
reference: small
submission: {files: [answers.yaml, code.py]}
seed: 3
limits: {reference_seconds: 1}
questions:
  - {id: twice, kind: function, call: twice(x), cases: [{x: 1}, {random: {x: [1, 5]}}]}
  - {id: start, kind: number}
  - {id: end, kind: number}
"""
REFERENCE = """
import os
def twice(x, /):
    {calling}
    return 2 * x
def start(): return 1.5
def end(start):
    {solving}
    return 2 * start
"""


@pytest.fixture
def small(tmp_path: Path) -> Callable[..., Path]:
    """A checkout with one assignment and a class of two, the reference doing this."""

    def made(calling: str = "pass", solving: str = "pass") -> Path:
        files = {
            "assignments/small/assignment.yaml": SPEC,
            "reference/small.py": REFERENCE.format(calling=calling, solving=solving),
            "class/ann/answers.yaml": "start: 1.5\nend: 3\n",
            "class/ann/code.py": "def twice(x): return x + x\n",
            "class/ben/answers.yaml": "start: 5\nend: 10\n",
            "class/ben/code.py": "def twice(x): return x + x\n",
        }
        for name, text in files.items():
            path = tmp_path / "course" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path / "course"

    return made


@pytest.mark.slow
def test_a_print_left_in_a_reference_is_for_staff_alone(
    grader: Grader, small: Callable[..., Path]
) -> None:
    course = small(calling="print('hidden', x)")
    checked = grader("check", "small", "class/ann", cwd=course)
    assert checked.returncode == 0
    assert "hidden" not in checked.stdout + checked.stderr
    done = grader("grade", "small", "class", "--format", "json", cwd=course)
    assert done.returncode == 0
    assert "hidden 1" not in json.dumps(json.loads(done.stdout))
    assert "note: the course's own code printed" in done.stderr
    assert "hidden 1" in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("grade", "small", "class"),
        pytest.param(("check", "small", "class/ann"), marks=pytest.mark.slow),
        pytest.param(("verify", "small"), marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_no_command_hangs_or_ends_with_the_course(
    grader: Grader, small: Callable[..., Path], command: tuple[str, ...]
) -> None:
    done = grader(*command, cwd=small(solving="while True: pass"))
    assert done.returncode == 3
    assert "reference/small.py:7:1: error[S311]: 'end' runs for more than 1 s" in done.stderr
    done = grader(*command, cwd=small(solving="os._exit(0)"))
    assert done.returncode == 4
    assert "ended with exit code 0 while 'end' ran" in done.stderr


def test_the_class_goes_on_when_the_course_ends_on_one_students_value(
    grader: Grader, small: Callable[..., Path]
) -> None:
    course = small(solving="if start == 5: os._exit(0)")
    done = grader("grade", "small", "class", "--results", "r.json", "-j", 4, cwd=course)
    assert done.returncode == 4
    assert "not everything could be marked: ben" in done.stderr
    ann, ben = json.loads((course / "r.json").read_text(encoding="utf-8"))["submissions"]
    assert (ann["score"], ann["final"]) == (3, 3)
    assert ben["final"] is None
    assert ben["not_scored"] == ["twice", "start", "end"]


def _drive(course: Path, does: str) -> None:
    folder = course / "assignments" / "small"
    spec = (
        SPEC + "  - {id: driven, kind: function, entry: twice, driver: drive.py, cases: [{x: 1}]}\n"
    )
    spec = spec.replace("reference_seconds: 1", "reference_seconds: 20")
    (folder / "assignment.yaml").write_text(spec, encoding="utf-8")
    source = f"def drive(module, case):\n    {does}\n    return module.twice(case['x'])\n"
    (folder / "drive.py").write_text(source, encoding="utf-8")


TOO_LARGE = "import numpy; numpy.zeros(90_000_000)"  # for a student's 512 MiB


@pytest.mark.parametrize(
    "command",
    [
        ("grade", "small", "class", "--results", "r.json"),
        pytest.param(("check", "small", "class/ann"), marks=pytest.mark.slow),
        pytest.param(("verify", "small"), marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_a_driver_that_would_fail_everybody_is_told_before_any_code_runs(
    grader: Grader, small: Callable[..., Path], command: tuple[str, ...]
) -> None:
    course = small()
    _drive(course, TOO_LARGE)
    done = grader(*command, cwd=course)
    assert done.returncode == 3
    assert "assignments/small/drive.py:2:1: error[S305]" in done.stderr + done.stdout
    assert "needs more than 512 MiB of memory (twice(1))" in done.stderr + done.stdout
    assert not (course / "r.json").exists()


@pytest.mark.slow
def test_no_driver_that_would_fail_everybody_marks_them_again(
    grader: Grader, small: Callable[..., Path]
) -> None:
    course = small()
    _drive(course, "pass")
    command = ("grade", "small", "class", "--results", "r.json")
    assert grader(*command, cwd=course).returncode == 0
    before = (course / "r.json").read_bytes()
    _drive(course, TOO_LARGE)
    done = grader("regrade", "small", "--results", "r.json", cwd=course)
    assert done.returncode == 3
    assert "drive.py:2:1: error[S305]" in done.stderr
    assert (course / "r.json").read_bytes() == before
    _drive(course, "pass")
    assert grader("regrade", "small", "--results", "r.json", cwd=course).returncode == 0


def test_what_cannot_be_read_is_listed_held_and_counted(
    grader: Grader, small: Callable[..., Path]
) -> None:
    course = small()
    (course / "class" / "cat").symlink_to(course / "class" / "ann")
    done = grader("grade", "small", "class", "--results", "r.json", cwd=course)
    assert done.returncode == 4
    assert "not everything could be marked: cat" in done.stderr
    ann, ben, cat = json.loads((course / "r.json").read_text(encoding="utf-8"))["submissions"]
    assert (ann["score"], ben["score"], cat["score"]) == (3, 2, 0)
    assert {one["reason"] for one in cat["questions"]} == {"files_unreadable"}
    assert cat["final"] is None


def test_a_full_disk_behind_standard_output_is_told(
    grader: Grader, small: Callable[..., Path]
) -> None:
    """And the results that could be written are there."""
    with Path("/dev/full").open("w", encoding="ascii") as full:
        done = subprocess.run(
            [sys.executable, "-m", "grader", "grade", "small", "class", "--results", "r.json"],
            cwd=small(),
            # What could not be written is kept, and tried once more when Python ends.
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""},
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
            timeout=300,
        )
    assert done.returncode == 4
    assert "No space left on device" in done.stderr
    assert len(json.loads((small() / "r.json").read_text("utf-8"))["submissions"]) == 2
