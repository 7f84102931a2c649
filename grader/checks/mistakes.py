"""Can every mistake of the spec be tried, and does it change an answer?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grader.judge.expect.key import Key
from grader.model.assignment import (
    AnswerQuestion,
    Assignment,
    FunctionQuestion,
    Mistake,
    Part,
)
from grader.model.value import Value
from grader.solver import Reference
from grader.spec.load import Loaded
from grader.spec.problems import Problems, did_you_mean
from grader.spec.yaml_reader import KeyPath

__all__ = ["check_mistakes", "mistakes_fit"]


def mistakes_fit(loaded: Loaded, reference: Reference | None, problems: Problems) -> None:
    """Add S215 for names in mistakes that lead nowhere."""
    assignment = loaded.assignment
    steps = reference.steps if reference is not None else {}
    values = {*steps, *assignment.givens, *assignment.formulas.domains}
    for index, mistake in enumerate(assignment.mistakes):
        path: KeyPath = ("mistakes", index)
        if reference is None:
            problems.add("S215", path, f"the mistake {mistake.id!r} needs a reference")
            continue
        for name in sorted({*mistake.names, *mistake.replace.values()} - values):
            message = f"{mistake.id!r} names {name!r}, which is neither a step nor a given"
            problems.add("S215", path, message, did_you_mean(name, values))
        for name, other in mistake.replace.items():
            fault = _other_form(reference, name, other)
            if fault and {name, other} <= values:
                problems.add("S215", path, f"{other!r} cannot stand in for {name!r}: {fault}")
        for name in mistake.values:
            if name in steps and steps[name].is_function:
                message = f"the function {name!r} cannot be replaced by a value"
                problems.add("S215", path, message)


def _other_form(reference: Reference, name: str, other: str) -> str:
    """Why one cannot be put in the place of the other, or ""."""
    old, new = reference.steps.get(name), reference.steps.get(other)
    wanted = len(old.arguments) if old is not None else 0
    has = len(new.arguments) if new is not None else 0
    if bool(wanted) != bool(has):
        return "one is a function, the other a value"
    if new is not None and wanted and not new.required <= wanted <= has:
        return f"it takes {has} arguments, not {wanted}"
    return ""


def check_mistakes(loaded: Loaded, key: Key, problems: Problems) -> None:
    """Add S215 for a mistake that changes no answer: nobody could ever be told of it."""
    if key.worlds is None:
        return
    for index, mistake in enumerate(loaded.assignment.mistakes):
        if not any(_changes(key, loaded.assignment, mistake)):
            message = f"the mistake {mistake.id!r} changes no answer"
            problems.add("S215", ("mistakes", index), message)


def _changes(key: Key, assignment: Assignment, mistake: Mistake) -> Iterator[bool]:
    from grader.judge.explain.distance import apart

    assert key.worlds is not None
    right, wrong = key.worlds.under(), key.worlds.under((mistake,))
    for question, part in _places(assignment):
        if part.step is None:
            continue
        compute = "formula" if question.nature.formula else "value"
        usual = getattr(right, compute)(part.step, part.at)
        other = getattr(wrong, compute)(part.step, part.at)
        if usual is not None and other is not None:
            yield apart(part, other, usual) > 1.0
    for one in assignment.questions:
        if isinstance(one, FunctionQuestion):
            for case in key.cases[one.id]:
                yield not _equal(wrong.returned(one, case), key.returned.get(case.id))


def _places(assignment: Assignment) -> Iterable[tuple[AnswerQuestion, Part]]:
    return (
        (question, part)
        for question in assignment.questions
        if isinstance(question, AnswerQuestion)
        for part in question.parts
    )


def _equal(one: Value, other: Value) -> bool:
    return repr(one) == repr(other)
