"""iterates: rows judged one by one, the length after the values."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from grader.compare.array import compare_array
from grader.judge.expect.key import Key
from grader.judge.explain.recurrence import row_label, rows_of
from grader.judge.scoring import Judged, whole
from grader.judge.words import about_comparison, about_failure, shown, student
from grader.model.assignment import AnswerQuestion, Limits, Part
from grader.model.outcome import Feedback, Outcome, PartOutcome
from grader.model.response import Response
from grader.model.value import Value
from grader.model.verdict import Reason, Verdict

__all__ = ["divergence", "judge_iterates"]


def judge_iterates(
    question: AnswerQuestion, key: Key, response: Response, limits: Limits
) -> Judged | Outcome:
    """Judge a list of rows; an outcome where there is no list.

    Rows that lack or are too many count as rows that are not right.
    """
    if response.failure is not None:
        failure = response.failure
        words = about_failure(failure, question.entry, limits)
        return whole(question, failure.verdict, failure.reason, feedback=words)
    rows = rows_of(response.value)
    if rows is None:
        words = (student(f"a list of iterates is wanted, not {shown(response.value)}"),)
        return whole(question, Verdict.INVALID, Reason.NOT_A_LIST, feedback=words)
    part = question.parts[0]
    expected = list(key.parts[question.id, ""])
    first = 0 if question.includes_start else 1
    begins_early = not question.includes_start and _begins_with_start(part, rows, expected)
    if begins_early:
        rows = rows[1:]
    outcomes = []
    for number, (row, wanted) in enumerate(zip(rows, expected, strict=False), start=first):
        comparison = compare_array(actual=row, expected=wanted, tolerance=part.tolerance)
        outcomes.append(
            PartOutcome(
                label=row_label(number),
                verdict=comparison.verdict,
                reason=comparison.reason,
                credit=comparison.credit,
                feedback=about_comparison(comparison),
            )
        )
    outcomes += _length(len(rows), len(expected), first)
    if begins_early:
        outcomes.append(
            PartOutcome(
                label="a row before the first",
                verdict=Verdict.INCORRECT,
                reason=Reason.TOO_MANY_ROWS,
                feedback=(student("the list begins with a row before the first iterate"),),
            )
        )
    return Judged(question=question, parts=tuple(outcomes))


def _begins_with_start(part: Part, rows: list[Value], expected: list[Value]) -> bool:
    """Whether a first row that was not asked for stands before nothing but right ones."""

    def right(row: Value, wanted: Value) -> bool:
        return compare_array(actual=row, expected=wanted, tolerance=part.tolerance).accepted

    shifted = list(zip(rows[1:], expected, strict=False))
    return (
        len(shifted) >= 2
        and not right(rows[0], expected[0])
        and all(right(row, wanted) for row, wanted in shifted)
    )


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


def divergence(parts: Sequence[PartOutcome]) -> tuple[Feedback, ...]:
    """Where a list that begins right first goes wrong."""
    rows = [part for part in parts if part.reason not in (Reason.ROW_MISSING, Reason.TOO_MANY_ROWS)]
    wrong = [part for part in rows if part.verdict not in (Verdict.CORRECT, Verdict.FOLLOWS)]
    if not wrong or wrong[0] is rows[0]:
        return ()
    return (student(f"the list is right up to {wrong[0].label}, where it first goes wrong"),)
