"""One mark for a group, and marks of somebody who handed in nothing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

import pytest

from grader.checks.prepare import prepare
from grader.course.again import AgainOptions, regrade
from grader.course.by_hand import HandAnswer, MarkFault, find_answer
from grader.course.hand_marks import give_mark
from grader.course.marks_table import TakenMarks, marks_table, take_marks
from grader.course.options import RunOptions
from grader.course.together import answer_to_mark, same_files, together_with
from grader.gradebook.book import Gradebook, open_gradebook
from grader.gradebook.grades import grades
from grader.model.course_rules import CourseRules
from grader.model.person import Person
from grader.submissions.submission import Delivery, Submission
from tests.unit.gradebook.small import WITH_TEXT, Reads, course, handed_in, mark

NOW = "2027-03-01T12:00:00+00:00"
WHY = "it is"


def delivered(key: str, place: str) -> Submission:
    delivery = Delivery(platform="gradescope", person=Person(key=key), place=place, group=place)
    return replace(handed_in(key, why=WHY), delivery=delivery)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    """ann, ben and cy handed in together; dee the same by herself; zoe is on the roster."""
    found = [*(delivered(key, "submission_1") for key in ("ann", "ben", "cy"))]
    with open_gradebook(tmp_path / "book.db") as book:
        mark(book, course(tmp_path, WITH_TEXT), [*found, handed_in("dee", why=WHY)], Reads())
        with book.writing():
            book.run("INSERT INTO student (key) VALUES ('zoe')")
        yield book


def answer(book: Gradebook, key: str, question: str = "why") -> HandAnswer:
    return find_answer(book, "small", key, question, 0)


def give(book: Gradebook, key: str, points: int) -> None:
    one = answer(book, key)
    give_mark(book, one, Fraction(points), None, comment="", by="bea", now=NOW, beyond=False)


def table(book: Gradebook, **options: Any) -> list[dict[str, str]]:
    text = marks_table(book, ["small"], **options).text
    return [*csv.DictReader(io.StringIO(text, newline=""))]


def taken(book: Gradebook, row: dict[str, str], by: str = "bea", **cells: str) -> TakenMarks:
    text = io.StringIO()
    writer = csv.DictWriter(text, [*row])
    writer.writeheader()
    writer.writerow(row | cells)
    return take_marks(book, text.getvalue().encode(), by=by, now=NOW)


def points(book: Gradebook) -> dict[str, Fraction | None]:
    keys = ("ann", "ben", "cy", "dee")
    return {key: answer(book, key).points for key in keys}


def test_a_group_is_those_of_one_place_and_not_whoever_has_the_same_files(book: Gradebook) -> None:
    ann = answer(book, "ann")
    assert [one.student for one in together_with(book, ann)] == ["ben", "cy"]
    assert same_files(book, ann) == ["ben", "cy", "dee"]
    assert together_with(book, answer(book, "dee")) == []


def test_a_group_of_the_roster_is_one_too(book: Gradebook) -> None:
    with book.writing():
        for key in ("dee", "cy"):
            ids = json.dumps({"group": "A"})
            book.run("UPDATE student SET ids = ? WHERE key = ?", ids, key)
    assert [one.student for one in together_with(book, answer(book, "dee"))] == ["cy"]


def test_the_table_has_a_row_a_group_and_its_mark_counts_for_all(book: Gradebook) -> None:
    first, other = table(book)
    assert (first["student"], first["also"], other["student"]) == ("ann", "ben; cy", "dee")
    found = taken(book, first, points="2")
    assert (found.given, found.refused) == (["ann why", "ben why", "cy why"], [])
    assert points(book) == {"ann": 2, "ben": 2, "cy": 2, "dee": None}
    again = taken(book, first, points="2")
    assert (again.given, again.there_already, again.conflicts) == ([], 3, [])


def test_who_is_taken_out_of_the_row_or_put_into_it(book: Gradebook) -> None:
    first, _ = table(book)
    taken(book, first, points="2", also="ben")
    assert points(book)["cy"] is None
    found = taken(book, first, points="2", also="ben; cy; dee; zoe")
    assert found.given == ["cy why"]
    assert [one.partition(": ")[2].partition(" in ")[0] for one in found.refused] == [
        "'dee'",
        "'zoe'",
    ]
    assert points(book)["dee"] is None


def test_who_has_another_mark_keeps_it_and_it_is_told(book: Gradebook) -> None:
    first, _ = table(book)
    give(book, "cy", 3)
    found = taken(book, first, points="1")
    assert found.given == ["ann why", "ben why"]
    (conflict,) = found.conflicts
    assert conflict.endswith("why: cy has 3 by bea, which was left as it is")
    # And such a one has a row of their own.
    rows = table(book, every=True)
    assert [(row["student"], row["also"]) for row in rows[:2]] == [("ann", "ben"), ("cy", "")]
    # The mark of the group changes for all who had the same.
    assert taken(book, rows[0], points="2").given == ["ann why", "ben why"]


def test_who_handed_in_nothing_can_be_marked(book: Gradebook, tmp_path: Path) -> None:
    with answer_to_mark(book, "small", "zoe", "why", 0, now=NOW) as one:
        give_mark(book, one, Fraction(3), None, comment="oral", by="bea", now=NOW, beyond=False)
    *_, zoe = grades(book, CourseRules())
    assert (zoe.points, zoe.waiting, zoe.time_unknown) == (Fraction(3), [], False)
    # Who has no files has them with nobody.
    with book.writing():
        book.run("INSERT INTO student (key) VALUES ('yan')")
    with answer_to_mark(book, "small", "yan", "why", 0, now=NOW) as one:
        assert together_with(book, one) == []
    # What is handed in after all belongs to it, and the mark stays.
    mark(book, course(tmp_path, WITH_TEXT), [handed_in("zoe", why="late")], Reads())
    zoe = next(one for one in grades(book, CourseRules()) if one.person.key == "zoe")
    assert (zoe.attempt, zoe.points) == (1, Fraction(10))
    assert zoe.notes == ["why was marked before the files of the attempt were corrected"]


def test_who_handed_in_nothing_is_marked_again_without_code(
    book: Gradebook, tmp_path: Path
) -> None:
    with answer_to_mark(book, "small", "zoe", "why", 0, now=NOW) as one:
        give_mark(book, one, Fraction(3), None, comment="oral", by="bea", now=NOW, beyond=False)
    folder = course(tmp_path, WITH_TEXT.replace("points: 4", "points: 5"))
    options = AgainOptions(run=RunOptions(watched=False))
    for _ in range(2):
        found = regrade(book, folder, prepare(folder), _no_sandbox, options)
        assert found.run_code == 0
    zoe = next(one for one in grades(book, CourseRules()) if one.person.key == "zoe")
    assert (zoe.points, zoe.max_points, zoe.notes) == (Fraction(3), Fraction(11), [])


def _no_sandbox() -> NoReturn:
    pytest.fail("code was to be run")


def test_who_handed_in_nothing_is_marked_by_the_table(book: Gradebook, tmp_path: Path) -> None:
    with book.writing():
        book.run("""INSERT INTO student (key, excused) VALUES ('yan', '["small"]')""")
    rows = [row for row in table(book, absent=True) if row["student"] not in ("ann", "dee")]
    assert [(row["student"], row["question"], row["points"]) for row in rows] == [
        ("zoe", question, "") for question in ("twice", "half", "start", "why")
    ]
    assert "zoe" not in [row["student"] for row in table(book)]
    *_, why = rows
    # What is refused or left empty makes no attempt.
    assert taken(book, why, points="9").refused
    assert taken(book, why).empty == 1
    assert grades(book, CourseRules())[-1].attempt is None
    assert taken(book, why, points="2", comment="oral").given == ["zoe why"]
    zoe = next(one for one in grades(book, CourseRules()) if one.person.key == "zoe")
    assert (zoe.points, zoe.waiting) == (Fraction(2), [])
    assert taken(book, why, points="2", comment="oral").there_already == 1
    assert "now there is 2 by bea" in taken(book, why, points="3").conflicts[0]
    # The next table has their other questions too, and the marks that they have.
    rows = [row for row in table(book, absent=True) if row["student"] == "zoe"]
    assert [row["points"] for row in rows] == ["", "", "", "2"]
    assert taken(book, rows[0], points="4").given == ["zoe twice"]
    # A row of nobody, and of somebody who has handed in since.
    assert taken(book, why | {"row": "absent-99-small-why"}, points="1").refused
    assert taken(book, why | {"row": why["row"].replace("small", "large")}, points="1").refused
    mark(book, course(tmp_path, WITH_TEXT), [handed_in("zoe", why="late")], Reads())
    assert "now it has no mark" in taken(book, rows[1], points="1").conflicts[0]


def test_two_who_mark_alike_do_not_differ(book: Gradebook) -> None:
    _, dee = table(book)
    taken(book, dee, points="2", comment="so")
    found = taken(book, dee, by="cem", points="2,0", comment="so")
    assert (found.given, found.there_already, found.conflicts) == ([], 1, [])
    assert taken(book, dee, by="cem", points="2", comment="no").conflicts


def test_a_mark_that_is_refused_leaves_nothing_behind(book: Gradebook) -> None:
    with (
        pytest.raises(MarkFault, match="outside"),
        answer_to_mark(book, "small", "zoe", "why", 0, now=NOW) as one,
    ):
        give_mark(book, one, Fraction(9), None, comment="", by="bea", now=NOW, beyond=False)
    with (
        pytest.raises(MarkFault, match="no question"),
        answer_to_mark(book, "small", "zoe", "whi", 0, now=NOW),
    ):
        pass
    *_, zoe = grades(book, CourseRules())
    assert zoe.attempt is None
    with (
        pytest.raises(MarkFault, match="nothing of attempt 2 of zoe"),
        answer_to_mark(book, "small", "zoe", "why", 2, now=NOW),
    ):
        pass
