"""Compute the key: every expected value, before any student's file is touched."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from grader.compare.formula import Language, Samples
from grader.judge.expect.samples import Sampler
from grader.judge.expect.stated import with_stated_infinities
from grader.judge.expect.unfit import unfit_answer, unfit_result
from grader.judge.expect.world import Worlds
from grader.model.assignment import (
    AnswerQuestion,
    Assignment,
    FunctionQuestion,
    Part,
)
from grader.model.series import (
    SeriesQuestion,
)
from grader.model.value import Value
from grader.plan import PlannedCase, answer_call, planned_cases
from grader.solver import Reference, StepFault
from grader.solver.forbidden import forbidden_to
from grader.solver.reference import described, last_line_in

__all__ = ["FormulaKey", "Key", "KeyProblem", "build_key"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyProblem:
    """Why a value cannot be a key; `keys` lead to it inside the question's part of the spec."""

    code: str
    question: str
    keys: tuple[str | int, ...]
    message: str
    step: str | None = None
    line: int = 0  #: in the reference


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FormulaKey:
    """What a formula is held against."""

    samples: Samples
    expected: NDArray[np.float64]  #: shape (points, *shape), NaN where the key is undefined
    language: Language
    sizes: NDArray[np.float64] | None = None  #: of the terms of a stated formula, same shape
    quotients: bool = False  #: the stated formula is a difference quotient, so others may be


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Key:
    """Expected values: of parts by (question, label), of cases by their id."""

    parts: Mapping[tuple[str, str], Value] = field(default_factory=dict)
    formulas: Mapping[tuple[str, str], FormulaKey] = field(default_factory=dict)
    cases: Mapping[str, tuple[PlannedCase, ...]] = field(default_factory=dict)
    returned: Mapping[str, Value] = field(default_factory=dict)
    #: Question → id of the call that asks a module for an answer that no sheet gives.
    asks: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[KeyProblem, ...] = ()
    worlds: Worlds | None = None  #: None where there is no reference


def build_key(assignment: Assignment, reference: Reference | None) -> Key:
    """Solve everything that the questions ask. What cannot be solved is among the problems."""
    builder = _Builder(assignment, reference)
    for question in assignment.questions:
        if isinstance(question, FunctionQuestion):
            builder.add_function(question)
        elif isinstance(question, AnswerQuestion):
            for part in question.parts:
                builder.add_part(question, part)
    builder.make_free()
    asked = (
        one for one in assignment.questions if isinstance(one, AnswerQuestion | SeriesQuestion)
    )
    return Key(
        asks={question.id: answer_call(assignment, question).id for question in asked},
        parts=MappingProxyType(builder.parts),
        formulas=MappingProxyType(builder.formulas),
        cases=MappingProxyType(builder.cases),
        returned=MappingProxyType(builder.returned),
        problems=tuple(builder.problems),
        worlds=builder.worlds,
    )


