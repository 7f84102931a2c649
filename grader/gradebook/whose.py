"""Whose a submission is: people of a roster found by what a download says of them.

By key, the platform's own id, e-mail, number, and last by a name that only one has. Nothing is
guessed: what may be of two people is of neither, and is told.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.model.person import Person
from grader.submissions.submission import Delivery

__all__ = ["Claim", "Whose", "group_mates", "merged", "plain_name", "shared", "whose"]

_OF_PLATFORMS = ("canvas", "moodle", "gradescope")  #: whose ids are not logins
_CHANGES = "moodle:"  #: an id that is another in each assignment, so a name may contradict it
_NUMBER_AT_END = re.compile(r"\d+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A submission by its id, and what its download says, if it is of a platform."""

    id: str
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """`owners` has, of each submission by its place, the people it counts for: several for a group;
    who is not in it is on no roster."""

    owners: Mapping[int, Sequence[Person]]
    notes: Sequence[str] = ()
    by_one: frozenset[int] = frozenset()  #: places of what the first owner handed in for all


def whose(claims: Sequence[Claim], people: Sequence[Person], *, all_there: bool = True) -> Whose:
    """Find out whose each submission is. Where not all people of a class are there, only what is
    the same to the letter says so, and no name."""
    return _Finder(claims, people).found(all_there=all_there)


def group_mates(
    found: Whose, people: Iterable[Person]
) -> Mapping[str, tuple[list[int], list[Person]]]:
    """By group: the places of what somebody in it handed in, and who has nothing. Only of groups of
    which there are both."""
    place_of = {one.key: place for place, owners in found.owners.items() for one in owners}
    groups: dict[str, tuple[list[int], list[Person]]] = {}
    for person in people:
        if name := plain_name(person.ids.get("group", "")):
            places, without = groups.setdefault(name, ([], []))
            if person.key not in place_of:
                without.append(person)
            elif place_of[person.key] not in places:
                places.append(place_of[person.key])
    return {name: both for name, both in groups.items() if all(both)}


def shared(found: Whose, claims: Sequence[Claim], people: Iterable[Person]) -> Whose:
    """The same where what one of a group handed in is everybody's in it who has nothing. Where
    several in it did, it is nobody's but theirs, and told."""
    owners = dict(found.owners)
    notes = [*found.notes]
    by_one: set[int] = set()
    for places, without in group_mates(found, people).values():
        if len(places) > 1:
            names = ", ".join(claims[place].id for place in sorted(places)[:5])
            who = ", ".join(one.key for one in without)
            notes.append(f"{who}: which of {names} is of their group?")
            continue
        owners[places[0]] = [*owners[places[0]], *without]
        by_one.add(places[0])
    return replace(found, owners=owners, notes=notes, by_one=frozenset(by_one))


_Keys = Callable[[Person], Iterable[str]]
_Said = Callable[[Claim], Iterable[str]]


