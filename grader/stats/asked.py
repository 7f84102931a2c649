"""Which asked answers another one is computed from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from grader.model.assignment import AnswerQuestion, Assignment, FunctionQuestion
from grader.solver.needs import Needs, above

__all__ = ["AskedBefore", "Place", "asked_before"]

Place: TypeAlias = tuple[str, str]  # question and label of a part; "" for a question as a whole


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedBefore:
    """The answers of an assignment in its order, and what each of them builds on."""

    places: Sequence[Place]
    before: Mapping[Place, frozenset[Place]]
    #: iterates that come out of each other row by row → their place in the state
    rows: Mapping[Place, Mapping[Place, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    place: Place
    step: str | None
    at: Mapping[str, Any]


def asked_before(assignment: Assignment, needs: Needs) -> AskedBefore:
    """By the steps of the reference. No other answer starts from a student's function.

    Two answers belong together only where every given is equal that the earlier step is made of.
    """
    asked = [one for question in assignment.questions for one in _asked(question)]
    starts = [one for one in asked if one.step is not None and _is_start(assignment, one)]
    before: dict[Place, frozenset[Place]] = {}
    for one in asked:
        steps = above(needs, one.step) if one.step is not None else frozenset[str]()
        before[one.place] = frozenset(
            other.place
            for other in starts
            if other.step in steps and other is not one and _agree(assignment, needs, one, other)
        )
    rows: dict[Place, dict[Place, int]] = {}
    for question in assignment.questions:
        if isinstance(question, AnswerQuestion) and question.recurrence is not None:
            together = (*question.recurrence.state, *question.recurrence.beside)
            known = {(name, ""): order for order, name in enumerate(together)}
            here = (question.id, "")
            rows[here] = {place: order for place, order in known.items() if place in before}
            steps = above(needs, question.recurrence.step)
            before[here] |= {one.place for one in starts if one.step in steps} - {here}
    return AskedBefore(places=tuple(one.place for one in asked), before=before, rows=rows)


def _asked(question: Any) -> Sequence[_Asked]:
    if isinstance(question, AnswerQuestion):
        return [
            _Asked(place=(question.id, part.label), step=part.step, at=part.at)
            for part in question.parts
        ]
    if isinstance(question, FunctionQuestion):
        return [_Asked(place=(question.id, ""), step=question.step, at=question.at)]
    return [_Asked(place=(question.id, ""), step=None, at={})]


def _is_start(assignment: Assignment, one: _Asked) -> bool:
    return not isinstance(assignment.question(one.place[0]), FunctionQuestion)


def _agree(assignment: Assignment, needs: Needs, one: _Asked, other: _Asked) -> bool:
    assert other.step is not None
    made_of = above(needs, other.step) & assignment.givens.keys()
    return all(
        np.array_equal(
            one.at.get(name, assignment.givens[name]), other.at.get(name, assignment.givens[name])
        )
        for name in made_of
    )
