"""iterates: does a list begin with a row before the first one? By what is right or follows then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product

from grader.judge.expect.key import Key
from grader.judge.mark.evidence import Evidence
from grader.judge.mark.iterates import is_right_row, taken_off
from grader.judge.scoring import Judged
from grader.judge.words.fault import said

__all__ = ["rows_before_taken_off"]

_MOST_LISTS = 3  # made of each other; of more, each is as it was judged by itself


def rows_before_taken_off(
    judged: Mapping[str, Judged], key: Key, good: Callable[[Mapping[str, Judged], str], int]
) -> tuple[dict[str, Judged], dict[str, str]]:
    """Every list as it is, or with its first row taken for one before the first iterate: whichever
    has more rows that are right or follow. Lists whose rows are made of each other are looked at
    together; between equals the one with fewer rows taken off is taken.

    `good` counts the rows of a list that are right or follow, given how all are judged. The second
    that is given back are the lists for which that failed, with what went wrong.
    """
    found = dict(judged)
    faults: dict[str, str] = {}
    lists = {
        name: one.evidence[0]
        for name, one in judged.items()
        if one.question.nature.rows and one.evidence and one.evidence[0].question.recurrence
    }
    for group in _groups(lists):
        doubtful = [name for name in group if _doubtful(judged[name])]
        if not doubtful or len(group) > _MOST_LISTS:
            continue
        try:
            found |= _best_reading(found, group, doubtful, key, good)
        except Exception as error:  # noqa: BLE001 - a fault of ours is never a student's zero
            faults |= dict.fromkeys(group, said(error))
    return found, faults


def _best_reading(
    judged: Mapping[str, Judged],
    group: list[str],
    doubtful: list[str],
    key: Key,
    good: Callable[[Mapping[str, Judged], str], int],
) -> Mapping[str, Judged]:
    """The doubtful lists of a group, each with or without its first row."""
    best: tuple[int, int] | None = None
    chosen: Mapping[str, Judged] = {}
    for early in product((False, True), repeat=len(doubtful)):
        other = {
            name: taken_off(judged[name], key, early=off)
            for name, off in zip(doubtful, early, strict=True)
        }
        rank = (sum(good({**judged, **other}, name) for name in group), -sum(early))
        if best is None or rank > best:
            best, chosen = rank, other
    return chosen


def _doubtful(judged: Judged) -> bool:
    """Whether it may begin with an extra row: not where the first row is right as it stands."""
    (answer,) = judged.evidence
    rows = len(answer.rows or ()) + (answer.row_before is not None)
    if answer.question.includes_start or rows < 2:
        return False
    return answer.row_before is not None or not is_right_row(judged.parts[0])


def _groups(lists: Mapping[str, Evidence]) -> Iterator[list[str]]:
    """The lists whose rows are made of each other's, each in one group, in a fixed order."""
    group_of = {name: {name} for name in lists}
    for name, answer in lists.items():
        recurrence = answer.question.recurrence
        assert recurrence is not None
        for other in (*recurrence.state, *recurrence.beside):
            if other in lists and group_of[other] is not group_of[name]:
                joined = group_of[name] | group_of[other]
                group_of |= dict.fromkeys(joined, joined)
    seen: set[str] = set()
    for name in lists:
        if name not in seen:
            seen |= group_of[name]
            yield sorted(group_of[name])
