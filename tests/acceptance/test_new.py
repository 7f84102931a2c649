"""`grader new`: from an empty folder to an assignment that is clean."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.course.new import LIKES

Grader = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    "like",
    [LIKES[0], *(pytest.param(like, marks=pytest.mark.slow) for like in LIKES[1:])],
)
def test_a_new_assignment_is_clean_at_once(like: str, grader: Grader, empty: Path) -> None:
    made = grader("new", "week-1", "--like", like, cwd=empty)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.startswith("✓ week-1, and a course around it\n")
    assert "next: grader verify --audit assignments/week-1\n" in made.stdout
    done = grader("verify", "--audit", "week-1", cwd=empty)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("✓ week-1: no holes\n")


@pytest.mark.slow
def test_another_one_joins_the_course_from_any_of_its_folders(grader: Grader, empty: Path) -> None:
    grader("new", "week-1", cwd=empty)
    inside = empty / "assignments" / "week-1"
    done = grader("new", "week-2", "--like", "statistics", cwd=inside)
    assert done.stdout.startswith("✓ week-2\n  ../../assignments/week-2/assignment.yaml\n")
    assert (empty / "assignments" / "week-2" / "assignment.yaml").is_file()
    again = grader("new", "week-2", cwd=empty)
    assert again.returncode == 2
    assert again.stderr == "error: assignments/week-2 is there already\n"
    other = grader("new", "week-3", "--like", "physics", cwd=empty)
    assert (other.returncode, "there are optimizer, backprop" in other.stderr) == (2, True)


@pytest.mark.slow
def test_verify_says_what_comes_next_where_there_are_no_examples(
    grader: Grader, empty: Path
) -> None:
    grader("new", "week-1", "--like", "statistics", cwd=empty)
    examples = empty / "examples" / "submissions" / "week-1"
    written = (examples / "expected.yaml").read_text(encoding="utf-8")
    (examples / "expected.yaml").unlink()
    done = grader("verify", ".", cwd=empty)
    assert (done.returncode, done.stdout) == (0, "✓ week-1: 3 questions, no examples\n")
    assert "warning[S404]" in done.stderr
    assert "next: `grader verify --examples`" in done.stderr
    for command in ("verify", "show"):
        done = grader(command, "--examples", "week-1", cwd=empty)
        assert done.returncode == 0
        assert done.stdout.startswith("wrote examples/submissions/week-1/expected.yaml: see")
        now = (examples / "expected.yaml").read_text(encoding="utf-8")
        assert sorted(now.splitlines()) == sorted(written.splitlines()[1:])
        (examples / "expected.yaml").unlink()


@pytest.mark.slow
def test_a_slug_that_is_not_there_is_answered_with_the_near_one(
    grader: Grader, empty: Path
) -> None:
    grader("new", "regression", "--like", "statistics", cwd=empty)
    for command in ("verify", "check"):
        done = grader(command, "regresion", cwd=empty)
        assert done.returncode == 2
        assert "did you mean 'regression'?" in done.stderr
