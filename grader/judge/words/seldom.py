"""Which sentences tell what few submissions have: why an answer is not right, series and sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from grader.judge.words import explaining, marking, series
from grader.model import fact_explaining as why
from grader.model.assignment import Mistake
from grader.model.fact import Fact
from grader.model.fact_series import CriterionMissed, TableUnreadable
from grader.model.fact_sets import ElementsRight

__all__ = ["seldom_for_staff", "seldom_told"]

_Sentences: TypeAlias = Callable[[Any], Iterator[str]]

_WORDS: Mapping[type[Fact], _Sentences] = {
    CriterionMissed: series.criterion_missed,
    ElementsRight: marking.elements_right,
    TableUnreadable: series.table_unreadable,
    why.ChargedBefore: explaining.charged_before,
    why.Diverges: explaining.diverges,
    why.Exchanged: explaining.exchanged,
    why.Follows: explaining.follows,
    why.GivenUp: explaining.given_up,
    why.Hint: explaining.hint,
    why.NotAllTried: explaining.not_all_tried,
    why.Shifted: explaining.shifted,
    why.StartTrivial: explaining.start_trivial,
    why.StartUnused: explaining.start_unused,
    why.Tried: explaining.tried,
}


def seldom_told(mistakes: Sequence[Mistake]) -> Mapping[type[Fact], _Sentences]:
    """The sentences that a student reads; `mistakes` are those that they may name."""
    explained = partial(explaining.explained, mistakes=_by_id(mistakes))
    return {**_WORDS, why.Explained: explained}


def seldom_for_staff(mistakes: Sequence[Mistake]) -> Mapping[type[Fact], _Sentences]:
    """The same for staff, who read more."""
    return {
        **_WORDS,
        CriterionMissed: series.criterion_missed_for_staff,
        why.Explained: partial(explaining.explained_for_staff, mistakes=_by_id(mistakes)),
    }


def _by_id(mistakes: Sequence[Mistake]) -> Mapping[str, Mistake]:
    return {mistake.id: mistake for mistake in mistakes}