class _Finder:
    def __init__(self, claims: Sequence[Claim], people: Sequence[Person]) -> None:
        self._claims = claims
        self._people = people
        self._owners: dict[int, list[Person]] = {}
        self._taken: dict[str, int] = {}
        self._notes: list[str] = []
        self._named = _by(lambda one: _turned(one.name), people)

    def found(self, *, all_there: bool) -> Whose:
        self._groups(all_there=all_there)
        levels: list[tuple[_Keys, _Said]] = [
            (lambda one: [one.key], _logins),
            (lambda one: [one.ids.get("github", "").casefold()], self._owners_of_repositories),
            (_ids, _said_ids),
            (lambda one: [one.email.casefold()], lambda claim: [_email(claim).casefold()]),
            (lambda one: [one.number], lambda claim: [_number(claim)]),
        ]
        if all_there:
            levels += [
                (lambda one: [one.key.casefold()], lambda claim: map(str.casefold, _logins(claim))),
                (
                    lambda one: [one.number.lstrip("0")],
                    lambda claim: [_number(claim).lstrip("0")],
                ),
                (lambda one: [plain_name(one.name)], lambda claim: [plain_name(_name(claim))]),
                (lambda one: _turned(one.name), lambda claim: _turned(_name(claim))),
            ]
        for keys, said in levels:
            self._level(keys, said)
        return Whose(owners=self._owners, notes=self._notes)

    def _groups(self, *, all_there: bool) -> None:
        """What a group handed in is of everybody whom the roster puts into it, or did before."""
        groups: dict[str, list[Person]] = defaultdict(list)
        for person in self._people:
            if person.ids.get("group"):
                groups[plain_name(person.ids["group"])].append(person)
        keys = {person.key.casefold() for person in self._people}
        for place, claim in enumerate(self._claims):
            name = plain_name(_name(claim))
            told = all_there or claim.delivery is not None
            if told and name in groups and claim.id.casefold() not in keys:
                free = [one for one in groups[name] if one.key not in self._taken]
                self._owners[place] = free
                self._taken.update((one.key, place) for one in free)

    def _level(self, keys: _Keys, said: _Said) -> None:
        people = _by(keys, self._people)
        wanted: dict[str, list[int]] = defaultdict(list)
        persons: dict[str, Person] = {}
        for place, claim in enumerate(self._claims):
            candidates = {
                key: one
                for value in filter(None, said(claim))
                for key, one in people.get(value, {}).items()
                if not (value.startswith(_CHANGES) and self._is_another(one, claim))
            }
            if place in self._owners or not candidates:
                continue
            if len(candidates) > 1:
                who = ", ".join(sorted(candidates)[:5])
                self._say(f"{claim.id} may be of more than one person ({who})")
                continue
            ((key, person),) = candidates.items()
            wanted[key].append(place)
            persons[key] = person
        for key, places in wanted.items():
            names = ", ".join(self._claims[place].id for place in places[:5])
            if key in self._taken:
                other = self._claims[self._taken[key]].id
                self._say(f"{names} may be of {key} too, of whom {other} is")
            elif len(places) > 1:
                self._say(f"{names} may all be of {key}: which one is it?")
            else:
                self._owners[places[0]] = [persons[key]]
                self._taken[key] = places[0]

    def _is_another(self, person: Person, claim: Claim) -> bool:
        """Whether the name of a submission is not theirs, or is just that of somebody else."""
        named = _turned(_name(claim))
        if not named or not person.name or named & _turned(person.name):
            return False
        return any(one in self._named for one in named) or not (
            {*_parts(_name(claim))} & {*_parts(person.name)}
        )

    def _owners_of_repositories(self, claim: Claim) -> list[str]:
        person = _person(claim)
        logins = [one.ids.get("github", "") for one in self._people]
        repository = "" if person is None else person.ids.get("repository", "")
        return [one.casefold() for one in _owner_of(repository, logins)]

    def _say(self, text: str) -> None:
        if text not in self._notes:
            self._notes.append(text)


def _by(keys: _Keys, people: Iterable[Person]) -> Mapping[str, Mapping[str, Person]]:
    """People by key, by each of what they are known by."""
    found: dict[str, dict[str, Person]] = defaultdict(dict)
    for person in people:
        for key in filter(None, keys(person)):
            found[key][person.key] = person
    return found


def _person(claim: Claim) -> Person | None:
    return None if claim.delivery is None else claim.delivery.person


def _logins(claim: Claim) -> list[str]:
    """What may be the key of somebody: no number that a platform made."""
    person = _person(claim)
    if person is None:
        return [claim.id]
    logins = [text for name, text in person.ids.items() if name not in _OF_PLATFORMS]
    return [person.key, *logins]


def _ids(person: Person) -> list[str]:
    """Ids with their platform; of "Participant 12", in whatever language, the number."""
    found = []
    for name, text in person.ids.items():
        number = _NUMBER_AT_END.search(text)
        value = number[0] if name == "moodle" and number is not None else text.casefold()
        found.append(f"{name}:{value}")
    return found


def _said_ids(claim: Claim) -> list[str]:
    person = _person(claim)
    if person is None:
        return [f"{name}:{claim.id.casefold()}" for name in ("canvas", "github", "nbgrader")]
    return _ids(person)


def _owner_of(repository: str, logins: Iterable[str]) -> list[str]:
    """The login that a repository's name ends in: `hw1-ada-b` may be of `b`, rather of `ada-b`."""
    name = f"-{repository.casefold()}"
    ends = [one for one in logins if one and name.endswith(f"-{one.casefold()}")]
    return sorted(ends, key=len)[-1:]


def _email(claim: Claim) -> str:
    person = _person(claim)
    return claim.id if person is None else person.email


def _number(claim: Claim) -> str:
    person = _person(claim)
    return claim.id if person is None else person.number


def _name(claim: Claim) -> str:
    person = _person(claim)
    return claim.id if person is None else person.name


def _parts(name: str) -> list[str]:
    plain = unicodedata.normalize("NFC", name).casefold()
    return re.findall(r"[^\W_]+", re.sub(r"['’.]", "", plain))


def plain_name(name: str) -> str:
    """The letters and digits of a name alone."""
    return "".join(_parts(name))


def _turned(name: str) -> set[str]:
    """The name begun at each of its parts: "Lovelace, Ada" is "Ada Lovelace"."""
    parts = _parts(name)
    return {"".join([*parts[at:], *parts[:at]]) for at in range(len(parts))}


def merged(person: Person, told: Person | None) -> Person:
    """A person of a roster, and what a download says of them beside."""
    if told is None:
        return person
    return replace(
        person,
        name=person.name or told.name,
        email=person.email or told.email,
        number=person.number or told.number,
        section=person.section or told.section,
        ids={**told.ids, **person.ids},
    )
