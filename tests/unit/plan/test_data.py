"""The course's data are known by their content."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.plan.data import digest_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "images"
    (made / "more").mkdir(parents=True)
    (made / "a.txt").write_bytes(b"a")
    (made / "more" / "b.txt").write_bytes(b"b")
    return made


def test_a_file_is_its_bytes(tmp_path: Path) -> None:
    one, two, other = (tmp_path / name for name in ("one.csv", "two.csv", "other.csv"))
    one.write_bytes(b"1,2\n")
    two.write_bytes(b"1,2\n")
    other.write_bytes(b"1,3\n")
    os.utime(two, (0, 0))
    assert digest_of(one) == digest_of(two) != digest_of(other)


def test_a_folder_is_what_lies_below_it(folder: Path, tmp_path: Path) -> None:
    before = digest_of(folder)
    moved = folder.rename(tmp_path / "elsewhere")
    assert digest_of(moved) == before
    (moved / "more" / "b.txt").write_bytes(b"c")
    assert digest_of(moved) != before
    (moved / "more" / "b.txt").write_bytes(b"b")
    assert digest_of(moved) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "a.txt").rename(folder / "c.txt"),
        lambda folder: (folder / "a.txt").rename(folder / "more" / "a.txt"),
        lambda folder: (folder / "empty").mkdir(),
        lambda folder: (folder / "empty.txt").touch(),
        lambda folder: (folder / "more").rename(folder / "less"),
        lambda folder: (folder / "a.txt").unlink(),
    ],
    ids=["renamed", "moved", "an empty folder", "an empty file", "another folder", "gone"],
)
def test_names_and_folders_count(folder: Path, change: Callable[[Path], object]) -> None:
    before = digest_of(folder)
    change(folder)
    assert digest_of(folder) != before


def test_a_link_is_what_it_leads_to(folder: Path) -> None:
    (folder / "c.txt").write_bytes(b"a")
    copied = digest_of(folder)
    (folder / "c.txt").unlink()
    (folder / "c.txt").symlink_to("a.txt")
    assert digest_of(folder) == copied


def test_a_file_and_a_folder_are_never_the_same(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    assert digest_of(tmp_path / "folder") != digest_of(tmp_path / "file")


def test_what_cannot_be_read_is_said(folder: Path) -> None:
    (folder / "gone").symlink_to("nowhere")
    for path in (folder, folder / "gone"):
        with pytest.raises(OSError, match="gone"):
            digest_of(path)
