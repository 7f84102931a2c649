"""Expand the cases of a question and turn them into calls."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from grader.model.assignment import Assignment, FunctionQuestion, Question
from grader.model.call import Call
from grader.model.value import Value
from grader.plan.sampling import draw, generator

__all__ = [
    "TYPED_NUMBERS",
    "PlannedCase",
    "answer_call",
    "case_call",
    "case_globals",
    "planned_cases",
    "seed_of",
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
    """Every case of a question, random ones drawn from the assignment's seed."""
    planned: list[PlannedCase] = []
    for index, case in enumerate(question.cases):
        source = generator(assignment.slug, assignment.seed, question.id, index)
        for _ in range(case.count):
            drawn = {name: draw(domain, source) for name, domain in case.random.items()}
            number = len(planned) + 1
            name = f"{question.id}/{number}"
            inputs = {**case.inputs, **drawn}
            planned.append(
                PlannedCase(
                    id=name,
                    label=_label(question, case.label, inputs, number, case.hidden),
                    inputs=inputs,
                    givens={**assignment.givens, **question.at, **case.at},
                    hidden=case.hidden,
                    seed=seed_of(assignment, name),
                )
            )
    return tuple(planned)


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


def answer_call(question: Question, *, seed: int = 0) -> Call:
    """Ask a module for an answer that the sheet does not give."""
    return Call(
        id=question.id,
        group=question.id,
        entry=question.entry,
        mode="value",
        seed=seed,
        digits=question.kind in TYPED_NUMBERS,
    )


def seed_of(assignment: Assignment, name: str) -> int:
    """The seed of a question's or a case's calls, the same for every submission.

    It depends on the assignment's seed and the name alone: questions that are added or removed
    change that of no other. Of n names two have the same one with a chance of n²/2**63.
    """
    whole = f"{assignment.slug}:{assignment.seed}:{name}".encode()
    return int.from_bytes(hashlib.blake2b(whole, digest_size=8).digest(), "big") >> 2
