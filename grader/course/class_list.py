"""The people of a class: whose each submission is, who handed in nothing, what is kept of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import overload

from grader.gradebook.batch import grade_class
from grader.gradebook.book import Gradebook
from grader.gradebook.marker import Marker
from grader.gradebook.people_rows import people_of
from grader.gradebook.rekeyed import rekeyed
from grader.gradebook.roster import have_handed_in, keep_people, people_for, rename
from grader.gradebook.roster_csv import Roster
from grader.gradebook.whose import (
    Claim,
    Whose,
    group_mates,
    merged,
    plain_name,
    shared,
    whose,
)
from grader.model.graded import Graded
from grader.model.outcome import EXCUSED, NOTHING_HANDED_IN, Note, SubmissionOutcome
from grader.model.person import Person
from grader.model.verdict import Audience
from grader.sandbox.contract import Sandbox
from grader.submissions.each import EachOpened
from grader.submissions.notes import listed
from grader.submissions.submission import Submission

__all__ = ["ClassList", "class_list", "keep_class", "with_absent"]

_Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassList:
    """Submissions by the keys of their people."""

    submissions: Sequence[Submission]
    people: Sequence[Person]  #: all that is known of anybody
    absent: Sequence[Person] = ()  #: of the roster, who handed in nothing
    renamed: Mapping[str, str]  #: what a download calls somebody → the roster's key
    counting: frozenset[str] = frozenset()  #: whose excuses the roster takes back
    #: by key, when they handed in, as the roster says
    handed_in: Mapping[str, datetime] = field(default_factory=dict)

    def excused(self, assignment: str) -> set[str]:
        """The keys of those for whom the assignment does not count."""
        return {one.key for one in self.people if one.excused & {"", assignment}}


def class_list(
    found: Sequence[Submission],
    roster: Roster | None,
    book: Gradebook | None,
    assignment: str,
    tell: _Tell,
    *,
    groups: bool = False,
) -> ClassList:
    """Say whose submissions these are, by a roster, or by what the gradebook knows of people.

    With `groups` what one of a group handed in is everybody's in it. `tell` is told who is on no
    roster, who handed in nothing, and whatever is odd.
    """
    claims = _claims(found)
    known = people_for(book, assignment) if book is not None else []
    if roster is None:
        told_of = groups or any(one.delivery is not None for one in claims)
        result = whose(claims, known, all_there=False) if told_of else Whose(owners={})
    else:
        for text in roster.notes:
            tell(f"roster: {text}")
        if roster.handed_in and book is None:
            tell("roster: when people handed in is kept in a gradebook, and there is none")
        called_otherwise, unsure = rekeyed(roster.people, known)
        found_by_roster = whose(claims, roster.people)
        result = _known_besides(found_by_roster, claims, roster.people, known, called_otherwise)
    in_class = known if roster is None else roster.people
    if groups:
        if not any(one.ids.get("group") for one in in_class):
            tell("nobody is in a group: the roster says who is, in a column `group`")
        result = shared(result, claims, in_class)
    for text in result.notes:
        tell(text)
    if roster is None:
        _tell_namesakes(claims, result, known, tell)
    listed_keys = {one.key for one in roster.people} if roster is not None else set()
    submissions, renamed, people = _renamed(found, claims, result, listed_keys)
    _tell_late(_claims(submissions), tell)
    if roster is None:
        return ClassList(submissions=submissions, people=people, renamed=renamed)
    told = {one.key: one for one in people}
    owned = {one.key for owners in result.owners.values() for one in owners}
    nobody = [one.id for place, one in enumerate(claims) if place not in result.owners]
    if strangers := [*nobody, *sorted(owned - listed_keys)]:
        tell(f"not on the roster: {listed(strangers)}")
    missing = [one for one in roster.people if one.key not in owned]
    before = have_handed_in(book, assignment) if book is not None else set()
    before |= {new for old, new in called_otherwise.items() if old in before}
    earlier = [one.key for one in missing if one.key in before]
    if earlier:
        tell(f"not in what was given, and marked before: {listed(earlier)}")
    absent = [one for one in missing if one.key not in before]
    if absent:
        count = f"{len(absent)} of {len(roster.people)}"
        tell(f"{count} on the roster handed in nothing: {listed([one.key for one in absent])}")
    groups_of_one = [
        without
        for places, without in group_mates(result, roster.people).values()
        if len(places) == 1
    ]
    if groups_of_one and not groups:
        who = listed([one.key for without in groups_of_one for one in without])
        tell(f"in a group with somebody who handed in: {who} (--groups: it counts for them too)")
    if submissions and len(missing) == len(roster.people) > 1:
        tell("nobody on the roster is in it: is it the right download, and all of it?")
    for text in unsure:
        tell(text)
    return ClassList(
        submissions=submissions,
        people=[*(told.pop(one.key, one) for one in roster.people), *told.values()],
        absent=absent,
        renamed={**renamed, **called_otherwise},
        counting=roster.counting,
        handed_in=roster.handed_in,
    )


def _known_besides(
    found: Whose,
    claims: Sequence[Claim],
    people: Sequence[Person],
    known: Sequence[Person],
    called_otherwise: Mapping[str, str],
) -> Whose:
    """With what belongs to those who are in the gradebook and not in the roster, or not under that
    key."""
    now = {one.key: one for one in people}
    before = [one for one in known if one.key not in now]
    owned = {one.key for owners in found.owners.values() for one in owners}
    places = [place for place in range(len(claims)) if place not in found.owners]
    besides = whose([claims[place] for place in places], before, all_there=False)
    owners = dict(found.owners)
    for at, who in besides.owners.items():
        theirs = [now.get(called_otherwise.get(one.key, ""), one) for one in who]
        if theirs and not owned.intersection(one.key for one in theirs):
            owners[places[at]] = theirs
    return replace(found, owners=owners)


def _claims(found: Sequence[Submission]) -> list[Claim]:
    if isinstance(found, EachOpened):
        return [Claim(id=name) for name in found.names]
    return [Claim(id=one.id, delivery=one.delivery) for one in found]


def _tell_namesakes(
    claims: Sequence[Claim], result: Whose, known: Sequence[Person], tell: _Tell
) -> None:
    """Without a roster a name does not say who somebody is; it may be the same person."""
    named: dict[str, list[str]] = defaultdict(list)
    keys = {one.key for one in known}
    for one in known:
        named[plain_name(one.name)].append(one.key)
    for place, claim in enumerate(claims):
        person = None if claim.delivery is None else claim.delivery.person
        if place in result.owners or person is None or not person.name or claim.id in keys:
            continue
        if same := named.get(plain_name(person.name)):
            who = listed(same)
            tell(f"{claim.id} has the name of {who}: give the --roster if they are one person")


def _tell_late(claims: Sequence[Claim], tell: _Tell) -> None:
    late = [one.id for one in claims if one.delivery is not None and one.delivery.late]
    if late:
        tell(f"late, as the platform says: {listed(late)}")


def _renamed(
    found: Sequence[Submission],
    claims: Sequence[Claim],
    result: Whose,
    listed_keys: Collection[str],
) -> tuple[Sequence[Submission], dict[str, str], list[Person]]:
    """Submissions under the keys of their people, one for each; what was renamed; the people.

    What is nobody's of the roster is not called like somebody in it.
    """
    keys: list[str] = []
    places: list[int] = []
    renamed: dict[str, str] = {}
    people: list[Person] = []
    for place, claim in enumerate(claims):
        told = None if claim.delivery is None else claim.delivery.person
        owners = result.owners.get(place)
        if owners is None:
            key = f"{claim.id} (not on the roster)" if claim.id in listed_keys else claim.id
            people += [] if told is None else [replace(told, key=key)]
            keys.append(key)
            places.append(place)
            continue
        # Of what a group is named for the download tells nothing of any one in it.
        handed_in_by = owners[0] if len(owners) == 1 or place in result.by_one else None
        if handed_in_by is not None and handed_in_by.key != claim.id:
            renamed[claim.id] = handed_in_by.key
        people += [merged(one, told if one is handed_in_by else None) for one in owners]
        keys += [one.key for one in owners]
        places += [place] * len(owners)
    if isinstance(found, EachOpened) and places == [*range(len(found))]:
        return found.called(keys), renamed, people
    count = Counter(places)
    submissions = [
        _of(found[place], key, together=count[place] > 1)
        for key, place in zip(keys, places, strict=True)
    ]
    return submissions, renamed, people


def _of(submission: Submission, key: str, *, together: bool) -> Submission:
    delivery = submission.delivery
    if together and delivery is not None and not delivery.group:
        delivery = replace(delivery, group=delivery.place)
    return replace(submission, id=key, delivery=delivery)


def keep_class(book: Gradebook, people: ClassList, tell: _Tell) -> None:
    """Keep what is known of everybody. Who is called otherwise now keeps what they handed in."""
    there = {one.key for one in people_of(book)}
    old_names = {old: new for old, new in people.renamed.items() if old in there}
    with book.writing():
        left = {old: new for old, new in old_names.items() if not rename(book, old, new)}
        keep_people(book, people.people, counting=people.counting)
    done = [f"{old} is {new} now" for old, new in old_names.items() if old not in left]
    if done:
        tell(f"in the gradebook {listed(done)}")
    for old, new in left.items():
        tell(f"{old} stays in the gradebook beside {new}: both handed in the same assignment")


def with_absent(
    graded: Graded, absent: Sequence[Person], marker: Marker, sandbox: Sandbox
) -> Graded:
    """The class with those who handed in nothing, at its end."""
    if not absent:
        return graded
    (empty,) = grade_class(marker, [Submission(id="")], sandbox, workers=1).submissions
    slug = graded.assignment.slug
    outcomes = [replace(empty, submission=one.key, notes=(_nothing(one, slug),)) for one in absent]
    return replace(graded, submissions=_Chained(graded.submissions, outcomes))


def _nothing(person: Person, assignment: str) -> Note:
    text = EXCUSED if person.excused & {"", assignment} else NOTHING_HANDED_IN
    return Note(audience=Audience.STUDENT, text=text)


class _Chained(Sequence[SubmissionOutcome]):
    """Two after each other. The first may be read from a disk, one at a time."""

    def __init__(
        self, first: Sequence[SubmissionOutcome], second: Sequence[SubmissionOutcome]
    ) -> None:
        self._first = first
        self._second = second

    def __len__(self) -> int:
        return len(self._first) + len(self._second)

    def __iter__(self) -> Iterator[SubmissionOutcome]:
        yield from self._first
        yield from self._second

    @overload
    def __getitem__(self, index: int) -> SubmissionOutcome: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[SubmissionOutcome]: ...
    def __getitem__(self, index: int | slice) -> SubmissionOutcome | Sequence[SubmissionOutcome]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        count = len(self._first)
        return self._first[place] if place < count else self._second[place - count]
