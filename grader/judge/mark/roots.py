"""A set of numbers or rows, such as roots: each of them earns, in whatever order."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from grader.compare.number import as_real
from grader.compare.pairs import pairs_of
from grader.judge.mark.axes import Axes, unwrapped
from grader.model.assignment import AnswerQuestion, Part
from grader.model.fact import Facts
from grader.model.fact_sets import ElementsRight
from grader.model.value import Value
from grader.model.verdict import Reason, Verdict

__all__ = ["RootsJudged", "judge_roots"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RootsJudged:
    """What a set that is not right as a whole earns, and what is told of it."""

    verdict: Verdict
    reason: Reason
    credit: Fraction
    facts: Facts


def judge_roots(
    question: AnswerQuestion, part: Part, actual: Value, expected: Value, axes: Axes
) -> RootsJudged | None:
    """The elements one by one; None where they are not to be judged so.

    Each earns its share of as many as there are, or as were given if these are more: guessing
    many costs what it gains.
    """
    if not part.tolerance.unordered:
        return None
    elements = actual
    if axes.lenient:
        elements = [actual] if as_real(actual) is not None else unwrapped(actual, expected)
    pairs = pairs_of(actual=elements, expected=expected, tolerance=part.tolerance)
    if pairs is None:
        return None
    precise = pairs.right + pairs.imprecise * part.tolerance.imprecise_credit
    credit = Fraction(precise) / max(pairs.given, pairs.wanted)
    if elements is not actual:
        credit *= axes.credit
    fact = ElementsRight(
        right=pairs.right,
        imprecise=pairs.imprecise,
        given=pairs.given,
        wanted=pairs.wanted,
        incomplete=pairs.given < pairs.wanted,
        count_asked=question.count_asked,
    )
    wrong_count = pairs.given != pairs.wanted
    return RootsJudged(
        verdict=Verdict.PARTIAL if credit else Verdict.INCORRECT,
        reason=Reason.WRONG_LENGTH if wrong_count else Reason.WRONG_VALUE,
        credit=credit,
        facts=Facts.of(fact),
    )
