"""The sentences about parts, rows, cases and promises of an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from grader.compare.comparison import path_text
from grader.judge.words.values import cut, shape_text, shown
from grader.model.fact_marking import (
    CaseInputs,
    CasesRight,
    DerivativeOff,
    ForAPerson,
    Held,
    LengthOff,
    ListWanted,
    OtherDtype,
    PartsWanted,
    PartUnknown,
    PromiseBroken,
    RowBefore,
    RowLeftOut,
    RowsExtra,
    RowsMissing,
)
from grader.model.verdict import Reason

if TYPE_CHECKING:
    from grader.model.fact_sets import ElementsRight

__all__ = [
    "case_inputs",
    "cases_right",
    "derivative_off",
    "derivative_off_for_staff",
    "elements_right",
    "for_a_person",
    "for_a_person_for_staff",
    "held",
    "length_off",
    "list_wanted",
    "other_dtype",
    "other_dtype_for_staff",
    "part_unknown",
    "parts_wanted",
    "promise_broken",
    "row_before",
    "row_label",
    "row_left_out",
    "rows_extra",
    "rows_missing",
]

_SHOWN_ANSWER = 4000
_SHOWN_INPUTS = 200
_SHOWN_PARTS = 6
_PROMISES: Mapping[Reason, str] = {
    Reason.INPUTS_CHANGED: "{entry} changes {arguments}",
    Reason.EARLIER_CHANGED: "{entry} changes a result that it returned earlier",
    Reason.NOT_DETERMINISTIC: (
        "{entry} does not give the same result when the same call is made twice"
    ),
    Reason.NOTHING_RETURNED: "{entry} returns nothing: is `return` missing?",
}


#: What the machine did.
_HELD = {
    Reason.MACHINE_BUSY: "the machine was too busy to run it in its time",
    Reason.MACHINE_MEMORY: "its process was ended on the machine that ran it",
}


def held(fact: Held) -> Iterator[str]:
    yield "this could not be marked, through no fault of yours"
    if fact.reason in _HELD:
        yield f"{_HELD[fact.reason]}; a person will look at it, or it is run again"
    if fact.detail:
        yield fact.detail


def for_a_person(_fact: ForAPerson) -> Iterator[str]:
    yield "a person will mark this"


def for_a_person_for_staff(fact: ForAPerson) -> Iterator[str]:
    yield from for_a_person(fact)
    yield f"answer: {shown(fact.answer, _SHOWN_ANSWER)}"
    for text, points in fact.rubric:
        yield f"rubric: {text}" + (f" ({points:g})" if points else "")


def parts_wanted(fact: PartsWanted) -> Iterator[str]:
    labels = ", ".join(fact.labels[:_SHOWN_PARTS])
    more = " …" if len(fact.labels) > _SHOWN_PARTS else ""
    yield f"expected an answer for each part ({labels}{more})"


def part_unknown(fact: PartUnknown) -> Iterator[str]:
    wanted = ", ".join(fact.wanted[:_SHOWN_PARTS])
    more = " …" if len(fact.wanted) > _SHOWN_PARTS else ""
    yield f"there is no part {shown(fact.label)}" + (
        f"; not answered: {wanted}{more}" if wanted else ""
    )


def elements_right(fact: ElementsRight) -> Iterator[str]:
    words = f"{fact.right} of your {fact.given} {'is' if fact.right == 1 else 'are'} right"
    if fact.imprecise:
        words += f", {fact.imprecise} but for too few digits"
    if fact.wanted is not None and fact.wanted != fact.given:
        off = abs(fact.wanted - fact.given)
        words += (
            f"; {off} {'is' if off == 1 else 'are'} {'missing' if fact.incomplete else 'too many'}"
        )
    elif fact.incomplete:
        words += "; there are more"
    yield words


def list_wanted(fact: ListWanted) -> Iterator[str]:
    advice = f": {fact.advice}" if fact.advice else ""
    yield f"expected a list of iterates, got {shown(fact.actual)}{advice}"


def row_left_out(_fact: RowLeftOut) -> Iterator[str]:
    yield "this row is missing: what you wrote here was read as the row after it"


def rows_missing(fact: RowsMissing) -> Iterator[str]:
    if fact.given:
        yield f"the list ends too early, after {fact.given} row{'s' * (fact.given != 1)}"
    else:
        yield "the list is empty"


def rows_extra(fact: RowsExtra) -> Iterator[str]:
    yield f"the list is too long: it has {fact.extra} row{'s' * (fact.extra != 1)} too many"


def length_off(_fact: LengthOff) -> Iterator[str]:
    yield "the list does not have the right number of rows"


def row_before(_fact: RowBefore) -> Iterator[str]:
    yield "the list begins with a row that comes before the first iterate"


def cases_right(fact: CasesRight) -> Iterator[str]:
    text = f"{fact.right} of {fact.total} cases are right"
    if fact.others_hidden:
        text += "; the others are hidden cases" if fact.right else "; all are hidden"
    yield text


def case_inputs(fact: CaseInputs) -> Iterator[str]:
    inputs = ", ".join(f"{name} = {shown(value)}" for name, value in fact.inputs.items())
    yield f"inputs: {cut(inputs, _SHOWN_INPUTS)}"


def promise_broken(fact: PromiseBroken) -> Iterator[str]:
    arguments = "the arguments that it is given"
    if fact.arguments:
        plural = "s" * (len(fact.arguments) > 1)
        arguments = f"its argument{plural} {cut(', '.join(fact.arguments), _SHOWN_INPUTS)}"
    words = _PROMISES[fact.reason].format(entry=fact.entry, arguments=arguments)
    yield f"{words}; its values are right" if fact.values_right else words


def other_dtype(fact: OtherDtype) -> Iterator[str]:
    words = f"expected a result of dtype {fact.wanted}"
    yield f"{words}, {_found(fact)}" if fact.found and not fact.hidden else words


def other_dtype_for_staff(fact: OtherDtype) -> Iterator[str]:
    yield from other_dtype(fact)
    if fact.hidden:
        yield _found(fact)


def _found(fact: OtherDtype) -> str:
    where = f" at {cut(path_text(fact.path), 60)}" if fact.path else ""
    return f"got {fact.found}{where}"


def derivative_off(fact: DerivativeOff) -> Iterator[str]:
    yield _derivative(fact)


def derivative_off_for_staff(fact: DerivativeOff) -> Iterator[str]:
    """What a student reads, and the value or the numbers."""
    yield _derivative(fact)
    if fact.reason is Reason.DIFFERENCES_DISAGREE:
        yield _numbers(fact)
    elif fact.reason in (Reason.NOT_A_NUMBER, Reason.WRONG_SHAPE):
        yield f"{fact.label}: {shown(fact.actual)}"


def _derivative(fact: DerivativeOff) -> str:
    before = f"finite differences of {fact.of} cannot be taken: "
    if fact.reason is Reason.NOT_A_NUMBER:
        return f"{before}{fact.of} does not return a single number"
    if fact.reason is Reason.NOT_FINITE:
        return f"{before}{fact.of} returns a number that is not finite"
    if fact.reason is Reason.NOTHING_CHANGES:
        return f"{fact.of} returns the same number whatever it is given, which no slope agrees with"
    names = ", ".join(fact.names)
    if fact.reason is Reason.WRONG_LENGTH:
        return f"expected a derivative with respect to each of {names}"
    if fact.reason is Reason.WRONG_SHAPE:
        untold = fact.hidden or fact.shape is None
        must = f"have the shape of {names}" if untold else f"be {shape_text(fact.shape or ())}"
        return f"the derivative with respect to {names} must {must}"
    if fact.hidden:
        return f"a hidden case of {fact.entry} is not what finite differences of {fact.of} give"
    return (
        f"{fact.label}{_at(fact)} is {shown(fact.actual)}, "
        f"which is not what finite differences of {fact.of} give"
    )


def _numbers(fact: DerivativeOff) -> str:
    numbers = f"{fact.label}{_at(fact)}: {shown(fact.actual)}"
    if fact.expected is not None:
        numbers += f", finite differences {shown(fact.expected)}"
    if fact.difference is not None and fact.allowed is not None:
        numbers += f", off by {fact.difference:.4g}, allowed ±{fact.allowed:.4g}"
    return numbers


def _at(fact: DerivativeOff) -> str:
    return f" at {path_text(fact.path)}" if fact.path else ""


def row_label(number: int) -> str:
    """The label of the row with this number; the start value is iterate 0."""
    return f"iterate {number}"
