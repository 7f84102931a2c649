"""number, array, expression and choice: one answer, or one for each labelled part."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from grader.compare.array import compare_array
from grader.compare.comparison import Comparison
from grader.compare.expression import compare_expression
from grader.judge.expect.key import Key
from grader.judge.scoring import Judged, whole
from grader.judge.words import about_comparison, about_failure, shown, student
from grader.model.assignment import AnswerQuestion, Limits, Part
from grader.model.outcome import Outcome, PartOutcome
from grader.model.response import Failure, Response
from grader.model.value import NumberText, Value
from grader.model.verdict import Reason, Verdict

__all__ = ["chosen_option", "given_parts", "judge_answer"]

_LARGEST_OPTION = 10**50


def judge_answer(
    question: AnswerQuestion, key: Key, response: Response, limits: Limits
) -> Judged | Outcome:
    """Judge one response to a question of these kinds; an outcome where no part can be judged."""
    if response.failure is not None:
        failure = response.failure
        words = about_failure(failure, question.entry, limits)
        return whole(question, failure.verdict, failure.reason, feedback=words)
    if not question.labelled:
        part = _judge_part(question, question.parts[0], key, response.value)
        return Judged(question=question, parts=(part,))
    if not isinstance(response.value, Mapping):
        labels = ", ".join(part.label for part in question.parts[:6])
        more = " …" if len(question.parts) > 6 else ""
        words = (student(f"an answer for each of the parts is wanted ({labels}{more})"),)
        return whole(question, Verdict.INVALID, Reason.NOT_A_MAPPING, feedback=words)
    answers = given_parts(response.value)
    parts = [
        _judge_part(question, part, key, answers[part.label])
        if answers.get(part.label) is not None
        else _missing(part)
        for part in question.parts
    ]
    known = {part.label for part in question.parts}
    unknown = [label for label in answers if label not in known]
    note = [student(f"there is no part {shown(label)}") for label in unknown[:5]]
    return Judged(question=question, parts=tuple(parts), feedback=tuple(note))


def given_parts(value: Mapping[Value, Value]) -> Mapping[str, Value]:
    """The answers of a question with parts, by label."""
    return {str(label): answer for label, answer in value.items()}


def _missing(part: Part) -> PartOutcome:
    failure = Failure(verdict=Verdict.MISSING, reason=Reason.NOT_ANSWERED)
    return PartOutcome(
        label=part.label,
        verdict=failure.verdict,
        reason=failure.reason,
        share=part.share,
        feedback=about_failure(failure, part.label, Limits()),
    )


def _judge_part(question: AnswerQuestion, part: Part, key: Key, actual: Value) -> PartOutcome:
    place = (question.id, part.label)
    if question.kind == "expression":
        formula = key.formulas[place]
        comparison = compare_expression(
            actual=actual,
            samples=formula.samples,
            expected=formula.expected,
            language=formula.language,
            tolerance=part.tolerance,
            sizes=formula.sizes,
            form=part.form,
        )
    elif question.kind == "choice":
        comparison = _compare_choice(actual, key.parts[place], part)
    else:
        comparison = compare_array(
            actual=actual, expected=key.parts[place], tolerance=part.tolerance
        )
    return PartOutcome(
        label=part.label,
        verdict=comparison.verdict,
        reason=comparison.reason,
        share=part.share,
        credit=comparison.credit,
        feedback=about_comparison(comparison),
    )


def _compare_choice(actual: Value, expected: Value, part: Part) -> Comparison:
    chosen = chosen_option(part, actual)
    if chosen is None:
        detail = ", ".join(part.options)
        return Comparison.invalid(Reason.NOT_AN_OPTION, actual=actual, detail=detail)
    if _plain(chosen) == _plain(expected):
        return Comparison.correct()
    return Comparison(
        verdict=Verdict.INCORRECT,
        reason=Reason.WRONG_VALUE,
        credit=Fraction(0),
        actual=actual,
        expected=str(expected),
        wrong=1,
    )


def chosen_option(part: Part, actual: Value) -> str | None:
    """The option that is meant: it is given by its name or by its words, in whatever case."""
    options = {_plain(words): name for name, words in part.options.items()}
    options.update({_plain(name): name for name in part.options})  # a name comes before words
    return options.get(_plain(actual)) if _is_word(actual) else None


def _is_word(value: Value) -> bool:
    if isinstance(value, int) and abs(value) > _LARGEST_OPTION:
        return False  # Python refuses to write out whole numbers of more than 4300 digits
    return isinstance(value, str | bool | int | np.bool_ | np.integer | NumberText)


def _plain(value: Value) -> str:
    return " ".join(str(value).casefold().split())
