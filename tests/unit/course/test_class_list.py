"""A class with its roster: who is whose, who handed in nothing, and groups that are marked once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from grader.checks.prepare import prepare
from grader.course.class_list import ClassList, class_list, keep_class, with_absent
from grader.gradebook.batch import grade_class
from grader.gradebook.book import Gradebook, open_gradebook
from grader.gradebook.people_rows import people_of
from grader.gradebook.roster_csv import Roster
from grader.model.graded import Graded
from grader.model.person import Person
from grader.report.look import reason_to_look
from grader.submissions.each import find_each
from grader.submissions.submission import Delivery, Submission
from tests.unit.gradebook.small import Reads, course, handed_in, mark

ADA = Person(key="ada", name="Ada Lovelace", ids={"canvas": "123"})
BOB = Person(key="bob", name="Bob Bär", excused=frozenset({"small"}))
ROSTER = Roster(people=[ADA, BOB])
MOMENT = datetime(2027, 2, 28, 12, tzinfo=UTC)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    with open_gradebook(tmp_path / "book.db") as opened:
        yield opened


def delivered(key: str, group: str = "", late: bool = False, **about: Any) -> Submission:
    person = Person(key=key, **about)
    delivery = Delivery(
        platform="canvas", person=person, place=key, group=group, late=late, handed_in=MOMENT
    )
    return replace(handed_in(key), delivery=delivery)


def listed(
    found: Sequence[Submission],
    roster: Roster | None = ROSTER,
    book: Gradebook | None = None,
    *,
    groups: bool = False,
) -> tuple[ClassList, list[str]]:
    told: list[str] = []
    people = class_list(found, roster, book, "small", told.append, groups=groups)
    if book is not None:
        keep_class(book, people, told.append)
    return people, told


def ids(found: Sequence[Submission]) -> list[str]:
    return [one.id for one in found]


def test_everybody_is_there_and_nobody_is_dropped_in_silence() -> None:
    found = [delivered("lovelaceada_123", ids={"canvas": "123"}), delivered("eve_9", late=True)]
    people, told = listed(found)
    assert ids(people.submissions) == ["ada", "eve_9"]
    assert [one.key for one in people.absent] == ["bob"]
    assert told == [
        "late, as the platform says: eve_9",
        "not on the roster: eve_9",
        "1 of 2 on the roster handed in nothing: bob",
    ]
    assert people.excused("small") == {"bob"}
    assert people.excused("other") == set()


def test_times_of_a_roster_without_a_gradebook_are_spoken_of(book: Gradebook) -> None:
    roster = replace(ROSTER, handed_in={"ada": MOMENT})
    said = "roster: when people handed in is kept in a gradebook, and there is none"
    assert said in listed([handed_in("ada")], roster)[1]
    assert said not in listed([handed_in("ada")], roster, book)[1]


def test_a_download_with_nobody_of_the_roster_is_asked_about() -> None:
    """As one that was cut off is: it is taken for one person's archive."""
    asked = "nobody on the roster is in it: is it the right download, and all of it?"
    assert listed([handed_in("submissions")])[1][-1] == asked
    assert asked not in listed([handed_in("ada")])[1]
    assert asked not in listed([])[1]


def test_who_handed_in_nothing_is_in_the_results_with_nothing(tmp_path: Path) -> None:
    prepared = prepare(course(tmp_path))
    people, _ = listed([handed_in("ada")])
    sandbox = Reads()
    graded = grade_class(prepared, people.submissions, sandbox)
    shown = with_absent(graded, people.absent, prepared, sandbox)
    ada, bob = shown.submissions
    assert ada == graded.submissions[0]
    assert (bob.submission, bob.attempt, int(bob.score)) == ("bob", None, 0)
    assert [note.text for note in bob.notes] == ["nothing was handed in; excused"]
    assert {one.verdict.value for one in bob.outcomes} == {"missing"}
    assert (len(shown.submissions), shown.submissions[-1]) == (2, bob)
    assert list(shown.submissions[0:2]) == [ada, bob]
    assert with_absent(graded, (), prepared, sandbox) is graded
    assert reason_to_look(bob) == ""
    late = replace(people.absent[0], excused=frozenset())
    shown = with_absent(graded, [late], prepared, sandbox)
    assert reason_to_look(shown.submissions[-1]) == "nothing handed in"


