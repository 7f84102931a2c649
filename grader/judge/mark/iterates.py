"""iterates: rows judged one by one, the length after the values."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import numpy as np

from grader.compare.array import compare_array, is_numeric
from grader.compare.nearness import distance_of
from grader.judge.expect.key import Key
from grader.judge.mark.axes import Axes, mended_array, unwrapped
from grader.judge.mark.compared import compared
from grader.judge.mark.evidence import Evidence
from grader.judge.mark.one_off import gap_in, without_extra
from grader.judge.scoring import Judged, whole
from grader.judge.words.marking import row_label
from grader.model.assignment import AnswerQuestion, Limits, Part
from grader.model.fact import Fact, Facts
from grader.model.fact_marking import (
    Failed,
    LengthOff,
    ListWanted,
    RowBefore,
    RowLeftOut,
    RowsExtra,
    RowsMissing,
)
from grader.model.outcome import Outcome, PartOutcome
from grader.model.response import Response
from grader.model.value import Value
from grader.model.verdict import Reason, Verdict

__all__ = ["is_right_row", "judge_iterates", "taken_off"]


def judge_iterates(
    question: AnswerQuestion, key: Key, response: Response, limits: Limits
) -> Judged | Outcome:
    """Judge a list of rows; an outcome where the answer is not a list.

    Where one row is missing or too many, it is the one without which more rows are right.

    Missing rows and extra rows count as rows that are not right. A row that stands before the
    first iterate is taken off before anything else looks at the list, if more rows are right then.
    """
    if response.failure is not None:
        failure = response.failure
        facts = Facts.of(Failed(failure=failure, entry=question.entry, limits=limits))
        return whole(question, failure.verdict, failure.reason, facts=facts)
    return _judged(question, key, response.value, typed=response.place is not None)


def taken_off(judged: Judged, key: Key, *, early: bool) -> Judged:
    """The same list with its first row taken for one before the first iterate, or not."""
    (answer,) = judged.evidence
    again = _judged(answer.question, key, answer.whole_list, typed=answer.typed, early=early)
    assert isinstance(again, Judged)
    return again


def _judged(
    question: AnswerQuestion, key: Key, value: Value, *, typed: bool, early: bool | None = None
) -> Judged | Outcome:
    """`early`: whether the first row is taken off; None to see what more rows are right with."""
    part = question.parts[0]
    expected = list(key.parts[question.id, ""])
    axes = Axes.of(question, typed=typed)
    given = unwrapped(value, key.parts[question.id, ""]) if axes.lenient else value
    rows = _rows_of(given)
    if rows is None:
        facts = Facts.of(ListWanted(actual=value, advice=getattr(value, "why", "")))
        return whole(question, Verdict.INVALID, Reason.NOT_A_LIST, facts=facts)
    wrapped = given is not value
    mended = [mended_array(row, expected[0]) for row in rows] if axes.lenient else rows
    other_axes = wrapped or any(one is not row for one, row in zip(mended, rows, strict=True))
    first = 0 if question.includes_start else 1
    if early is None:
        early = not question.includes_start and _begins_with_start(part, mended, expected)
    before = mended[0] if early else None
    if early:
        rows, mended = rows[1:], mended[1:]
    hidden = question.length == "hidden"
    lengths = _length(len(rows), len(expected), first, hidden=hidden)
    gap = None
    if not hidden:
        right = partial(_is_right, part)
        gap = gap_in(mended, expected, right) if not early else None
        if len(rows) == len(expected) + 1:
            extra = without_extra(mended, expected, right)
            rows, mended = ([*some[:extra], *some[extra + 1 :]] for some in (rows, mended))
    if gap is not None:
        rows, mended = ([*some[:gap], None, *some[gap:]] for some in (rows, mended))
        lengths = []
    outcomes = []
    for number, (row, wanted) in enumerate(zip(rows, expected, strict=False), start=first):
        if row is None and number - first == gap:
            left_out = RowLeftOut()
            outcomes.append(_not_right(row_label(number), 1, Reason.ROW_MISSING, left_out))
            continue
        comparison = axes.array(row, wanted, part.tolerance)
        if wrapped:
            comparison = axes.of_list(comparison, value, key.parts[question.id, ""])
        outcomes.append(
            PartOutcome(
                label=row_label(number),
                verdict=comparison.verdict,
                reason=comparison.reason,
                credit=comparison.credit,
                distance=distance_of(row, wanted, part.tolerance),
                facts=compared(comparison),
            )
        )
    outcomes += lengths
    if early:
        too_many = Reason.TOO_MANY_ROWS
        outcomes.append(_not_right("a row before the first", 1, too_many, RowBefore()))
    evidence = Evidence(
        question=question,
        part=part,
        value=np.array(mended) if isinstance(given, np.ndarray) and gap is None else tuple(mended),
        right=all(map(is_right_row, outcomes)),
        rows=tuple(mended),
        row_before=before,
        whole_list=value,
        typed=typed,
        shape_credit=axes.credit if other_axes else Fraction(1),
    )
    return Judged(
        question=question,
        parts=tuple(outcomes),
        facts=Facts.of(LengthOff()) if lengths and hidden else Facts(),
        evidence=(evidence,) if part.step is not None else (),
    )


def _rows_of(value: Value) -> list[Value] | None:
    """The rows of an answer, or None where it is not a list."""
    if isinstance(value, np.ndarray):
        return list(value) if value.ndim and is_numeric(value) else None
    return list(value) if isinstance(value, list | tuple) else None


def is_right_row(row: PartOutcome) -> bool:
    """Right, also where axes of length 1 are too many or too few."""
    mended = row.verdict is Verdict.PARTIAL and row.reason is Reason.WRONG_SHAPE
    return row.verdict is Verdict.CORRECT or mended


def _begins_with_start(part: Part, rows: list[Value], expected: list[Value]) -> bool:
    """Whether more rows are right when the first one is taken off."""

    right = partial(_is_right, part)
    if len(rows) < 2 or right(rows[0], expected[0]):
        return False
    kept, off = (
        sum(right(row, wanted) for row, wanted in zip(some, expected, strict=False))
        for some in (rows, rows[1:])
    )
    return off > kept


def _is_right(part: Part, row: Value, wanted: Value) -> bool:
    return compare_array(actual=row, expected=wanted, tolerance=part.tolerance).accepted


def _length(given: int, wanted: int, first: int, *, hidden: bool) -> list[PartOutcome]:
    """Rows that are not there or should not be; `hidden`: for staff alone."""
    if given < wanted:
        lacking = wanted - given
        fact: Fact = RowsMissing(given=given, hidden=hidden)
        label, reason = _span(first + given, lacking), Reason.ROW_MISSING
        return [_not_right(label, lacking, reason, fact)]
    if given > wanted:
        extra = given - wanted
        label = _span(first + wanted, extra)
        fact = RowsExtra(extra=extra, hidden=hidden)
        return [_not_right(label, extra, Reason.TOO_MANY_ROWS, fact)]
    return []


def _not_right(label: str, rows: int, reason: Reason, fact: Fact) -> PartOutcome:
    lacking = reason is Reason.ROW_MISSING and not fact.hidden
    return PartOutcome(
        label=label,
        verdict=Verdict.MISSING if lacking else Verdict.INCORRECT,
        reason=Reason.WRONG_LENGTH if fact.hidden else reason,
        share=Fraction(rows),
        hidden=fact.hidden,
        facts=Facts.of(fact),
    )


def _span(first: int, count: int) -> str:
    if count == 1:
        return row_label(first)
    return f"iterates {first} to {first + count - 1}"
