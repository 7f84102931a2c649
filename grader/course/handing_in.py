"""When a class handed in, where its downloads do not say it: by a roster, or by a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from grader.gradebook.book import Gradebook
from grader.gradebook.keeping import now
from grader.gradebook.roster import people_for
from grader.gradebook.roster_csv import Roster
from grader.gradebook.times import ToldTimes, keep_times
from grader.gradebook.whose import Claim, whose
from grader.submissions.notes import listed
from grader.submissions.submission import Delivery

__all__ = ["TakenTimes", "keep_roster_times", "take_times"]

_Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenTimes:
    """What came of a table of times."""

    told: ToldTimes
    unknown: Sequence[str]  #: of the table, who is nobody in the gradebook
    missing: Sequence[str]  #: keys of those of whose last attempt it is still not known
    notes: Sequence[str] = ()


def keep_roster_times(
    book: Gradebook, assignment: str, times: Mapping[str, datetime], tell: _Tell
) -> None:
    """Keep the times that stand in a roster, by key; `tell` is told what is not as it was."""
    with book.writing():
        told = keep_times(book, assignment, times, by="the roster", now=now())
    if told.instead:
        tell(f"the roster says another time than was known: {listed(told.instead)}")
    if told.of_earlier:
        who = listed(told.of_earlier)
        tell(f"the roster has the time of an earlier attempt, which was left out: {who}")


def take_times(book: Gradebook, assignment: str, table: Roster, by: str) -> TakenTimes:
    """Keep the times of a table, whose people are found as those of a download are."""
    timed = [one for one in table.people if one.key in table.handed_in]
    claims = [Claim(id=one.key, delivery=Delivery(platform="", person=one)) for one in timed]
    # Of all people: a name that somebody without work has says nothing of somebody else's.
    found = whose(claims, people_for(book, assignment))
    times = {
        one.key: table.handed_in[timed[place].key]
        for place, owners in found.owners.items()
        for one in owners
    }
    with book.writing():
        told = keep_times(book, assignment, times, by=by, now=now())
    rows = book.rows(
        "SELECT key, handed_in FROM submission JOIN student ON student.id = submission.student"
        " WHERE assignment = ? ORDER BY key, attempt",
        assignment,
    )
    last = {row["key"]: row["handed_in"] for row in rows}
    return TakenTimes(
        told=told,
        unknown=[one.id for place, one in enumerate(claims) if place not in found.owners],
        missing=[key for key, time in last.items() if not time],
        notes=(*table.notes, *found.notes),
    )