def test_a_gradebook_keeps_people_times_and_those_without_work(
    tmp_path: Path, book: Gradebook
) -> None:
    found = [delivered("lovelaceada_123", late=True, ids={"canvas": "123"}, email="a@x")]
    people, _ = listed(found, book=book)
    mark(book, course(tmp_path), people.submissions, Reads())
    assert [(one.key, one.email, one.ids) for one in people_of(book)] == [
        ("ada", "a@x", {"canvas": "123"}),
        ("bob", "", {}),
    ]
    (row,) = book.rows("SELECT handed_in, origin FROM submission")
    assert tuple(row) == ("2027-02-28T12:00:00+00:00", "canvas: lovelaceada_123, late")
    # A part of the class is marked later: who was marked before did not hand in nothing.
    people, told = listed([handed_in("bob")], book=book)
    assert not people.absent
    assert told == ["not in what was given, and marked before: ada"]


def test_of_two_times_for_the_same_files_the_earlier_counts(
    tmp_path: Path, book: Gradebook
) -> None:
    folder = course(tmp_path)
    for day in (3, 1, 2):
        one = delivered("ada")
        assert one.delivery is not None
        moment = datetime(2027, 3, day, tzinfo=UTC)
        again = replace(one, delivery=replace(one.delivery, handed_in=moment))
        mark(book, folder, [again], Reads())
    (row,) = book.rows("SELECT attempt, handed_in FROM submission")
    assert tuple(row) == (1, "2027-03-01T00:00:00+00:00")


def test_who_was_known_by_a_download_keeps_their_work_under_the_roster_s_key(
    tmp_path: Path, book: Gradebook
) -> None:
    folder = course(tmp_path)
    found = [delivered("lovelaceada_123", ids={"canvas": "123"})]
    people, _ = listed(found, None, book)
    mark(book, folder, people.submissions, Reads())
    people, told = listed(found, ROSTER, book)
    assert told[-1] == "in the gradebook lovelaceada_123 is ada now"
    mark(book, folder, people.submissions, Reads())
    rows = [
        tuple(row)
        for row in book.rows(
            "SELECT key, attempt FROM submission JOIN student ON student.id = submission.student"
        )
    ]
    assert rows == [("ada", 1)]
    # And without the roster: the gradebook knows the platform's id now.
    people, _ = listed(found, None, book)
    assert ids(people.submissions) == ["ada"]


def participant(name: str, number: int) -> Submission:
    person = Person(key=f"{name}_{number}", name=name, ids={"moodle": f"Participant {number}"})
    delivery = Delivery(platform="moodle", person=person, place=person.key)
    return replace(handed_in(person.key), delivery=delivery)


def test_participants_of_another_assignment_are_not_taken_for_each_other(
    tmp_path: Path, book: Gradebook
) -> None:
    """Moodle gives other numbers in each assignment: ada's is bob's in the next."""
    first = [participant("Ada Lovelace", 12), participant("Bob Bär", 34)]
    people, _ = listed(first, book=book)
    mark(book, course(tmp_path), people.submissions, Reads())
    assert ids(listed(first, None, book)[0].submissions) == ["ada", "bob"]
    second = [participant("Ada Lovelace", 34), participant("Bob Bär", 12)]
    told: list[str] = []
    people = class_list(second, None, book, "another", told.append)
    assert ids(people.submissions) == ["Ada Lovelace_34", "Bob Bär_12"]
    assert told == [
        "Ada Lovelace_34 has the name of ada: give the --roster if they are one person",
        "Bob Bär_12 has the name of bob: give the --roster if they are one person",
    ]


def test_a_group_that_a_roster_told_of_is_known_without_it(book: Gradebook) -> None:
    people = [replace(one, ids={"group": "Team 1"}) for one in (ADA, BOB)]
    found = [participant("Team 1", 5), handed_in("team 1")]
    listed(found[:1], Roster(people=people), book)
    assert ids(listed(found, None, book)[0].submissions) == ["ada", "bob", "team 1"]


