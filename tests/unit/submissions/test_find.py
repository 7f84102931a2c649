from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.submissions.find import (
    SubmissionFault,
    open_submission,
    open_together,
    passed_over,
)
from grader.submissions.importers import find_submissions
from grader.submissions.submission import Submission
from tests.some import some

DECLARED = ("answers.yaml", "optimizers.py")
MIB = 1 << 20


def lay(folder: Path, files: Mapping[str, str | bytes | None]) -> Path:
    """Write files below a folder; None makes a folder."""
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            place.mkdir()
        else:
            place.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def said(submission: Submission) -> str:
    return "\n".join(note.text for note in submission.notes)


LAYOUTS: dict[str, tuple[dict[str, str | None], list[str]]] = {
    "one-folder": ({"answers.yaml": "", "notes.txt": ""}, ["class"]),
    "sheet-as-json": ({"answers.json": "{}"}, ["class"]),
    "module-only": ({"optimizers.py": ""}, ["class"]),
    "declared-file-beside-folders": ({"answers.yaml": "", "figures/a.png": ""}, ["class"]),
    "folder-of-students": ({"bob/answers.yaml": "", "ann/other.py": ""}, ["ann", "bob"]),
    "student-with-nothing": ({"ann/answers.yaml": "", "bob": None}, ["ann", "bob"]),
    "folders-and-a-loose-sheet": ({"ann/answers.yaml": "", "expected.yaml": ""}, ["ann"]),
    "a-file-a-student": ({"bob.py": "", "ann.py": "", "list.txt": ""}, ["ann", "bob"]),
    "a-sheet-a-student": ({"bob.yaml": "", "ann.json": "", "cy.yaml": ""}, ["ann", "bob", "cy"]),
    "a-photo-among-files": ({"bob.py": "", "ann.py": "", "cy.JPG": ""}, ["ann", "bob", "cy"]),
    "documents-among-files": (
        {"ann.py": "", "bob.docx": "", "cy.py": "", "di.pdf": "", "handout.pdf": "", "eve.m": ""},
        ["ann", "bob", "cy", "di", "eve"],
    ),
    "documents-alone": ({"ann.pdf": "", "bob.pdf": ""}, ["class"]),
    "one-file-of-another-name": ({"mine.py": "", "plot.png": ""}, ["class"]),
    "a-sheet-and-a-module": ({"mine.py": "", "mine.yaml": ""}, ["class"]),
    "empty": ({}, ["class"]),
    "only-junk": ({".DS_Store": "", "__MACOSX/._a.py": "", "__pycache__/a.pyc": ""}, ["class"]),
    "junk-beside-students": ({"ann/a.py": "", "__MACOSX/ann/._a.py": "", ".git/x": ""}, ["ann"]),
}


@pytest.mark.parametrize(("files", "ids"), LAYOUTS.values(), ids=LAYOUTS)
def test_every_layout_gives_its_submissions(
    tmp_path: Path, files: dict[str, str | None], ids: list[str]
) -> None:
    (tmp_path / "class").mkdir()
    found = find_submissions([lay(tmp_path / "class", files)], DECLARED)
    assert [submission.id for submission in found] == ids


def test_a_class_beside_a_sheet_of_its_own_is_refused(tmp_path: Path) -> None:
    lay(tmp_path / "class", {"answers.yaml": "", "ann/answers.yaml": "", "bob/answers.json": "{}"})
    with pytest.raises(SubmissionFault, match=r"answers\.yaml beside folders that hold one too"):
        find_submissions([tmp_path / "class"], DECLARED)


def test_what_is_not_read_is_named(tmp_path: Path) -> None:
    files = {
        "answers.yaml": "",
        "Adam.PY": "",
        "hw.zip": "",
        "plot.png": "",
        "old/answers.yaml": "",
    }
    submission = open_submission(lay(tmp_path / "ann", files), DECLARED)
    assert "not read: old/answers.yaml\n" in f"{said(submission)}\n"
    assert "hw.zip was not opened: it is empty" in said(submission)
    assert "plot.png" not in said(submission)


