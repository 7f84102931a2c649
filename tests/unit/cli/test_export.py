"""Final marks go out: the commands of the page, on a class that was marked."""

from __future__ import annotations

import csv
import json
import shlex
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from typer.testing import Result

from grader.gradebook.book import open_gradebook
from grader.submissions.submission import Submission
from tests.unit.cli.invoked import invoked
from tests.unit.gradebook.small import Reads, mark

ROOT = Path(__file__).resolve().parents[3]
STAFF = ROOT / "docs" / "staff"
SPEC = """\
schema: 1
slug: hw1
title: "HW 1"
reference: hw1
submission: {files: [answers.yaml, code.py]}
questions:
  - {id: start, kind: number, points: 2, tolerance: {atol: 0.1}}
  - {id: end, kind: number, tolerance: {atol: 0.1}}
"""
#: ann has 3 of 3, ben 1 of 3, and cy handed in nothing
PEOPLE: Sequence[tuple[str, str, str, str, Mapping[str, str]]] = (
    ("ann", "Ann Müller", "ann@x.edu", "0042", {"canvas": "101", "moodle": "Participant 12"}),
    ("ben", "Ben K", "ben@x.edu", "0043", {"canvas": "102", "moodle": "Participant 7"}),
    ("cy", "=Cy", "cy@x.edu", "0044", {}),
)
CANVAS = (
    "Student,ID,SIS Login ID,Section,HW 1 (55),Other (56)\n"
    "    Points Possible,,,,3,10\n"
    '"Müller, Ann",101,ann,A,,4\n'
    '"K, Ben",102,ben,A,,5\n'
    '"Student, Test",199,t,A,,\n'
)
MOODLE = (
    '\ufeffIdentifier,"Full name","Email address",Status,Grade,"Maximum Grade",'
    '"Grade can be changed","Last modified (submission)","Last modified (grade)",'
    '"Feedback comments"\r\n'
    '"Participant 12","Ann Müller",ann@x.edu,Submitted,,3.00,Yes,-,-,\r\n'
    '"Participant 7","Ben K",ben@x.edu,Submitted,,3.00,Yes,-,-,\r\n'
)


@pytest.fixture(scope="module")
def course_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a class that is marked, and what was downloaded from platforms."""
    root = tmp_path_factory.mktemp("course")
    folder = root / "assignments" / "hw1"
    folder.mkdir(parents=True)
    (root / "reference").mkdir()
    (folder / "assignment.yaml").write_text(SPEC)
    (root / "reference" / "hw1.py").write_text("def start(): return 1.5\ndef end(): return 2.5\n")
    with open_gradebook(root / "course.db") as book:
        mark(book, folder, [answers("ann", 1.5), answers("ben", 9)], Reads())
        with book.writing():
            for key, name, email, number, ids in PEOPLE:
                book.run("INSERT OR IGNORE INTO student (key) VALUES (?)", key)
                book.run(
                    "UPDATE student SET name = ?, email = ?, number = ?, ids = ? WHERE key = ?",
                    name,
                    email,
                    number,
                    json.dumps(ids),
                    key,
                )
    return root


@pytest.fixture
def marked(course_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which is where commands are given."""
    root = tmp_path / "course"
    shutil.copytree(course_folder, root)
    (root / "Grades.csv").write_text(CANVAS, encoding="utf-8")
    (root / "worksheet.csv").write_text(MOODLE, encoding="utf-8", newline="")
    with zipfile.ZipFile(root / "submissions.zip", "w") as archive:
        archive.writestr("mullerann_101_901_answers.yaml", "")
        archive.writestr("kben_LATE_102_902_answers.yaml", "")
    monkeypatch.chdir(root)
    return root


def answers(name: str, start: float) -> Submission:
    return Submission(id=name, sheets={"answers.yaml": f"start: {start}\nend: 2.5\n".encode()})


def grader(*arguments: str) -> Result:
    return invoked(*arguments)


def commands() -> list[list[str]]:
    """Every `grader export` of the pages for staff."""
    pages = [STAFF / "handing-back.md", *sorted((STAFF / "platforms").glob("*.md"))]
    lines = [line for page in pages for line in page.read_text(encoding="utf-8").splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("grader export ")]


