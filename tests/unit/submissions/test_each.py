"""A large class is the same as a small one, but for when its files are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.submissions.each import EachOpened, find_each
from grader.submissions.importers import find_submissions

DECLARED = ("answers.yaml",)


def a_class(root: Path, count: int) -> Path:
    for number in range(count):
        folder = root / f"s{number:03}"
        folder.mkdir(parents=True)
        (folder / "answers.yaml").write_text(f"a: {number}\n")
    return root


@pytest.mark.parametrize("count", [1, 99, 100, 120])
def test_each_is_found_as_all_are(tmp_path: Path, count: int) -> None:
    root = a_class(tmp_path / "class", count)
    each = find_each([root], DECLARED)
    assert list(each) == find_submissions([root], DECLARED)
    assert isinstance(each, EachOpened) == (count >= 100)


def test_one_that_is_no_plain_folder_is_looked_at_with_all_others(tmp_path: Path) -> None:
    root = a_class(tmp_path / "class", 120)
    (root / "linked").symlink_to(root / "s001")
    assert not isinstance(find_each([root], DECLARED), EachOpened)


@pytest.mark.lengthy
def test_two_of_one_name_are_told_apart(tmp_path: Path) -> None:
    roots = [a_class(tmp_path / name, 60) for name in ("monday", "friday")]
    each = find_each(roots, DECLARED)
    assert list(each) == find_submissions(roots, DECLARED)


def test_a_part_of_a_class_is_opened_one_by_one_too(tmp_path: Path) -> None:
    each = find_each([a_class(tmp_path / "class", 120)], DECLARED)
    assert [one.id for one in each[3:5]] == ["s003", "s004"]
    assert each[7].sheets == {"answers.yaml": b"a: 7\n"}


def test_what_may_be_work_beside_folders_is_told(tmp_path: Path) -> None:
    for name in ("ann", "ben"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "hw.py").write_bytes(b"x = 1\n")
    for name in ("cem.docx", "dan.JPG", "README.txt", "weights.npz", "handout.pdf"):
        (tmp_path / name).write_bytes(b"x = 1\n")
    told: list[str] = []
    assert [one.id for one in find_each([tmp_path], ["hw.py"], tell=told.append)] == ["ann", "ben"]
    words = "{} lies beside the students' folders and was passed over"
    assert told == [words.format(tmp_path / name) for name in ("cem.docx", "dan.JPG")]