class _Builder:
    def __init__(self, assignment: Assignment, reference: Reference | None) -> None:
        self._assignment = assignment
        self._reference = reference
        self._sampler = Sampler(assignment, reference)
        self.worlds = Worlds(assignment, reference, self._sampler) if reference else None
        self.parts: dict[tuple[str, str], Value] = {}
        self.formulas: dict[tuple[str, str], FormulaKey] = {}
        self.cases: dict[str, tuple[PlannedCase, ...]] = {}
        self.returned: dict[str, Value] = {}
        self.problems: list[KeyProblem] = []

    def make_free(self) -> None:
        """What the key is made of is there for everybody: no search is ended by its costs."""
        self._sampler.make_free()
        if self.worlds is not None:
            self.worlds.under().make_free()

    def _problem(
        self,
        code: str,
        question: str,
        label: str,
        message: str,
        *,
        fault: StepFault | None = None,
    ) -> None:
        keys: tuple[str | int, ...] = ("parts", label) if label else ()
        self.problems.append(
            KeyProblem(
                code=code,
                question=question,
                keys=keys,
                message=message,
                step=fault.step if fault else None,
                line=fault.line if fault else 0,
            )
        )

    # -- answers ---------------------------------------------------------------------------------

    def add_part(self, question: AnswerQuestion, part: Part) -> None:
        place = (question.id, part.label)
        if question.nature.formula:
            self._add_formula(question, part)
            return
        if part.step is None or self._reference is None or self.worlds is None:
            self.parts[place] = part.expected
            return
        if part.step not in (*self._reference.steps, *self._assignment.givens):
            if part.expected is not None and not part.names_step:
                self.parts[place] = part.expected
                return
            message = f"{part.step!r} is neither a step of the reference nor a given"
            self._problem("S309", *place, message)
            return
        try:
            value = with_stated_infinities(
                self.worlds.under().solution(part.at)[part.step], part.expected
            )
        except StepFault as fault:
            self._problem("S305", *place, str(fault), fault=fault)
            return
        fault_words = unfit_answer(question.nature, value)
        if fault_words:
            self._problem("S308", *place, f"the value of step {part.step!r} {fault_words}")
        elif question.nature.option and str(value) not in part.options:
            message = f"step {part.step!r} gives {value!r}, which is not one of the options"
            self._problem("S209", *place, message)
        else:
            self.parts[place] = part.expected if part.tolerance.published else value

    def _add_formula(self, question: AnswerQuestion, part: Part) -> None:
        place = (question.id, part.label)
        try:
            language = self._sampler.language(question, part)
            samples = self._sampler.about(part, language)
            expected = self._sampler.expected(part, samples, language)
            sizes = self._sampler.sizes(part, samples, language)
            quotients = self._sampler.states_quotient(part, samples, language)
        except StepFault as fault:
            self._problem("S305", *place, str(fault), fault=fault)
        except ValueError as error:
            self._problem("S210", *place, str(error))
        else:
            self.formulas[place] = FormulaKey(
                samples=samples,
                expected=expected,
                language=language,
                sizes=sizes,
                quotients=quotients,
            )

    # -- functions -------------------------------------------------------------------------------

    def add_function(self, question: FunctionQuestion) -> None:
        cases = planned_cases(self._assignment, question)
        self.cases[question.id] = cases
        assert self.worlds is not None
        if question.driver is None and not self._callable(question):
            return
        for case in cases:
            try:
                with self._as_behind_walls(question):
                    value = self.worlds.under().call(question, case)
            except StepFault as fault:
                self._problem("S305", question.id, "", f"{case.label}: {fault}", fault=fault)
                return
            except Exception as error:  # noqa: BLE001 - an author's driver may raise anything
                at = _line_of_driver(question, error)
                message = f"{case.label}: the driver raises {described(error)}{at}"
                self._problem("S305", question.id, "", message)
                return
            if fault_words := unfit_result(value):
                self._problem("S308", question.id, "", f"{case.label}: the value {fault_words}")
                return
            self.returned[case.id] = value

    def _as_behind_walls(self, question: FunctionQuestion) -> AbstractContextManager[None]:
        """A driver that does what is forbidden there would fail beside every student's code."""
        if question.driver is None:
            return nullcontext()
        return forbidden_to(question.driver.file, processes=self._assignment.limits.processes)

    def _callable(self, question: FunctionQuestion) -> bool:
        assert self._reference is not None
        step = self._reference.steps.get(question.step)
        if step is None:
            message = f"{question.step!r} is not a step of the reference"
            self._problem("S309", question.id, "", message)
        elif not step.is_function:
            message = f"step {question.step!r} takes no arguments, so it is not a function"
            self._problem("S308", question.id, "", message)
        elif not step.required <= len(question.parameters) <= len(step.arguments):
            message = (
                f"the call gives {len(question.parameters)} arguments, step {question.step!r} "
                f"takes {len(step.arguments)}"
            )
            self._problem("S206", question.id, "", message)
        else:
            return True
        return False


def _line_of_driver(question: FunctionQuestion, error: BaseException) -> str:
    """Where in the driver's file it happened."""
    if question.driver is None:
        return ""
    line = last_line_in(Path(question.driver.file), error)
    return f" (line {line} of {question.driver.file})"
