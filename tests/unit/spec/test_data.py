"""What `data` may name: tests/specs/invalid/s218-data has the rest, of what git can keep."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from grader.spec import data
from grader.spec.load import SpecFault, load_assignment

MIB = 1 << 20
Load = Callable[..., Mapping[str, Path]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "assignments" / "hw"
    (made / "images" / "more").mkdir(parents=True)
    (made / "train.csv").write_text("1,2\n", encoding="utf-8")
    (made / "images" / "more" / "a b.txt").write_text("a", encoding="utf-8")
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "hw.py").write_text("def q(): return 1.5\n", encoding="utf-8")
    return made


@pytest.fixture
def load(folder: Path) -> Load:
    """The data of an assignment that names these."""

    def load(*names: str) -> Mapping[str, Path]:
        (folder / "assignment.yaml").write_text(
            "schema: 1\nslug: hw\ntitle: Homework\nreference: hw\n"
            f"submission: {{files: [answers.yaml]}}\ndata: {list(names)}\n"
            "questions: [{id: q, kind: number}]\n",
            encoding="utf-8",
        )
        return load_assignment(folder).assignment.data

    return load


def refused(load: Load, *names: str) -> str:
    """Why the last of the names is refused."""
    with pytest.raises(SpecFault) as fault:
        load(*names)
    (found,) = fault.value.diagnostics
    assert found.code in ("S218", "S104")
    return found.message


def test_files_and_folders_are_found_by_the_name_that_students_open(
    folder: Path, load: Load
) -> None:
    found = load("train.csv", "images/")
    assert found == {"train.csv": folder / "train.csv", "images": folder / "images"}
    assert load("images/more/a b.txt") == {"images/more/a b.txt": folder / "images/more/a b.txt"}


def test_paths_are_absolute_whatever_folder_one_stands_in(
    folder: Path, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    load("train.csv")
    monkeypatch.chdir(folder.parent)
    found = load_assignment(Path("hw")).assignment.data
    assert found == {"train.csv": folder / "train.csv"}


@pytest.mark.parametrize(
    "name", ["../train.csv", "/etc/passwd", ".", "..", "", "images/../train.csv", ".git", "a//b"]
)
def test_a_path_out_of_the_folder_or_to_hidden_things_is_none(load: Load, name: str) -> None:
    refused(load, name)


def test_links_that_stay_are_followed_and_those_that_leave_are_refused(
    folder: Path, load: Load
) -> None:
    (folder / "images" / "b.txt").symlink_to("more/a b.txt")
    (folder / "short.csv").symlink_to("train.csv")
    assert load("images", "short.csv")["short.csv"] == folder / "train.csv"
    (folder / "images" / "c.txt").symlink_to("../train.csv")
    assert refused(load, "images") == "images/c.txt is a link that leads out of its folder"


def test_nothing_is_provided_twice(load: Load) -> None:
    words = "images/more lies in images, which is named as well"
    assert refused(load, "images/more", "images") == words
    assert refused(load, "images", "images/more") == words
    assert refused(load, "images", "images/") == "images is named twice"


@pytest.mark.parametrize("target", ["/", "..", "."])
def test_links_to_folders_are_refused(folder: Path, load: Load, target: str) -> None:
    (folder / "images" / "all").symlink_to(target)
    assert "images/all is a link to a folder" in refused(load, "images")
    (folder / "out").symlink_to("/etc")
    assert "out leads out of the assignment's folder" in refused(load, "out")


@pytest.mark.parametrize("place", ["pipe", "images/pipe"])
def test_pipes_are_refused_and_never_opened(folder: Path, load: Load, place: str) -> None:
    os.mkfifo(folder / place)
    assert "pipe is not a file that can be provided" in refused(load, place.split("/")[0])


@pytest.mark.parametrize("key", ["assignment.yaml", "../../reference/hw.py"])
def test_the_key_is_refused_under_any_name(folder: Path, load: Load, key: str) -> None:
    load("images")
    (folder / "images" / "innocent.csv").hardlink_to(folder / key)
    assert "holds the spec or the reference" in refused(load, "images")


def test_the_total_size_is_bounded(folder: Path, load: Load) -> None:
    for name in ("a", "b"):
        with (folder / name).open("wb") as stream:
            stream.truncate(128 * MIB)
    assert len(load("a", "b")) == 2
    assert "more than 256 MiB" in refused(load, "a", "b", "train.csv")


def test_the_number_of_files_is_bounded(
    folder: Path, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "_MOST_FILES", 100)
    for number in range(100):
        (folder / "images" / str(number)).touch()
    assert "100 files" in refused(load, "images")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
@pytest.mark.parametrize("place", ["train.csv", "images", "images/more"])
def test_what_cannot_be_read_is_refused(folder: Path, load: Load, place: str) -> None:
    (folder / place).chmod(0)
    try:
        assert "cannot be read" in refused(load, place.split("/")[0])
    finally:
        (folder / place).chmod(0o700)
