"""Expand the cases of a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from grader.model.assignment import Assignment, Case, Domain, Drawn, FunctionQuestion
from grader.model.value import Value
from grader.plan.calls import case_call
from grader.plan.canonical import canonical
from grader.plan.case import PlannedCase
from grader.plan.differences import with_probes
from grader.plan.fingerprint import Fingerprints
from grader.plan.inputs import with_whole_numbers
from grader.plan.sampling import draw, generator
from grader.plan.seeds import derived_seed

__all__ = ["before_computed", "planned_cases"]

_Own: TypeAlias = tuple[str | int | bytes, ...]
"""What tells a case from the others."""


def planned_cases(assignment: Assignment, question: FunctionQuestion) -> tuple[PlannedCase, ...]:
    """Every case of a question, random ones drawn from the assignment's seed.

    Inputs and seed of a case depend on what the case says itself, not on what stands before it: a
    case that comes, goes or moves changes no other, and a larger `count` only adds to the draws.
    """
    planned: list[PlannedCase] = []
    names = Fingerprints()
    for case, own in _own_names(question):
        for turn, drawn in enumerate(_drawn_inputs(assignment, question, case, own)):
            number = len(planned) + 1
            computed = case.values[turn] if case.values else dict.fromkeys(case.computed)
            inputs = {**drawn, **computed}
            label = _label(question, case.label, inputs, number, case.hidden)
            drawn_unseen = bool(case.random or case.computed) and label == case.label
            one = PlannedCase(
                id="",
                label=label,
                named=not drawn_unseen and label != _numbered(number),
                inputs=inputs,
                givens={**assignment.givens, **question.at, **case.at},
                hidden=case.hidden,
                public=case.public,
                seed=derived_seed(assignment, "case", *own, turn),
            )
            planned.append(replace(one, id=names.named(case_call(question, one)).id))
    return with_probes(question, planned)


def before_computed(
    assignment: Assignment, question: FunctionQuestion
) -> Iterator[tuple[Case, list[dict[str, Value]]]]:
    """Every case with the inputs of each of its calls, but for those that are to be computed."""
    for case, own in _own_names(question):
        yield case, [*_drawn_inputs(assignment, question, case, own)]


def _drawn_inputs(
    assignment: Assignment, question: FunctionQuestion, case: Case, own: _Own
) -> Iterator[dict[str, Value]]:
    source = generator(derived_seed(assignment, "draws", *own))
    domains = sorted(case.random.items())
    for _ in range(case.count):
        drawn = {name: draw(domain, source) for name, domain in domains}
        inputs = {**case.inputs, **{name: drawn[name] for name in case.random}}
        yield with_whole_numbers(inputs, question.integer_inputs)


def _own_names(question: FunctionQuestion) -> Iterator[tuple[Case, _Own]]:
    """Every case with what tells it from the others: its content, and how many equal ones came
    before. Its label, its `count` and the order of its inputs are not part of it."""
    equal: Counter[bytes] = Counter()
    for case in question.cases:
        domains = _content(case.random)
        made_of = [sorted(case.inputs.items()), domains, sorted(case.at.items()), case.hidden]
        content = canonical(made_of + [sorted(case.computed.items())] * bool(case.computed))
        yield case, (question.id, content, equal[content])
        equal[content] += 1


def _content(drawn: Mapping[str, Drawn]) -> list[Value]:
    return [
        (name, one.low, one.high, one.integers, one.signed, one.shape)
        if isinstance(one, Domain)
        else (name, _content(one))
        for name, one in sorted(drawn.items())
    ]


def _label(
    question: FunctionQuestion, label: str, inputs: Mapping[str, Value], number: int, hidden: bool
) -> str:
    if hidden:
        return f"hidden case {number}"
    if label:
        return label
    names = question.parameters or tuple(inputs)
    written = ", ".join(_short(inputs[name]) for name in names)
    return f"{question.entry}({written})" if len(written) <= 50 else _numbered(number)


def _numbered(number: int) -> str:
    return f"case {number}"


def _short(value: Value) -> str:
    return repr(_plain(value))


def _plain(value: Value) -> Value:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value
