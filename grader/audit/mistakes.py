"""Can every mistake and every recurrence of the spec be tried?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from grader.judge.expect.key import Key
from grader.judge.expect.world import World
from grader.judge.explain.distance import apart
from grader.judge.words.values import shown
from grader.model.assignment import (
    AnswerQuestion,
    Assignment,
    FunctionQuestion,
    Mistake,
    Part,
    Question,
)
from grader.model.value import Value
from grader.solver import Reference, StepFault
from grader.spec.load import Loaded
from grader.spec.problems import Problems, did_you_mean
from grader.spec.yaml_reader import KeyPath

__all__ = ["check_mistakes", "check_recurrences", "names_fit"]


def names_fit(loaded: Loaded, reference: Reference | None, problems: Problems) -> None:
    """Add S215 and S216 for names in mistakes and recurrences that lead nowhere."""
    assignment = loaded.assignment
    steps = reference.steps if reference is not None else {}
    values = {*steps, *assignment.givens, *assignment.formulas.domains}
    for index, mistake in enumerate(assignment.mistakes):
        path: KeyPath = ("mistakes", index)
        if reference is None:
            problems.add("S215", path, f"the mistake {mistake.id!r} needs a reference")
            continue
        for name in sorted({*mistake.names, *mistake.replace.values()} - values):
            message = f"{mistake.id!r} names {name!r}, neither a step nor a given"
            problems.add("S215", path, message, did_you_mean(name, values))
        for name, other in mistake.replace.items():
            fault = _other_form(reference, name, other)
            if fault and {name, other} <= values:
                problems.add("S215", path, f"{other!r} cannot stand in for {name!r}: {fault}")
        for name in mistake.values:
            if name in steps and steps[name].is_function:
                message = f"the function {name!r} cannot be replaced by a value"
                problems.add("S215", path, message)
    for index, question in enumerate(assignment.questions):
        if isinstance(question, AnswerQuestion) and question.recurrence is not None:
            _recurrence_names(reference, assignment, question, ("questions", index), problems)


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


def _recurrence_names(
    reference: Reference | None,
    assignment: Assignment,
    question: AnswerQuestion,
    path: KeyPath,
    problems: Problems,
) -> None:
    assert question.recurrence is not None
    path = (*path, "recurrence")
    steps = reference.steps if reference is not None else {}
    name, state = question.recurrence.step, question.recurrence.state
    taken = (*state, *question.recurrence.beside)
    step = steps.get(name)
    if step is None or not step.is_function:
        message = f"{name!r} is not a step with arguments"
        functions = [one for one in steps if steps[one].is_function]
        problems.add("S216", (*path, "step"), message, did_you_mean(name, functions))
    elif not step.required <= len(taken) <= len(step.arguments):
        message = f"the state has {len(taken)} entries, {name!r} takes {len(step.arguments)}"
        problems.add("S216", (*path, "state"), message)
    if question.id not in state:
        message = f"{question.id!r} itself is not in its state"
        problems.add("S216", (*path, "state"), message)
    iterates = {one.id: one for one in assignment.questions if one.kind == "iterates"}
    for key, entries in (("state", state), ("beside", question.recurrence.beside)):
        for index, entry in enumerate(entries):
            if entry not in iterates and entry not in steps:
                message = f"{entry!r} is neither a question with iterates nor a step"
                near = did_you_mean(entry, {*iterates, *steps})
                problems.add("S216", (*path, key, index), message, near)
    if question.id in question.recurrence.beside:
        message = f"{question.id!r} cannot stand beside itself"
        problems.add("S216", (*path, "beside"), message)


def check_recurrences(loaded: Loaded, key: Key, problems: Problems) -> None:
    """Add S216 where a recurrence does not lead from each row of the key to the next."""
    if key.worlds is None:
        return
    right = key.worlds.under()
    questions = {one.id: one for one in loaded.assignment.questions}
    for index, question in enumerate(loaded.assignment.questions):
        if not isinstance(question, AnswerQuestion) or question.recurrence is None:
            continue
        at, tolerance_of = question.parts[0].at, question.parts[0]
        path: KeyPath = ("questions", index, "recurrence")
        recurrence = question.recurrence
        before, beside = (
            [_rows(right, questions.get(name), name, at) for name in names]
            for names in (recurrence.state, recurrence.beside)
        )
        position = recurrence.state.index(question.id)
        own = before[position]
        if any(column is None for column in (*before, *beside)) or own is None:
            problems.add("S216", path, "the reference has no rows for an entry of the state")
            continue
        if any(len(column) + 1 < len(own) for column in (*before, *beside)):
            problems.add("S216", path, "an entry of the state has too few rows")
            continue
        try:
            following = right.solution(at)[recurrence.step]
            for number in range(1, len(own)):
                taken = [column[number - 1] for column in before]
                rows = following(*taken, *(column[number] for column in beside))
                row = rows[position] if isinstance(rows, tuple) else rows
                if apart(tolerance_of, row, own[number]) > 1.0:
                    message = f"from row {number} of the right answer it does not give the next"
                    near = f"it gives {shown(row)}, and the next is {shown(own[number])}"
                    problems.add("S216", path, message, near)
                    break
        except (StepFault, IndexError, TypeError, ValueError) as error:
            problems.add("S216", path, f"the recurrence fails: {error}")


def _rows(right: World, question: Question | None, name: str, at: Mapping[str, Value]) -> Value:
    step = name
    if isinstance(question, AnswerQuestion):
        step = question.parts[0].step or name
    value = right.value(step, at)
    return value if isinstance(value, np.ndarray | list | tuple) else None


def check_mistakes(loaded: Loaded, key: Key, problems: Problems) -> None:
    """Add S215 for a mistake that changes no answer: nobody could ever be told of it."""
    if key.worlds is None:
        return
    for index, mistake in enumerate(loaded.assignment.mistakes):
        if not any(_changes(key, loaded.assignment, mistake)):
            message = f"the mistake {mistake.id!r} changes no answer"
            problems.add("S215", ("mistakes", index), message)


def _changes(key: Key, assignment: Assignment, mistake: Mistake) -> Iterator[bool]:
    assert key.worlds is not None
    right, wrong = key.worlds.under(), key.worlds.under((mistake,))
    for question, part in _places(assignment):
        if part.step is None:
            continue
        compute = "formula" if question.kind == "expression" else "value"
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
