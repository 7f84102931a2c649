"""Rosters as spreadsheets write them: what is read, what is told, what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.gradebook.book import Gradebook, open_gradebook
from grader.gradebook.people_rows import people_of
from grader.gradebook.roster import LATE, keep_delivery, keep_people
from grader.gradebook.roster_cells import CellFault, read_excuses, read_extensions
from grader.gradebook.roster_csv import Roster, RosterFault, read_roster
from grader.model.person import Person
from grader.submissions.submission import Delivery
from tests.some import some

TABLE = "login,name,email,number\nada,Ada Lovelace,ada@x.edu,0042\njörg,Jörg Müller,j@x.edu,007\n"
BOTH = [
    Person(key="ada", name="Ada Lovelace", email="ada@x.edu", number="0042"),
    Person(key="jörg", name="Jörg Müller", email="j@x.edu", number="007"),
]
Read = Callable[..., Roster]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def one(content: str | bytes, *assignments: str) -> Roster:
        path = tmp_path / "roster.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_roster(path, assignments)

    return one


WRITTEN: dict[str, bytes] = {
    "utf-8": TABLE.encode(),
    "with-a-mark": TABLE.encode("utf-8-sig"),
    "utf-16": TABLE.encode("utf-16"),
    "utf-16-without-a-mark": TABLE.encode("utf-16-le"),
    "semicolons": TABLE.replace(",", ";").encode(),
    "tabs": TABLE.replace(",", "\t").encode("utf-16"),
    "told-separator": b"sep=;\r\n" + TABLE.replace(",", ";").replace("\n", "\r\n").encode(),
    "old-line-ends": TABLE.replace("\n", "\r\n").encode(),
    "empty-rows": TABLE.replace("\njörg", "\n,,,\n\njörg").encode(),
    "quoted": TABLE.replace("Ada Lovelace", '"Ada Lovelace"').encode(),
    "kept-as-text": TABLE.replace("0042", '"=""0042"""').replace("007", "'007").encode(),
    "spaces": TABLE.replace(",", " , ").encode(),
    "spaces-and-quotes": TABLE.replace(",", " , ")
    .replace("Ada L", '"Ada L')
    .replace("lace ", 'lace"')
    .encode(),
    "other-order": (
        "E-Mail,Matrikelnummer,Full Name,User Name\n"
        "ada@x.edu,0042,Ada Lovelace,ada\nj@x.edu,007,Jörg Müller,jörg\n"
    ).encode(),
    "two-names-of-moodle-in-german": (
        "Anmeldename,Vorname,Nachname,E-Mail-Adresse,ID-Nummer\n"
        "ada,Ada,Lovelace,ada@x.edu,0042\njörg,Jörg,Müller,j@x.edu,007\n"
    ).encode(),
    "two-names": (
        "SIS Login ID,First name,Last name,Email address,ID number\n"
        "ada,Ada,Lovelace,ada@x.edu,0042\njörg,Jörg,Müller,j@x.edu,007\n"
    ).encode(),
}


@pytest.mark.parametrize("content", WRITTEN.values(), ids=WRITTEN)
def test_all_forms_are_one_roster(read: Read, content: bytes) -> None:
    roster = read(content)
    assert list(roster.people) == BOTH
    assert roster.notes == ()


def test_what_windows_writes_is_read_and_told(read: Read) -> None:
    roster = read(TABLE.encode("cp1252"))
    assert list(roster.people) == BOTH
    assert "not UTF-8" in roster.notes[0]


OF_PLATFORMS: dict[str, tuple[str, list[Person]]] = {
    "canvas": (
        """Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (77)
    Points Possible,,,,,20
"Lovelace, Ada",123,0042,ada,A,
""",
        [
            Person(
                key="ada", name="Lovelace, Ada", number="0042", section="A", ids={"canvas": "123"}
            )
        ],
    ),
    "moodle": (
        "Identifier,Full name,Email address,Grade\nParticipant 12,Ada,ada@x.edu,-\n",
        [Person(key="ada@x.edu", name="Ada", email="ada@x.edu", ids={"moodle": "Participant 12"})],
    ),
    "moodle-in-german": (
        (
            "Identifikator;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung\n"
            "Teilnehmer/in 12;Ada;ada@x.edu;;-;6,00\n"
        ),
        [
            Person(
                key="ada@x.edu", name="Ada", email="ada@x.edu", ids={"moodle": "Teilnehmer/in 12"}
            )
        ],
    ),
    "moodle-in-french": (
        "Identifiant,Nom complet,Numéro d’identification\nParticipant 12,Ada,0042\n",
        [Person(key="0042", name="Ada", number="0042", ids={"moodle": "Participant 12"})],
    ),
    "gradescope": (
        "Name,SID,Email\nAda,0042,ada@x.edu\nBob,,\n",
        [
            Person(key="ada@x.edu", name="Ada", number="0042", email="ada@x.edu"),
            Person(key="Bob", name="Bob"),
        ],
    ),
    "classroom": (
        "identifier,github_username,github_id,name\nada@x.edu,Ada-L,99,Ada\n",
        [Person(key="ada@x.edu", name="Ada", ids={"github": "Ada-L"})],
    ),
    "groups": (
        "key,group,tutorial\nada,Group A,1\n",
        [Person(key="ada", section="1", ids={"group": "Group A"})],
    ),
}


