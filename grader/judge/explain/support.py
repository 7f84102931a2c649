"""Whether something speaks for a set of mistakes beside the one number that it gives."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

from grader.judge.explain.charges import Number
from grader.judge.explain.findings import Explanation, Findings, MistakeSet

__all__ = ["supported"]


def supported(
    findings: Mapping[Number, Findings], functions: Mapping[str, Sequence[MistakeSet]]
) -> dict[Number, Findings]:
    """The findings without the sets that may be chance and for which no other answer speaks.

    Two or three mistakes at once easily give some number. They are believed where the digits make
    chance unlikely, or where other answers come from all of them but one. An answer that follows
    from the student's own start needs no mistake, though nothing is earned from there: one that
    gives it too is believed only where it gives another answer.
    """
    sure: dict[Hashable, list[frozenset[str]]] = {
        name: [_ids(one) for one in sets] for name, sets in functions.items()
    }
    unsure: dict[Hashable, list[frozenset[str]]] = {}
    for number, found in findings.items():
        for one in found.explained:
            if not (one.blocked or one.doubted):
                held = unsure if one.by_chance else sure
                held.setdefault(number, []).append(_ids(one.mistakes))

    def believed(number: Number, one: Explanation) -> bool:
        wanted = _ids(one.mistakes)
        if one.doubted:
            return any(wanted in sets for other, sets in sure.items() if other != number)
        if not one.by_chance:
            return True
        if any(wanted in sets for other, sets in unsure.items() if other != number):
            return True
        seen: set[str] = set()
        for other, sets in sure.items():
            if other != number:
                seen.update(*(names for names in sets if names <= wanted))
        return len(wanted - seen) <= 1

    return {
        number: replace(
            found, explained=tuple(one for one in found.explained if believed(number, one))
        )
        for number, found in findings.items()
    }


def _ids(mistakes: MistakeSet) -> frozenset[str]:
    return frozenset(mistake.id for mistake in mistakes)