def test_a_folder_with_nothing_but_a_folder_is_looked_into(tmp_path: Path) -> None:
    files = {"hw7/answers.yaml": "a: 1", "__MACOSX/hw7/._answers.yaml": ""}
    submission = open_submission(lay(tmp_path / "ann", files), DECLARED)
    assert (submission.id, dict(submission.sheets)) == ("ann", {"answers.yaml": b"a: 1"})
    assert "the files were read from the folder hw7" in said(submission)


def test_loose_files_of_a_class_are_named(tmp_path: Path) -> None:
    files = {
        "ann/answers.yaml": "",
        "bob.py": "",
        "cy.json": "{}",
        "list.txt": "",
        "expected.yaml": "",
    }
    folder = lay(tmp_path / "class", files)
    assert passed_over([folder], DECLARED) == [folder / "bob.py", folder / "cy.json"]


@pytest.mark.parametrize("files", [{"answers.yaml": "", "other.py": ""}, {"a.py": "", "b.py": ""}])
def test_no_file_of_a_submission_is_passed_over(tmp_path: Path, files: dict[str, str]) -> None:
    assert passed_over([lay(tmp_path / "class", files)], DECLARED) == []


def test_a_single_file_is_a_submission_of_its_name(tmp_path: Path) -> None:
    lay(tmp_path, {"ann.py": "x = 1\n"})
    (found,) = find_submissions([tmp_path / "ann.py"], DECLARED)
    assert (found.id, found.modules) == ("ann", {"ann.py": b"x = 1\n"})


def test_a_photo_among_the_files_of_a_class_waits_for_a_person(tmp_path: Path) -> None:
    folder = lay(tmp_path / "class", {"ann.py": "", "bob.py": "", "cy.jpg": b"\xff\xd8\xff"})
    assert passed_over([folder], DECLARED) == []
    cy = find_submissions([folder], DECLARED)[-1]
    assert [(one.why, one.code, one.answers) for one in cy.unread] == [
        ("cy.jpg is a picture", True, True)
    ]


def test_a_single_file_of_another_type_is_named(tmp_path: Path) -> None:
    lay(tmp_path, {"ann.docx": "PK"})
    (found,) = find_submissions([tmp_path / "ann.docx"], DECLARED)
    assert "ann.docx is neither a module nor an answer sheet" in said(found)


def test_files_given_together_are_one_submission(tmp_path: Path) -> None:
    lay(tmp_path, {"a.yaml": "", "b.py": ""})
    found = open_together([tmp_path / "a.yaml", tmp_path / "b.py"], DECLARED)
    assert (found.id, [*found.sheets], [*found.modules]) == ("a", ["a.yaml"], ["b.py"])


def test_a_folder_among_files_is_refused(tmp_path: Path) -> None:
    lay(tmp_path, {"a.yaml": "", "b": None})
    with pytest.raises(SubmissionFault, match="one folder, or one or more files"):
        open_together([tmp_path / "a.yaml", tmp_path / "b"], DECLARED)