@pytest.mark.parametrize(("text", "people"), OF_PLATFORMS.values(), ids=OF_PLATFORMS)
def test_the_tables_of_platforms_are_rosters(read: Read, text: str, people: list[Person]) -> None:
    assert list(read(text).people) == people


TOLD: dict[str, tuple[str, str]] = {
    "unknown-column": ("key,Shoe size\nada,38\n", "a column that was not read: 'Shoe size'"),
    "slip-in-a-name": ("key,Frist name\nada,Ada\n", "Frist name: did you mean 'firstname'?"),
    "near-column": ("key,extensoin\nada,\n", "did you mean 'extension'"),
    "twice-the-same": (
        "key,login\nada,a\n",
        "the column 'login' was not read: 'key' says the same",
    ),
    "person-twice": ("key,section\nada,1\nada,2\n", "ada is there twice, in lines 2 and 3"),
    "same-number": ("key,number\na,7\nb,7\n", "a, b have the same number '7'"),
    "same-canvas": ("key,canvas\na,7\nb,7\n", "a, b have the same canvas '7'"),
    "no-such-assignment": (
        "key,extension\na,hw2:+1d\n",
        "line 2: there is no assignment 'hw2' here",
    ),
    "nobody": ("key,name\n", "it lists nobody"),
    "shortened": ("key,number\nada,1.23E+06\n", "'1.23E+06' is what a spreadsheet made of a"),
    "excused-from-none": ("key,excused\na,hw2\n", "line 2: there is no assignment 'hw2' here"),
}


@pytest.mark.parametrize(("text", "note"), TOLD.values(), ids=TOLD)
def test_what_is_odd_is_told(read: Read, text: str, note: str) -> None:
    assert note in "\n".join(read(text, "hw1").notes)


@pytest.mark.parametrize(
    "header",
    [
        "identifier,github_username,github_id,name",
        "First Name,Last Name,SID,Email,Role,Sections",
        "Name,SID,Email,Total Score,Submission ID,Submission Time,View Count,Submission Count",
        "Identifier,Full name,Status,Marker,Marking workflow state,Last modified (submission)",
        "First name,Last name,ID number,Department,Groups,Last access,Country",
        "Student,ID,SIS User ID,SIS Login ID,Section,HW1 (12),Current Score,Final Grade",
    ],
)
def test_titles_of_platforms_are_not_taken_for_slips(read: Read, header: str) -> None:
    notes = read(f"{header}\n{',' * header.count(',')}\n").notes
    assert "did you mean" not in "\n".join(notes)


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "it is empty"),
    "spreadsheet": (b"PK\3\4" + bytes(99), "it is a spreadsheet or an archive, not CSV"),
    "old-spreadsheet": (b"\xd0\xcf\x11\xe0" + bytes(99), "save it as CSV"),
    "no-header": ("ada,Ada\nbob,Bob\n", "no column says who somebody is"),
    "binary": (bytes(range(256)) * 4, "no column says who somebody is"),
    "nobody": ("key,section\n,A\n", "line 2 does not say who it is about"),
    "not-quoted": ("key,name\nada,Lovelace, Ada\n", "line 2 has 3 cells, and there are 2 columns"),
    "different": ("key,email\nada,a@x\nada,b@x\n", "lines 2 and 3 are about different people"),
    "different-in-capitals": ("key,name\nada,Ada\nADA,Eve\n", "lines 2 and 3 are about different"),
    "names-alone": ("name\nAda\nAda\n", "a column `key` tells them apart"),
    "open-quote": ('key,name\nada,"Ada\nbob,Bob\n', "line 3: unexpected end of data"),
    "extension": ("key,extension\nada,soon\n", "line 2: the extension 'soon' is neither"),
}


