"""Submissions with folders in them: which files count, and what strange trees may not do."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.submissions.find import open_submission, open_together
from grader.submissions.importers import find_submissions
from grader.submissions.layout import how_old
from grader.submissions.submission import Submission
from grader.submissions.tree import Passed, list_tree
from tests.some import some

DECLARED = ("answers.yaml", "optimizers.py")
PACKAGE = ("net/layers.py",)
KEY = b"the key"


def lay(folder: Path, *names: str, content: str = "x = 1\n") -> Path:
    """Make these files below a folder, and the folders they lie in."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def said(submission: Submission) -> str:
    return "\n".join(note.text for note in submission.notes)


@pytest.fixture
def ann(tmp_path: Path) -> Path:
    (tmp_path / "ann").mkdir()
    return tmp_path / "ann"


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    """Whoever opens a pipe waits for its other end for ever."""

    def too_late(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, too_late)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


CHOICES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], list[str], tuple[str, ...]]] = {
    "package-beside-the-declared": (
        DECLARED,
        ("optimizers.py", "net/__init__.py", "net/optim/adam.py", "utils.py"),
        ["optimizers.py", "utils.py", "net/__init__.py", "net/optim/adam.py"],
        ("optimizers.py",),
    ),
    "declared-in-a-package": (
        PACKAGE,
        ("net/__init__.py", "net/layers.py", "main.py"),
        ["net/layers.py", "main.py", "net/__init__.py"],
        ("net/layers.py",),
    ),
    "declared-in-a-folder-that-an-archive-made": (
        PACKAGE,
        ("homework1/net/__init__.py", "homework1/net/layers.py", "homework1/main.py"),
        ["net/layers.py", "main.py", "net/__init__.py"],
        ("net/layers.py",),
    ),
    "archive-in-an-archive": (
        DECLARED,
        ("a/b/c/optimizers.py", "a/b/c/net/layers.py"),
        ["optimizers.py", "net/layers.py"],
        ("optimizers.py",),
    ),
    "top-folder-beside-a-text": (
        DECLARED,
        ("README.txt", "homework1/optimizers.py", "homework1/part.py"),
        ["optimizers.py", "part.py"],
        ("optimizers.py",),
    ),
    "top-folder-that-is-a-package": (
        DECLARED,
        ("homework1/__init__.py", "homework1/optimizers.py", "homework1/net/a.py"),
        ["homework1/optimizers.py", "homework1/__init__.py", "homework1/net/a.py"],
        ("homework1/optimizers.py",),
    ),
    "a-package-in-a-package": (
        DECLARED,
        ("src/__init__.py", "src/net/__init__.py", "src/net/optimizers.py"),
        ["src/net/optimizers.py", "src/__init__.py", "src/net/__init__.py"],
        ("src/net/optimizers.py",),
    ),
    "nothing-but-a-package-of-other-names": (
        DECLARED,
        ("net/__init__.py", "net/adam.py"),
        ["net/__init__.py", "net/adam.py"],
        (),
    ),
    "in-another-folder": (
        DECLARED,
        ("main.py", "src/optimizers.py"),
        ["src/optimizers.py", "main.py"],
        ("src/optimizers.py",),
    ),
    "in-other-letters": (
        DECLARED,
        ("main.py", "Optimizers.py"),
        ["Optimizers.py", "main.py"],
        ("Optimizers.py",),
    ),
    "in-small-letters": (
        ("Optimizers.py",),
        ("main.py", "optimizers.py"),
        ["optimizers.py", "main.py"],
        ("optimizers.py",),
    ),
    "in-two-other-folders": (DECLARED, ("new/optimizers.py", "old/optimizers.py"), [], ()),
    "the-only-one-at-the-top": (
        DECLARED,
        ("main.py", "a/one.py", "b/two.py"),
        ["main.py", "a/one.py", "b/two.py"],
        ("main.py",),
    ),
    "an-old-version-in-a-folder": (
        DECLARED,
        ("optimizers.py", "old/optimizers.py"),
        ["optimizers.py", "old/optimizers.py"],
        ("optimizers.py",),
    ),
    "nothing-but-a-folder-with-one-file-of-another-name": (
        DECLARED,
        ("random/adam.py",),
        ["adam.py"],
        ("adam.py",),
    ),
    "nothing-but-a-folder-with-files-of-other-names": (
        DECLARED,
        ("net/adam.py", "net/sgd.py"),
        ["adam.py", "sgd.py"],
        (),
    ),
    "a-folder-of-a-librarys-name-with-the-declared": (
        DECLARED,
        ("numpy/optimizers.py", "numpy/linalg/part.py"),
        ["optimizers.py", "linalg/part.py"],
        ("optimizers.py",),
    ),
    "four-archives-in-each-other": (
        DECLARED,
        ("a/b/c/d/optimizers.py", "a/b/c/d/net/layers.py"),
        ["optimizers.py", "net/layers.py"],
        ("optimizers.py",),
    ),
    "five-archives-in-each-other": (
        DECLARED,
        ("a/b/c/d/e/optimizers.py", "a/b/c/d/e/part.py"),
        ["e/optimizers.py", "e/part.py"],
        ("e/optimizers.py",),
    ),
    "no-module-is-asked-for": (("answers.yaml",), ("answers.yaml", "net/layers.py"), [], ()),
}


