"""Does every recurrence of the spec lead from each row of the right answer to the next?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from grader.judge.expect.key import Key
from grader.judge.expect.world import World
from grader.judge.words.values import shown
from grader.model.assignment import AnswerQuestion, Assignment, Question
from grader.model.value import Value
from grader.solver import Reference, StepFault
from grader.spec.load import Loaded
from grader.spec.problems import Problems, did_you_mean
from grader.spec.yaml_reader import KeyPath

__all__ = ["check_recurrences", "recurrences_fit"]


def recurrences_fit(loaded: Loaded, reference: Reference | None, problems: Problems) -> None:
    """Add S216 for names in recurrences that lead nowhere."""
    assignment = loaded.assignment
    for index, question in enumerate(assignment.questions):
        if isinstance(question, AnswerQuestion) and question.recurrence is not None:
            _recurrence_names(reference, assignment, question, ("questions", index), problems)


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
    iterates = {one.id: one for one in assignment.questions if one.nature.rows}
    for key, entries in (("state", state), ("beside", question.recurrence.beside)):
        for index, entry in enumerate(entries):
            if entry not in iterates and entry not in steps:
                message = f"{entry!r} is neither a question of kind iterates nor a step"
                near = did_you_mean(entry, {*iterates, *steps})
                problems.add("S216", (*path, key, index), message, near)
    if question.id in question.recurrence.beside:
        message = f"{question.id!r} cannot stand beside itself"
        problems.add("S216", (*path, "beside"), message)


def check_recurrences(loaded: Loaded, key: Key, problems: Problems) -> None:
    """Add S216 where a recurrence does not lead from each row of the key to the next."""
    from grader.judge.explain.distance import apart

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
                    message = (
                        f"given row {number} of the right answer, it does not give the next row"
                    )
                    near = f"it gives {shown(row)}, but the next row is {shown(own[number])}"
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
