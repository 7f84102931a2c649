"""Put an outcome into words: the last thing that is done to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from grader.judge.words import comparing, failing, marking
from grader.model import fact_marking as marked
from grader.model.assignment import Mistake
from grader.model.fact import Fact, Facts
from grader.model.outcome import Feedback, Outcome

__all__ = ["told", "worded"]

_Sentences: TypeAlias = Callable[[Any], Iterator[str]]

#: Beside those in `seldom`, which are imported where there is such a fact.
_WORDS: Mapping[type[Fact], _Sentences] = {
    marked.CaseInputs: marking.case_inputs,
    marked.CasesRight: marking.cases_right,
    marked.Compared: comparing.compared,
    marked.DerivativeOff: marking.derivative_off,
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
}
#: Where staff read more than a student does.
_FOR_STAFF: Mapping[type[Fact], _Sentences] = {
    marked.Compared: comparing.compared_for_staff,
    marked.DerivativeOff: marking.derivative_off_for_staff,
    marked.Failed: failing.failed_for_staff,
    marked.ForAPerson: marking.for_a_person_for_staff,
    marked.OtherDtype: marking.other_dtype_for_staff,
}


def told(facts: Facts, mistakes: Sequence[Mistake] = ()) -> Feedback:
    """The sentences for all facts in their order; `mistakes` are those that they may name."""
    if not facts.items:
        return Feedback()
    in_short = {**_WORDS}
    in_full = {**_WORDS, **_FOR_STAFF}
    if any(type(fact) not in _WORDS for fact in facts.items):
        from grader.judge.words.seldom import seldom_for_staff, seldom_told

        in_short |= seldom_told(mistakes)
        in_full |= seldom_for_staff(mistakes)
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