@pytest.mark.parametrize("kind", ["nothing", "pipe", "broken-link"])
def test_a_path_that_is_no_file_and_no_folder_is_refused(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "given"
    if kind == "pipe":
        os.mkfifo(place)
    if kind == "broken-link":
        place.symlink_to(tmp_path / "gone")
    with pytest.raises(SubmissionFault, match="there is no file or folder"):
        find_submissions([place], DECLARED)
    with pytest.raises(SubmissionFault, match="there is no file or folder"):
        open_together([place], DECLARED)


def test_the_only_other_file_of_a_type_stands_in_with_a_note(tmp_path: Path) -> None:
    found = open_submission(lay(tmp_path, {"mine.yml": "a: 1", "optimizers.py": ""}), DECLARED)
    assert [*found.sheets] == ["mine.yml"]
    assert "mine.yml was read in place of answers.yaml" in said(found)


def test_of_two_other_files_of_a_type_none_is_taken(tmp_path: Path) -> None:
    found = open_submission(lay(tmp_path, {"one.yaml": "", "two.yaml": ""}), DECLARED)
    assert not found.sheets
    assert "answers.yaml is missing, and there is more than one file like it" in said(found)


def test_other_modules_come_with_a_declared_one(tmp_path: Path) -> None:
    found = open_submission(lay(tmp_path, {"optimizers.py": "", "part.py": ""}), DECLARED)
    assert [*found.modules] == ["optimizers.py", "part.py"]


def test_of_other_files_only_the_first_bytes_are_read(tmp_path: Path) -> None:
    figure = b"\x89PNG" + bytes(MIB)
    laid = {"plot.png": figure, "long.png": b"\x89PNG" + bytes(4 * MIB), "run.bin": bytes(MIB)}
    found = open_submission(lay(tmp_path, laid), DECLARED)
    # A figure is kept, unless it is long, for whoever marks it.
    assert found.others == {
        "plot.png": figure,
        "long.png": b"\x89PNG" + bytes(12),
        "run.bin": bytes(16),
    }


@pytest.mark.parametrize("name", ["answers.yaml", "optimizers.py", "plot.png"])
def test_links_are_never_followed(tmp_path: Path, name: str) -> None:
    lay(tmp_path, {"secret": "the key", "ann/part.txt": ""})
    (tmp_path / "ann" / name).symlink_to(tmp_path / "secret")
    found = open_submission(tmp_path / "ann", DECLARED)
    assert f"{name} was left out: it" in said(found)
    assert b"the key" not in b"".join(
        [*found.modules.values(), *found.sheets.values(), *found.others.values()]
    )


def test_a_link_among_students_folders_is_listed_and_not_followed(tmp_path: Path) -> None:
    lay(tmp_path, {"class/ann/answers.yaml": "", "elsewhere/answers.yaml": ""})
    (tmp_path / "class" / "bob").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "class" / "cat").symlink_to(tmp_path / "nowhere")
    ann, bob, cat = find_submissions([tmp_path / "class"], DECLARED)
    assert (ann.id, bob.id, cat.id) == ("ann", "bob", "cat")
    assert not ann.unreadable
    for one in (bob, cat):
        assert not one.sheets
        assert one.unreadable == "what was handed in (a link, which is not followed) cannot be read"


def test_a_class_of_nothing_but_links_is_a_class(tmp_path: Path) -> None:
    lay(tmp_path, {"elsewhere/answers.yaml": ""})
    (tmp_path / "class").mkdir()
    for name in ("ann", "bob"):
        (tmp_path / "class" / name).symlink_to(tmp_path / "elsewhere")
    found = find_submissions([tmp_path / "class"], DECLARED)
    assert [(one.id, bool(one.unreadable)) for one in found] == [("ann", True), ("bob", True)]


def test_a_link_to_a_folder_that_is_named_itself_is_followed(tmp_path: Path) -> None:
    lay(tmp_path, {"elsewhere/answers.yaml": "a: 1"})
    (tmp_path / "ann").symlink_to(tmp_path / "elsewhere")
    (ann,) = find_submissions([tmp_path / "ann"], DECLARED)
    assert (bool(ann.sheets), ann.unreadable) == (True, "")


def test_a_link_to_a_file_among_students_files_is_listed_and_not_followed(tmp_path: Path) -> None:
    lay(tmp_path, {"class/ann.yaml": "", "class/bob.yaml": "", "secret": "the key"})
    (tmp_path / "class" / "cat.yaml").symlink_to(tmp_path / "secret")
    found = find_submissions([tmp_path / "class"], DECLARED)
    assert [(one.id, bool(one.unreadable)) for one in found] == [
        ("ann", False),
        ("bob", False),
        ("cat", True),
    ]
    assert not found[2].sheets