@pytest.mark.parametrize(("content", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_used_is_refused(read: Read, content: str | bytes, why: str) -> None:
    with pytest.raises(RosterFault, match=r"roster.csv cannot be used: ") as fault:
        read(content)
    assert why in str(fault.value)


def test_a_roster_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RosterFault, match="cannot be read: No such file"):
        read_roster(tmp_path / "roster.csv")


@settings(
    max_examples=some(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    content=st.one_of(
        st.binary(max_size=200),
        st.text(alphabet='keynamemail,;\t"\n\r\0=-+:12ü', max_size=120).map(
            lambda text: f"key,name,extension,excused\n{text}".encode()
        ),
    )
)
def test_no_table_whatever_is_in_it_fails_otherwise(read: Read, content: bytes) -> None:
    try:
        roster = read(content)
    except RosterFault:
        return
    keys = [one.key for one in roster.people]
    assert all(keys)
    assert len({one.casefold() for one in keys}) == len(keys)


DAY = timedelta(days=1)
EXTENSIONS: dict[str, dict[str, datetime | timedelta]] = {
    "": {},
    "+2d": {"": 2 * DAY},
    "2 days": {"": 2 * DAY},
    "48h": {"": 2 * DAY},
    "+1 week": {"": 7 * DAY},
    "2027-03-05T23:59": {"": datetime(2027, 3, 5, 23, 59)},
    "2027-03-05 23:59": {"": datetime(2027, 3, 5, 23, 59)},
    "2027-03-05": {"": datetime(2027, 3, 5, 23, 59, 59)},
    "2027-03-05T23:59Z": {"": datetime(2027, 3, 5, 23, 59, tzinfo=UTC)},
    "ecs289-homework:+2d": {"ecs289-homework": 2 * DAY},
    "hw1: +2d; hw2: 2027-03-05 12:00": {"hw1": 2 * DAY, "hw2": datetime(2027, 3, 5, 12)},
    "hw1:+2d hw2:+1d": {"hw1": 2 * DAY, "hw2": DAY},
    "+1d, hw2:+2d": {"": DAY, "hw2": 2 * DAY},
    "-": {"": timedelta(0)},
    "hw1:none": {"hw1": timedelta(0)},
}


@pytest.mark.parametrize(("text", "found"), EXTENSIONS.items())
def test_extensions(text: str, found: dict[str, datetime | timedelta]) -> None:
    assert read_extensions(text) == found


@pytest.mark.parametrize("text", ["soon", "+2x", "hw1", "2027-13-45", "+2d soon", "3/5/2027", ":"])
def test_what_is_no_extension(text: str) -> None:
    with pytest.raises(CellFault, match="is neither a time"):
        read_extensions(text)


def test_excuses() -> None:
    assert read_excuses("") == frozenset()
    assert read_excuses("yes") == read_excuses("X") == read_excuses("WAHR") == frozenset({""})
    assert read_excuses("hw1, hw2") == frozenset({"hw1", "hw2"})
    assert read_excuses("no") is read_excuses("FALSCH") is None


# What is kept


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    with open_gradebook(tmp_path / "book.db") as opened:
        yield opened


def kept(book: Gradebook, *people: Person, counting: tuple[str, ...] = ()) -> list[Person]:
    with book.writing():
        keep_people(book, people, counting=counting)
    return list(people_of(book))


def test_a_second_roster_changes_and_loses_nothing(book: Gradebook) -> None:
    first = Person(
        key="ada",
        name="Ada",
        email="a@x",
        number="0042",
        ids={"canvas": "1"},
        extensions={"hw1": 2 * DAY, "": datetime(2027, 3, 5, 12)},
        excused=frozenset({"hw1"}),
    )
    assert kept(book, first) == [first]
    second = Person(
        key="ada",
        name="Ada King",
        section="B",
        ids={"github": "ada"},
        extensions={"hw1": DAY},
        excused=frozenset({"hw2"}),
    )
    (now,) = kept(book, second)
    assert now == Person(
        key="ada",
        name="Ada King",
        email="a@x",
        number="0042",
        section="B",
        ids={"canvas": "1", "github": "ada"},
        extensions={"hw1": DAY, "": datetime(2027, 3, 5, 12)},
        excused=frozenset({"hw1", "hw2"}),
    )
    (back,) = kept(book, Person(key="ada"), counting=("ada",))
    assert back.excused == frozenset()


@settings(
    max_examples=some(20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    span=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)).map(
        lambda one: timedelta(minutes=one // timedelta(minutes=1))
    ),
    moment=st.datetimes(
        datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.sampled_from([None, UTC])
    ),
    name=st.text(max_size=10),
)
def test_what_is_kept_is_read_back(
    book: Gradebook, span: timedelta, moment: datetime, name: str
) -> None:
    person = Person(key="ada", name="Ada", ids={name: name}, extensions={name: moment, "x": span})
    with book.writing():
        book.run("DELETE FROM student")
    assert kept(book, person) == [person]


def test_when_it_was_handed_in_is_kept_and_the_earlier_of_two_times(book: Gradebook) -> None:
    early, late = datetime(2027, 3, 1, 9, tzinfo=UTC), datetime(2027, 3, 2, 9, tzinfo=UTC)
    kept(book, Person(key="ada"))
    with book.writing():
        book.run("INSERT INTO source (digest, content, archive) VALUES ('d', 'c', x'')")
        book.run(
            "INSERT INTO submission (student, assignment, attempt, source, seen)"
            " SELECT id, 'hw1', 1, 'd', 'today' FROM student"
        )
        for moment, is_late in ((late, True), (None, False), (early, False), (late, False)):
            delivery = Delivery(
                platform="canvas",
                person=Person(key="ada"),
                place="ada_1",
                handed_in=moment,
                late=is_late,
            )
            keep_delivery(book, 1, delivery)
            keep_delivery(book, 1, None)
            if is_late:
                (row,) = book.rows("SELECT origin, handed_in FROM submission")
                assert tuple(row) == (f"canvas: ada_1{LATE}", late.isoformat())
    (row,) = book.rows("SELECT origin, handed_in FROM submission")
    assert tuple(row) == ("canvas: ada_1", early.isoformat())
