"""Assignment → plan."""

from __future__ import annotations

from grader.model.assignment import (
    AnswerQuestion,
    Assignment,
    FunctionQuestion,
    ManualQuestion,
    Question,
)
from grader.model.series import (
    SeriesQuestion,
)
from grader.plan.calls import answer_call, case_call
from grader.plan.cases import planned_cases
from grader.plan.data import digest_of
from grader.plan.differences import difference_calls
from grader.plan.plan import Ask, FunctionCalls, Plan, Setting
from grader.plan.seeds import derived_seed

__all__ = ["make_plan"]


def make_plan(assignment: Assignment, *, setting: Setting | None = None) -> Plan:
    """What is asked of every submission of an assignment: the same plan every time.

    The data of the assignment are read for their digests, unless the setting is known, as that of
    another variant. Raises OSError where that fails.
    """
    return Plan(
        questions=tuple(
            _function(assignment, question)
            if isinstance(question, FunctionQuestion)
            else _ask(assignment, question)
            for question in assignment.questions
        ),
        setting=setting
        or Setting(
            files=assignment.files,
            provided=assignment.provided,
            limits=assignment.limits,
            preload=assignment.preload,
            python=assignment.python,
            data={name: digest_of(path) for name, path in assignment.data.items()},
            modules=assignment.modules,
            seed=derived_seed(assignment, "loading"),
        ),
    )


def _function(assignment: Assignment, question: FunctionQuestion) -> FunctionCalls:
    cases = planned_cases(assignment, question)
    return FunctionCalls(
        question=question.id,
        cases=tuple(case_call(question, case) for case in cases),
        beside=difference_calls(cases),
    )


def _ask(assignment: Assignment, question: Question) -> Ask:
    by_hand = isinstance(question, ManualQuestion)
    parts = question.parts if isinstance(question, AnswerQuestion) else ()
    labels = tuple(part.label for part in parts if part.label)
    return Ask(
        question=question.id,
        kind=question.kind,
        labels=question.columns if isinstance(question, SeriesQuestion) else labels,
        options={part.label: tuple(part.options) for part in parts if part.options},
        call=None if by_hand else answer_call(assignment, question),
    )