def test_pipes_are_named_and_never_opened(tmp_path: Path) -> None:
    lay(tmp_path, {"optimizers.py": ""})
    os.mkfifo(tmp_path / "answers.yaml")
    found = open_submission(tmp_path, DECLARED)
    assert "answers.yaml was left out: it" in said(found)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    lay(tmp_path, {"answers.yaml": "a: 1"})
    (tmp_path / "answers.yaml").chmod(0)
    found = open_submission(tmp_path, DECLARED)
    assert found.unreadable == "answers.yaml (Permission denied) cannot be read"
    assert found.unreadable in said(found)


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], None]:
    """Have the machine refuse to open what has this name, whoever runs the tests."""

    def refuse(refused_name: str, number: int) -> None:
        opened = os.open

        def opening(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
            if Path(path).name == refused_name:
                raise OSError(number, os.strerror(number))
            return opened(path, flags, mode, dir_fd=dir_fd)

        monkeypatch.setattr(os, "open", opening)

    return refuse


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.EMFILE, errno.ESTALE])
@pytest.mark.parametrize("name", ["answers.yaml", "optimizers.py", "net"])
def test_what_the_machine_keeps_from_us_is_unreadable_and_stops_no_other(
    tmp_path: Path, refused: Callable[[str, int], None], name: str, number: int
) -> None:
    files = ("answers.yaml", "optimizers.py", "net/part.py")
    lay(
        tmp_path,
        {f"ann/{file}": "" for file in files} | {"bob/optimizers.txt": "", "bob/a.yaml": ""},
    )
    refused(name, number)
    ann, bob = find_submissions([tmp_path], DECLARED)
    assert name in ann.unreadable
    assert ann.unreadable in said(ann)
    assert not bob.unreadable


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO])
def test_a_folder_that_is_given_and_kept_from_us_is_unreadable_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    lay(tmp_path, {"ann/answers.yaml": "", "bob/answers.yaml": ""})
    listed = os.scandir

    def scanning(path: Any) -> Any:
        there = Path(f"/proc/self/fd/{path}").readlink() if isinstance(path, int) else Path(path)
        if there.name == "ann":
            raise OSError(number, os.strerror(number))
        return listed(path)

    monkeypatch.setattr(os, "scandir", scanning)
    monkeypatch.setattr(os, "listdir", lambda path: [entry.name for entry in scanning(path)])
    ann, bob = find_submissions([tmp_path / "ann", tmp_path / "bob"], DECLARED)
    assert ann.unreadable == "the folder that was handed in cannot be read"
    assert bob.sheets


@pytest.mark.parametrize("number", [errno.ELOOP, errno.ENOENT, errno.ENXIO])
def test_what_a_student_can_bring_about_is_not_the_machines_doing(
    tmp_path: Path, refused: Callable[[str, int], None], number: int
) -> None:
    """A link, a socket, or what is gone: named, and worth nothing."""
    lay(tmp_path, {"answers.yaml": "", "optimizers.py": ""})
    refused("answers.yaml", number)
    found = open_submission(tmp_path, DECLARED)
    assert not found.unreadable
    assert "answers.yaml was left out: it" in said(found)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_folder_that_may_not_be_read_stops_no_other(tmp_path: Path) -> None:
    lay(tmp_path, {"ann/answers.yaml": "", "bob/answers.yaml": ""})
    (tmp_path / "ann").chmod(0)
    try:
        ann, bob = find_submissions([tmp_path], DECLARED)
    finally:
        (tmp_path / "ann").chmod(0o700)
    assert "cannot be read" in said(ann)
    assert bob.sheets


