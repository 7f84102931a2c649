"""A student who works an assignment out by the reference, slips once, and goes on rightly."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from grader.checks.prepare import Prepared
from grader.judge.expect.world import run_driver
from grader.model.assignment import (
    AnswerQuestion,
    FunctionQuestion,
    ManualQuestion,
    Mistake,
    Part,
)
from grader.model.response import Response
from grader.model.series import (
    SeriesQuestion,
)
from grader.model.value import NumberText
from grader.model.verdict import Reason, Verdict
from grader.plan import case_call
from grader.solver import Reference, Solution
from tests.fairness.homeworks import Homework
from tests.fairness.written import changed, typed

__all__ = ["Place", "Slips", "Student"]

#: a question and the label of a part, or the number of a row from 0
Place: TypeAlias = tuple[str, str | int]
_REQUIRED = 4  # decimals that are written where nothing is rounded on purpose: all that there are


@dataclass(frozen=True, slots=True, kw_only=True)
class Slips:
    """What goes wrong. Without any of these the work is right."""

    values: Mapping[Place, Callable[[Any], Any]] = field(default_factory=dict)
    formulas: Mapping[str, str] = field(default_factory=dict)  #: step → the student's own formula
    labels: Mapping[str, str] = field(default_factory=dict)  #: leaf → what the student calls it
    mistake: Mistake | None = None
    digits: int | None = None  #: decimals to which each answer is rounded
    keeps: bool = False  #: goes on with what was rounded away
    rows_before: bool = False  #: lists begin with their start
    typed_only: bool = False  #: goes on with what was meant, not with what was written
    sheet: Reference | None = None  #: the reference with a slip in a step, for the answers
    code: Reference | None = None  #: the same for the functions that are handed in


class Student:
    """The answers to all questions, as responses, and what each of them was worked out to be.

    `meant` has for each place the value that is right from the student's own earlier answers, and
    `written` what stands in the sheet; both only for numbers.
    """

    def __init__(self, made: Prepared, homework: Homework, slips: Slips) -> None:
        assert made.reference is not None
        self._made = made
        self._assignment = made.assignment
        self._homework = homework
        self._slips = slips
        self._reference = self._own_reference(slips.sheet or made.reference)
        self._own: dict[tuple[str, tuple[Any, ...]], Any] = {}
        self.meant: dict[Place, Any] = {}
        self.written: dict[Place, Any] = {}
        self.texts: dict[Place, str] = {}
        self.chosen: dict[Place, str] = {}
        self.answers: dict[str, Any] = {}
        self._numbers()
        self._lists()
        self._rest()

    # -- numbers ---------------------------------------------------------------------------------

    def _own_reference(self, reference: Reference) -> Reference:
        own = dict(self._slips.formulas)
        if "gradient" in reference.steps and {"df_dx", "df_dy"} & set(own):
            gradient = reference.steps["gradient"]
            if "df_dx" not in gradient.needs:  # two ways to say one thing in this reference
                parts = {name: self._homework.formulas[name] for name in ("df_dx", "df_dy")} | own
                own["gradient"] = f"array([{parts['df_dx']}, {parts['df_dy']}])"
        return changed(reference, own) if own else reference

    def solution(self, at: Mapping[str, Any], start: Mapping[str, Any] | None = None) -> Solution:
        givens = {**self._assignment.givens, **self._homework.givens, **at}
        mistake = self._slips.mistake
        return Solution(
            self._reference,
            givens,
            replace=mistake.replace if mistake else {},
            start={**(mistake.values if mistake else {}), **(start or {})},
        )

    def _instance(self, step: str, at: Mapping[str, Any]) -> tuple[Any, ...]:
        givens = {**self._assignment.givens, **at}
        made_of = self._made.reference.ancestors(step) if self._made.reference else ()
        return tuple(sorted((name, str(givens[name])) for name in made_of if name in givens))

    def _numbers(self) -> None:
        assert self._made.reference is not None
        asked = [
            (question, part)
            for question in self._assignment.questions
            if isinstance(question, AnswerQuestion) and question.kind in ("number", "array")
            for part in question.parts
            if part.step in self._made.reference.steps  # else it is only stated
        ]
        depth = self._made.reference.ancestors
        for question, part in sorted(asked, key=lambda one: len(depth(one[1].step or ""))):
            value = self.solution(part.at, self._before(part))[part.step or ""]
            place = (question.id, part.label)
            self._own[part.step or "", self._instance(part.step or "", part.at)] = self._write(
                place, value
            )

    def _before(self, part: Part) -> dict[str, Any]:
        """What the student has at the same instance for the other steps."""
        return {
            step: value
            for (step, instance), value in self._own.items()
            if step != part.step and instance == self._instance(step, part.at)
        }

    def _write(self, place: Place, value: Any) -> Any:
        """Write an answer down; gives what is gone on with."""
        value = np.asarray(value, dtype=float)[()]
        self.meant[place] = value
        slip = self._slips.values.get(place)
        value = np.asarray(slip(value), dtype=float)[()] if slip is not None else value
        text = _as_typed(value, self._slips.digits)
        self.written[place] = text
        if self._slips.typed_only:
            return self.meant[place]
        return value if self._slips.keeps else _number(text)

    def _lists(self) -> None:
        self._write_lists()
        for name in self.answers:
            part = self._part(name)
            rows = np.array([_number(row) for row in self.answers[name]])
            self._own[part.step or "", self._instance(part.step or "", part.at)] = rows

    def _write_lists(self) -> None:
        for one in self._assignment.questions:
            walked = any(one.id in names for names in self._homework.walks)
            if one.kind == "iterates" and not walked:
                part = self._part(one.id)
                column = list(self.solution(part.at)[part.step or ""])
                for row, value in enumerate(column):
                    self._write((one.id, row), value)
                self.answers[one.id] = [self.written[one.id, row] for row in range(len(column))]
        for names, walk in self._homework.walks.items():
            question = self._assignment.question(names[0])
            assert isinstance(question, AnswerQuestion)
            rows = len(self._made.key.parts[names[0], ""])
            steps = self.solution(question.parts[0].at)
            if self._slips.mistake is not None:
                for name in names:  # the reference itself goes wrong: by its own path
                    part = self._part(name)
                    for row, value in enumerate(steps[part.step or ""]):
                        self._write((name, row), value)
            else:
                walk(steps, lambda name, row, value: self._write((name, row), value), rows)
            for name in names:
                count = sum(place[0] == name for place in self.written)
                answer = [self.written[name, row] for row in range(count)]
                if self._slips.rows_before:
                    answer.insert(0, self._first(name))
                self.answers[name] = answer

    def _first(self, name: str) -> Any:
        if name in ("sgd_points", "nesterov_points"):
            return _as_typed(np.array(self._assignment.givens["start"], dtype=float), None)
        return _as_typed(np.zeros(2) if name == "nesterov_velocities" else 0.0, None)

    def _part(self, name: str) -> Part:
        question = self._assignment.question(name)
        assert isinstance(question, AnswerQuestion)
        return question.parts[0]

    # -- everything else ---------------------------------------------------------------------------

    def formula(self, step: str) -> str:
        """The student's own formula for a step, spelled out where it names another of theirs."""
        text = self._slips.formulas.get(step) or self._slips.labels.get(step)
        text = text if text is not None else self._homework.formulas.get(step, step)
        return re.sub(r"\{(\w+)\}", lambda found: self._named(found[1]), text)

    def _named(self, step: str) -> str:
        if step in self._slips.labels:
            return self._slips.labels[step]
        if step in ("x1", "x2", "x3") or step in self._assignment.givens:
            return step  # a symbol of its own
        return f"({self.formula(step)})"

    def _rest(self) -> None:
        for question in self._assignment.questions:
            if isinstance(question, AnswerQuestion) and question.id not in self.answers:
                given = {part.label: self._answer(question, part) for part in question.parts}
                self.answers[question.id] = given if question.labelled else given[""]

    def _answer(self, question: AnswerQuestion, part: Part) -> Any:
        place = (question.id, part.label)
        if question.kind == "expression":
            self.texts[place] = self.formula(part.step or "")
            return typed(self.texts[place])
        if place in self.written:
            return self.written[place]
        if question.kind == "choice" and part.step in self._reference.steps:
            own = str(self.solution(part.at, self._before(part))[part.step or ""])
            if own in map(str, part.options):
                self.chosen[place] = own
                return own
        return self._made.key.parts[place]

    def responses(self) -> dict[str, Response]:
        missing = Response.failed(Verdict.MISSING, Reason.NOT_ANSWERED)
        found: dict[str, Response] = {}
        for question in self._assignment.questions:
            given = self.answers.get(question.id)
            found[question.id] = missing if given is None else Response(value=_told(given))
            if isinstance(question, ManualQuestion | SeriesQuestion):
                continue
            if isinstance(question, FunctionQuestion):
                found |= self._called(question)
        return found

    def _called(self, question: FunctionQuestion) -> dict[str, Response]:
        found = {}
        mistake = self._slips.mistake
        reference = self._slips.code or self._made.reference
        assert reference is not None
        for case in self._made.key.cases[question.id]:
            steps = Solution(
                reference,
                case.givens,
                replace=mistake.replace if mistake else {},
                start=mistake.values if mistake else {},
            )
            inputs = dict(case.inputs)
            if question.driver is not None:
                value = run_driver(question.driver, steps.namespace, inputs)
            else:
                value = steps[question.step](*(inputs[name] for name in question.parameters))
            unchanged = tuple(case_call(question, case).arguments)
            found[case.id] = Response(value=value, inputs_after=unchanged)
        return found


def _as_typed(value: Any, digits: int | None) -> Any:
    if np.ndim(value):
        return [_as_typed(item, digits) for item in value]
    text = f"{float(value):.10g}" if digits is None else f"{float(value):.{digits}f}"
    return "0" if float(text) == 0 else text


def _number(text: Any) -> Any:
    return np.array([_number(item) for item in text]) if isinstance(text, list) else float(text)


def _told(given: Any) -> Any:
    if isinstance(given, str):
        return NumberText.parse(given) or given
    if isinstance(given, list | tuple):
        return tuple(_told(item) for item in given)
    if isinstance(given, dict):
        return {label: _told(item) for label, item in given.items()}
    return given
