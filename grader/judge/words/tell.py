"""Put an outcome into words: the last thing that is done to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

from grader.judge.words import comparing, explaining, failing, marking, series
from grader.model import fact_explaining as why
from grader.model import fact_marking as marked
from grader.model.assignment import Mistake
from grader.model.fact import Fact, Facts
from grader.model.fact_series import CriterionMissed, TableUnreadable
from grader.model.fact_sets import ElementsRight
from grader.model.outcome import Feedback, Outcome

__all__ = ["told", "worded"]

_Sentences: TypeAlias = Callable[[Any], Iterator[str]]

_WORDS: Mapping[type[Fact], _Sentences] = {
    marked.CaseInputs: marking.case_inputs,
    marked.CasesRight: marking.cases_right,
    marked.Compared: comparing.compared,
    CriterionMissed: series.criterion_missed,
    marked.DerivativeOff: marking.derivative_off,
    ElementsRight: marking.elements_right,
    marked.Failed: failing.failed,
    marked.ForAPerson: marking.for_a_person,
    marked.Held: marking.held,
    marked.LengthOff: marking.length_off,
    marked.ListWanted: marking.list_wanted,
    marked.OtherDtype: marking.other_dtype,
    marked.PartUnknown: marking.part_unknown,
    marked.PartsWanted: marking.parts_wanted,
    marked.PromiseBroken: marking.promise_broken,
    marked.RowBefore: marking.row_before,
    marked.RowsExtra: marking.rows_extra,
    marked.RowLeftOut: marking.row_left_out,
    marked.RowsMissing: marking.rows_missing,
    TableUnreadable: series.table_unreadable,
    why.ChargedBefore: explaining.charged_before,
    why.Diverges: explaining.diverges,
    why.Follows: explaining.follows,
    why.GivenUp: explaining.given_up,
    why.Hint: explaining.hint,
    why.NotAllTried: explaining.not_all_tried,
    why.Shifted: explaining.shifted,
    why.StartTrivial: explaining.start_trivial,
    why.StartUnused: explaining.start_unused,
    why.Tried: explaining.tried,
}
#: Where staff read more than a student does.
_FOR_STAFF: Mapping[type[Fact], _Sentences] = {
    marked.Compared: comparing.compared_for_staff,
    CriterionMissed: series.criterion_missed_for_staff,
    marked.DerivativeOff: marking.derivative_off_for_staff,
    marked.Failed: failing.failed_for_staff,
    marked.ForAPerson: marking.for_a_person_for_staff,
    marked.OtherDtype: marking.other_dtype_for_staff,
}


def told(facts: Facts, mistakes: Sequence[Mistake] = ()) -> Feedback:
    """The sentences for all facts in their order; `mistakes` are those that they may name."""
    if not facts.items:
        return Feedback()
    by_id = {mistake.id: mistake for mistake in mistakes}
    in_short: dict[type[Fact], _Sentences] = {
        **_WORDS,
        why.Explained: partial(explaining.explained, mistakes=by_id),
    }
    in_full: dict[type[Fact], _Sentences] = {
        **in_short,
        **_FOR_STAFF,
        why.Explained: partial(explaining.explained_for_staff, mistakes=by_id),
    }
    return Feedback(student=_said(facts.for_student(), in_short), staff=_said(facts, in_full))


def _said(facts: Facts, words: Mapping[type[Fact], _Sentences]) -> tuple[str, ...]:
    return tuple(sentence for fact in facts.items for sentence in words[type(fact)](fact))


def worded(outcome: Outcome, mistakes: Sequence[Mistake] = ()) -> Outcome:
    """The outcome with the feedback of the question and of its parts."""
    parts = tuple(
        replace(part, feedback=told(part.facts, mistakes)) if part.facts.items else part
        for part in outcome.parts
    )
    return replace(outcome, feedback=told(outcome.facts, mistakes), parts=parts)
