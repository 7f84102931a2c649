"""The sentences about an answer that was compared with the right one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from grader.compare.comparison import path_text
from grader.compare.formula.language import BUILT_IN, CONSTANTS
from grader.judge.words.shapes import mended
from grader.judge.words.values import Shape, cut, form_text, shape_text, shown
from grader.model.fact_marking import Compared, Detail
from grader.model.value import Opaque, Value
from grader.model.verdict import Reason

__all__ = ["compared", "compared_for_staff", "detail_text"]

_COMPARISON: Mapping[Reason, str] = {
    Reason.NOT_A_NUMBER: "{where}expected a number, got {actual}",
    Reason.NUMBER_AS_TEXT: (
        "{where}{actual} is a text, not a number: write a plain decimal, without quotes"
    ),
    Reason.BOOLEAN: "{where}expected a number, got a truth value: {actual}",
    Reason.COMPLEX: "{where}expected a real number, got a complex one: {actual}",
    Reason.OBJECT_ARRAY: "{where}{actual} holds objects, not numbers: give it dtype=float",
    Reason.MASKED: "{where}{actual} hides some of its numbers: give a plain array",
    Reason.NOT_A_LIST: "{where}expected a list, got {actual}",
    Reason.NOT_AN_ARRAY: "{where}expected one array or number, got {detail}",
    Reason.NOT_A_MAPPING: "{where}expected a dictionary, got {actual}",
    Reason.NOT_A_FORMULA: "{actual} cannot be read as a formula: {detail}",
    Reason.NOT_AN_OPTION: "{actual} is not one of the options: {detail}",
    Reason.NOT_A_TABLE: "expected a table, got {actual}",
    Reason.NOT_PLAIN_DATA: "{where}expected a number, a list or a dictionary, got {actual}",
    Reason.WRONG_TYPE: "{where}{actual} has the wrong type: expected {detail}",
    Reason.WRONG_SHAPE: "{where}the shape is wrong: {detail}",
    Reason.TRANSPOSED: "{where}the numbers are right, but rows and columns are swapped: {detail}",
    Reason.WRONG_LENGTH: "{where}the length is wrong: {detail}",
    Reason.RAGGED: "{where}the rows have different lengths",
    Reason.NOT_FINITE: "{where}the value is infinite",
    Reason.NAN_AT: "{where}the value is not a number (nan)",
    Reason.TOO_LONG: "{where}the answer is too long: {detail}",
    Reason.KEY_MISSING: "{where}the entry {detail!r} is missing",
    Reason.UNKNOWN_LABEL: "{detail}",
    Reason.WRONG_VALUE: "{where}{actual} is not right",
    Reason.REPEATED: "{where}{actual} repeats a value that another entry already gives",
    Reason.NO_DIRECTION: "{where}all numbers are zero, so they give no direction",
    Reason.WRONG_AT_SOME_POINTS: (
        "{actual} is right for some values of its symbols, but not for all"
    ),
    Reason.TOO_FEW_DIGITS: "{where}{actual} is right as far as it goes, but has too few digits",
    Reason.TOO_MANY_DIGITS: "{where}{actual} has more digits than asked for",
    Reason.UNDEFINED_AT_POINT: "the formula is not defined for the same values as the right one",
    Reason.WRONG_FORM: (
        "the value is right, but the formula must be written in another form: {detail}"
    ),
    Reason.CRITERION_FAILED: "{detail}",
}
_NO_LIST = "{where}expected a list of numbers, got {actual}"
_NO_LIST_FOR = (Reason.NOT_A_NUMBER,)
_LONGEST_DETAIL = 300
_NAME = re.compile(r"[^\W\d]\w*")


#: Of a formula that needs no derivation, whether its values are right or not.
_QUOTIENT = (
    "this divides the difference of two neighbouring values by a small step: derive the formula "
    "by the rules of differentiation instead"
)


def compared(fact: Compared) -> Iterator[str]:
    """What is wrong with the answer. Nothing is said of one that is right."""
    if fact.reason is None:
        return
    reason = fact.reason
    if fact.detail.quotient:
        yield _QUOTIENT
        return
    if reason is Reason.WRONG_AT_SOME_POINTS and not _has_symbols(fact.actual):
        reason = Reason.WRONG_VALUE
    sentence = _NO_LIST if fact.detail.listed and reason in _NO_LIST_FOR else _COMPARISON[reason]
    words = sentence.format(
        where=f"at {path_text(fact.path)}: " if fact.path else "",
        actual=shown(fact.actual, in_full=fact.detail.in_full),
        detail=cut(_detail(fact.reason, fact.detail), _LONGEST_DETAIL),
    )
    if fact.reason is Reason.NOT_A_NUMBER and fact.detail.message:
        words += f": {cut(fact.detail.message, _LONGEST_DETAIL)}"
    if fact.actual is None and fact.detail.returned:
        words += ": is `return` missing, or is the function not finished?"
    if fact.wrong > 1:
        words += f" ({fact.wrong} of {fact.total} numbers are wrong)"
    yield words


def compared_for_staff(fact: Compared) -> Iterator[str]:
    """What a student reads, and the numbers that staff need."""
    yield from compared(fact)
    numbers = []
    if fact.expected is not None:
        numbers.append(f"expected {shown(fact.expected, in_full=fact.detail.in_full)}")
    if fact.difference is not None:
        numbers.append(f"off by {fact.difference:.4g}")
    if fact.allowed is not None:
        numbers.append(f"allowed ±{fact.allowed:.4g}")
    numbers += _beside(fact)
    if numbers and fact.reason is not None:
        yield "; ".join(numbers)


def _shapes(detail: Detail) -> str:
    if detail.message:
        return detail.message
    given, wanted = detail.shape or (), detail.wanted_shape or ()
    if detail.wanted_shape is None:
        return f"got {shape_text(given)}"  # what it must be is part of the question
    if detail.of_formula:
        return _formula_shapes(given, wanted)
    words = f"expected {shape_text(wanted)}, got {shape_text(given)}"
    if detail.numbers_right:
        words += " (the numbers themselves are right)"
    how = mended(given, wanted, typed=detail.typed)
    return f"{words}; {how}" if how else words


def _formula_shapes(given: Shape, wanted: Shape) -> str:
    """Without lengths: many formulas are evaluated at lengths that only the author chose."""
    if len(given) == len(wanted):
        return f"the formula gives {form_text(given)} of the wrong size"
    return f"expected {form_text(wanted)}, but the formula gives {form_text(given)}"


def _type(detail: Detail) -> str:
    return f"an array of {detail.array_of}" if detail.array_of else detail.name


def _values(count: int | None) -> str:
    return f"{count} value{'s' * (count != 1)}"


def _too_long(detail: Detail) -> str:
    if detail.numbers is not None:
        return f"{detail.numbers} numbers"
    return f"a whole number of {detail.bits} bits"


_DETAIL: Mapping[Reason, Callable[[Detail], str]] = {
    Reason.NOT_AN_ARRAY: lambda detail: f"a tuple of {detail.length}",
    Reason.NOT_A_FORMULA: lambda detail: detail.message,
    Reason.NOT_AN_OPTION: lambda detail: ", ".join(detail.options),
    Reason.WRONG_TYPE: _type,
    Reason.WRONG_SHAPE: _shapes,
    Reason.TRANSPOSED: _shapes,
    Reason.WRONG_LENGTH: lambda detail: (
        f"expected {_values(detail.wanted_length)}, got {detail.length}"
    ),
    Reason.TOO_LONG: _too_long,
    Reason.KEY_MISSING: lambda detail: detail.name,
    Reason.WRONG_FORM: lambda detail: " and ".join(detail.form),
}


def detail_text(reason: Reason | None, detail: Detail) -> str:
    """Everything that a comparison found, except its numbers."""
    return _detail(reason, detail) or "; ".join(_of_the_key(detail))


def _detail(reason: Reason | None, detail: Detail) -> str:
    words = _DETAIL.get(reason) if reason is not None else None
    return words(detail) if words is not None else ""


def _has_symbols(formula: Value) -> bool:
    """Whether there is more in it than numbers, constants and functions of the language."""
    if not isinstance(formula, str):
        return False
    return any(name not in BUILT_IN and name not in CONSTANTS for name in _NAME.findall(formula))


def _beside(fact: Compared) -> Iterator[str]:
    """For staff: details of a comparison that are not in the student's sentence."""
    yield from _of_the_key(fact.detail)
    if fact.detail.of_formula:
        given, wanted = fact.detail.shape or (), fact.detail.wanted_shape or ()
        yield f"expected {shape_text(wanted)}, got {shape_text(given)}"
    says_all = not isinstance(fact.actual, Opaque) or fact.reason is Reason.MASKED
    if fact.reason not in _DETAIL and fact.detail.name and (says_all or fact.actual.why):
        yield fact.detail.name


def _of_the_key(detail: Detail) -> Iterator[str]:
    at = f" at {detail.point}" if detail.point else ""
    if detail.defined is not None:
        yield f"{'defined' if detail.defined else 'undefined'}{at}"
    if detail.points:
        yield f"{detail.points_wrong} of {detail.points} sampled values differ, most{at}"
    if detail.sign_turned:
        yield "with the sign turned"
    if detail.scaled:
        yield "beside the nearest multiple of the key"