@pytest.mark.parametrize(
    ("declared", "names", "modules", "at_start"), CHOICES.values(), ids=CHOICES
)
def test_modules_are_found_in_folders(
    ann: Path,
    declared: tuple[str, ...],
    names: tuple[str, ...],
    modules: list[str],
    at_start: tuple[str, ...],
) -> None:
    found = open_submission(lay(ann, *names), declared)
    assert ([*found.modules], found.at_start) == (modules, at_start)


@pytest.mark.parametrize(
    ("names", "first"),
    [
        (["hw (1).py", "hw (2).py", "hw (10).py"], "hw (10).py"),
        (["hw_v1.py", "hw_v2.py"], "hw_v2.py"),
        (["hw_old.py", "hw.py"], "hw.py"),
        (["hw.py", "hw_final.py"], "hw_final.py"),
        (["hw_backup.py", "hw_new.py", "hw.py"], "hw_new.py"),
        (["part_1.py", "part_2.py"], "part_1.py"),
        (["adam.py", "gradient.py"], "adam.py"),
        (["fold.py", "alternative.py"], "alternative.py"),
    ],
)
def test_of_versions_of_a_file_the_last_comes_first(
    ann: Path, names: list[str], first: str
) -> None:
    assert min(names, key=how_old) == first
    notes = " ".join(str(note) for note in open_submission(lay(ann, *names), ["optim.py"]).notes)
    assert f"looked up in {first}, " in notes


def test_a_sheet_in_a_folder_is_nobodys_answer(ann: Path) -> None:
    found = open_submission(lay(ann, "optimizers.py", "old/answers.yaml"), DECLARED)
    assert not found.sheets
    assert "not read: old/answers.yaml" in said(found)
    assert [one.answers for one in found.unread] == [True]  # a person looks at it, if it is missing


def test_a_sheet_and_code_in_folders_of_their_own_are_both_read(ann: Path) -> None:
    found = open_submission(lay(ann, "written/answers.yaml", "code/optimizers.py"), DECLARED)
    assert ([*found.sheets], [*found.modules]) == (["written/answers.yaml"], ["code/optimizers.py"])
    assert "written/answers.yaml was read in place of answers.yaml" in said(found)


def test_a_sheet_beside_a_package_of_an_archive_is_read(ann: Path) -> None:
    names = ("hw/__init__.py", "hw/optimizers.py", "hw/answers.yaml", "hw/figures/plot.png")
    found = open_submission(lay(ann, *names), DECLARED)
    assert ([*found.sheets], [*found.others]) == (["answers.yaml"], ["figures/plot.png"])
    assert "hw/optimizers.py" in found.modules
    assert said(found) == "the files were read from the folder hw"


