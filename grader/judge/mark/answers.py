"""number, array, expression and choice: one answer, or one for each labelled part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from grader.compare.comparison import Comparison
from grader.compare.expression import compare_expression, read_formula
from grader.compare.formula import FormulaError
from grader.compare.nearness import distance_of
from grader.judge.expect.key import Key
from grader.judge.mark.axes import Axes, mended_array
from grader.judge.mark.compared import compared
from grader.judge.mark.evidence import Evidence
from grader.judge.mark.options import chosen_option
from grader.judge.scoring import Judged, whole
from grader.model.assignment import AnswerQuestion, Limits, Part
from grader.model.fact import Facts
from grader.model.fact_marking import Detail, Failed, PartsWanted, PartUnknown
from grader.model.outcome import Outcome, PartOutcome
from grader.model.response import Failure, Response
from grader.model.typed import Typed
from grader.model.value import Value
from grader.model.verdict import Reason, Verdict
from grader.submissions.sheet import unread

__all__ = ["judge_answer"]

_MOST_UNKNOWN = 5


def judge_answer(
    question: AnswerQuestion, key: Key, response: Response, limits: Limits
) -> Judged | Outcome:
    """Judge one response to a question of these kinds; an outcome where no part can be judged."""
    if response.failure is not None:
        failure = response.failure
        facts = Facts.of(Failed(failure=failure, entry=question.entry, limits=limits))
        return whole(question, failure.verdict, failure.reason, facts=facts)
    if not question.labelled:
        answers: Mapping[str, Value] = {"": response.value}
    elif isinstance(response.value, Mapping):
        answers = {str(label): answer for label, answer in response.value.items()}
    else:
        facts = Facts.of(PartsWanted(labels=tuple(part.label for part in question.parts)))
        return whole(question, Verdict.INVALID, Reason.NOT_A_MAPPING, facts=facts)
    axes = Axes.of(question, typed=response.place is not None)
    parts: list[PartOutcome] = []
    evidence: list[Evidence] = []
    for part in question.parts:
        answer = answers.get(part.label)
        if answer is None and question.labelled:
            failure = Failure(verdict=Verdict.MISSING, reason=Reason.NOT_ANSWERED)
            parts.append(_without_value(part, failure, limits))
            continue
        if isinstance(answer, Typed):
            assert response.place is not None
            failure = unread(answer, file=response.place.file)
            parts.append(_without_value(part, failure, limits))
            continue
        outcome, right_values = _judge_part(question, part, key, answer, axes)
        parts.append(outcome)
        evidence += _evidence(question, part, key, answer, right_values, axes)
    known = {part.label for part in question.parts}
    unknown = [label for label in answers if label not in known]
    wanted = tuple(part.label for part in question.parts if part.label not in answers)
    facts = Facts.of(
        *(PartUnknown(label=label, wanted=wanted) for label in unknown[:_MOST_UNKNOWN])
    )
    return Judged(question=question, parts=tuple(parts), facts=facts, evidence=tuple(evidence))


def _without_value(part: Part, failure: Failure, limits: Limits) -> PartOutcome:
    return PartOutcome(
        label=part.label,
        verdict=failure.verdict,
        reason=failure.reason,
        share=part.share,
        credit=None if failure.verdict is Verdict.PENDING else Fraction(0),
        facts=Facts.of(Failed(failure=failure, limits=limits)),
    )


def _judge_part(
    question: AnswerQuestion, part: Part, key: Key, actual: Value, axes: Axes
) -> tuple[PartOutcome, bool]:
    """What a part earns, and whether its values are right, in whatever form or shape they are."""
    place = (question.id, part.label)
    if question.nature.formula:
        formula = key.formulas[place]
        comparison = compare_expression(
            actual=actual,
            samples=formula.samples,
            expected=formula.expected,
            language=formula.language,
            tolerance=part.tolerance,
            sizes=formula.sizes,
            form=part.form,
            quotients=formula.quotients,
        )
        in_another_form = comparison.reason is Reason.WRONG_FORM and not comparison.wrong
        return _outcome(part, comparison), _is_right(comparison.verdict) or in_another_form
    if question.nature.option:
        comparison = _compare_choice(actual, key.parts[place], part)
        return _outcome(part, comparison), comparison.accepted
    found = _judge_numbers(question, part, key.parts[place], actual, axes)
    partly = found.verdict is Verdict.PARTIAL and found.reason is Reason.WRONG_SHAPE
    return found, _is_right(found.verdict) or partly


def _is_right(verdict: Verdict) -> bool:
    """As far as it goes: too few digits do not make it another value to start from."""
    return verdict in (Verdict.CORRECT, Verdict.IMPRECISE)


def _judge_numbers(
    question: AnswerQuestion, part: Part, expected: Value, actual: Value, axes: Axes
) -> PartOutcome:
    """As a whole; a set that is not right as a whole, root by root."""
    comparison = axes.array(actual, expected, part.tolerance)
    if question.count_asked:
        comparison = replace(comparison, detail=replace(comparison.detail, wanted_shape=None))
    direct = replace(
        _outcome(part, comparison), distance=distance_of(actual, expected, part.tolerance)
    )
    if comparison.accepted:
        return direct
    from grader.judge.mark.roots import judge_roots

    roots = judge_roots(question, part, actual, expected, axes)
    if roots is None or 0 < comparison.credit >= roots.credit:
        return direct
    other_shape = comparison.reason in (Reason.WRONG_SHAPE, Reason.TRANSPOSED)
    facts = roots.facts if other_shape else direct.facts + roots.facts
    if not roots.credit and not other_shape:
        return replace(direct, facts=facts)
    return replace(
        direct, verdict=roots.verdict, reason=roots.reason, credit=roots.credit, facts=facts
    )


def _outcome(part: Part, comparison: Comparison) -> PartOutcome:
    return PartOutcome(
        label=part.label,
        verdict=comparison.verdict,
        reason=comparison.reason,
        share=part.share,
        credit=comparison.credit,
        facts=compared(comparison),
    )


def _evidence(
    question: AnswerQuestion,
    part: Part,
    key: Key,
    answer: Value,
    right_values: bool,
    axes: Axes,
) -> Iterator[Evidence]:
    """What was read, where the reference knows the step and the answer has a readable form."""
    if part.step is None or answer is None:
        return
    formula = None
    if question.nature.formula:
        try:
            formula = read_formula(answer, key.formulas[question.id, part.label].language)
        except FormulaError:
            return
    value = chosen_option(part, answer) if question.nature.option else answer
    if question.nature.numbers and axes.lenient:
        value = mended_array(answer, key.parts[question.id, part.label])
    yield Evidence(
        question=question,
        part=part,
        value=value,
        right=right_values,
        formula=formula,
        shape_credit=Fraction(1) if value is answer or not axes.lenient else axes.credit,
    )


def _compare_choice(actual: Value, expected: Value, part: Part) -> Comparison:
    chosen = chosen_option(part, actual)
    if chosen is None:
        detail = Detail(options=tuple(part.options))
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


def _plain(value: Value) -> str:
    return " ".join(str(value).casefold().split())
