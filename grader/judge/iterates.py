"""iterates: rows judged one by one, the length after the values."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from grader.compare.array import compare_array, is_numeric
from grader.judge.key import Key
from grader.judge.scoring import combine, whole
from grader.judge.words import about_comparison, about_failure, shown, student
from grader.model.assignment import AnswerQuestion, Limits
from grader.model.outcome import Outcome, PartOutcome
from grader.model.response import Response
from grader.model.value import Value
from grader.model.verdict import Reason, Verdict

__all__ = ["judge_iterates"]


def judge_iterates(
    question: AnswerQuestion, key: Key, response: Response, limits: Limits
) -> Outcome:
    """Judge a list of rows. Rows that lack or are too many count as rows that are not right."""
    if response.failure is not None:
        failure = response.failure
        words = about_failure(failure, question.entry, limits)
        return whole(question, failure.verdict, failure.reason, feedback=words)
    rows = _rows(response.value)
    if rows is None:
        words = (student(f"a list of iterates is wanted, not {shown(response.value)}"),)
        return whole(question, Verdict.INVALID, Reason.NOT_A_LIST, feedback=words)
    part = question.parts[0]
    expected = list(key.parts[question.id, ""])
    first = 0 if question.includes_start else 1
    outcomes = []
    for number, (row, wanted) in enumerate(zip(rows, expected, strict=False), start=first):
        comparison = compare_array(actual=row, expected=wanted, tolerance=part.tolerance)
        outcomes.append(
            PartOutcome(
                label=f"iterate {number}",
                verdict=comparison.verdict,
                reason=comparison.reason,
                credit=comparison.credit,
                feedback=about_comparison(comparison),
            )
        )
    outcomes += _length(len(rows), len(expected), first)
    return combine(question, outcomes)


def _rows(value: Value) -> list[Value] | None:
    if isinstance(value, np.ndarray):
        return list(value) if value.ndim and is_numeric(value) else None
    return list(value) if isinstance(value, list | tuple) else None


def _length(given: int, wanted: int, first: int) -> list[PartOutcome]:
    if given < wanted:
        lacking = wanted - given
        words = f"the list ends after {given} of the iterates"
        return [
            PartOutcome(
                label=_span(first + given, lacking),
                verdict=Verdict.MISSING,
                reason=Reason.ROW_MISSING,
                share=Fraction(lacking),
                feedback=(student(words),),
            )
        ]
    if given > wanted:
        extra = given - wanted
        words = f"the list goes on for {extra} more than asked for"
        return [
            PartOutcome(
                label=_span(first + wanted, extra),
                verdict=Verdict.INCORRECT,
                reason=Reason.TOO_MANY_ROWS,
                share=Fraction(extra),
                feedback=(student(words),),
            )
        ]
    return []


def _span(first: int, count: int) -> str:
    return f"iterate {first}" if count == 1 else f"iterates {first} to {first + count - 1}"
