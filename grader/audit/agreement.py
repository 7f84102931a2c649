"""Stated answers against the reference, and tolerances against the values they stand beside."""

from __future__ import annotations

from dataclasses import replace

from grader.compare.array import compare_array
from grader.compare.comparison import Comparison
from grader.compare.expression import compare_expression
from grader.judge.key import Key
from grader.judge.words import shown
from grader.model.assignment import AnswerQuestion, Part
from grader.model.value import Value, walk
from grader.solver import Reference, Solution, StepFault
from grader.spec.load import Loaded
from grader.spec.problems import Problems
from grader.spec.yaml_reader import KeyPath

__all__ = ["check_agreement"]


def check_agreement(
    loaded: Loaded, reference: Reference | None, key: Key, problems: Problems
) -> None:
    """Add S307 where a stated answer and the reference differ, S204 for a useless tolerance."""
    for index, question in enumerate(loaded.assignment.questions):
        if not isinstance(question, AnswerQuestion):
            continue
        for part in question.parts:
            path: KeyPath = ("questions", index, *(("parts", part.label) if part.label else ()))
            if question.kind == "expression":
                _check_formula(question, part, key, path, problems)
            elif question.kind != "choice" and (question.id, part.label) in key.parts:
                _check_zero(part, key.parts[question.id, part.label], path, problems)
                if reference is not None and part.step is not None and part.expected is not None:
                    _check_numbers(loaded, reference, question, part, path, problems)


def _check_numbers(
    loaded: Loaded,
    reference: Reference,
    question: AnswerQuestion,
    part: Part,
    path: KeyPath,
    problems: Problems,
) -> None:
    try:
        computed = Solution(reference, {**loaded.assignment.givens, **part.at})[part.step or ""]
    except StepFault:
        return
    tolerance = replace(part.tolerance, strict=False)
    if tolerance.published:
        comparison = compare_array(actual=computed, expected=part.expected, tolerance=tolerance)
    else:
        comparison = compare_array(actual=part.expected, expected=computed, tolerance=tolerance)
    if not comparison.accepted:
        _disagree(question, part, comparison, computed, path, problems)


def _check_formula(
    question: AnswerQuestion, part: Part, key: Key, path: KeyPath, problems: Problems
) -> None:
    formula = key.formulas.get((question.id, part.label))
    if formula is None or part.expected is None or part.step is None:
        return
    comparison = compare_expression(
        actual=part.expected,
        points=formula.points,
        language=formula.language,
        tolerance=part.tolerance,
    )
    if not comparison.accepted:
        _disagree(question, part, comparison, None, path, problems)


def _disagree(
    question: AnswerQuestion,
    part: Part,
    comparison: Comparison,
    computed: Value,
    path: KeyPath,
    problems: Problems,
) -> None:
    gives = shown(computed, 200) if computed is not None else comparison.detail
    place = f" at {comparison.path}" if comparison.path else ""
    message = (
        f"{part.label or question.id!r} states {shown(part.expected, 200)}, "
        f"the reference gives {gives}: they differ{place}"
    )
    problems.add("S307", (*path, "expected"), message)


def _check_zero(part: Part, expected: Value, path: KeyPath, problems: Problems) -> None:
    numbers = [item for item in walk(expected) if not isinstance(item, list | tuple)]
    zero = all(not abs(float(x)) for item in numbers for x in _flat(item))
    if zero and part.tolerance.rtol and not part.tolerance.atol:
        message = "rtol alone demands the exact value, since the expected one is zero"
        problems.add("S204", path, message, "add atol")
    if zero and part.tolerance.sigfigs is not None:
        problems.add("S204", path, "zero has no significant figures", "use decimals or atol")


def _flat(item: Value) -> list[Value]:
    return list(item.ravel()) if hasattr(item, "ravel") else [item]
