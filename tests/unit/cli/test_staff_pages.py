"""The pages for staff: their commands are run as they stand there."""

from __future__ import annotations

import csv
import io
import re
import shlex
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import Result

from grader.gradebook.book import open_gradebook, read_gradebook
from grader.gradebook.grades import grades
from grader.gradebook.people_rows import people_of
from grader.model.course_rules import CourseRules
from grader.model.person import Person
from grader.submissions.submission import Delivery, Submission
from tests import downloads
from tests.archives import zipped
from tests.unit.cli.invoked import invoked
from tests.unit.gradebook.small import Reads, mark

STAFF = Path(__file__).resolve().parents[3] / "docs" / "staff"
_COMMANDS = re.compile(r"```console\n(.*?)```", re.DOTALL)
#: The questions that the pages speak of, of the assignment that they speak of.
SPEC = """\
schema: 1
slug: ecs289-homework
title: Homework
reference: homework
submission: {files: [answers.yaml]}
questions:
  - {id: sgd_points, kind: number, points: 2, tolerance: {atol: 0.1}}
  - id: contour_plot
    kind: figure
    points: 2.5
    prompt: Draw.
    rubric: [{points: 1, text: drawn}, {points: 0.5, text: labelled}, {points: 1, text: right}]
"""
WORKSHEET = """\
Identifier,Full name,Last modified (submission)
Participant 1,Amber A,"Tuesday, 2 March 2027, 9:00 AM"
"""


def handed_in(key: str, name: str, answer: float) -> Submission:
    delivery = Delivery(platform="moodle", person=Person(key=key, name=name), place="Group_1")
    sheet = f"sgd_points: {answer}\ncontour_plot: plot.png\n".encode()
    picture = {"plot.png": b"\x89PNG\r\n\x1a\n" + bytes(range(99))}
    return Submission(id=key, sheets={"answers.yaml": sheet}, others=picture, delivery=delivery)


@pytest.fixture
def page_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """amber and bert handed in together, and cy alone."""
    folder = tmp_path / "assignments" / "ecs289-homework"
    folder.mkdir(parents=True)
    (folder / "assignment.yaml").write_text(SPEC)
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "homework.py").write_text("def sgd_points(): return 1.5\n")
    people = [handed_in("amber", "Amber A", 9), handed_in("bert", "Bert B", 9)]
    alone = replace(handed_in("cy", "Cy C", 1.5), delivery=None)
    with open_gradebook(tmp_path / "course.db") as book:
        mark(book, folder, [*people, alone], Reads())
        with book.writing():
            book.run("UPDATE student SET name = 'Amber A' WHERE key = 'amber'")
    (tmp_path / "worksheet.csv").write_text(WORKSHEET)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRADER_MARKER", "bea")
    return tmp_path


def commands(page: str, block: int) -> list[list[str]]:
    """Of the page's blocks that hold commands the one of this number."""
    blocks = _COMMANDS.findall((STAFF / page).read_text(encoding="utf-8"))
    return [shlex.split(line)[1:] for line in blocks[block].splitlines()]


def run(command: list[str]) -> Result:
    done = invoked(*command)
    assert done.exit_code == 0, (command, done.output)
    return done


def points(folder: Path) -> dict[str, Fraction | None]:
    with read_gradebook(folder / "course.db") as book:
        return {one.person.key: one.points for one in grades(book, CourseRules())}


@pytest.mark.lengthy
def test_one_answer_is_marked_as_the_page_says(page_course: Path) -> None:
    said = [run(command).output for command in commands("marks.md", 0)]
    assert len(said) == 6
    assert "amber, attempt 1, contour_plot: 2 of 2.5, by bea" in said[0]
    assert "bert, attempt 1, contour_plot: 2 of 2.5, by bea" in said[2]
    assert "amber, attempt 1, sgd_points: 1 of 2, by bea (+1: typo in the sheet)" in said[3]
    assert "the mark 2 by bea is taken back" in said[4]
    assert "Which way is downhill?" in said[5]
    assert points(page_course) == {"amber": Fraction(5, 2), "bert": Fraction(2), "cy": None}


