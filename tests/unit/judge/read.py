"""What is read of marked answers: the judge's facts in words, for tests that are about words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from grader.compare.comparison import Comparison
from grader.judge.mark.compared import compared
from grader.judge.scoring import Judged, outcome_of
from grader.judge.words.tell import told, worded
from grader.model.assignment import Limits, Mistake
from grader.model.fact import Facts
from grader.model.fact_marking import Failed
from grader.model.outcome import Feedback, Outcome, PartOutcome
from grader.model.response import Failure
from grader.model.verdict import Audience

__all__ = [
    "contents",
    "everything_read",
    "of_comparison",
    "of_failure",
    "part_in_words",
    "staff_alone",
    "whole_in_words",
]

_Marked = TypeVar("_Marked", Outcome, PartOutcome)
_NONE = Facts()


def whole_in_words(judged: Judged | Outcome, mistakes: Sequence[Mistake] = ()) -> Outcome:
    """What a marker gives, added up and put into words."""
    return worded(outcome_of(judged), mistakes)


def part_in_words(part: PartOutcome) -> PartOutcome:
    return replace(part, feedback=told(part.facts))


def of_comparison(comparison: Comparison, *, hidden: bool = False) -> Feedback:
    return told(compared(comparison, hidden=hidden))


def of_failure(
    failure: Failure, entry: str, limits: Limits | None = None, *, hidden: bool = False
) -> Feedback:
    fact = Failed(failure=failure, entry=entry, limits=limits or Limits(), hidden=hidden)
    return told(Facts.of(fact))


def staff_alone(feedback: Feedback) -> tuple[str, ...]:
    """What staff read and a student does not."""
    return tuple(text for text in feedback.staff if text not in feedback.student)


def everything_read(outcomes: Iterable[Outcome], audience: Audience) -> list[str]:
    """All sentences of the questions and of their parts, in order."""
    feedback = [
        one
        for outcome in outcomes
        for one in (outcome.feedback, *(part.feedback for part in outcome.parts))
    ]
    return [text for one in feedback for text in one.read_by(audience)]


def contents(outcomes: Iterable[Outcome]) -> list[Any]:
    """All that outcomes hold, to compare: facts are the same by what they say."""

    def content(item: _Marked) -> Any:
        return item.facts.content(), replace(item, facts=_NONE)

    return [
        (content(replace(outcome, parts=())), [content(part) for part in outcome.parts])
        for outcome in outcomes
    ]