def test_what_was_kept_under_two_names_becomes_one_person_s(
    tmp_path: Path, book: Gradebook
) -> None:
    """And where both handed in the same assignment nobody's work is lost, and it is told."""
    keep_class(book, listed([], book=book)[0], lambda _: None)
    found = [participant("Ada Lovelace", 34)]
    people, _ = listed(found, None, book)
    mark(book, course(tmp_path), people.submissions, Reads())
    people, told = listed(found, ROSTER, book)
    assert told[-1] == "in the gradebook Ada Lovelace_34 is ada now"
    assert [one.key for one in people_of(book)] == ["ada", "bob"]
    mark(book, course(tmp_path), [handed_in("Ada Lovelace_34")], Reads())
    _, told = listed(found, ROSTER, book)
    stays = "Ada Lovelace_34 stays in the gradebook beside ada: both handed in the same assignment"
    assert told[-1] == stays
    rows = book.rows("SELECT key FROM submission JOIN student ON student.id = student ORDER BY key")
    assert [row["key"] for row in rows] == ["Ada Lovelace_34", "ada"]


def test_folders_are_called_as_before_without_a_roster(book: Gradebook) -> None:
    listed([handed_in("ada")], ROSTER, book)
    people, told = listed([handed_in("ADA"), handed_in("Ada Lovelace")], None, book)
    assert (ids(people.submissions), told) == (["ADA", "Ada Lovelace"], [])


def test_what_is_nobody_s_is_not_called_like_somebody_on_the_roster() -> None:
    roster = Roster(people=[replace(ADA, ids={"group": "Group A"}), BOB])
    people, told = listed([delivered("Group A_5", name="Group A"), delivered("ada")], roster)
    assert ids(people.submissions) == ["ada", "ada (not on the roster)"]
    assert told[0] == "ada may be of ada too, of whom Group A_5 is"


def test_a_large_class_is_still_opened_one_by_one(tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"{number:04}").mkdir()
        (tmp_path / f"{number:04}" / "answers.yaml").write_text(f"start: {number}\n")
    found = find_each([tmp_path], ["answers.yaml"])
    people, told = listed(found, Roster(people=[Person(key="ada", number="0042")]))
    assert type(people.submissions) is type(found)
    assert people.submissions[42].id == "ada"
    assert people.submissions[42].sheets == {"answers.yaml": b"start: 42\n"}
    assert "and 89 more" in told[0]


@pytest.fixture
def group() -> list[Submission]:
    return [delivered(key, group="submission_1") for key in ("ada", "bob", "eve")]


def totals(graded: Graded) -> list[tuple[str, int]]:
    return [(one.submission, int(one.score)) for one in graded.submissions]


@pytest.mark.parametrize("workers", [1, 3])
def test_the_work_of_a_group_is_run_once(
    tmp_path: Path, book: Gradebook, group: list[Submission], workers: int
) -> None:
    folder = course(tmp_path)
    others = [delivered("fay"), delivered("gil")]
    everybody = [("ada", 7), ("bob", 7), ("eve", 7), ("fay", 7), ("gil", 7)]
    sandbox = Reads()
    once = grade_class(prepare(folder), [*group, *others], sandbox, workers=workers)
    assert totals(once) == everybody
    assert len(sandbox.jobs) == 3
    sandbox = Reads()
    kept = mark(book, folder, [*group], sandbox, workers=workers)
    assert totals(kept) == everybody[:3]
    assert len(sandbox.jobs) == 1


def test_what_the_roster_calls_a_group_is_marked_once_and_counts_for_all(tmp_path: Path) -> None:
    roster = Roster(people=[replace(one, ids={"group": "Group A"}) for one in (ADA, BOB)])
    people, told = listed([delivered("Group A_5", name="Group A")], roster)
    assert (ids(people.submissions), told) == (["ada", "bob"], [])
    sandbox = Reads()
    graded = grade_class(prepare(course(tmp_path)), people.submissions, sandbox)
    assert totals(graded) == [("ada", 7), ("bob", 7)]
    assert len(sandbox.jobs) == 1


TEAMS = Roster(
    people=[
        Person(key="ada", name="Ada Lovelace", ids={"group": "A"}),
        Person(key="bob", ids={"group": "a"}),
        Person(key="cy", ids={"group": "B"}),
        Person(key="dee"),
    ]
)


