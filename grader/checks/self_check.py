"""Look at a student's answers without the key: form, promises, public cases, their own work.

Nothing here says that an answer is right, but for public cases, whose results the author gave away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from grader.checks.released import Released
from grader.compare.array import compare_array
from grader.compare.comparison import Comparison
from grader.compare.digits import stated_digits
from grader.compare.expression import understand_formula
from grader.compare.formula import FormulaError
from grader.judge.mark.axes import Axes
from grader.judge.mark.compared import compared
from grader.judge.mark.differences import judge_differences
from grader.judge.mark.options import chosen_option
from grader.judge.mark.promises import broken_promises, wrong_dtype
from grader.judge.mark.reading import read_answer
from grader.judge.mark.series import judge_series
from grader.judge.words.tell import told
from grader.judge.words.values import cut
from grader.model.assignment import AnswerQuestion, FunctionQuestion, ManualQuestion, Part, Question
from grader.model.fact import Facts
from grader.model.fact_marking import Failed
from grader.model.response import Failure, Response
from grader.model.series import SeriesQuestion
from grader.model.tolerance import DEFAULT_TOLERANCE
from grader.model.value import NumberText, Value, shape_of, walk
from grader.model.verdict import Reason, Verdict
from grader.plan import PlannedCase

__all__ = ["SelfChecked", "self_check"]

State = Literal["fits", "misfits", "missing", "person"]
_PROMISED = {
    "inputs_unchanged": "its inputs are as they were",
    "earlier_outputs_unchanged": "its earlier results are as they were",
    "deterministic": "it gives the same twice",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfChecked:
    """What was found of one question. `good` and `bad` are sentences for the student."""

    question: str
    state: State
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    bonus: bool = False


def self_check(
    released: Released, responses: Mapping[str, Response], *, form_only: bool = False
) -> tuple[SelfChecked, ...]:
    """Every question in its order. With `form_only` neither promises nor public cases nor what
    belongs together in the student's own work is looked at."""
    return tuple(
        _checked(released, question, responses, form_only)
        for question in released.assignment.questions
    )


def _checked(
    released: Released, question: Question, responses: Mapping[str, Response], form_only: bool
) -> SelfChecked:
    if isinstance(question, FunctionQuestion):
        good, bad, missing = _function(released, question, responses, form_only)
    else:
        response = read_answer(question, released.key, responses)
        failure = response.failure
        named = failure is not None and failure.reason is Reason.FILE_NOT_FOUND
        missing = failure is not None and failure.verdict is Verdict.MISSING and not named
        if failure is not None:
            good, bad = [], [] if missing else [*_failed(released, question, failure)]
        else:
            good, bad = _answer(released, question, response)
    state: State = "misfits" if bad else "missing" if missing else "fits"
    if state == "fits" and isinstance(question, ManualQuestion):
        state = "person"
    return SelfChecked(
        question=question.id,
        state=state,
        good=tuple(dict.fromkeys(good)),
        bad=tuple(dict.fromkeys(bad)),
        bonus=question.bonus,
    )


def _said(facts: Facts) -> Iterator[str]:
    yield from told(facts).student


def _failed(released: Released, question: Question, failure: Failure) -> Iterator[str]:
    limits = released.assignment.limits
    yield from _said(Facts.of(Failed(failure=failure, entry=question.entry, limits=limits)))


# -- answers -------------------------------------------------------------------------------------


def _answer(
    released: Released, question: Question, response: Response
) -> tuple[list[str], list[str]]:
    if isinstance(question, SeriesQuestion):
        outcome = judge_series(question, response, released.assignment.limits)
        if outcome.verdict is Verdict.CORRECT:
            return ["a table with all its columns"], []
        facts = (outcome.facts, *(part.facts for part in outcome.parts))
        return [], [words for one in facts for words in _said(one)]
    if not isinstance(question, AnswerQuestion):
        return [], []
    if not question.labelled:
        return _part(released, question, question.parts[0], response.value, "")
    if not isinstance(response.value, Mapping):
        labels = ", ".join(part.label for part in question.parts)
        return [], [f"expected an answer for each part: {labels}"]
    good: list[str] = []
    bad: list[str] = []
    left_out = []
    for part in question.parts:
        value = response.value.get(part.label)
        if value is None:
            left_out.append(part.label)
            continue
        fits, misfits = _part(released, question, part, value, f"{part.label}: ")
        good += fits
        bad += misfits
    if left_out:
        bad.append(f"not answered: {', '.join(left_out)}")
    known = {part.label for part in question.parts}
    bad += [f"there is no part {cut(str(one), 60)!r}" for one in response.value if one not in known]
    return good, bad


