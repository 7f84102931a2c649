"""Write down what a student may have of an assignment: what is asked, and nothing of the key.

No expected value but those of public cases, no hidden case, no mistake, no stated formula, no step
of the reference and no seed; bounds of tolerances only of what published relations are about.
Places that are asked for (`decimals`, `sigfigs`) are part of the question.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from grader.checks.public_checks import relations_of, tolerances_of
from grader.checks.release_values import form_of, to_json, tolerance_to_json
from grader.checks.wanted import WantedAnswer, WantedQuestion, wanted_questions
from grader.judge.expect.key import Key
from grader.model.assignment import AnswerQuestion, Assignment, FunctionQuestion, Question
from grader.model.series import SeriesQuestion
from grader.plan import PlannedCase
from grader.plan.calls import case_globals

__all__ = ["RELEASE_VERSION", "release_document"]

RELEASE_VERSION = 1


def release_document(assignment: Assignment, key: Key, edition: str) -> dict[str, Any]:
    """What `read_release` reads, as data for JSON. `edition` says which version it is of."""
    limits = asdict(assignment.limits)
    del limits["reference_seconds"]
    document = {
        "release": RELEASE_VERSION,
        "edition": edition,
        "slug": assignment.slug,
        "title": assignment.title,
        "files": [*assignment.files],
        "provided": bool(assignment.provided),
        "data": sorted(assignment.data),
        "modules": [*assignment.modules],
        "preload": [*assignment.preload],
        "limits": limits,
        "matrix_power": assignment.formulas.matrix_power,
        # Names that every formula may use; what is asked of a question may be fewer.
        "names": {
            name: [*assignment.formulas.symbols.get(name, ())]
            for name in assignment.formulas.domains
        },
        "questions": [_question(assignment, key, one) for one in wanted_questions(assignment, key)],
    }
    if assignment.public_checks:
        document["public_checks"] = _public_checks(assignment)
    return document


def _public_checks(assignment: Assignment) -> dict[str, Any]:
    """The relations, the givens that they name, and how near is near enough for them."""
    relations = relations_of(assignment)
    givens = dict.fromkeys(name for one in relations for name in one.givens)
    rules = [item for one in relations for item in tolerances_of(one, assignment).items()]
    functions = dict.fromkeys(name for one in relations for name in one.functions.values())
    return {
        "relations": [*assignment.public_checks],
        "givens": {name: to_json(assignment.givens[name]) for name in givens},
        "globals": {name: _globals(assignment, name) for name in functions},
        "within": [
            {"question": question, "part": part, **tolerance_to_json(rule)}
            for (question, part), rule in dict(rules).items()
        ],
    }


def _globals(assignment: Assignment, name: str) -> dict[str, Any]:
    question = assignment.question(name)
    assert isinstance(question, FunctionQuestion)
    givens = {**assignment.givens, **question.at}
    return {own: to_json(givens[given]) for own, given in question.globals.items()}


def _question(assignment: Assignment, key: Key, wanted: WantedQuestion) -> dict[str, Any]:
    question = wanted.question
    document: dict[str, Any] = {
        "id": question.id,
        "kind": question.kind,
        "points": str(question.points),
        "prompt": question.prompt,
        "entry": question.entry,
        "bonus": question.bonus,
    }
    if isinstance(question, FunctionQuestion):
        return {**document, **_function(question, key)}
    if isinstance(question, SeriesQuestion):
        return {**document, "columns": [*question.columns], "gaps": question.gaps}
    if isinstance(question, AnswerQuestion):
        document["numbers"] = asdict(question.numbers)
        document["answers"] = [_answer(assignment, question, one) for one in wanted.answers]
    return document


def _answer(assignment: Assignment, question: Question, wanted: WantedAnswer) -> dict[str, Any]:
    if question.nature.option:
        return {"label": wanted.label, "options": dict(wanted.options)}
    if question.nature.formula:
        spelt = assignment.formulas
        return {
            "label": wanted.label,
            "symbols": {name: [*spelt.symbols.get(name, ())] for name in wanted.symbols},
            "functions": {name: [*spelt.functions.get(name, ())] for name in wanted.functions},
        }
    return {
        "label": wanted.label,
        "shape": [*wanted.shape],
        "decimals": wanted.decimals,
        "sigfigs": wanted.sigfigs,
        "strict": wanted.strict,
    }


def _function(question: FunctionQuestion, key: Key) -> dict[str, Any]:
    cases = [case for case in key.cases[question.id] if not case.hidden]
    document: dict[str, Any] = {
        "arguments": [*question.parameters],
        "globals": [*question.globals],
        "inputs_unchanged": question.inputs_unchanged,
        "earlier_outputs_unchanged": question.earlier_outputs_unchanged,
        "deterministic": question.deterministic,
        "dtype": question.dtype,
        "cases": [_case(question, key, case) for case in cases],
    }
    if question.driver is not None:
        document["driver"] = question.driver.file
    if question.differences is not None:
        asked = question.differences
        document["differences"] = {
            "of": asked.of,
            "arguments": [*asked.parameters],
            "with_respect_to": [*asked.with_respect_to],
            "step": asked.step,
        }
    return document


def _case(question: FunctionQuestion, key: Key, case: PlannedCase) -> dict[str, Any]:
    result = key.returned[case.id]
    document = {
        "label": case.label,
        "inputs": {name: to_json(value) for name, value in case.inputs.items()},
        "globals": {name: to_json(v) for name, v in case_globals(question, case).items()},
        "form": form_of(result),
    }
    return {**document, "result": to_json(result)} if case.public else document
