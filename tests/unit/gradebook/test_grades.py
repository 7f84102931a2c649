"""Final marks from a gradebook: what was judged, marks of people, and the rules of a course."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from grader.gradebook.book import Gradebook, open_gradebook
from grader.gradebook.grades import assignments_in, course_total, grades
from grader.gradebook.marks import NewEvent, add_event, undo_last
from grader.gradebook.rules import set_rule
from grader.model.course_rules import AssignmentRules, Attempts, CourseRules, Deduction, LateRule
from grader.report.grades_text import grades_page, person_page
from grader.submissions.submission import Submission
from tests.unit.gradebook.small import WITH_TEXT, Reads, course, handed_in, mark

NOW = "2027-03-01T12:00:00+00:00"


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    """ann has all that code can say right and an answer that waits, ben has half of `twice`."""
    folder = course(tmp_path, WITH_TEXT)
    with open_gradebook(tmp_path / "book.db") as book:
        mark(
            book,
            folder,
            [handed_in("ann", why="since it is"), handed_in("ben", code="x + 1")],
            Reads(),
        )
        with book.writing():
            book.run("INSERT INTO student (key) VALUES ('cy')")
        yield book


def submission_of(book: Gradebook, key: str) -> int:
    row = book.row(
        "SELECT submission.id FROM submission JOIN student ON student.id = submission.student"
        " WHERE key = ? ORDER BY attempt DESC",
        key,
    )
    assert row is not None
    return int(row["id"])


def test_a_class_without_rules(book: Gradebook) -> None:
    ann, ben, cy = grades(book, CourseRules())
    assert (ann.points, ann.waiting) == (None, ["why"])
    assert (ben.points, ben.max_points) == (Fraction(5), Fraction(10))
    assert (cy.points, cy.attempt) == (Fraction(0), None)
    assert [(one.text, one.points) for one in cy.steps] == [("nothing was handed in", Fraction(0))]
    assert assignments_in(book) == ["small"]


def test_a_mark_makes_it_final_and_an_undoing_ends_that(book: Gradebook) -> None:
    submission = submission_of(book, "ann")
    event = NewEvent(submission=submission, question="why", by="bea", points=Fraction(5, 2))
    with book.writing():
        add_event(book, event, now=NOW)
    (ann, *_) = grades(book, CourseRules())
    assert ann.points == Fraction(19, 2)
    assert [one.by for one in ann.questions] == ["", "", "", "bea"]
    with book.writing():
        undo_last(book, submission, "why", by="bea", reason="", now=NOW)
    assert grades(book, CourseRules())[0].points is None


def test_a_dropped_question_counts_for_nobody(book: Gradebook) -> None:
    rules = CourseRules(assignments={"small": AssignmentRules(drop=frozenset({"why", "start"}))})
    ann, ben, cy = grades(book, rules)
    assert [one.points for one in (ann, ben, cy)] == [5, 3, 0]
    assert {one.max_points for one in (ann, ben, cy)} == {5}
    assert course_total([ben], rules).per_cent == 60


def test_nobody_gets_less_than_in_a_run_from_which_that_holds(
    book: Gradebook, tmp_path: Path
) -> None:
    """With the marks of people in both: ben had 5, and hands in something worse."""
    folder = tmp_path / "assignments" / "small"
    mark(book, folder, [handed_in("ben", code="x + 1", start=9)], Reads())
    assert grades(book, CourseRules())[1].points == 3
    with book.writing():
        set_rule(book, "small", "never_lower", "1", now=NOW)
    ben = grades(book, CourseRules())[1]
    assert (ben.attempt, ben.points) == (2, Fraction(5))
    assert ben.steps[-1].text == "nobody gets less than in an earlier run"


def test_who_was_judged_by_an_older_edition_is_told(book: Gradebook, tmp_path: Path) -> None:
    """What can be reached may be another for them than for those who were marked since."""
    people = [handed_in("ann", why="since it is"), handed_in("ben", code="x + 1")]
    folder = course(tmp_path, WITH_TEXT.replace("points: 4", "points: 5"))
    mark(book, folder, people[1:], Reads())
    ann, ben, _ = grades(book, CourseRules())
    assert [ann.max_points, ben.max_points] == [10, 11]
    (note,) = ann.notes
    assert note.startswith("attempt 1 was judged before the assignment was edited")
    assert "`grader regrade small` judges" in note
    assert not ben.notes
    mark(book, folder, [people[0], handed_in("ben", code="x + 2")], Reads())
    ann, ben, _ = grades(book, CourseRules())
    assert not [*ann.notes, *ben.notes]
    course(tmp_path, WITH_TEXT)
    mark(book, folder, [handed_in("ben", code="x + 2")], Reads())
    assert not grades(book, CourseRules())[1].notes  # the first attempt does not count
    best = grades(book, CourseRules(attempts=Attempts.BEST))[1]
    assert "grader regrade small --attempts best" in best.notes[0]


def test_times_are_shown_by_the_clocks_of_the_course(book: Gradebook) -> None:
    """Handed in at 23:13 in UTC is after 23:59 in Vienna: nobody has to reckon."""
    with book.writing():
        book.run("UPDATE submission SET handed_in = '2027-03-01T23:13:59+00:00'")
        book.run("""UPDATE student SET extensions = '{"": "+2d"}' WHERE key = 'ann'""")
    due = datetime(2027, 3, 1, 23, 59)
    rules = CourseRules(
        zone=ZoneInfo("Europe/Vienna"),
        assignments={"small": AssignmentRules(due=due)},
        late=LateRule(
            grace=timedelta(minutes=15), deduct=Deduction(amount=Fraction(1, 10), is_share=True)
        ),
    )
    marked = grades(book, rules)
    assert "handed in 2027-03-02 00:13:59+01:00, due 2027-03-03 23:59+01:00" in person_page(
        marked[:1], []
    )
    ben = person_page(marked[1:2], [])
    assert "handed in 2027-03-02 00:13:59+01:00, due 2027-03-01 23:59+01:00" in ben
    assert "within the grace: nothing is deducted" in ben
    assert "late" not in grades_page(marked, [])  # as it costs nobody anything


@pytest.mark.parametrize(
    ("extensions", "told"),
    [
        ({"small": "2026-03-02T23:59:59"}, True),  # a slip in the year
        ({"small": "2027-03-01T22:58:59+00:00"}, True),
        ({"small": "2027-03-01T22:59:00+00:00"}, False),
        ({"small": "2027-03-02T23:59:59"}, False),
        ({"small": "+2d"}, False),
        ({"": "2026-03-02T23:59:59"}, False),  # of those that are due before it
        ({"other": "2026-03-02T23:59:59"}, False),
    ],
)
def test_an_extension_that_gives_no_time_is_told(
    book: Gradebook, extensions: dict[str, str], told: bool
) -> None:
    with book.writing():
        book.run("UPDATE student SET extensions = ? WHERE key = 'ann'", json.dumps(extensions))
    due = AssignmentRules(due=datetime(2027, 3, 1, 23, 59))
    rules = CourseRules(zone=ZoneInfo("Europe/Vienna"), assignments={"small": due})
    ann, ben, _ = grades(book, rules)
    assert any("before the due time and changes nothing" in note for note in ann.notes) == told
    assert not ben.notes


def test_an_attempt_without_answers_after_one_with_some_is_told(
    book: Gradebook, tmp_path: Path
) -> None:
    folder = course(tmp_path)
    mark(book, folder, [Submission(id="ann"), handed_in("ben", code="x + 9")], Reads())
    ann, ben, _ = grades(book, CourseRules())
    (note,) = ann.notes
    assert note.startswith("attempt 2 has no answers, and attempt 1 had some")
    assert ann.points == 0
    assert ann.attempt == 2
    assert not ben.notes  # another attempt, with answers
    (best, *_) = grades(book, CourseRules(attempts=Attempts.BEST))
    assert best.attempt == 1
    assert not any("no answers" in note for note in best.notes)


def test_a_mark_of_a_question_that_is_not_asked_any_more_is_told(book: Gradebook) -> None:
    event = NewEvent(
        submission=submission_of(book, "ann"), question="whence", by="bea", points=Fraction(2)
    )
    with book.writing():
        add_event(book, event, now=NOW)
    ann, ben, _ = grades(book, CourseRules())
    assert ann.notes == ["whence is not asked any more: the mark of bea counts for nothing"]
    assert ben.notes == []
