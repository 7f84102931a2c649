"""`grader new`: what is written is a valid assignment, and nothing is written over."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.checks.prepare import prepare
from grader.course.new import LIKES, NewFault, new_assignment
from grader.spec.load import load_assignment


@pytest.mark.parametrize("like", LIKES)
def test_a_template_is_a_valid_assignment_with_all_its_files(like: str, tmp_path: Path) -> None:
    made = new_assignment("week-1", like=like, course=tmp_path)
    prepared = prepare(tmp_path / "assignments" / "week-1")
    assert prepared.warnings == ()
    assert prepared.assignment.reference == tmp_path / "reference" / "week_1.py"
    examples = tmp_path / "examples" / "submissions" / "week-1"
    assert sum(path.is_dir() for path in examples.iterdir()) == 3
    assert (examples / "expected.yaml").is_file()
    names = {path.name for path in (tmp_path / "assignments" / "week-1").iterdir()}
    assert names >= {"assignment.yaml", "handout.md"}
    assert names & {"starter.py", "starter.yaml"}
    for path in made.written:
        assert "NEW_" not in (tmp_path / path).read_text(encoding="utf-8").replace("NEW_MODULE", "")


@pytest.mark.parametrize("like", LIKES)
def test_a_handout_names_every_question(like: str, tmp_path: Path) -> None:
    new_assignment("week-1", like=like, course=tmp_path)
    folder = tmp_path / "assignments" / "week-1"
    handout = (folder / "handout.md").read_text(encoding="utf-8")
    for question in load_assignment(folder).assignment.questions:
        assert f"`{question.id}` ({question.points} points)" in handout


def test_a_course_is_made_once_and_none_of_its_files_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine\n", encoding="utf-8")
    first = new_assignment("week-1", course=tmp_path)
    assert first.makes_course
    assert [str(path) for path in first.kept] == ["README.md"]
    assert (tmp_path / ".github" / "workflows" / "verify.yml").is_file()
    (tmp_path / ".gitignore").write_text("mine\n", encoding="utf-8")
    second = new_assignment("week-2", like="lab", course=tmp_path)
    assert not second.makes_course
    assert second.kept == ()
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "mine\n"
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "mine\n"


@pytest.mark.parametrize(
    "there",
    ["assignments/week-1/notes.txt", "reference/week_1.py", "examples/submissions/week-1/a/b.py"],
)
def test_what_is_there_stays_and_nothing_is_written(there: str, tmp_path: Path) -> None:
    (tmp_path / there).parent.mkdir(parents=True)
    (tmp_path / there).write_text("mine\n", encoding="utf-8")
    with pytest.raises(NewFault, match="is there already"):
        new_assignment("week-1", course=tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.read_text(encoding="utf-8") for path in files] == ["mine\n"]


@pytest.mark.parametrize("slug", ["3-sums", "1e5", "null", "true", "0x1f", "007", "class", "a"])
def test_a_slug_that_looks_like_something_else_is_a_text(slug: str, tmp_path: Path) -> None:
    new_assignment(slug, course=tmp_path)
    assert prepare(tmp_path / "assignments" / slug).assignment.slug == slug


@pytest.mark.parametrize(
    "slug", ["", "Week", "a b", "../a", "a/b", "-a", "a-", "a--b", "é", "a_b", "a\n", "x" * 61]
)
def test_what_is_no_slug_is_refused(slug: str, tmp_path: Path) -> None:
    with pytest.raises(NewFault, match="is not a slug"):
        new_assignment(slug, course=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_every_seed_is_another_one(tmp_path: Path) -> None:
    for slug in ("one", "two"):
        new_assignment(slug, course=tmp_path)
    seeds = {prepare(tmp_path / "assignments" / slug).assignment.seed for slug in ("one", "two")}
    assert len(seeds) == 2


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "reference").write_text("a file\n", encoding="utf-8")
    with pytest.raises(NewFault, match="cannot be written"):
        new_assignment("week-1", course=tmp_path)
