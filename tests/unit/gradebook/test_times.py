"""When work was handed in, told by staff where a download does not say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from grader.course.handing_in import keep_roster_times, take_times
from grader.gradebook.book import Gradebook, open_gradebook
from grader.gradebook.grades import grades
from grader.gradebook.roster_csv import read_roster
from grader.gradebook.times import keep_times
from grader.model.course_rules import AssignmentRules, CourseRules, Deduction, LateRule
from grader.model.grade import Grade
from grader.model.person import Person
from grader.submissions.submission import Delivery, Submission
from tests.unit.gradebook.small import Reads, course, handed_in, mark

NOW = "2027-03-09T12:00:00+00:00"
NINE = datetime(2027, 3, 2, 9)
RULES = CourseRules(
    zone=ZoneInfo("Europe/Vienna"),
    assignments={"small": AssignmentRules(due=datetime(2027, 3, 1, 23, 59))},
    late=LateRule(deduct=Deduction(amount=Fraction(1), is_share=False)),
)
WORKSHEET = """\
Identifier,Full name,Status,Grade,Last modified (submission)
Participant 7,Ann Lee,Submitted,-,"Tuesday, 2 March 2027, 9:00 AM"
Participant 8,Eve Zorn,Submitted,-,"Monday, 1 March 2027, 9:00 AM"
Participant 9,Ben,Submitted,-,soon
Participant 10,Cy,No submission,-,-
"""


def delivered(
    key: str, platform: str = "canvas", *, late: bool = False, time: datetime | None = None
) -> Submission:
    person = Person(key=key)
    delivery = Delivery(platform=platform, person=person, place=key, late=late, handed_in=time)
    return replace(handed_in(key), delivery=delivery)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    """Of ann nothing is known, of ben that the platform says that it is late, of cy that not."""
    with open_gradebook(tmp_path / "book.db") as book:
        found = [delivered("ann", "moodle"), delivered("ben", late=True), delivered("cy")]
        mark(book, course(tmp_path), found, Reads())
        with book.writing():
            book.run("UPDATE student SET name = 'Lee, Ann' WHERE key = 'ann'")
        yield book


def tell(book: Gradebook, **times: datetime) -> tuple[list[str], list[str], list[str]]:
    with book.writing():
        told = keep_times(book, "small", times, by="zoë", now=NOW)
    return told.kept, told.without_work, told.of_earlier


def graded(book: Gradebook, rules: CourseRules = RULES) -> tuple[Grade, Grade]:
    ann, ben, _ = grades(book, rules)
    return ann, ben


def test_what_is_late_by_nobody_knows_how_much_has_no_final_mark(book: Gradebook) -> None:
    ann, ben = graded(book)
    assert (ann.points, ann.waiting) == (Fraction(7), [])
    assert ann.notes[0].endswith("when it was handed in is not known, so nothing is deducted")
    assert (ben.points, ben.waiting) == (None, ["when it was handed in"])
    assert ben.notes[0].endswith("late, as the platform says, and by how much is not known")
    cy = grades(book, RULES)[-1]
    assert (cy.points, cy.notes, cy.time_unknown) == (Fraction(7), [], False)
    assert [ann.time_unknown, ben.time_unknown] == [True, True]
    assert graded(book, replace(RULES, late=None, late_by_platform=True))[1].points == 7
    assert graded(book, replace(RULES, assignments={}))[1].points == 7


def test_what_staff_tell_is_kept_and_noted_and_no_download_changes_it(
    book: Gradebook, tmp_path: Path
) -> None:
    assert tell(book, ben=NINE, eve=NINE) == (["ben"], ["eve"], [])
    assert tell(book, ben=NINE) == ([], [], [])
    assert graded(book)[1].points == 6
    early = datetime(2027, 2, 1, tzinfo=UTC)
    mark(book, course(tmp_path), [delivered("ben", time=early)], Reads())
    ben = graded(book)[1]
    assert ben.handed_in == NINE.replace(tzinfo=ZoneInfo("Europe/Vienna"))
    (noted,) = book.rows("SELECT at, text FROM import_note")
    assert tuple(noted) == (NOW, "handed in 2027-03-02T09:00:00, told by zoë")


def test_the_time_of_an_earlier_attempt_is_not_that_of_the_last(
    book: Gradebook, tmp_path: Path
) -> None:
    """As in a roster that is older than what was handed in again."""
    tell(book, ann=NINE)
    mark(book, course(tmp_path), [handed_in("ann", start=3)], Reads())
    assert tell(book, ann=NINE) == ([], [], ["ann"])
    assert tell(book, ann=NINE.replace(hour=10)) == (["ann"], [], [])


def test_a_time_that_clocks_show_twice_is_the_earlier_one(book: Gradebook) -> None:
    due = AssignmentRules(due=datetime(2027, 10, 31, 2, 15))
    tell(book, ann=datetime(2027, 10, 31, 2, 30), ben=datetime(2027, 10, 31, 3, 0))
    ann, ben = graded(book, replace(RULES, assignments={"small": due}))
    assert (ann.points, ben.points) == (Fraction(7), Fraction(6))


def test_a_worksheet_says_when(book: Gradebook, tmp_path: Path) -> None:
    path = tmp_path / "worksheet.csv"
    path.write_text(WORKSHEET, encoding="utf-8")
    taken = take_times(book, "small", read_roster(path), "zoë")
    assert taken.told.kept == ["ann"]
    assert (taken.unknown, taken.missing) == (["Eve Zorn"], ["ben", "cy"])
    assert taken.notes == (
        "line 4: 'soon' does not say when it was handed in: write it as 2027-03-01 23:59",
    )
    assert graded(book)[0].points == 6


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (("soon", "02/03/2027"), "line 2: 'soon' does not say when it was handed in (nor does"),
        (("a", "b", "c"), "line 2: 'a' does not say when it was handed in (nor do lines 3, 4): "),
    ],
)
def test_every_line_with_no_time_is_named(
    tmp_path: Path, cells: tuple[str, ...], told: str
) -> None:
    path = tmp_path / "times.csv"
    rows = [f"p{number},{cell}" for number, cell in enumerate(cells)]
    path.write_text("\n".join(["key,handed_in", *rows]), encoding="utf-8")
    (note,) = read_roster(path).notes
    assert note.startswith(told)


def test_another_time_than_was_known_is_told(book: Gradebook) -> None:
    tell(book, ann=NINE)
    told: list[str] = []
    keep_roster_times(book, "small", {"ann": NINE.replace(hour=8)}, told.append)
    before = "ann: 2027-03-02 08:00 instead of 2027-03-02T09:00:00"
    assert told == [f"the roster says another time than was known: {before}"]


def test_a_time_is_that_of_whom_a_name_means_best_also_where_they_have_no_work(
    book: Gradebook, tmp_path: Path
) -> None:
    with book.writing():
        book.run("INSERT INTO student (key, name) VALUES ('anne', 'Ann Lee')")
    path = tmp_path / "worksheet.csv"
    path.write_text(WORKSHEET, encoding="utf-8")
    taken = take_times(book, "small", read_roster(path), "zoë")
    assert taken.told.kept == []
    assert taken.told.without_work == ["anne"]


def test_of_two_times_of_one_person_none_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "times.csv"
    path.write_text(
        "key,handed_in\nann,2027-03-02 09:00\nANN,2027-03-02 10:00\nben,2027-03-02\nBen,2027-03-02"
    )
    read = read_roster(path)
    assert [*read.handed_in] == ["ben"]
    assert "ann has 2 times: which one is it?" in read.notes
