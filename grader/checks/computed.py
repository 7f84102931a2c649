"""Inputs of cases that the reference computes: such as what a forward pass leaves for a backward
one."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace

from grader.judge.expect.unfit import unfit_result
from grader.model.assignment import Assignment, Case, FunctionQuestion, Question
from grader.model.value import Value
from grader.plan.cases import before_computed
from grader.solver import Reference, Solution, StepFault
from grader.spec.load import Loaded
from grader.spec.problems import Problems, did_you_mean
from grader.spec.yaml_reader import KeyPath

__all__ = ["with_computed"]


def with_computed(loaded: Loaded, reference: Reference | None, problems: Problems) -> Assignment:
    """The assignment with the values of all inputs that are computed; a problem for each that has
    none. They are the same for everybody: none may hang on a given that is drawn for a student."""
    assignment = loaded.assignment
    questions: list[Question] = []
    for index, question in enumerate(assignment.questions):
        # That there is no reference is told elsewhere.
        if isinstance(question, FunctionQuestion) and reference is not None:
            path = ("questions", index)
            questions.append(_computed(assignment, question, reference, path, problems))
        else:
            questions.append(question)
    return replace(assignment, questions=tuple(questions))


def _computed(
    assignment: Assignment,
    question: FunctionQuestion,
    reference: Reference,
    path: KeyPath,
    problems: Problems,
) -> FunctionQuestion:
    if not any(case.computed for case in question.cases):
        return question
    cases: list[Case] = []
    for number, (case, calls) in enumerate(before_computed(assignment, question)):
        values: list[Mapping[str, Value]] = []
        givens = {**assignment.givens, **question.at, **case.at}
        solution = Solution(reference, givens)
        for inputs in calls if case.computed else ():
            found: dict[str, Value] = {}
            for name, step in case.computed.items():
                there = {**inputs, **found}
                value, code, fault, near = _value(assignment, reference, solution, step, there)
                if fault:
                    place = (*path, "cases", number, "computed", name)
                    problems.add(code, place, fault, near)
                    return question
                found[name] = value
            values.append(found)
        cases.append(replace(case, values=tuple(values)))
    return replace(question, cases=tuple(cases))


def _value(
    assignment: Assignment,
    reference: Reference,
    solution: Solution,
    step: str,
    inputs: Mapping[str, Value],
) -> tuple[Value, str, str, str]:
    """The value of a step for these inputs; or None with a code, a sentence and help."""
    if step not in reference.steps:
        near = did_you_mean(step, reference.steps)
        return None, "S309", f"{step!r} is not a step of the reference", near
    drawn = () if assignment.variants is None else assignment.variants.givens
    if hanging := sorted(reference.ancestors(step) & set(drawn)):
        message = f"step {step!r} is computed from {hanging[0]}, which differs between students"
        return None, "S207", message, ""
    known = reference.steps[step]
    lacking = [
        name
        for name in known.arguments[: known.required]
        if name not in inputs and not solution.knows(name)
    ]
    if lacking:
        message = (
            f"step {step!r} takes {lacking[0]}, which is neither an input of the case nor a step"
        )
        return None, "S207", message, ""
    try:
        value = solution[step]
        if known.is_function:
            named = enumerate(known.arguments)
            names = [one for at, one in named if at < known.required or one in inputs]
            module = solution.namespace
            taken = [inputs[one] if one in inputs else solution[one] for one in names]
            value = getattr(module, step)(*copy.deepcopy(taken))
    except StepFault as fault:
        return None, "S305", str(fault), ""
    unfit = unfit_result(value)
    if unfit:
        return None, "S308", f"the value of step {step!r} {unfit}", ""
    return copy.deepcopy(value), "", "", ""
