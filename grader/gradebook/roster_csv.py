"""A roster: a table of the class as a spreadsheet writes it, read into people."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from grader.gradebook.roster_cells import CellFault, read_excuses, read_extensions
from grader.gradebook.roster_columns import columns_of
from grader.model.person import Person
from grader.spec.moments import read_moment
from grader.spec.problems import did_you_mean
from grader.spec.tables import TableFault, decoded_table, rows_of_table

__all__ = ["Roster", "RosterFault", "read_roster"]

_MOST_BYTES = 16 << 20
_OF_WINDOWS = "it is not UTF-8, and was read as Windows writes it (look at names with accents)"
_PLATFORMS = ("canvas", "moodle", "github", "gradescope", "nbgrader", "group")
_FORMULA = re.compile(r'="(.*)"')  #: how a spreadsheet is kept from taking away zeros
_SHORTENED = re.compile(r"\d[.,]?\d*E\+\d+", re.IGNORECASE)  #: a number too wide for its cell
_PARTICIPANT = re.compile(r".*\D \d+")
_POINTS_POSSIBLE = "points possible"  #: the first row of a gradebook of Canvas is nobody


class RosterFault(Exception):
    """The roster cannot be used; says why in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who is in a class."""

    people: Sequence[Person]
    counting: frozenset[str] = frozenset()  #: keys of those whose excuses it takes back
    #: by key, when they handed in the work in question, with a zone where one was named
    handed_in: Mapping[str, datetime] = field(default_factory=dict)
    notes: Sequence[str] = ()  #: what was not read, and what is there twice


def read_roster(path: Path, assignments: Collection[str] = ()) -> Roster:
    """The people of a CSV, in its order; `assignments` are those that extensions may name.

    UTF-8 with or without a mark, UTF-16, and what Windows writes; comma, semicolon or tab.
    Raises RosterFault.
    """
    try:
        with path.open("rb") as stream:
            raw = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        msg = f"the roster {path} cannot be read: {error.strerror}"
        raise RosterFault(msg) from None
    if len(raw) > _MOST_BYTES:
        msg = f"the roster {path} is larger than {_MOST_BYTES >> 20} MiB"
        raise RosterFault(msg)
    try:
        text, of_windows = decoded_table(raw)
        return _Reader(text, [_OF_WINDOWS] * of_windows, assignments).roster()
    except (RosterFault, TableFault) as fault:
        msg = f"the roster {path} cannot be used: {fault}"
        raise RosterFault(msg) from None


class _Reader:
    def __init__(self, text: str, notes: Sequence[str], assignments: Collection[str]) -> None:
        self._text = text
        self._notes = [*notes]
        self._assignments = assignments
        self._counting: set[str] = set()
        self._unknown: dict[str, int] = {}
        self._handed_in: dict[str, list[datetime]] = {}
        self._no_times: list[tuple[int, str]] = []

    def roster(self) -> Roster:
        separator, found = rows_of_table(self._text, lambda titles: len(columns_of(titles)[0]))
        rows = ((line, [_cell(one) for one in cells]) for line, cells in found)
        _, header = next(rows, (0, []))
        columns, notes = columns_of(header)
        self._notes += notes
        if not header:
            msg = "it is empty"
            raise RosterFault(msg)
        if not columns.keys() & {"key", "name", "first", "last", "email", "number", *_PLATFORMS}:
            msg = "no column says who somebody is: key, name, email and number are such"
            raise RosterFault(msg)
        table: list[tuple[int, dict[str, str]]] = []
        for line, cells in rows:
            if len(cells) > len(header) and any(cells[len(header) :]):
                more = f"{len(cells)} cells, and there are {len(header)} columns"
                msg = f"line {line} has {more}: is a text with {separator!r} in it not quoted?"
                raise RosterFault(msg)
            values = {
                meaning: cells[place] if place < len(cells) else ""
                for meaning, place in columns.items()
            }
            if any(values.values()) and not _is_points_row(values):
                table.append((line, values))
        table = _with_moodle(table)
        people = self._distinct([(line, self._person(line, values)) for line, values in table])
        self._say_what_is_twice(people)
        if not people:
            self._notes.append("it lists nobody")
        for slug, line in self._unknown.items():
            near = did_you_mean(slug, self._assignments)
            self._notes.append(
                f"line {line}: there is no assignment {slug!r} here" + (f"; {near}" if near else "")
            )
        self._say_what_are_no_times()
        times = self._times(people)
        return Roster(
            people=people,
            counting=frozenset(self._counting),
            handed_in=times,
            notes=tuple(self._notes),
        )

    def _person(self, line: int, values: Mapping[str, str]) -> Person:
        names = " ".join(filter(None, (values.get("first", ""), values.get("last", ""))))
        name = values.get("name") or names
        email, number = values.get("email", ""), values.get("number", "")
        ids = {one: values[one] for one in _PLATFORMS if values.get(one)}
        key = values.get("key") or email or number or name or next(iter(ids.values()), "")
        if not key:
            msg = f"line {line} does not say who it is about"
            raise RosterFault(msg)
        try:
            extensions = read_extensions(values.get("extension", ""))
        except CellFault as fault:
            msg = f"line {line}: {fault}"
            raise RosterFault(msg) from None
        if _SHORTENED.fullmatch(number):
            self._notes.append(
                f"line {line}: {number!r} is what a spreadsheet made of a number: save it as text"
            )
        self._read_time(line, key, values.get("handed_in", ""))
        excused = read_excuses(values.get("excused", ""))
        if excused is None:
            self._counting.add(key)
        for slug in (*extensions, *(excused or ())):
            if slug and self._assignments and slug not in self._assignments:
                self._unknown.setdefault(slug, line)
        return Person(
            key=key,
            name=name,
            email=email,
            number=number,
            section=values.get("section", ""),
            ids=ids,
            extensions=extensions,
            excused=excused or frozenset(),
        )

    def _read_time(self, line: int, key: str, text: str) -> None:
        if text.strip(" -–—"):
            moment = read_moment(text)
            if moment is None:
                self._no_times.append((line, text))
            else:
                self._handed_in.setdefault(key.casefold(), []).append(moment)

    def _times(self, people: Sequence[Person]) -> Mapping[str, datetime]:
        """By key; of two that differ none, which is told."""
        times: dict[str, datetime] = {}
        for person in people:
            told = {*self._handed_in.get(person.key.casefold(), ())}
            if len(told) == 1:
                times[person.key] = told.pop()
            elif told:
                self._notes.append(f"{person.key} has {len(told)} times: which one is it?")
        return times

    def _say_what_are_no_times(self) -> None:
        if self._no_times:
            (line, text), *others = self._no_times
            lines = ", ".join(str(other) for other, _ in others)
            also = f" (nor do lines {lines})" if len(others) > 1 else f" (nor does line {lines})"
            self._notes.append(
                f"line {line}: {text!r} does not say when it was handed in{also if others else ''}:"
                " write it as 2027-03-01 23:59"
            )

    def _distinct(self, found: Sequence[tuple[int, Person]]) -> list[Person]:
        """One person a key; a second row with the same key has to be about the same person."""
        by_key: dict[str, tuple[int, Person]] = {}
        for line, person in found:
            before = by_key.get(person.key.casefold())
            if before is None:
                by_key[person.key.casefold()] = (line, person)
                continue
            first, other = before
            if _differ(other, person) or person.key == person.name:
                msg = f"lines {first} and {line} are about different people called {person.key!r}"
                raise RosterFault(f"{msg}; a column `key` tells them apart")
            self._notes.append(f"{person.key} is there twice, in lines {first} and {line}")
            by_key[person.key.casefold()] = (first, _merged(other, person))
        return [person for _, person in by_key.values()]

    def _say_what_is_twice(self, people: Sequence[Person]) -> None:
        """What is meant for one person, and two have it: nobody is found by it."""
        owners: dict[tuple[str, str], list[str]] = defaultdict(list)
        for one in people:
            told = {"email": one.email.casefold(), "number": one.number, **one.ids}
            for what, value in told.items():
                if value and what != "group":
                    owners[what, value].append(one.key)
        for (what, value), keys in owners.items():
            if len(keys) > 1:
                who = ", ".join(keys[:5])
                self._notes.append(f"{who} have the same {what} {value!r}: nobody is found by it")


def _cell(text: str) -> str:
    """A cell without what keeps spreadsheets from changing it."""
    text = text.strip()
    match = _FORMULA.fullmatch(text)
    return match[1].strip() if match is not None else text.removeprefix("'")


def _is_points_row(values: Mapping[str, str]) -> bool:
    told = [value for what, value in values.items() if value and what != "section"]
    return len(told) == 1 and told[0].casefold() == _POINTS_POSSIBLE


def _with_moodle(table: list[tuple[int, dict[str, str]]]) -> list[tuple[int, dict[str, str]]]:
    """In a worksheet of Moodle `Identifier` is not a login: it is "Participant 12"."""
    keys = [values["key"] for _, values in table if values.get("key")]
    if not keys or not all(_PARTICIPANT.fullmatch(one) for one in keys):
        return table
    return [(line, {**values, "key": "", "moodle": values["key"]}) for line, values in table]


def _differ(one: Person, other: Person) -> bool:
    return any(
        first and second and first.casefold() != second.casefold()
        for first, second in (
            (one.name, other.name),
            (one.email, other.email),
            (one.number, other.number),
        )
    )


def _merged(one: Person, other: Person) -> Person:
    return replace(
        one,
        name=one.name or other.name,
        email=one.email or other.email,
        number=one.number or other.number,
        section=", ".join(dict.fromkeys(filter(None, (one.section, other.section)))),
        ids={**other.ids, **one.ids},
        extensions={**other.extensions, **one.extensions},
        excused=one.excused | other.excused,
    )
