"""Are the relations that an author publishes true of the right answers?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grader.checks.relation import Relation, RelationFault, read_relation
from grader.checks.relation_rows import CannotHold, Known, Row, rows_that_fail
from grader.judge.expect.key import Key
from grader.judge.explain.distance import working_tolerance
from grader.model.assignment import AnswerQuestion, Assignment, FunctionQuestion
from grader.model.diagnostic import Place
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText, Value, map_leaves
from grader.solver import StepFault
from grader.spec.load import Loaded
from grader.spec.problems import Problems

__all__ = [
    "as_array",
    "check_public",
    "given_arrays",
    "relations_of",
    "row_words",
    "spread",
    "tolerances_of",
]


def relations_of(assignment: Assignment) -> tuple[Relation, ...]:
    """All that are published. Raises RelationFault."""
    return tuple(read_relation(text, assignment) for text in assignment.public_checks)


def check_public(loaded: Loaded, key: Key, problems: Problems) -> None:
    """Add S221 for each that cannot be read, or does not hold for the right answers."""
    for index, text in enumerate(loaded.assignment.public_checks):
        path = ("public_checks", index)
        try:
            relation = read_relation(text, loaded.assignment)
        except RelationFault as fault:
            place = _inside(loaded.document.place(path), text, fault.at)
            problems.add_at("S221", place, str(fault), fault.remedy)
            continue
        try:
            failing = rows_that_fail(relation, _known(relation, loaded.assignment, key))
        except (CannotHold, StepFault, ArithmeticError, TypeError, ValueError) as error:
            problems.add("S221", path, f"it cannot be tried on the right answers: {error}")
            continue
        if failing:
            message = f"it does not hold for the right answers{row_words(failing)}"
            problems.add("S221", path, message)


def row_words(rows: Sequence[Row], most: int = 8) -> str:
    """` where k = 1, 2`; nothing where no name runs."""
    if not rows[0]:
        return ""
    if len(rows[0]) > 1:
        listed = [", ".join(f"{name} = {n}" for name, n in row.items()) for row in rows[:most]]
        more = f" and {len(rows) - most} more" if len(rows) > most else ""
        return f" where {'; '.join(listed)}{more}"
    ((name, _),) = rows[0].items()
    numbers = ", ".join(str(row[name]) for row in rows[:most])
    more = f" and {len(rows) - most} more" if len(rows) > most else ""
    return f" where {name} = {numbers}{more}"


def _inside(place: Place, text: str, at: int) -> Place:
    """The place of a character of a text: in the file the text may stand in quotes."""
    try:
        line = Path(place.file).read_text(encoding="utf-8-sig").splitlines()[place.line - 1]
    except (OSError, UnicodeDecodeError, IndexError):
        return place
    start = place.column - 1
    for quotes in (0, 1):
        if line[start + quotes :].startswith(text):
            return Place(file=place.file, line=place.line, column=place.column + quotes + at)
    return place


def as_array(value: Value) -> NDArray[np.float64] | None:
    """Numbers, or lists of them, as an array; None for anything else."""
    plain = map_leaves(value, lambda one: float(one) if isinstance(one, NumberText) else one)
    try:
        made = np.asarray(plain)
    except ValueError:
        return None
    return made.astype(np.float64) if made.dtype.kind in "iuf" else None


def given_arrays(relation: Relation, assignment: Assignment) -> Mapping[str, NDArray[np.float64]]:
    """The givens that a relation names."""
    made = {name: as_array(assignment.givens[name]) for name in relation.givens}
    return {name: value for name, value in made.items() if value is not None}


def spread(question: FunctionQuestion, arguments: Sequence[Value]) -> tuple[Value, ...]:
    """The arguments of one call. A point may stand for its coordinates. Raises CannotHold."""
    wanted = len(question.parameters)
    if len(arguments) == wanted:
        return tuple(arguments)
    (only, *others) = arguments or [None]
    if not others and isinstance(only, np.ndarray) and only.shape == (wanted,):
        return tuple(float(number) for number in only)
    msg = f"{question.entry} takes {wanted} argument{'s' * (wanted != 1)}"
    raise CannotHold(msg)


def tolerances_of(
    relation: Relation, assignment: Assignment
) -> Mapping[tuple[str, str], Tolerance]:
    """The rule of each answer and of each function (with part "") that a relation names."""
    found = {}
    for name in relation.questions:
        question = assignment.question(name)
        if isinstance(question, FunctionQuestion):
            found[name, ""] = question.tolerance
        elif isinstance(question, AnswerQuestion):
            for part in question.parts:
                found[name, part.label] = working_tolerance(part)
    return found


def _known(relation: Relation, assignment: Assignment, key: Key) -> Known:
    """The right answers, and the reference's functions."""
    rules = tolerances_of(relation, assignment)

    def call(name: str, calls: Sequence[Sequence[Value]]) -> Sequence[Value]:
        question = assignment.question(relation.functions[name])
        assert isinstance(question, FunctionQuestion)
        if key.worlds is None:
            msg = "without a reference nothing gives the right results"
            raise CannotHold(msg)
        step = key.worlds.under().solution(question.at)[question.step]
        return [step(*spread(question, arguments)) for arguments in calls]

    return Known(
        answers=dict(_right(relation, key)),
        givens=given_arrays(relation, assignment),
        call=call,
        tolerances=rules,
        of_functions={name: rules[of, ""] for name, of in relation.functions.items()},
    )


def _right(relation: Relation, key: Key) -> Iterator[tuple[tuple[str, str], NDArray[np.float64]]]:
    for one in relation.answers.values():
        place = (one.question, one.label)
        value = as_array(key.parts[place])
        if value is None:
            msg = f"the right answer of {one.question} is not made of real numbers"
            raise CannotHold(msg)
        yield place, value
