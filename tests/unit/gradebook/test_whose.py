"""Whose a submission is: found by what a download says, never guessed, and nobody lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from grader.gradebook.whose import Claim, whose
from grader.model.person import Person
from grader.submissions.submission import Delivery

ADA = Person(
    key="ada",
    name="Ada Lovelace",
    email="Ada@x.edu",
    number="0042",
    ids={"canvas": "123", "moodle": "77", "github": "Ada-L"},
)
BOB = Person(key="bob", name="Müller, Bob", email="bob@x.edu", number="123", ids={"github": "l"})
TWINS = [Person(key="ann1", name="Ann Lee"), Person(key="ann2", name="Ann Lee")]
TURNED = [Person(key="james", name="Thomas James"), Person(key="tom", name="James Thomas")]
ROSTER = [ADA, BOB, *TWINS, *TURNED]


def told(key: str, platform: str = "canvas", **about: Any) -> Claim:
    person = Person(key=key, **about)
    return Claim(id=key, delivery=Delivery(platform=platform, person=person))


def found(claims: Sequence[Claim], roster: Sequence[Person] = ROSTER) -> dict[str, list[str]]:
    owners = whose(claims, roster).owners
    return {claims[place].id: [one.key for one in people] for place, people in owners.items()}


ONE: dict[str, tuple[Claim, str | None]] = {
    "folder-key": (Claim(id="ada"), "ada"),
    "folder-key-in-capitals": (Claim(id="ADA"), "ada"),
    "folder-number": (Claim(id="0042"), "ada"),
    "folder-email": (Claim(id="bob@x.edu"), "bob"),
    "folder-name": (Claim(id="Ada_Lovelace"), "ada"),
    "folder-name-turned": (Claim(id="Bob Müller"), "bob"),
    "folder-name-decomposed": (Claim(id="bob mu\u0308ller"), "bob"),
    "folder-stranger": (Claim(id="eve"), None),
    "canvas-id": (told("x_123", name="x", ids={"canvas": "123"}), "ada"),
    "canvas-id-is-no-number": (told("x_42", name="x", ids={"canvas": "0042"}), None),
    "canvas-name": (told("müllerbob_9", name="müllerbob", ids={"canvas": "9"}), "bob"),
    "moodle-id": (told("Participant_77", ids={"moodle": "Participant 77"}), "ada"),
    "email": (told("y", email="ada@X.edu"), "ada"),
    "number": (told("y", number="0042"), "ada"),
    "number-without-zeros": (told("y", number="42"), "ada"),
    "name-of-two": (told("y", name="Ann Lee"), None),
    "name-as-it-stands": (told("y", name="James Thomas"), "tom"),
    "name-turned-of-two": (told("y", name="thomasjames"), "james"),
    "github": (told("l", "github", ids={"github": "l", "repository": "hw1-l"}), "bob"),
    "github-longest": (told("l", "github", ids={"github": "l", "repository": "hw1-ada-l"}), "ada"),
}


@pytest.mark.parametrize(("claim", "key"), ONE.values(), ids=ONE)
def test_one_is_found(claim: Claim, key: str | None) -> None:
    assert found([claim]) == ({claim.id: [key]} if key else {})


MOODLE: dict[str, tuple[str, str | None]] = {
    "the-same-name": ("Lovelace Ada", "ada"),
    "a-word-of-it": ("Ada King", "ada"),
    "no-name": ("", "ada"),
    "a-stranger": ("Eve Zorn", None),
    "somebody-else": ("Bob Müller", "bob"),
    "a-word-of-it-and-somebody-else": ("Bob Lovelace", "bobl"),
}


@pytest.mark.parametrize(("name", "key"), MOODLE.values(), ids=MOODLE)
def test_a_participant_s_number_of_another_assignment_is_nobody_s(
    name: str, key: str | None
) -> None:
    claim = told(f"{name}_77", "moodle", name=name, ids={"moodle": "Participant 77"})
    roster = [*ROSTER, Person(key="bobl", name="Bob Lovelace")]
    assert found([claim], roster) == ({claim.id: [key]} if key else {})


def test_what_may_be_of_one_person_twice_is_told_and_not_guessed() -> None:
    claims = [
        told("Ada Lovelace_1", name="Ada Lovelace"),
        told("Ada Lovelace_2", name="Ada Lovelace"),
    ]
    result = whose(claims, ROSTER)
    assert result.owners == {}
    assert result.notes == ["Ada Lovelace_1, Ada Lovelace_2 may all be of ada: which one is it?"]


def test_the_better_reason_wins_and_the_other_is_told() -> None:
    claims = [told("y", name="Ada Lovelace"), told("x_123", ids={"canvas": "123"})]
    result = whose(claims, ROSTER)
    assert {place: [one.key for one in who] for place, who in result.owners.items()} == {1: ["ada"]}
    assert result.notes == ["y may be of ada too, of whom x_123 is"]


def test_an_id_that_two_have_finds_nobody() -> None:
    roster = [Person(key="a", number="7"), Person(key="b", number="7")]
    result = whose([Claim(id="7")], roster)
    assert result.owners == {}
    assert result.notes == ["7 may be of more than one person (a, b)"]


def test_what_a_group_handed_in_is_of_all_in_it() -> None:
    roster = [
        Person(key="ada", ids={"group": "Group A"}),
        Person(key="bob", ids={"group": "group a"}),
        Person(key="eve", ids={"group": "Group B"}),
    ]
    assert found([told("Group A_55", name="Group A")], roster) == {"Group A_55": ["ada", "bob"]}


def test_without_all_people_of_a_class_no_name_says_whose_it_is() -> None:
    claims = [told("y", name="Ada Lovelace"), Claim(id="ADA"), told("z", email="bob@x.edu")]
    result = whose(claims, ROSTER, all_there=False)
    assert {place: [one.key for one in who] for place, who in result.owners.items()} == {2: ["bob"]}
