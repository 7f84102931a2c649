"""`grader mark` and `grader grades` from the command line: marks, tables, final marks."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from grader.gradebook.book import open_gradebook
from tests.unit.cli.invoked import invoked
from tests.unit.gradebook.small import WITH_TEXT, Reads, course, handed_in, mark

RULES = """\
schema: 1
timezone: Europe/Vienna
assignments: {small: {due: 2027-03-01T23:59, drop: [half]}}
late: {per: day, deduct: 10%}
rounding: {to: 0.5}
"""


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("course")
    people = [handed_in("zoë", why="=1+1"), handed_in("ben", code="x + 1")]
    with open_gradebook(root / "book.db") as book:
        mark(book, course(root, WITH_TEXT), people, Reads())
        with book.writing():
            book.run("UPDATE submission SET handed_in = '2027-03-03T00:30:00'")
    return root / "book.db"


@pytest.fixture(autouse=True)
def _here(marked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(marked, tmp_path / "book.db")
    (tmp_path / "course.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "times.csv").write_text("key\nben\n")


def run(*arguments: str, code: int = 0) -> str:
    result = invoked(*arguments)
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.lengthy
def test_a_table_goes_out_and_comes_back_and_makes_marks_final() -> None:
    assert "wants --separator" not in run("mark", "--export", "tab.csv", "--separator", "tab")
    told = run("mark", "--export", "pending.csv")
    assert "1 answer to mark" in told
    assert "in one column wants --separator semicolon" in told
    text = Path("pending.csv").read_text(encoding="utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert (row["student"], row["answer"]) == ("zoë", "'=1+1")
    filled = io.StringIO()
    writer = csv.DictWriter(filled, [*row], delimiter=";")
    writer.writeheader()
    writer.writerow(row | {"points": "2,5"})
    Path("filled.csv").write_text(filled.getvalue(), encoding="cp1252")
    assert "waits for why" in run("grades")
    assert "1 marked by bea" in run("mark", "--import", "filled.csv", "--by", "bea")
    # 4 + 2 + 2.5 of 9 without `half`; two days begun: 1.8 less; to halves
    page = run("grades", "small", "zoë")
    assert "small: zoë: 6.5 / 9" in page
    assert "late: 2 days, 2 × 10 % of 9: −1.8" in page
    run("grades", "--format", "json", "--output", "marks.json")
    document = json.loads(Path("marks.json").read_text(encoding="utf-8"))
    assert [one["points"] for one in document["grades"]] == [2, 6.5]  # 4 − 1.8, 8.5 − 1.8
    run("mark", "zoë", "why", "--points", "1", "--by", "cem")
    assert "conflict" in run("mark", "--import", "filled.csv", "--by", "bea", code=1)


@pytest.mark.lengthy
def test_an_adjustment_and_its_undoing() -> None:
    run("mark", "ben", "twice", "--adjust", "--points", "+1", code=2)
    run("mark", "ben", "twice", "--adjust", "--points", "+1", "--reason", "typo", "--by", "bea")
    assert "adjusted by +1; typo" in run("mark", "ben", "--history")
    assert "is taken back" in run("mark", "ben", "twice", "--undo")
    assert "(undone)" in run("mark", "ben", "--history")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("mark", "bem", "why", "--points", "1"), "did you mean 'ben'"),
        (("mark", "ben", "whi", "--points", "1"), "did you mean 'why'"),
        (("mark", "ben", "why", "--points", "two"), "--points is a number"),
        (("mark", "ben", "why", "--points", "9"), "--beyond"),
        (("mark", "ben", "why", "--rubric", "a"), "--rubric is numbers"),
        (("mark", "ben"), "say whose answer"),
        (("mark", "ben", "why", "--undo", "--adjust"), "only one of"),
        (("mark", "--import", "course.yaml"), "no column"),
        (("mark", "--import", "nothing.csv"), "cannot be read"),
        (("mark", "ben", "why", "--points", "1", "--group"), "nobody handed this in together"),
        (("mark", "--export", "p.csv", "--group"), "`also` says who gets the same"),
        (("mark", "ben", "why", "--separator", "tab"), "goes with --export"),
        (("mark", "ben", "why", "--absent"), "goes with --export"),
        (("gradebook", "times", "course.yaml"), "no column says who"),
        (("gradebook", "times", "times.csv"), "has no column handed_in"),
        (("grades", "smal"), "did you mean 'small'"),
    ],
)
def test_a_wrong_call_is_told_in_a_sentence(arguments: tuple[str, ...], said: str) -> None:
    result = invoked(*arguments)
    assert result.exit_code in (2, 4)
    assert said in result.output
    assert "Traceback" not in result.output


def test_wrong_rules_compute_nothing() -> None:
    Path("course.yaml").write_text(RULES.replace("half", "hafl"), encoding="utf-8")
    output = run("grades", code=3)
    assert "course.yaml:3:" in output
    assert "did you mean 'half'" in output
    assert "zoë" not in output
    # Nor is it guessed which attempts count.
    assert "did you mean 'half'" in run("mark", "--export", "pending.csv", code=3)
    assert not Path("pending.csv").exists()


def test_lateness_is_told_of_whom_it_was_asked_for() -> None:
    with open_gradebook(Path("book.db")) as book, book.writing():
        book.run("UPDATE submission SET handed_in = NULL, origin = 'canvas: x, late'")
    assert "so there is no final mark: ben, zoë" in run("grades")
    assert "so there is no final mark: ben\n" in run("grades", "small", "ben")


def test_several_are_forgotten_at_once() -> None:
    run("gradebook", "forget", "ben", "bem", "-g", "book.db", "--yes", code=4)
    said = run("gradebook", "forget", "ben", "zoë", "-g", "book.db", "--yes")
    assert said.startswith("ben, zoë are out of book.db\n")
    assert "0 students" in run("gradebook", "show")
