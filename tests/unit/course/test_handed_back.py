"""Final marks with what each student reads of them, from the gradebook alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from grader.course.handed_back import handed_back
from grader.gradebook.book import Gradebook, GradebookFault, open_gradebook
from grader.gradebook.marks import NewEvent, add_event
from grader.model.course_rules import CourseRules
from grader.submissions.submission import Submission
from tests.unit.gradebook.small import SPEC, Reads, course, handed_in, mark

WITH_TEXT = SPEC + '  - {id: why, kind: text, points: 3, prompt: "Why?"}\n'
NOW = "2027-03-01T12:00:00+00:00"


def with_text(name: str, start: object) -> Submission:
    one = handed_in(name)
    return replace(one, sheets={"answers.yaml": f"start: {start}\nwhy: because\n".encode()})


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    """ann and ben wait for a person; the assignment's files are gone since."""
    folder = course(tmp_path, WITH_TEXT)
    with open_gradebook(tmp_path / "book.db") as book:
        mark(book, folder, [with_text("ann", 1.5), with_text("ben", 7)], Reads())
        shutil.rmtree(folder)
        yield book


def test_students_read_the_graders_sentences_and_nothing_of_the_key(book: Gradebook) -> None:
    back = handed_back(book, CourseRules())
    assert back.assignment.title == "Small"
    ben = next(grade for grade in back.grades if grade.person.key == "ben")
    said = {one.question: " ".join(one.feedback) for one in ben.questions}
    assert said["start"]
    assert "1.5" not in said["start"]
    assert ben.waiting == ["why"]


def test_what_was_said_while_it_waited_gives_way_to_the_markers_comment(book: Gradebook) -> None:
    row = book.row(
        "SELECT submission.id FROM submission JOIN student ON student = student.id"
        " WHERE key = 'ann'"
    )
    assert row is not None
    event = NewEvent(
        submission=row["id"], question="why", by="bea", points=Fraction(2), comment="Nearly."
    )
    with book.writing():
        add_event(book, event, now=NOW)
    ann, _ = handed_back(book, CourseRules(), "small").grades
    why = next(one for one in ann.questions if one.question == "why")
    assert [*why.feedback] == ["Nearly."]
    assert why.points == 2


def test_a_participant_has_the_number_of_this_assignment(book: Gradebook) -> None:
    with book.writing():
        book.run("""UPDATE student SET ids = '{"moodle": "Participant 99"}'""")
        book.run(
            "UPDATE submission SET origin = 'moodle: Ann_B_12, late' WHERE student ="
            " (SELECT id FROM student WHERE key = 'ann')"
        )
    ann, ben = handed_back(book, CourseRules()).grades
    assert (ann.person.ids["moodle"], ben.person.ids["moodle"]) == ("12", "Participant 99")
    with book.writing():  # what a group handed in has the group's number
        ids = '{"moodle": "Participant 99", "group": "Ann_B"}'
        book.run("UPDATE student SET ids = ?", ids)
    ann, _ = handed_back(book, CourseRules()).grades
    assert ann.person.ids["moodle"] == "Participant 99"


def test_an_assignment_of_which_there_is_nothing_is_refused(book: Gradebook) -> None:
    with pytest.raises(GradebookFault):
        handed_back(book, CourseRules(), "other")