@pytest.mark.parametrize(
    ("place", "read"),
    [("", True), ("a/", True), ("a/b/c/d/", True), ("a/b/c/d/e/", False), ("a/b/c/d/e/f/", False)],
)
def test_a_sheet_is_read_below_four_folders_and_no_more(ann: Path, place: str, read: bool) -> None:
    """Deeper it may be anybody's; that it was not read is said, with where it lies from there."""
    found = open_submission(lay(ann, f"{place}answers.yaml", content="a: 1\n"), DECLARED)
    assert bool(found.sheets) is read
    top, deeper = place[: len("a/b/c/d/")].rstrip("/"), place[len("a/b/c/d/") :]
    lines = [f"the files were read from the folder {top}"] if top else []
    lines += [] if read else [f"not read: {deeper}answers.yaml"]
    assert said(found) == "\n".join(lines)


@pytest.mark.parametrize(("depth", "found"), [(11, True), (12, True), (13, False), (14, False)])
def test_a_tree_is_looked_into_twelve_folders_deep(ann: Path, depth: int, found: bool) -> None:
    tree = list_tree(lay(ann, "d/" * depth + "deep.py"))
    assert tree.files == (("d/" * depth + "deep.py",) if found else ())
    assert tree.passed == (() if found else ((Passed.DEEP, "d/" * 12 + "d"),))


def test_a_picture_in_a_folder_may_be_named_by_a_sheet(ann: Path) -> None:
    found = open_submission(lay(ann, "answers.yaml", "figures/plot.png"), DECLARED)
    assert [*found.others] == ["figures/plot.png"]
    assert "plot.png" not in said(found)


def test_the_students_own_data_is_not_sent_and_named(ann: Path) -> None:
    found = open_submission(lay(ann, "optimizers.py", "net/weights.npz", "other.txt"), DECLARED)
    assert [*found.modules] == ["optimizers.py"]
    assert "not read: other.txt, net/weights.npz" in said(found)


def test_what_archives_and_computers_leave_is_passed_over(ann: Path) -> None:
    junk = (".git/hooks/x.py", "__MACOSX/._a.py", "net/.ipynb_checkpoints/a.py", ".DS_Store")
    found = open_submission(lay(ann, "optimizers.py", "net/a.py", *junk), DECLARED)
    assert ([*found.modules], said(found)) == (["optimizers.py", "net/a.py"], "")


def test_a_virtual_environment_is_not_looked_into(ann: Path) -> None:
    inside = ("venv/pyvenv.cfg", "venv/lib/python3.11/site-packages/numpy/__init__.py")
    found = open_submission(lay(ann, "optimizers.py", *inside), DECLARED)
    assert [*found.modules] == ["optimizers.py"]
    assert said(found) == "the folder venv is a virtual environment, and was not read"


def test_the_courses_own_folders_are_no_part_of_a_students_work(ann: Path) -> None:
    course = ("assignments/hw/assignment.yaml", "assignments/hw/drive.py", "reference/hw.py")
    found = open_submission(lay(ann, "optimizers.py", "net/a.py", *course), DECLARED)
    assert [*found.modules] == ["optimizers.py", "net/a.py"]
    words = "these folders belong to the course, and were not read: assignments, reference"
    assert said(found) == words


def test_a_students_own_folders_of_such_names_are_looked_into(ann: Path) -> None:
    own = ("assignments/one/a.py", "reference/b.py")
    found = open_submission(lay(ann, "optimizers.py", *own), DECLARED)
    assert [*found.modules] == ["optimizers.py", "reference/b.py", "assignments/one/a.py"]


def test_compiled_code_is_never_read_and_named(ann: Path) -> None:
    compiled = ("fast.so", "net/a.pyc", "net/__pycache__/a.cpython-311.pyc", "b.pyd")
    found = open_submission(lay(ann, "optimizers.py", *compiled), DECLARED)
    assert [*found.modules] == ["optimizers.py"]
    assert "not read, as compiled code is never run: b.pyd, fast.so, net/a.pyc" in said(found)
    assert "net/__pycache__ was not read: compiled code is never run" in said(found)


def test_files_for_tools_are_never_run_and_named(ann: Path) -> None:
    tools = ("conftest.py", "sitecustomize.py", "usercustomize.py", "setup.py", "net/conftest.py")
    beside = ("__init__.py", "x.pth", "pyproject.toml")
    found = open_submission(lay(ann, "optimizers.py", *tools, *beside), DECLARED)
    assert [*found.modules] == ["optimizers.py"]
    assert all(name in said(found) for name in (*tools, *beside))


