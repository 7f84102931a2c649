"""Expand the cases of a question and turn them into calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from grader.model.assignment import Assignment, Case, FunctionQuestion, Question
from grader.model.call import Call
from grader.model.value import Value
from grader.plan.canonical import canonical
from grader.plan.sampling import draw, generator
from grader.plan.seeds import derived_seed

__all__ = [
    "TYPED_NUMBERS",
    "PlannedCase",
    "answer_call",
    "case_call",
    "case_globals",
    "planned_cases",
]

#: Kinds of question whose numbers are judged with the digits they were typed with.
TYPED_NUMBERS = ("number", "array", "iterates")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlannedCase:
    """One call of a student's function with fixed inputs."""

    id: str  #: question/number
    label: str
    inputs: Mapping[str, Value]
    givens: Mapping[str, Value]  #: the instance, the assignment's givens included
    hidden: bool
    seed: int = 0  #: of the calls that it makes


def planned_cases(assignment: Assignment, question: FunctionQuestion) -> tuple[PlannedCase, ...]:
    """Every case of a question, random ones drawn from the assignment's seed.

    Inputs and seed of a case depend on what the case says itself, not on what stands before it: a
    case that comes, goes or moves changes no other, and a larger `count` only adds to the draws.
    """
    planned: list[PlannedCase] = []
    for case, own in _own_names(question):
        source = generator(derived_seed(assignment, "draws", *own))
        domains = sorted(case.random.items())
        for turn in range(case.count):
            drawn = {name: draw(domain, source) for name, domain in domains}
            number = len(planned) + 1
            inputs = {**case.inputs, **{name: drawn[name] for name in case.random}}
            planned.append(
                PlannedCase(
                    id=f"{question.id}/{number}",
                    label=_label(question, case.label, inputs, number, case.hidden),
                    inputs=inputs,
                    givens={**assignment.givens, **question.at, **case.at},
                    hidden=case.hidden,
                    seed=derived_seed(assignment, "case", *own, turn),
                )
            )
    return tuple(planned)


def _own_names(question: FunctionQuestion) -> Iterator[tuple[Case, tuple[str | int | bytes, ...]]]:
    """Every case with what tells it from the others: its content, and how many equal ones came
    before. Its label, its `count` and the order of its inputs are not part of it."""
    equal: Counter[bytes] = Counter()
    for case in question.cases:
        domains = [
            (name, domain.low, domain.high, domain.integers, domain.signed, domain.shape)
            for name, domain in sorted(case.random.items())
        ]
        content = canonical(
            [sorted(case.inputs.items()), domains, sorted(case.at.items()), case.hidden]
        )
        yield case, (question.id, content, equal[content])
        equal[content] += 1


def _label(
    question: FunctionQuestion, label: str, inputs: Mapping[str, Value], number: int, hidden: bool
) -> str:
    if hidden:
        return f"hidden case {number}"
    if label:
        return label
    names = question.parameters or tuple(inputs)
    written = ", ".join(_short(inputs[name]) for name in names)
    return f"{question.entry}({written})" if len(written) <= 50 else f"case {number}"


def _short(value: Value) -> str:
    if isinstance(value, np.ndarray):
        return str(value.tolist())
    return repr(value)


def case_call(question: FunctionQuestion, case: PlannedCase) -> Call:
    """The call that a case makes. Arrays are copied when they are sent: each call gets its own."""
    arguments: tuple[Value, ...]
    if question.driver is not None:
        arguments = (dict(case.inputs),)
    else:
        arguments = tuple(case.inputs[name] for name in question.parameters)
    return Call(
        id=case.id,
        group=question.id,
        entry=question.entry,
        mode="call" if question.driver is None else "drive",
        arguments=arguments,
        globals=case_globals(question, case),
        driver=question.driver,
        seed=case.seed,
        hidden=case.hidden,
        look_again=question.inputs_unchanged,
        look_back=question.earlier_outputs_unchanged,
        repeat=question.deterministic,
    )


def case_globals(question: FunctionQuestion, case: PlannedCase) -> Mapping[str, Value]:
    """What is set in the student's module before the calls of a case."""
    return {name: case.givens[given] for name, given in question.globals.items()}


def answer_call(assignment: Assignment, question: Question) -> Call:
    """Ask a module for an answer that the sheet does not give."""
    return Call(
        id=question.id,
        group=question.id,
        entry=question.entry,
        mode="value",
        seed=derived_seed(assignment, "answer", question.id),
        digits=question.kind in TYPED_NUMBERS,
    )