def test_what_one_of_a_group_handed_in_counts_for_all_where_staff_say_so(
    tmp_path: Path, book: Gradebook
) -> None:
    found = [delivered("lovelaceada_123", name="Ada Lovelace", ids={"canvas": "123"})]
    people, told = listed(found, TEAMS)
    assert ids(people.submissions) == ["ada"]
    assert (
        told[-1] == "in a group with somebody who handed in: bob (--groups: it counts for them too)"
    )
    people, told = listed(found, TEAMS, book, groups=True)
    assert ids(people.submissions) == ["ada", "bob"]
    assert told == ["2 of 4 on the roster handed in nothing: cy, dee"]
    # The number of a file's owner is nobody else's.
    known = {one.key: one.ids.get("canvas", "") for one in people_of(book)}
    assert (known["ada"], known["bob"]) == ("123", "")
    sandbox = Reads()
    assert totals(mark(book, course(tmp_path), people.submissions, sandbox)) == [
        ("ada", 7),
        ("bob", 7),
    ]
    assert len(sandbox.jobs) == 1
    # The gradebook knows the groups from then on.
    assert ids(listed([handed_in("ada")], None, book, groups=True)[0].submissions) == ["ada", "bob"]


def test_where_two_of_a_group_handed_in_the_third_is_told_and_gets_nothing() -> None:
    people = [*TEAMS.people, Person(key="eve", ids={"group": "A"})]
    found = [handed_in("ada"), handed_in("bob")]
    listing, told = listed(found, replace(TEAMS, people=people), groups=True)
    assert ids(listing.submissions) == ["ada", "bob"]
    assert told[0] == "eve: which of ada, bob is of their group?"
    assert not any("--groups" in text for text in listed(found, replace(TEAMS, people=people))[1])


def test_groups_without_a_roster_that_has_any_are_told_of() -> None:
    assert "nobody is in a group" in listed([handed_in("ada")], groups=True)[1][0]


def in_the_book(book: Gradebook) -> list[str]:
    return [one.key for one in people_of(book)]


def test_who_has_another_key_in_a_later_roster_is_the_same_person(
    tmp_path: Path, book: Gradebook
) -> None:
    first = Roster(
        people=[
            Person(key="p1", name="Ada", email="ada@x.edu", number="0042"),
            Person(key="p2", name="Bob", number="007"),
            Person(key="p3", name="Cy", email="cy@x.edu"),
        ]
    )
    people, _ = listed([handed_in("p1"), handed_in("p2"), handed_in("p3")], first, book)
    mark(book, course(tmp_path), people.submissions, Reads())
    second = Roster(
        people=[
            Person(key="ada", name="Ada L", email="ADA@x.edu"),
            # Another number, and a shared one: nobody is taken for somebody else.
            Person(key="bob", name="Bob", number="7"),
            Person(key="cy1", email="cy@x.edu"),
            Person(key="cy2", email="cy@x.edu"),
        ]
    )
    people, told = listed([], second, book)
    assert in_the_book(book) == ["ada", "bob", "cy1", "cy2", "p2", "p3"]
    assert "not in what was given, and marked before: ada" in told
    assert "in the gradebook p1 is ada now" in told
    assert [text for text in told if "may be" in text] == [
        "p3 in the gradebook may be cy1 of the roster: nothing moved",
        "p3 in the gradebook may be cy2 of the roster: nothing moved",
    ]
    # Nor is anybody whose other facts are others.
    third = Roster(people=[Person(key="eve", email="ada@x.edu", number="0043")])
    _, told = listed([], third, book)
    assert "ada" in in_the_book(book)
    assert told[-1] == "ada in the gradebook may be eve of the roster: nothing moved"


def test_what_lies_under_an_old_key_is_of_the_new_one(tmp_path: Path, book: Gradebook) -> None:
    first = Roster(people=[Person(key="p1", number="42"), Person(key="p2")])
    listed([handed_in("p1")], first, book)
    second = Roster(people=[Person(key="ada", number="42"), Person(key="p2")])
    people, _ = listed([handed_in("p1"), handed_in("p2")], second, book)
    assert ids(people.submissions) == ["ada", "p2"]


def test_who_is_not_in_a_later_roster_keeps_their_key(book: Gradebook) -> None:
    found = [delivered("lovelaceada_123", ids={"canvas": "123"})]
    listed(found, ROSTER, book)
    people, told = listed(found, Roster(people=[BOB]), book)
    assert ids(people.submissions) == ["ada"]
    assert told[0] == "not on the roster: ada"
    assert in_the_book(book) == ["ada", "bob"]
