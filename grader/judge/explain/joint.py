"""One joint diagnosis: the smallest set of mistakes under which all answers come out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from grader.judge.explain.findings import MistakeSet

__all__ = ["Joint", "diagnose"]

_MOST_WEIGHED = 12  # mistakes whose every subset is weighed; more are taken greedily


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Joint:
    """The mistakes that account for a submission, and other sets that do so equally well."""

    mistakes: frozenset[str] = frozenset()
    rivals: tuple[frozenset[str], ...] = ()

    def choose(self, options: Sequence[MistakeSet]) -> tuple[MistakeSet, tuple[MistakeSet, ...]]:
        """Of the sets that explain an answer the one that the diagnosis holds, and those that
        cannot be told from it: what a rival diagnosis would say. Raises ValueError without any."""
        if not options:
            msg = "there is nothing to choose from"
            raise ValueError(msg)
        inside = [one for one in options if _ids(one) <= self.mistakes]
        chosen = (inside or list(options))[0]
        others = [
            one
            for one in options
            if one is not chosen
            and (not inside or one in inside or any(_ids(one) <= rival for rival in self.rivals))
        ]
        return chosen, tuple(others)


def diagnose(
    puzzles: Sequence[Sequence[MistakeSet]],
    contradicted: Callable[[frozenset[str]], int],
) -> Joint:
    """Explain all puzzles with as few mistakes as possible.

    A puzzle holds the sets of mistakes that each explain one answer. Between equally small
    diagnoses the one that fewer right answers contradict is taken, then the first by the ids of
    its mistakes, in whatever order the spec names them; `contradicted` counts these answers.
    """
    options = [[_ids(one) for one in puzzle] for puzzle in puzzles if puzzle]
    wanted = {name for puzzle in options for one in puzzle for name in one}
    candidates = sorted(wanted)
    if not candidates:
        return Joint()
    if len(candidates) > _MOST_WEIGHED:
        return Joint(mistakes=_greedy(options))
    for size in range(1, len(candidates) + 1):
        sets = [
            frozenset(chosen)
            for chosen in combinations(candidates, size)
            if all(any(one <= frozenset(chosen) for one in puzzle) for puzzle in options)
        ]
        if len(sets) == 1:
            return Joint(mistakes=sets[0])
        if sets:
            weights = [contradicted(one) for one in sets]
            least = [
                one for one, weight in zip(sets, weights, strict=True) if weight == min(weights)
            ]
            return Joint(mistakes=least[0], rivals=tuple(least[1:]))
    return Joint()


def _greedy(options: Sequence[Sequence[frozenset[str]]]) -> frozenset[str]:
    chosen: frozenset[str] = frozenset()
    for puzzle in sorted(options, key=lambda puzzle: (min(map(len, puzzle)), _in_words(puzzle))):
        if not any(one <= chosen for one in puzzle):
            chosen |= min(puzzle, key=lambda one: (len(one - chosen), sorted(one)))
    return chosen


def _in_words(puzzle: Sequence[frozenset[str]]) -> list[list[str]]:
    return sorted(sorted(one) for one in puzzle)


def _ids(mistakes: MistakeSet) -> frozenset[str]:
    return frozenset(mistake.id for mistake in mistakes)
