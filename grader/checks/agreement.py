"""Stated answers against the reference, and tolerances against the values they stand beside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from grader.compare.array import compare_array
from grader.compare.comparison import path_text
from grader.compare.complexes import as_number, modulus, number_is_finite
from grader.compare.expression import compare_expression, read_formula, understand_formula
from grader.compare.formula import FormulaError, form_faults
from grader.judge.expect.key import FormulaKey, Key
from grader.judge.expect.stated import with_stated_infinities
from grader.judge.mark.shares import parts_of
from grader.judge.words.comparing import detail_text
from grader.judge.words.values import shown
from grader.model.assignment import AnswerQuestion, Form, FunctionQuestion, Part
from grader.model.value import Value, walk
from grader.model.verdict import Reason
from grader.solver import Reference, Solution, StepFault
from grader.spec.load import Loaded
from grader.spec.problems import Problems, did_you_mean
from grader.spec.yaml_reader import KeyPath

__all__ = ["check_agreement"]

_PADDING = re.compile(r"(?<=\[) +| +(?=[,\]])")  #: that numpy puts around numbers
_NAME = re.compile(r"[^\W\d]\w*")


def check_agreement(
    loaded: Loaded, reference: Reference | None, key: Key, problems: Problems
) -> None:
    """Add S307 where a stated answer and the reference differ, S204 for a useless tolerance."""
    for index, question in enumerate(loaded.assignment.questions):
        path: KeyPath = ("questions", index)
        if isinstance(question, FunctionQuestion):
            _check_paths(question, key, path, problems)
        elif isinstance(question, AnswerQuestion):
            for part in question.parts:
                inside: KeyPath = ("parts", part.label) if part.label else ()
                _check_part(loaded, reference, key, question, part, (*path, *inside), problems)


def _check_part(
    loaded: Loaded,
    reference: Reference | None,
    key: Key,
    question: AnswerQuestion,
    part: Part,
    path: KeyPath,
    problems: Problems,
) -> None:
    place = (question.id, part.label)
    if question.nature.formula:
        _check_formula(loaded, key, question, part, path, problems)
        return
    if place not in key.parts:
        return  # the key has told why
    both = reference is not None and part.step is not None and part.expected is not None
    if question.nature.option:
        if both and str(part.expected).casefold() != str(key.parts[place]).casefold():
            _disagree(question, part, shown(key.parts[place], 200), path, problems)
        return
    _check_tolerance(part, key.parts[place], path, problems)
    own = replace(part.tolerance, strict=False)
    try:
        itself = compare_array(actual=key.parts[place], expected=key.parts[place], tolerance=own)
    except ValueError as error:  # the tolerance makes no sense for such a value
        problems.add("S204", (*path, "tolerance"), str(error), of_key=True)
        return
    if not itself.accepted:
        message = "the tolerance refuses the expected value itself"
        problems.add("S204", (*path, "tolerance"), message, of_key=True)
    if both:
        assert reference is not None
        _check_numbers(loaded, reference, question, part, path, problems)


def _check_paths(question: FunctionQuestion, key: Key, path: KeyPath, problems: Problems) -> None:
    """A tolerance for a part that no result has would never be used."""
    returned = [key.returned[case.id] for case in key.cases[question.id] if case.id in key.returned]
    known = {name for value in returned for name in _paths(value, "")}
    for name in question.tolerances:
        if returned and name not in known:
            message = f"the result has no part {name!r}"
            near = did_you_mean(name, known - {""})
            problems.add("S204", (*path, "tolerances", name), message, near, of_key=True)

    fault = _fault_of_shares(question, returned)
    if fault:
        problems.add("S204", (*path, "shares"), fault, of_key=True)


def _fault_of_shares(question: FunctionQuestion, returned: Sequence[Value]) -> str:
    """Why the paths of `shares` are not the parts that each result is made of."""
    for value in returned if question.shares else ():
        known = {*_paths(value, "")}
        for name in question.shares:
            if name not in known:
                return f"a result has no part {name!r}"
            if any(name != other and _lies_in(name, other) for other in question.shares):
                return f"{name!r} lies in another part that has a share"
        left = [name for name in _ends(value, "") if not _lies_in_one(name, question.shares)]
        if left:
            return f"the part {left[0]!r} of a result has no share"
    return ""


def _lies_in(name: str, other: str) -> bool:
    return name == other or name.startswith((f"{other}.", f"{other}["))


def _lies_in_one(name: str, others: Iterable[str]) -> bool:
    return any(_lies_in(name, other) for other in others)


def _paths(value: Value, path: str) -> Iterator[str]:
    yield path
    for name, item in parts_of(value, path):
        yield from _paths(item, name)


def _ends(value: Value, path: str) -> Iterator[str]:
    """The paths of what is made of no parts."""
    parts = [*parts_of(value, path)]
    if not parts:
        yield path
    for name, item in parts:
        yield from _ends(item, name)


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
    computed = with_stated_infinities(computed, part.expected)
    tolerance = replace(part.tolerance, strict=False)
    if tolerance.published:
        comparison = compare_array(actual=computed, expected=part.expected, tolerance=tolerance)
    else:
        comparison = compare_array(actual=part.expected, expected=computed, tolerance=tolerance)
    if not comparison.accepted:
        at = f" at {path_text(comparison.path)}" if comparison.path else ""
        _disagree(question, part, _PADDING.sub("", shown(computed, 200)) + at, path, problems)


def _check_formula(
    loaded: Loaded,
    key: Key,
    question: AnswerQuestion,
    part: Part,
    path: KeyPath,
    problems: Problems,
) -> None:
    formula = key.formulas.get((question.id, part.label))
    if formula is None or part.expected is None:
        return
    if part.form is not None:
        _check_form(part.expected, part.form, formula, path, problems)
    if part.step is None:
        return
    comparison = compare_expression(
        actual=part.expected,
        samples=formula.samples,
        expected=formula.expected,
        language=formula.language,
        tolerance=part.tolerance,
        quotients=True,
    )
    detail = comparison.detail
    if comparison.reason is Reason.NOT_A_FORMULA:
        message = f"the stated formula cannot be read: {detail.message}"
        problems.add("S210", (*path, "expected"), message, _unsampled(part.expected, loaded))
    elif not comparison.accepted:
        found = detail_text(comparison.reason, detail)
        read = understand_formula(part.expected, formula.language)
        if read.lenient:
            found = f"{found} (it is read as {read.text})"
        _disagree(question, part, found, path, problems)


def _unsampled(stated: Value, loaded: Loaded) -> str:
    """What to write where a formula names a given that has no domain."""
    assignment = loaded.assignment
    named = set(_NAME.findall(str(stated))) & set(assignment.givens)
    for name in sorted(named - set(assignment.formulas.domains)):
        return (
            f"a formula may name a given that is sampled: write `{name}: [low, high]` under "
            "`formulas: domains`"
        )
    return ""


def _check_form(
    stated: Value, form: Form, key: FormulaKey, path: KeyPath, problems: Problems
) -> None:
    """Add S210 where the stated formula itself has not the form that is asked for."""
    try:
        faults = form_faults(read_formula(stated, key.language), form, key.samples)
    except FormulaError:
        return  # said elsewhere
    if faults:
        message = f"the stated formula has another form than the one asked for: {', '.join(faults)}"
        problems.add("S210", (*path, "expected"), message)


def _disagree(
    question: AnswerQuestion, part: Part, found: str, path: KeyPath, problems: Problems
) -> None:
    message = (
        f"{part.label or question.id!r} states {shown(part.expected, 200)}, "
        f"and the reference differs: {found}"
    )
    problems.add("S307", (*path, "expected"), message)


def _check_tolerance(part: Part, expected: Value, path: KeyPath, problems: Problems) -> None:
    """Add S204 for a tolerance that is senseless beside the value that it is for."""
    sizes = list(_sizes(expected))
    largest = max(sizes, default=0)
    tolerance = part.tolerance
    fault, help_text = "", "add atol"
    if sizes and not largest and tolerance.rtol and not tolerance.atol:
        fault = "rtol alone demands the exact value, since the expected one is zero"
    elif tolerance.scale == "entry" and 0 in sizes and tolerance.rtol and not tolerance.atol:
        fault = "rtol of each entry alone demands exactly zero where zero is expected"
    elif tolerance.sigfigs is not None and 0 in sizes:
        fault, help_text = "zero has no significant figures", "use decimals or atol"
    elif largest and tolerance.atol is not None and tolerance.atol >= 2 * largest:
        fault = f"atol accepts the opposite sign of the expected {shown(expected, 60)}"
        help_text = "make it smaller than the value"
    if fault:
        problems.add("S204", (*path, "tolerance"), fault, help_text, of_key=True)


def _sizes(value: Value) -> Iterator[Fraction]:
    """The sizes of all numbers that are finite."""
    for item in walk(value):
        if not isinstance(item, list | tuple):
            numbers = item.ravel().tolist() if isinstance(item, np.ndarray) else [item]
            found = [number for one in numbers if (number := as_number(one)) is not None]
            yield from map(modulus, filter(number_is_finite, found))