@pytest.mark.lengthy
def test_all_that_waits_goes_out_and_comes_back_as_the_page_says(page_course: Path) -> None:
    out, back = commands("marks.md", 1)
    assert "2 answers to mark, 2 of them in pending-figures" in run(out).output
    pending = page_course / "pending.csv"
    rows = [*csv.DictReader(io.StringIO(pending.read_text("utf-8-sig"), newline=""))]
    assert [row["also"] for row in rows] == ["bert", ""]
    for row in rows:
        row["lines"] = "1 3"
        name = row["answer"].removeprefix("plot.png [").removesuffix("]")
        assert (page_course / name).read_bytes().startswith(b"\x89PNG")
    with pending.open("w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0]], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    assert "3 marked by bea" in run(back).output
    assert points(page_course) == {"amber": 2, "bert": 2, "cy": 4}


def test_who_handed_in_nothing_is_in_the_table_that_the_page_speaks_of(page_course: Path) -> None:
    with open_gradebook(page_course / "course.db") as book, book.writing():
        book.run("INSERT INTO student (key) VALUES ('dora')")
    [oral] = commands("marks.md", 2)
    assert "4 answers to mark" in run(oral).output  # both that wait, and dora's two
    rows = [*csv.DictReader(io.StringIO((page_course / "oral.csv").read_text("utf-8-sig")))]
    assert [row["question"] for row in rows if row["student"] == "dora"] == [
        "sgd_points",
        "contour_plot",
    ]


@pytest.mark.lengthy
def test_rules_and_times_make_final_marks_as_the_pages_say(page_course: Path) -> None:
    text = (STAFF / "course-rules.md").read_text(encoding="utf-8")
    rules = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert rules is not None
    (page_course / "course.yaml").write_text(rules[1], encoding="utf-8")
    for key in ("amber", "bert", "cy"):
        run(["mark", key, "contour_plot", "--points", "2", "-g", "course.db"])
    [command] = commands("roster.md", 1)
    assert "1 of 1 times are new" in run(command).output
    said = [run(command).output for command in commands("course-rules.md", 0)]
    assert len(said) == 4
    # One day late is a tenth of what is not dropped: 1.75, of which half a point is the nearest 2.
    assert "late: 1 day, 10 %, at most 50 % of 2.5: −0.25" in said[2]
    assert "handed in 2027-03-02 09:00+01:00, due 2027-03-01 23:59+01:00" in said[2]
    with (page_course / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        written = {row["student"]: row["points"] for row in csv.DictReader(file)}
    assert written == {"amber": "2", "bert": "2", "cy": "2"}


def test_a_class_shows_what_the_page_says(page_course: Path) -> None:
    (page_course / "results").mkdir()
    (page_course / "course.db").rename(page_course / "results" / "ecs289.db")
    whole, one = commands("statistics.md", 0)
    assert "3 students" in run(whole).output
    # The page speaks of a question that is not asked here.
    one = [word.replace("nesterov_points", "sgd_points") for word in one]
    one[one.index("course.db")] = "results/ecs289.db"
    assert "first go wrong here: amber, bert" in run(one).output


@pytest.mark.processes
@pytest.mark.slow
def test_a_class_is_marked_with_the_roster_of_the_page(page_course: Path) -> None:
    text = (STAFF / "roster.md").read_text(encoding="utf-8")
    [table] = re.findall(r"```\n(key;.*?)```", text, re.DOTALL)
    (page_course / "roster.csv").write_text(table, encoding="utf-8")
    sheet = {"answers.yaml": "sgd_points: 1.5\n"}
    files = downloads.canvas([("lovelaceada", 123, sheet), ("müllerbob", 45, sheet)])
    (page_course / "canvas.zip").write_bytes(zipped(files))
    [command] = commands("roster.md", 0)
    said = run(command).output
    assert "a Canvas download of 2 people" in said
    assert "not on the roster" not in said
    with read_gradebook(page_course / "results" / "ecs289.db") as book:
        ada, bob = people_of(book)
    assert (ada.key, ada.number, bob.key, bob.number) == ("ada", "0042", "bob", "007")
    # In a group assignment Canvas names one of the group.
    (page_course / "roster.csv").write_text("key;canvas;group\nada;123;A\neve;;A\nbob;45;\n")
    assert "somebody who handed in: eve (--groups" in run(command).output
    assert "handed in nothing" not in run([*command, "--groups"]).output
    # And what the page about marking gives: a folder for each.
    for key in ("amber", "birch"):
        folder = page_course / "submissions" / key
        folder.mkdir(parents=True)
        (folder / "answers.yaml").write_text(sheet["answers.yaml"])
    [command] = commands("marking.md", 0)
    assert re.findall(r"^  (\w+) +2 / \d", run(command).output, re.MULTILINE) == ["amber", "birch"]