def test_a_file_of_the_largest_size_is_read_and_a_larger_one_named(tmp_path: Path) -> None:
    lay(tmp_path, {"answers.yaml": b"#" * MIB, "optimizers.py": b"#" * (MIB + 1)})
    found = open_submission(tmp_path, DECLARED)
    assert ([*found.sheets], [*found.modules]) == (["answers.yaml"], [])
    assert "optimizers.py was left out: it is larger than 1 MiB" in said(found)


@pytest.mark.lengthy
def test_all_files_together_are_bounded(tmp_path: Path) -> None:
    files = {f"part{n:02}.py": b"#" * MIB for n in range(20)}
    found = open_submission(lay(tmp_path, {**files, "optimizers.py": "x = 1"}), DECLARED)
    assert sum(map(len, found.modules.values())) <= 16 * MIB
    assert "optimizers.py" in found.modules
    assert "part19.py was left out" in said(found)


@pytest.mark.lengthy
def test_a_declared_file_is_found_among_many(tmp_path: Path) -> None:
    files = {f"a{n:03}.txt": "" for n in range(300)}
    found = open_submission(lay(tmp_path, {**files, "optimizers.py": "x = 1"}), DECLARED)
    assert found.modules == {"optimizers.py": b"x = 1"}
    assert "of 301 files, the last 101 were left out" in said(found)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Zoë 中文", "Zoë 中文"),
        ("a b  c", "a b  c"),
        ("..foo", "..foo"),
        ("-rf", "-rf"),
        ("two\nlines", "two\\nlines"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("dir\u202ection", "dir\\u202ection"),
        (os.fsdecode(b"latin-\xe9"), "latin-\\udce9"),
    ],
)
def test_an_id_is_the_name_in_printable_characters(tmp_path: Path, name: str, shown: str) -> None:
    lay(tmp_path, {f"{name}/answers.yaml": "a: 1", f"{name}/{name}x.txt": ""})
    (found,) = find_submissions([tmp_path / name], DECLARED)
    assert found.id == shown
    assert all(other.isprintable() for other in found.others)


def test_ids_that_agree_are_told_apart_by_the_folder_above(tmp_path: Path) -> None:
    lay(tmp_path, {"mon/ann/a.py": "", "tue/ann/a.py": "", "tue/bob/a.py": ""})
    found = find_submissions([tmp_path / "mon", tmp_path / "tue"], DECLARED)
    assert [submission.id for submission in found] == ["mon/ann", "tue/ann", "bob"]


def test_a_module_and_a_sheet_of_one_name_are_told_apart(tmp_path: Path) -> None:
    lay(tmp_path, {"class/ann.py": "", "class/ann.yaml": "", "class/bob.py": ""})
    found = find_submissions([tmp_path / "class"], DECLARED)
    assert [submission.id for submission in found] == ["class/ann.py", "class/ann.yaml", "bob"]


def test_ids_are_unique_even_when_a_path_is_given_twice(tmp_path: Path) -> None:
    lay(tmp_path, {"x/ann/a.py": "", "x/ann (2)/a.py": "", "y/x/ann/a.py": "", "y/x/b/a.py": ""})
    paths = [tmp_path / "x", tmp_path / "x", tmp_path / "y" / "x"]
    ids = [submission.id for submission in find_submissions(paths, DECLARED)]
    assert len(set(ids)) == len(ids) == 6


names = st.text(
    st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1, max_size=20
).filter(lambda name: name not in (".", "..") and len(name.encode()) < 100)


@pytest.mark.lengthy
@settings(
    max_examples=some(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(st.lists(names, min_size=1, max_size=4, unique=True))
def test_any_names_give_unique_printable_ids(tmp_path: Path, names: list[str]) -> None:
    place = tmp_path / str(len([*tmp_path.iterdir()]))  # a new one for every example
    place.mkdir()
    lay(place, {f"{name}/answers.yaml": "" for name in names})
    ids = [submission.id for submission in find_submissions([place], DECLARED)]
    assert all(name.isprintable() for name in ids)
    assert len(set(ids)) == len(ids)