@pytest.mark.lengthy
def test_the_commands_of_the_page_write_what_platforms_read(marked: Path) -> None:
    assert len(commands()) == 11
    for command in commands():
        done = grader(*command)
        assert done.exit_code == 0, (command, done.stderr)
    with (marked / "canvas.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["ID"]: row for row in csv.DictReader(file)}
    assert [rows[number]["HW 1 (55)"] for number in ("101", "102", "199")] == ["3", "1", ""]
    written = (marked / "canvas.csv").read_text(encoding="utf-8")
    assert written.replace(",3,4", ",,4").replace(",1,5", ",,5") == CANVAS
    with (marked / "moodle.csv").open(encoding="utf-8-sig", newline="") as file:
        sheet = {row["Full name"]: row for row in csv.DictReader(file)}
    assert {name: row["Grade"] for name, row in sheet.items()} == {"Ann Müller": "3", "Ben K": "1"}
    assert "start: 0 / 2, incorrect" in sheet["Ben K"]["Feedback comments"]
    assert json.loads((marked / "results" / "ben" / "results.json").read_text())["score"] == 1
    assert (marked / "scores.csv").read_text().splitlines() == [
        "uid,instance,score_perc",
        "ann@x.edu,1,100",
        "ben@x.edu,1,33.33333",
        "cy@x.edu,1,0",
    ]
    with (marked / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        people = {row["key"]: row for row in csv.DictReader(file)}
    assert people["ann"]["number"] == "0042"
    assert people["cy"]["name"] == "'=Cy"
    assert (people["cy"]["points"], people["cy"]["state"]) == ("0", "nothing handed in")
    assert "## start: 0 / 2, incorrect" in (marked / "pages" / "ben.md").read_text()
    with zipfile.ZipFile(marked / "canvas.zip") as archive:
        assert len(archive.namelist()) == 2
    with zipfile.ZipFile(marked / "moodle.zip") as archive:
        assert "Ann Müller_12_assignsubmission_file_feedback.md" in archive.namelist()


def test_all_that_is_written_is_said_and_noted(marked: Path) -> None:
    done = grader("export", "canvas", "--into", "Grades.csv", "-o", "out.csv")
    assert "hw1: marks of 2 people in out.csv, column 'HW 1 (55)'\n" in done.stderr
    assert "note: not in Grades.csv: 1 person\n  cy (=Cy)\n" in done.stderr
    assert "note: in Grades.csv and not in the class: 1 person\n  Student, Test\n" in done.stderr
    with open_gradebook(marked / "course.db") as book:
        (row,) = book.rows("SELECT assignment, path FROM export")
        assert (row["assignment"], row["path"]) == ("hw1", str((marked / "out.csv").absolute()))


@pytest.mark.lengthy
def test_what_cannot_be_done_changes_nothing(marked: Path) -> None:
    wrong = {
        "is what was downloaded": ["canvas", "--into", "Grades.csv", "-o", "Grades.csv"],
        "no column 'Nope'": ["canvas", "--into", "Grades.csv", "--column", "Nope", "-o", "o.csv"],
        "is not a grading worksheet from Moodle": ["moodle", "--into", "Grades.csv", "-o", "o.csv"],
        "cannot be read": ["moodle", "--into", "nothing.csv", "-o", "o.csv"],
        "is not a folder": ["gradescope", "-o", "Grades.csv"],
        "needs the download": ["feedback", "o.zip", "--zip", "canvas"],
        "neither a folder nor a zip": [
            *["feedback", "o.zip", "--zip", "canvas", "--into", "Grades.csv"]
        ],
        "holds no file that is named": ["feedback", "o.zip", "--zip", "canvas", "--into", "."],
        "--into goes with": ["feedback", "pages", "--into", "Grades.csv"],
    }
    for said, command in wrong.items():
        done = grader("export", *command)
        assert done.exit_code == 2, (command, done.stderr)
        assert said in done.stderr
    assert grader("export", "csv", "nope").exit_code != 0
    assert (marked / "Grades.csv").read_text(encoding="utf-8") == CANVAS
    assert not (marked / "o.csv").exists()
    assert not (marked / "o.zip").exists()


@pytest.mark.lengthy
def test_nobody_deducts_twice_without_being_told(marked: Path) -> None:
    rules = "schema: 1\ntimezone: UTC\nassignments: {hw1: {due: 2027-03-01T23:59}}\nlate: "
    command = ("export", "moodle", "--into", "worksheet.csv", "-o", "out.csv")
    (marked / "course.yaml").write_text(rules + "{per: day, deduct: 10%}\n")
    assert "Moodle, from version 5 on, may do so once more" in grader(*command).stderr
    (marked / "course.yaml").write_text(rules + "lms\n")
    done = grader(*command)
    assert done.exit_code == 0
    assert "once more" not in done.stderr
