"""Which row of a platform's file is whom: by what the platform calls them, never by a guess."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from grader.model.grade import Grade
from grader.model.person import Person
from grader.report.exports.exported import LeftOut, title_of

__all__ = ["KnownPeople", "Matched", "Names", "known_of", "listed", "match", "same_people"]

_WORDS = re.compile(r"[^\W_]+")


class KnownPeople(StrEnum):
    """By what somebody is known, the surest first; that is the order in which it is tried."""

    PLATFORM = "id on the platform"
    NUMBER = "number"
    EMAIL = "e-mail"
    LOGIN = "login"
    KEY = "key"
    NAME = "name"
    CALLED = "name, which is the key of one"


#: Whoever differs in one of these is somebody else, however much the names agree.
_DECIDES = (KnownPeople.PLATFORM, KnownPeople.NUMBER)
_IDS_CHANGE = (
    KnownPeople.NUMBER,
    KnownPeople.EMAIL,
    KnownPeople.LOGIN,
    KnownPeople.PLATFORM,
    KnownPeople.KEY,
    KnownPeople.NAME,
    KnownPeople.CALLED,
)
_NAMES = (KnownPeople.NAME, KnownPeople.CALLED)
_NOBODY: frozenset[str] = frozenset()

Names = Mapping[KnownPeople, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """Rows and grades that belong together, by their places; the others, and why not."""

    grades: Mapping[int, int]  #: the place of the grade, by the place of the row
    without_row: Sequence[int]  #: grades
    without_grade: Sequence[int]  #: rows
    unclear: Sequence[int]  #: rows that more than one could be, or that contradict themselves


def known_of(**values: str | Iterable[str]) -> Names:
    """What is known of somebody: `known_of(email="a@b.c", name="Ada L")`; nothing is left out."""
    found: dict[KnownPeople, frozenset[str]] = {}
    for word, given in values.items():
        kind = KnownPeople[word.upper()]
        several = [given] if isinstance(given, str) else given
        spelt = _name if kind in _NAMES else _plain
        found[kind] = frozenset({*map(spelt, several)} - {""})
    return {
        **found,
        KnownPeople.CALLED: found.get(KnownPeople.CALLED, _NOBODY)
        | found.get(KnownPeople.NAME, _NOBODY),
    }


def same_people(person: Person, on_platform: str) -> Names:
    """What is known of a person, who is called `on_platform` on the platform ("": unknown)."""
    return known_of(
        platform=on_platform,
        number=person.number,
        email=(person.email, person.key if "@" in person.key else ""),
        login=(person.ids.get("login", ""), person.key),
        key=(person.key, person.number),
        name=person.name,
        called=person.key,
    )


def match(people: Sequence[Names], rows: Sequence[Names], *, ids_change: bool = False) -> Matched:
    """Who is in which row: one and only one on each side by the surest that both sides know.

    With `ids_change` ids of the platform may be those of another assignment: they come after what
    does not change, contradict nothing, and belong to nobody whose name has no word in common.
    """
    order = _IDS_CHANGE if ids_change else tuple(KnownPeople)
    decides = (KnownPeople.NUMBER,) if ids_change else _DECIDES
    grades: dict[int, int] = {}
    unclear: set[int] = set()
    for kind in order:
        settled, taken = {*grades, *unclear}, set(grades.values())
        # A name that two have says nothing of either, even if one of them is known otherwise.
        looked_at = (set(), set()) if kind in _NAMES else (settled, taken)
        pairs = _pairs(people, rows, kind, *looked_at, decides)
        if ids_change and kind is KnownPeople.PLATFORM:
            pairs = {(row, one) for row, one in pairs if _agree(people[one], rows[row])}
        of_row, of_person = Counter(row for row, _ in pairs), Counter(one for _, one in pairs)
        for row, one in pairs:
            if row in settled:
                continue
            if of_row[row] == of_person[one] == 1 and one not in taken:
                grades[row] = one
            else:
                unclear.add(row)
    taken = set(grades.values())
    return Matched(
        grades=grades,
        without_row=tuple(n for n in range(len(people)) if n not in taken),
        without_grade=tuple(n for n in range(len(rows)) if n not in grades and n not in unclear),
        unclear=tuple(sorted(unclear)),
    )


def listed(
    matched: Matched, grades: Sequence[Grade], rows: Sequence[str], file: str
) -> Sequence[LeftOut]:
    """Whom a file and a class do not share, each called by its own name."""
    found = (
        (f"not in {file}", [title_of(grades[place]) for place in matched.without_row]),
        (f"in {file} and not in the class", [rows[place] for place in matched.without_grade]),
        (f"unclear who it is in {file}", [rows[place] for place in matched.unclear]),
    )
    return tuple(LeftOut(what=what, who=tuple(who)) for what, who in found if who)


def _agree(one: Names, other: Names) -> bool:
    """Whether two have a word of their names in common, or one of them has no name."""
    mine, theirs = (
        {word for name in names.get(KnownPeople.NAME, ()) for word in name.split()}
        for names in (one, other)
    )
    return not mine or not theirs or bool(mine & theirs)


def _may_be(person: Names, row: Names, by: KnownPeople, decides: Sequence[KnownPeople]) -> bool:
    for kind in decides:
        if kind is by:
            return True
        mine, theirs = person.get(kind), row.get(kind)
        if mine and theirs and not mine & theirs:
            return False
    return True


def _pairs(
    people: Sequence[Names],
    rows: Sequence[Names],
    kind: KnownPeople,
    without_rows: Set[int],
    without_people: Set[int],
    decides: Sequence[KnownPeople],
) -> Set[tuple[int, int]]:
    """Every row with everybody who is known by the same, and is nobody else by what decides."""
    whose: dict[str, set[int]] = defaultdict(set)
    for place, person in enumerate(people):
        if place not in without_people:
            for value in person.get(kind, ()):
                whose[value].add(place)
    return {
        (number, one)
        for number, row in enumerate(rows)
        if number not in without_rows
        for value in row.get(kind, ())
        for one in whose.get(value, ())
        if _may_be(people[one], row, kind, decides)
    }


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().casefold()


def _name(text: str) -> str:
    """The words of a name in one order and without accents: "König, Béla" is "Bela Konig"."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(char for char in letters if not unicodedata.combining(char))
    return " ".join(sorted(_WORDS.findall(plain)))
