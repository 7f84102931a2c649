"""Do a student's own answers and functions stand in the relations that the author published?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from grader.checks.public_checks import as_array, given_arrays, relations_of, row_words, spread
from grader.checks.relation import Relation
from grader.checks.relation_rows import CannotHold, Known, Wanting, rows_that_fail
from grader.checks.released import Released
from grader.judge.mark.reading import read_answer
from grader.judge.words.tell import told
from grader.model.assignment import FunctionQuestion
from grader.model.call import Call
from grader.model.fact import Facts
from grader.model.fact_marking import Failed
from grader.model.response import Response
from grader.model.value import Value
from grader.model.verdict import Verdict
from grader.plan.fingerprint import fingerprint
from grader.plan.seeds import derived_seed

__all__ = ["OwnRelations", "RelationChecked"]

_MOST_CALLS = 2000  # of a student's functions, for all relations together


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationChecked:
    """What was found of one relation; `words` is a sentence for the student."""

    text: str
    questions: tuple[str, ...]
    state: Literal["holds", "fails", "open"]
    words: str


class _Failing(Exception):
    """A call of the student's function failed; says how."""


class OwnRelations:
    """Every relation of a release. Their functions are called at the student's own answers, so
    what is to be called is known by and by: `calls` says what is wanting now."""

    def __init__(self, released: Released, responses: Mapping[str, Response]) -> None:
        self._released = released
        self._responses = responses
        self._relations = relations_of(released.assignment)
        self._made: dict[str, Response] = {}
        self._wanted: dict[str, Call] = {}

    def calls(self) -> tuple[Call, ...]:
        """The calls that are wanting now; none when everything is there."""
        self._wanted = {}
        self.checked()
        room = _MOST_CALLS - len(self._made)
        return tuple(self._wanted.values()) if len(self._wanted) <= room else ()

    def give(self, made: Mapping[str, Response]) -> None:
        """What came of calls, by their ids."""
        self._made.update(made)

    def checked(self) -> tuple[RelationChecked, ...]:
        """What is known of each, with the calls that were made."""
        return tuple(self._one(relation) for relation in self._relations)

    def _one(self, relation: Relation) -> RelationChecked:
        state: Literal["holds", "fails", "open"] = "open"
        try:
            failing = rows_that_fail(relation, self._known(relation))
        except Wanting:
            words = "not looked at: it takes too many calls"
        except (CannotHold, _Failing) as error:
            words = f"not looked at: {error}"
        else:
            state = "fails" if failing else "holds"
            words = "consistent with your own work"
            if failing:
                words = f"not consistent with your own work{row_words(failing)}"
        return RelationChecked(
            text=relation.text, questions=relation.questions, state=state, words=words
        )

    def _known(self, relation: Relation) -> Known:
        within = self._released.within
        return Known(
            answers={
                (one.question, one.label): self._answer(one.question, one.label)
                for one in relation.answers.values()
            },
            givens=given_arrays(relation, self._released.assignment),
            call=lambda name, calls: self._called(relation.functions[name], calls),
            tolerances=within,
            of_functions={name: within[of, ""] for name, of in relation.functions.items()},
        )

    def _answer(self, name: str, label: str) -> NDArray[np.float64]:
        question = self._released.assignment.question(name)
        response = read_answer(question, self._released.key, self._responses)
        value = response.value
        if label:
            value = value.get(label) if isinstance(value, Mapping) else None
        shown = f"{name} ({label})" if label else name
        if response.failure is not None or value is None:
            missing = response.failure is None or response.failure.verdict is Verdict.MISSING
            raise CannotHold(f"{shown} is not answered" if missing else f"{shown} is not readable")
        numbers = as_array(value)
        if numbers is None:
            raise CannotHold(f"{shown} is not made of numbers")
        return numbers

    def _called(self, name: str, calls: Sequence[Sequence[Value]]) -> Sequence[Value]:
        assignment = self._released.assignment
        question = assignment.question(name)
        assert isinstance(question, FunctionQuestion)
        made = [self._call(question, spread(question, arguments)) for arguments in calls]
        wanted = {call.id: call for call in made if call.id not in self._made}
        if wanted:
            self._wanted.update(wanted)
            raise Wanting
        responses = [self._made[call.id] for call in made]
        for response in responses:
            if response.failure is not None:
                fact = Failed(
                    failure=response.failure, entry=question.entry, limits=assignment.limits
                )
                raise _Failing(" ".join(told(Facts.of(fact)).student))
        return [response.value for response in responses]

    def _call(self, question: FunctionQuestion, arguments: tuple[Value, ...]) -> Call:
        assignment = self._released.assignment
        givens = {**assignment.givens, **question.at}
        call = Call(
            id="",
            group=question.id,
            entry=question.entry,
            mode="call",
            arguments=arguments,
            globals={name: givens[given] for name, given in question.globals.items()},
            seed=derived_seed(assignment, "relation", question.id),
        )
        return replace(call, id=fingerprint(call))