def test_a_file_of_a_tools_name_that_is_declared_is_run(ann: Path) -> None:
    found = open_submission(lay(ann, "setup.py"), ("setup.py",))
    assert ([*found.modules], said(found)) == (["setup.py"], "")


def test_everything_in_one_init_file_is_read(ann: Path) -> None:
    assert [*open_submission(lay(ann, "__init__.py"), DECLARED).modules] == ["__init__.py"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("random.py", "random.py has the same name as a module of Python's own; `import random`"),
        ("site.py", "site.py has the same name as a module of Python's own; `import site` gives"),
        ("email/utils.py", "the folder email has the same name as a module of Python's own"),
        (
            "numpy.py",
            "numpy.py has the same name as a library; `import numpy` gives the library where",
        ),
        ("torch/nn.py", "the folder torch has the same name as a library; `import torch` gives"),
    ],
)
def test_names_of_the_library_are_told(ann: Path, name: str, words: str) -> None:
    assert words in said(open_submission(lay(ann, "optimizers.py", name), DECLARED))


@pytest.mark.parametrize("name", ["wire.py", "net/random.py", "utils.py", "übung.py"])
def test_names_that_mean_what_they_seem_to_are_not_told(ann: Path, name: str) -> None:
    assert said(open_submission(lay(ann, "optimizers.py", name), DECLARED)) == ""


def test_a_declared_name_of_the_library_is_the_assignments_choice(ann: Path) -> None:
    assert said(open_submission(lay(ann, "code.py"), ("code.py",))) == ""


def test_names_without_end_are_told_in_a_few_lines(ann: Path) -> None:
    many = [f"{name}.py" for name in ("os", "re", "sys", "ast", "io", "json", "csv", "abc", "cmd")]
    many += [f"{name}.py" for name in ("code", "copy", "dis", "glob", "gzip", "heapq", "html")]
    found = open_submission(lay(ann, "optimizers.py", *many), DECLARED)
    assert len(found.notes) == 11
    assert "6 more have the same name as a module of Python's or a library" in said(found)


def test_names_that_differ_in_capital_letters_only_are_told(ann: Path) -> None:
    found = open_submission(lay(ann, "optimizers.py", "net/a.py", "net/A.py"), DECLARED)
    assert len(found.modules) == 3
    assert "net/A.py and net/a.py differ only in capital letters" in said(found)


def test_a_module_hidden_by_a_package_is_told(ann: Path) -> None:
    found = open_submission(lay(ann, "optimizers.py", "net.py", "net/__init__.py"), DECLARED)
    assert "not imported, as a folder of that name has an __init__.py: net.py" in said(found)


def _pipe(place: Path) -> None:
    os.mkfifo(place)


