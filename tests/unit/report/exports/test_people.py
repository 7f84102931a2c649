"""Who is who: by ids first, and by a name only where one on each side has it."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.model.person import Person
from grader.report.exports.people import Names, known_of, match, same_people
from tests.some import some


def person(key: str, name: str = "", on_platform: str = "", **more: Any) -> Names:
    return same_people(Person(key=key, name=name, **more), on_platform)


def test_a_key_may_be_a_name_and_is_no_reason_for_doubt() -> None:
    rows = [known_of(platform="1", name="Ben König"), known_of(platform="2", name="Ada L")]
    assert match([person("ada L")], rows).grades == {1: 0}
    assert match([person("k0815", "", "1")], rows, ids_change=True).grades == {0: 0}
    assert match([person("k", "Ben Konig", "1")], rows, ids_change=True).grades == {0: 0}


def test_an_id_goes_before_a_name() -> None:
    people = [person("a", "Ada L", "1"), person("b", "Ben K", "2")]
    rows = [known_of(platform="2", name="Ada L"), known_of(platform="1", name="Ben K")]
    assert match(people, rows).grades == {0: 1, 1: 0}


def test_a_name_is_taken_in_either_order_and_spelling() -> None:
    people = [person("a", "Ada Lovelace"), person("b", "Jose\u0301 Mu\u00f1oz")]
    rows = [known_of(name="Muñoz, JOSÉ"), known_of(name="Lovelace, Ada")]
    assert match(people, rows).grades == {0: 1, 1: 0}


def test_a_name_that_two_have_decides_nothing() -> None:
    two = [person("a", "Ada L"), person("b", "Ada L")]
    matched = match(two, [known_of(name="Ada L")])
    assert not matched.grades
    assert matched.unclear == (0,)
    assert matched.without_row == (0, 1)
    assert match(two[:1], [known_of(name="Ada L"), known_of(name="Ada L")]).unclear == (0, 1)


def test_a_name_that_two_have_decides_nothing_where_one_of_them_is_known_otherwise() -> None:
    people = [person("a", "Ada L", "1"), person("b", "Ada L")]
    rows = [known_of(platform="1", name="Ada L"), known_of(platform="2", name="Ada L")]
    matched = match(people, rows)
    assert matched.grades == {0: 0}
    assert matched.unclear == (1,)


def test_two_of_one_name_are_told_apart_by_their_numbers() -> None:
    people = [person("a", "Ada L", number="007"), person("b", "Ada L", number="7")]
    rows = [known_of(number="7", name="Ada L"), known_of(number="007", name="Ada L")]
    assert match(people, rows).grades == {0: 1, 1: 0}


def test_whoever_has_another_number_is_somebody_else() -> None:
    matched = match([person("a", "Ada L", number="1")], [known_of(number="2", name="Ada L")])
    assert not matched.grades
    assert matched.without_grade == (0,)


def test_ids_of_another_assignment_are_doubted() -> None:
    people = [person("a", "Ada Lovelace", "12")]
    rows = [known_of(platform="12", name="Ben King")]
    assert match(people, rows, ids_change=True).without_grade == (0,)
    assert match(people, rows).grades == {0: 0}


def test_ids_of_another_assignment_stand_in_nobodys_way() -> None:
    people = [person("a", "Ada L", "7", email="ada@x.edu"), person("b", "Ben K", "12")]
    rows = [
        known_of(platform="12", name="Ada L", email="ada@x.edu"),
        known_of(platform="7", name="Ben K"),
    ]
    assert match(people, rows, ids_change=True).grades == {0: 0, 1: 1}
    assert match([people[0]], rows[:1], ids_change=True).grades == {0: 0}
    assert match([people[1]], rows, ids_change=True).grades == {1: 0}
    assert match([person("a", "Ada L"), people[1]], rows, ids_change=True).grades == {0: 0, 1: 1}


def test_mail_addresses_and_logins_do_not_mind_capitals() -> None:
    people = [person("a", email="Ada@X.edu"), person("ben")]
    rows = [known_of(login="BEN"), known_of(email="ada@x.EDU")]
    assert match(people, rows).grades == {0: 1, 1: 0}


FEW = st.text(st.sampled_from("ab"), max_size=1)
NAMES = st.builds(
    known_of,
    platform=FEW,
    number=FEW,
    email=FEW,
    login=FEW,
    key=FEW,
    name=st.text("ab ", max_size=3),
)


@settings(max_examples=some(150))
@given(st.lists(NAMES, max_size=4), st.lists(NAMES, max_size=4), st.booleans())
def test_everybody_is_told_of_once(people: list[Names], rows: list[Names], decide: bool) -> None:
    matched = match(people, rows, ids_change=decide)
    assert len({*matched.grades.values()}) == len(matched.grades)
    assert sorted([*matched.grades.values(), *matched.without_row]) == [*range(len(people))]
    said = [*matched.grades, *matched.without_grade, *matched.unclear]
    assert sorted(said) == [*range(len(rows))]
    turned = match(people[::-1], rows, ids_change=decide)
    assert {row: len(people) - 1 - one for row, one in turned.grades.items()} == matched.grades
