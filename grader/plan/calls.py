"""The calls that are made of a student's code: for a case, and for an answer."""

from __future__ import annotations

from collections.abc import Mapping

from grader.model.assignment import Assignment, FunctionQuestion, Question
from grader.model.call import Call
from grader.model.value import Value
from grader.plan.case import PlannedCase
from grader.plan.fingerprint import Fingerprints
from grader.plan.seeds import derived_seed

__all__ = ["answer_call", "case_call", "case_globals"]


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
    call = Call(
        id="",
        group=question.id,
        entry=question.entry,
        mode="value",
        seed=derived_seed(assignment, "answer", question.id),
        digits=question.nature.numbers,
    )
    return Fingerprints().named(call)
