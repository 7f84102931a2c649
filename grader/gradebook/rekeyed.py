"""People whose key a roster has changed: the same e-mail, number or platform's id says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from grader.model.person import Person

__all__ = ["rekeyed"]

_IDS = ("canvas", "github", "gradescope", "nbgrader")  #: Moodle's is another in each assignment


def rekeyed(
    roster: Sequence[Person], known: Iterable[Person]
) -> tuple[Mapping[str, str], Sequence[str]]:
    """Old key → new key of those in the gradebook who stand in the roster under another key; and
    what may be so, in sentences.

    Sure is only who shares something with one alone, and contradicts them in nothing.
    """
    keys = {one.key for one in roster}
    there = [*known]
    known_keys = {one.key for one in there}
    new = [one for one in roster if one.key not in known_keys]
    old = [one for one in there if one.key not in keys]
    by_fact: dict[tuple[str, str], list[Person]] = defaultdict(list)
    for person in new:
        for fact in _facts(person).items():
            by_fact[fact].append(person)
    pairs = {
        (before.key, after.key): _agree(before, after)
        for before in old
        for fact in _facts(before).items()
        for after in by_fact.get(fact, ())
    }
    found: dict[str, str] = {}
    notes: list[str] = []
    for (before, after), sure in pairs.items():
        alone = sum(before == one or after == other for one, other in pairs) == 1
        if sure and alone:
            found[before] = after
        else:
            notes.append(f"{before} in the gradebook may be {after} of the roster: nothing moved")
    return found, notes


def _facts(person: Person) -> Mapping[str, str]:
    """What is of one person alone."""
    facts = {
        "email": person.email.casefold(),
        "number": person.number,
        **{name: person.ids.get(name, "").casefold() for name in _IDS},
    }
    return {name: value for name, value in facts.items() if value}


def _agree(one: Person, other: Person) -> bool:
    first, second = _facts(one), _facts(other)
    return all(first[name] == second[name] for name in first.keys() & second.keys())