def _part(
    released: Released, question: AnswerQuestion, part: Part, value: Value, before: str
) -> tuple[list[str], list[str]]:
    place = (question.id, part.label)
    if question.nature.formula:
        try:
            read = understand_formula(value, released.languages[place]).text
        except FormulaError as error:
            return [], [f"{before}it cannot be read as a formula: {error}"]
        return [f"{before}read as {cut(read, 120)}"], []
    if question.nature.option:
        if chosen_option(part, value) is None:
            return [], [f"{before}expected one of {', '.join(part.options)}"]
        return [f"{before}one of the options"], []
    bad = [f"{before}{words}" for words in _numbers(released, question, part, value)]
    if bad:
        return [], bad
    if few := _few_digits(part, value):
        return ([], [f"{before}{few}"]) if part.tolerance.strict else ([f"{before}{few}"], [])
    return [f"{before}{_form_words(value)}"], []


def _numbers(
    released: Released, question: AnswerQuestion, part: Part, value: Value
) -> Iterator[str]:
    wanted = released.answer(question.id, part.label).shape
    given = shape_of(value)
    shape = tuple(
        (given[n] if given is not None and n < len(given) else 1) if size is None else size
        for n, size in enumerate(wanted)
    )
    if None in wanted and given is not None and len(given) != len(wanted):
        yield f"expected {'a table' if len(wanted) == 2 else 'a list'} of numbers"
        return
    standing = np.full(shape, np.pi) if shape else float(np.pi)
    comparison = compare_array(actual=value, expected=standing, tolerance=DEFAULT_TOLERANCE)
    if comparison.verdict is Verdict.INVALID:
        yield from _of_form(comparison)


def _of_form(comparison: Comparison, *, returned: bool = False) -> Iterator[str]:
    """What is wrong with the form. How many values differ says nothing: they were held against
    some that stand in for those of the key."""
    yield from _said(compared(replace(comparison, wrong=1), returned=returned))


def _few_digits(part: Part, value: Value) -> str:
    """Of the first number that was not typed with as many places as are asked for."""
    tolerance = part.tolerance
    places = tolerance.decimals is not None
    asked = tolerance.decimals if places else tolerance.sigfigs
    what = "decimal" if places else "significant figure"
    if asked is None:
        return ""
    for number in walk(value):
        stated = stated_digits(number, places=places) if isinstance(number, NumberText) else None
        if stated is None:
            continue
        least, most = stated
        if most < asked or (tolerance.strict and least > asked):
            said = f"{number.text} has {most} {what}{'s' * (most != 1)}, and {asked} are asked for"
            return (
                said if tolerance.strict else f"{said}; that does no harm where zeros were dropped"
            )
    return ""


def _form_words(value: Value) -> str:
    shape = shape_of(value)
    if not shape:
        return "a number"
    return f"{' × '.join(map(str, shape))} numbers" if len(shape) > 1 else f"{shape[0]} numbers"


# -- functions -----------------------------------------------------------------------------------


def _function(
    released: Released,
    question: FunctionQuestion,
    responses: Mapping[str, Response],
    form_only: bool,
) -> tuple[list[str], list[str], bool]:
    """What is good, what is bad, and whether it was not handed in at all."""
    cases = released.key.cases[question.id]
    limits = released.assignment.limits
    bad: list[str] = []
    public = right = 0
    failures = [responses[case.id].failure for case in cases]
    if not cases:
        return ["called in hidden cases only, which are not looked at here"], [], False
    if all(failure is not None and failure.verdict is Verdict.MISSING for failure in failures):
        return [], [], True
    for case in cases:
        failure = responses[case.id].failure
        if failure is not None:
            bad += _failed(released, question, failure)
            continue
        bad += _form(released, question, case, responses)
        if form_only:
            continue
        for broken in broken_promises(question, case, responses, limits, values_right=False):
            bad += _said(Facts.of(broken.fact))
        if case.id in released.results:
            public += 1
            found = _compared(question, responses[case.id], released.results[case.id])
            right += found.accepted
            if not found.accepted and found.verdict is not Verdict.INVALID:
                bad += [f"public case {case.label}: {words}" for words in _said(compared(found))]
    good = [f"{len(cases)} call{'s' * (len(cases) != 1)} answered in the form asked for"]
    if form_only:
        return ([] if bad else good), bad, False
    good += [words for name, words in _PROMISED.items() if getattr(question, name)]
    if question.differences is not None:
        part = judge_differences(question, question.differences, cases, responses, limits)
        if part.verdict is Verdict.CORRECT:
            good.append(f"{part.label}: consistent with your own work")
        else:
            bad += _said(part.facts)
    if bad:
        good = []
    if right:
        good.append(f"{right} of {public} public case{'s' * (public != 1)} right")
    return good, bad, False


def _form(
    released: Released,
    question: FunctionQuestion,
    case: PlannedCase,
    responses: Mapping[str, Response],
) -> Iterator[str]:
    response, form = responses[case.id], released.key.returned[case.id]
    comparison = _compared(question, response, form)
    if comparison.verdict is Verdict.INVALID:
        yield from _of_form(comparison, returned=True)
        return
    broken = wrong_dtype(question, case, response.value, form)
    if broken is not None:
        yield from _said(Facts.of(broken.fact))


def _compared(question: FunctionQuestion, response: Response, expected: Value) -> Comparison:
    axes = Axes.of(question, typed=False)
    return axes.value(response.value, expected, question.tolerance, question.tolerances)