def _socket(place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        before = Path.cwd()
        os.chdir(place.parent)  # a socket's path must be short
        try:
            listening.bind(place.name)
        finally:
            os.chdir(before)


def _device(place: Path) -> None:
    try:
        os.mknod(place, 0o600 | 0o020000, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("only the superuser may make devices")


def _link(target: str) -> Callable[[Path], None]:
    return lambda place: place.symlink_to(target)


STRANGE: Mapping[str, Callable[[Path], None]] = {
    "pipe": _pipe,
    "socket": _socket,
    "device": _device,
    "link-to-a-file": _link("/etc/passwd"),
    "link-to-the-key": _link("../../key"),
    "link-to-the-key-one-deeper": _link("../../../key"),
    "link-to-a-folder": _link("/"),
    "link-to-where-it-lies": _link("."),
    "link-upwards": _link(".."),
    "link-to-itself": _link("strange.py"),
    "link-to-nothing": _link("gone"),
    "link-without-end": _link("x/" * 100 + "x"),
    "link-to-standard-input": _link("/dev/stdin"),
    "link-to-memory": _link("/proc/self/mem"),
}


@pytest.mark.parametrize("place", ["strange.py", "net/strange.py", "optimizers.py", "answers.yaml"])
@pytest.mark.parametrize("make", STRANGE.values(), ids=STRANGE)
def test_what_is_no_regular_file_is_never_opened_and_named(
    tmp_path: Path, ann: Path, make: Callable[[Path], None], place: str
) -> None:
    (tmp_path / "key").write_bytes(KEY)
    lay(ann, "part.py", "net/part.py", "notes.yaml")
    make(ann / place)
    found = open_submission(ann, DECLARED)
    assert f"{place} was left out: it" in said(found)
    contents = (*found.modules.values(), *found.sheets.values(), *found.others.values())
    assert set(contents) <= {b"x = 1\n"}
    assert place not in {**found.modules, **found.sheets, **found.others}


@pytest.mark.parametrize("target", ["/", "..", ".", "/etc", "../secret"])
def test_links_to_folders_are_not_gone_into(tmp_path: Path, ann: Path, target: str) -> None:
    lay(tmp_path / "secret", "layers.py", content="KEY = 1\n")
    lay(ann, "optimizers.py")
    (ann / "net").symlink_to(target)
    found = open_submission(ann, (*DECLARED, *PACKAGE))
    assert [*found.modules] == ["optimizers.py"]
    assert "net was left out: it is a link" in said(found)


@pytest.mark.parametrize("target", ["secret", "pipe"])
@pytest.mark.parametrize("place", ["net", "net/layers.py", "part.py"])
def test_what_becomes_a_link_or_a_pipe_after_it_was_listed_is_not_opened(
    tmp_path: Path, ann: Path, monkeypatch: pytest.MonkeyPatch, place: str, target: str
) -> None:
    lay(tmp_path, "secret/layers.py", content="KEY = 1\n")
    lay(ann, "optimizers.py", "net/layers.py", "part.py")
    from grader.submissions import opened

    def swapped(files: tuple[str, ...], accepted: set[str]) -> str:
        (ann / place).rename(tmp_path / "away")
        if target == "pipe":
            os.mkfifo(ann / place)
        elif place == "net":
            (ann / place).symlink_to(tmp_path / "secret")
        else:
            (ann / place).symlink_to(tmp_path / "secret" / "layers.py")
        return ""

    monkeypatch.setattr(opened, "top_folder", swapped)
    found = open_submission(ann, DECLARED)
    lost = "part.py" if place == "part.py" else "net/layers.py"
    assert {*found.modules} == {"optimizers.py", "net/layers.py", "part.py"} - {lost}
    assert f"{lost} was left out: it" in said(found)


@pytest.mark.parametrize(
    "name",
    [
        "two\nlines.py",
        "\x1b[31mred.py",
        "dir\u202ection.py",
        os.fsdecode(b"latin-\xe9.py"),
        "..py",
        "...py",
        "-rf.py",
        "a\\..\\b.py",
        "x" * 250 + ".py",
        " .py",
        "$(reboot).py",
        "<provided>.py",
        "nul\x01.py",
    ],
)
@pytest.mark.parametrize("place", ["", "net/"])
def test_a_file_of_any_name_does_no_harm(ann: Path, name: str, place: str) -> None:
    found = open_submission(lay(ann, "optimizers.py", place + name), DECLARED)
    assert all(file.isprintable() for file in found.modules)
    assert said(found).replace("\n", "").isprintable()
    assert len(found.modules) == (1 if name.startswith(".") else 2)


def test_two_names_that_look_alike_do_not_take_each_others_place(ann: Path) -> None:
    lay(ann, "optimizers.py", "a\\nb.py", content="ONE = 1\n")
    lay(ann, "a\nb.py", content="TWO = 2\n")
    found = open_submission(ann, DECLARED)
    assert len(found.modules) == 2
    assert "another file has a name that looks the same" in said(found)


def test_a_tree_without_end_is_looked_at_for_a_while(ann: Path) -> None:
    lay(ann, "d/" * 40 + "deep.py", "optimizers.py")
    found = open_submission(ann, DECLARED)
    assert [*found.modules] == ["optimizers.py"]
    assert "lies too deep inside other folders, and was not read" in said(found)


@pytest.mark.lengthy
def test_a_declared_file_is_found_in_a_crowd(ann: Path) -> None:
    lay(ann, "net/layers.py", "net/part.py")
    for number in range(6_000):
        (ann / f"a{number:04}.txt").touch()
    found = open_submission(ann, PACKAGE)
    assert "net/layers.py" in found.modules
    assert "there are too many files" in said(found)
    assert len(found.modules) + len(found.others) <= 200


def test_modules_come_before_other_files_where_there_are_many(ann: Path) -> None:
    lay(ann, "optimizers.py", "z/z.py", *(f"data/{n}.csv" for n in range(300)))
    assert [*open_submission(ann, DECLARED).modules] == ["optimizers.py", "z/z.py"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
@pytest.mark.parametrize("mode", [0, 0o400, 0o100], ids=["closed", "only-listed", "only-entered"])
def test_a_folder_that_is_closed_inside_a_submission_is_named(ann: Path, mode: int) -> None:
    lay(ann, "optimizers.py", "net/layers.py", "net/sub/a.py")
    (ann / "net").chmod(mode)
    try:
        (found,) = find_submissions([ann], DECLARED)
    finally:
        (ann / "net").chmod(0o700)
    assert [*found.modules] == ["optimizers.py"]
    assert "the folder net cannot be read" in said(found)


def test_descriptors_are_closed(tmp_path: Path, ann: Path) -> None:
    lay(ann, "optimizers.py", "net/a.py", "net/b/c.py")
    (ann / "net" / "link").symlink_to("/")
    os.mkfifo(ann / "net" / "pipe.py")
    before = len([*Path("/proc/self/fd").iterdir()])
    for _ in range(3):
        open_submission(ann, DECLARED)
    assert len([*Path("/proc/self/fd").iterdir()]) == before


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (("optimizers.py", "net/__init__.py", "net/optimizers.py"), ["class"]),
        (("optimizers.py", "net/optimizers.py", "data/part.py"), ["class"]),
        (
            ("optimizers.py", *(f"{n}/{f}.py" for n in "ab" for f in ("__init__", "optimizers"))),
            ["class"],
        ),
        (("ann/__init__.py", "ann/mine.py", "bob/mine.py", "list.txt"), ["ann", "bob"]),
        (("main.py", "net/__init__.py", "net/layers.py"), ["class"]),
        (("bob.py", "ann/__init__.py", "ann/optimizers.py", "cy/optimizers.py"), ["ann", "cy"]),
        (("ann/optimizers.py", "ann/net/layers.py", "bob/hw/optimizers.py"), ["ann", "bob"]),
        (("ann/net/__init__.py", "bob/net/__init__.py"), ["ann", "bob"]),
    ],
)
def test_a_package_is_no_student(tmp_path: Path, names: tuple[str, ...], ids: list[str]) -> None:
    found = find_submissions([lay(tmp_path / "class", *names)], DECLARED)
    assert [submission.id for submission in found] == ids


def test_a_file_of_a_package_named_by_itself_keeps_its_declared_name(ann: Path) -> None:
    lay(ann, "net/layers.py", "utils.py", "b/utils.py")
    found = open_together([ann / "net/layers.py", ann / "utils.py"], PACKAGE)
    assert ([*found.modules], found.at_start) == (["net/layers.py", "utils.py"], PACKAGE)
    found = open_together([ann / "utils.py", ann / "b/utils.py"], PACKAGE)
    assert "two files are named utils.py; the first one counts" in said(found)


parts = st.text(
    st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1, max_size=12
).filter(lambda name: name not in (".", "..") and len(name.encode()) < 100)
paths = st.lists(parts, min_size=1, max_size=4).map("/".join)


@pytest.mark.lengthy
@settings(
    max_examples=some(80),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(st.lists(paths | paths.map(lambda path: path + ".py"), max_size=6), st.booleans())
def test_any_tree_gives_printable_names_and_notes(
    tmp_path: Path, names: list[str], declared: bool
) -> None:
    place = tmp_path / str(len([*tmp_path.iterdir()]))
    place.mkdir()
    for name in [*names, *(["optimizers.py"] if declared else [])]:
        try:
            lay(place, name)
        except OSError:  # a file where a folder is wanted, or the other way round
            continue
    found = open_submission(place, DECLARED)
    assert all(name.isprintable() for name in (*found.modules, *found.others))
    assert set(found.at_start or ()) <= set(found.modules)
    assert all(note.text.isprintable() for note in found.notes)
    assert not declared or found.modules


@pytest.mark.parametrize(
    ("link", "code", "answers"),
    [
        ("optimizers.py", True, False),
        ("answers.yaml", False, True),
        ("hw.ipynb", True, True),
        ("report.md", False, True),
        ("data", False, False),
        ("plot.png", False, False),
    ],
)
def test_a_link_that_is_called_as_an_answer_waits_for_a_person(
    ann: Path, link: str, code: bool, answers: bool
) -> None:
    (ann / link).symlink_to("nowhere")
    lay(ann, "README.txt")
    found = open_submission(ann, DECLARED)
    of_link = [one for one in found.unread if "a link, which is not followed" in one.why]
    assert any(one.code for one in of_link) is code
    assert any(one.answers for one in of_link) is answers


def test_a_pipe_that_is_called_as_an_answer_waits_for_a_person(ann: Path) -> None:
    lay(ann, "answers.yaml")
    os.mkfifo(ann / "optimizers.py")
    (one,) = open_submission(ann, DECLARED).unread
    assert (one.why, one.code) == ("optimizers.py (not a file that can be read)", True)


def test_modules_beside_the_folder_that_was_taken_off_count_where_it_has_none(ann: Path) -> None:
    lay(ann, "w/answers.yaml", "code/main.py", "old/main.txt")
    assert list(open_submission(ann, DECLARED).modules) == ["code/main.py"]
    lay(ann, "w/other.py")
    assert list(open_submission(ann, DECLARED).modules) == ["other.py"]


def test_one_report_in_a_folder_answers_where_nothing_else_does(ann: Path) -> None:
    lay(ann, "optimizers.py")
    (ann / "doc").mkdir()
    (ann / "doc" / "hw.md").write_text("```answers\na: 1\n```\n", "utf-8")
    assert list(open_submission(ann, DECLARED).sheets) == ["doc/hw.md"]
    (ann / "doc" / "more.md").write_text("```answers\na: 2\n```\n", "utf-8")
    found = open_submission(ann, DECLARED)
    assert not found.sheets
    assert [one.answers for one in found.unread] == [True, True]
    lay(ann, "answers.yaml")
    found = open_submission(ann, DECLARED)
    assert (list(found.sheets), found.unread) == (["answers.yaml"], ())


@pytest.mark.parametrize(
    ("names", "code", "answers"),
    [
        (("optimizers.py", "answers.txt"), False, True),
        (("optimizers.py", "answers"), False, True),
        (("optimizers.py", "Answers.yaml.txt"), False, True),
        (("optimizers.py", "solution.txt"), False, True),
        (("optimizers.py", "scan.HEIC"), False, True),
        (("optimizers.py", "README.txt", "requirements.txt"), False, False),
        (("optimizers.py", "weights.npz"), False, False),
        (("answers.yaml", "optimizers.txt"), True, False),
        (("answers.yaml", "optimizers"), True, False),
        (("answers.yaml", "hw1.m"), True, False),
        (("answers.yaml", "report.pdf"), False, False),
        (("answers.yaml", "optimizers.py", "solution.txt", "hw1.m"), False, False),
        (("code/optimizers.py", "scan.jpg"), False, True),
        (("code/optimizers.py", "written/answers.pdf"), False, True),
        (("code/optimizers.py", "w/q1.yaml", "w/q2.yaml"), False, True),
        (("code/optimizers.py", "code/answers.yaml", "scan.jpg"), False, False),
        (("written/answers.yaml", "optimizers.docx"), True, False),
        (("written/answers.yaml", "code/main.m"), True, False),
    ],
)
def test_what_may_hold_a_missing_answer_waits_for_a_person(
    ann: Path, names: tuple[str, ...], code: bool, answers: bool
) -> None:
    """Also under the name of what was asked for; what says something of the work is no answer."""
    found = open_submission(lay(ann, *names), DECLARED)
    assert any(one.code for one in found.unread) is code
    assert any(one.answers for one in found.unread) is answers
