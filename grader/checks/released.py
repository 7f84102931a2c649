"""Read a release: an assignment that can be asked, and forms in the place of a key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.checks.public_checks import relations_of
from grader.checks.relation import RelationFault
from grader.checks.release import RELEASE_VERSION
from grader.checks.release_values import from_json, tolerance_from_json
from grader.checks.wanted import WantedAnswer, WantedQuestion
from grader.compare.formula import Language
from grader.judge.expect.key import Key
from grader.model.assignment import (
    AnswerQuestion,
    Assignment,
    Case,
    Driver,
    FiniteDifferences,
    Formulas,
    FunctionQuestion,
    Limits,
    ManualQuestion,
    Part,
    Question,
)
from grader.model.kinds import KINDS
from grader.model.series import Criterion, SeriesQuestion
from grader.model.tolerance import DEFAULT_TOLERANCE, Tolerance
from grader.model.typed import NumberRules
from grader.model.value import Value
from grader.plan import answer_call, planned_cases

__all__ = ["ReleaseFault", "Released", "read_release", "release_text"]


class ReleaseFault(Exception):
    """It is not a release, or one that this version cannot read."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Released:
    """A release. In the key there are forms: values of the right type and shape, and no others."""

    assignment: Assignment
    edition: str
    key: Key
    wanted: tuple[WantedQuestion, ...] = ()  #: in which form answers are
    languages: Mapping[tuple[str, str], Language] = field(default_factory=dict)
    results: Mapping[str, Value] = field(default_factory=dict)  #: of public cases, by their ids
    #: how near is near enough for published relations, by question and part ("" of a function)
    within: Mapping[tuple[str, str], Tolerance] = field(default_factory=dict)

    def answer(self, question: str, label: str) -> WantedAnswer:
        """In which form one answer is asked for. Raises KeyError."""
        for one in self.wanted:
            for answer in one.answers if one.question.id == question else ():
                if answer.label == label:
                    return answer
        raise KeyError(question, label)


def read_release(document: Any, folder: Path, sources: Mapping[str, str]) -> Released:
    """The release in this document. `sources` are the texts of drivers by their names, and that of
    the provided code by ""; `folder` holds the data. Raises ReleaseFault."""
    try:
        if document["release"] != RELEASE_VERSION:
            msg = "the release was written by another version of grader"
            raise ReleaseFault(msg)
        released = _released(document, folder, sources)
        relations_of(released.assignment)
    except (RelationFault, KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        msg = f"the release cannot be read: {type(error).__name__}: {error}"
        raise ReleaseFault(msg) from None
    return released


def _released(document: Any, folder: Path, sources: Mapping[str, str]) -> Released:
    public = document.get("public_checks", {})
    given = public.get("globals", {})
    questions = tuple(
        _question(one, sources, given.get(one["id"], {})) for one in document["questions"]
    )
    assignment = Assignment(
        slug=str(document["slug"]),
        title=str(document["title"]),
        folder=folder,
        files=tuple(map(str, document["files"])),
        givens={str(name): from_json(value) for name, value in public.get("givens", {}).items()},
        formulas=Formulas(matrix_power=bool(document["matrix_power"])),
        limits=Limits(**document["limits"]),
        questions=questions,
        provided=sources.get("", ""),
        data={str(name): folder / str(name) for name in document["data"]},
        modules=tuple(map(str, document.get("modules", ()))),
        preload=tuple(map(str, document["preload"])),
        public_checks=tuple(map(str, public.get("relations", ()))),
    )
    asked = [one for one in questions if isinstance(one, AnswerQuestion | SeriesQuestion)]
    cases = {
        one.id: planned_cases(assignment, one)
        for one in questions
        if isinstance(one, FunctionQuestion)
    }
    returned: dict[str, Value] = {}
    results: dict[str, Value] = {}
    for one in document["questions"]:
        for planned, case in zip(cases.get(one["id"], ()), one.get("cases", ()), strict=True):
            returned[planned.id] = from_json(case["form"])
            if "result" in case:
                results[planned.id] = from_json(case["result"])
    answers = [
        ((str(one["id"]), str(answer["label"])), answer)
        for one in document["questions"]
        for answer in one.get("answers", ())
    ]
    return Released(
        assignment=assignment,
        edition=str(document["edition"]),
        key=Key(
            cases=cases,
            returned=returned,
            asks={one.id: answer_call(assignment, one).id for one in asked},
        ),
        wanted=tuple(
            _wanted(question, one)
            for question, one in zip(questions, document["questions"], strict=True)
        ),
        languages={place: _language(one, document) for place, one in answers if "symbols" in one},
        results=results,
        within={
            (str(one["question"]), str(one["part"])): tolerance_from_json(one)
            for one in public.get("within", ())
        },
    )


def _wanted(question: Question, document: Any) -> WantedQuestion:
    if isinstance(question, SeriesQuestion):
        answers = tuple(WantedAnswer(label=name, shape=(None,)) for name in question.columns)
    elif isinstance(question, AnswerQuestion):
        answers = tuple(_wanted_answer(one) for one in document["answers"])
        return WantedQuestion(question=question, answers=answers, numbers=question.numbers)
    else:
        answers = () if question.nature.by_code else (WantedAnswer(),)
    return WantedQuestion(question=question, answers=answers)


def _wanted_answer(document: Any) -> WantedAnswer:
    names = document.get("functions", {})
    return WantedAnswer(
        label=str(document["label"]),
        shape=tuple(document.get("shape", ())),
        decimals=document.get("decimals"),
        sigfigs=document.get("sigfigs"),
        strict=bool(document.get("strict")),
        options=document.get("options", {}),
        symbols=tuple(document.get("symbols", ())),
        functions={name: next(iter(others), name) for name, others in names.items()},
    )


def _language(answer: Any, document: Any) -> Language:
    def spelt(names: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        return {one: tuple(others) for one, others in names.items()}

    return Language.of(
        spelt({**document["names"], **answer["symbols"]}),
        spelt(answer["functions"]),
        matrix_power=bool(document["matrix_power"]),
    )


def _question(document: Any, sources: Mapping[str, str], given: Mapping[str, Any]) -> Question:
    """One question. `given` is what is set in the module where a relation calls its function."""
    shared: dict[str, Any] = {
        "id": str(document["id"]),
        "kind": str(document["kind"]),
        "points": Fraction(document["points"]),
        "prompt": str(document["prompt"]),
        "entry": str(document["entry"]),
        "bonus": bool(document["bonus"]),
    }
    nature = KINDS[shared["kind"]]
    if nature.by_code:
        return _function(document, shared, sources, given)
    if nature.by_person:
        return ManualQuestion(**shared, rubric=())
    if shared["kind"] == "series":
        columns = tuple(map(str, document["columns"]))
        # A column that can be read has so many cells; nothing is demanded of their values.
        readable = (Criterion(label=name, column=name, rule="count") for name in columns)
        gaps = bool(document["gaps"])
        return SeriesQuestion(**shared, columns=columns, criteria=tuple(readable), gaps=gaps)
    parts = tuple(_part(one) for one in document["answers"])
    return AnswerQuestion(**shared, parts=parts, numbers=NumberRules(**document["numbers"]))


def _part(document: Any) -> Part:
    places = {name: document[name] for name in ("decimals", "sigfigs") if document.get(name)}
    if document.get("strict"):
        places["strict"] = True
    return Part(
        label=str(document["label"]),
        step=None,
        names_step=False,
        at={},
        expected=None,
        tolerance=Tolerance.from_spec(places) if places else DEFAULT_TOLERANCE,
        options={str(name): str(text) for name, text in document.get("options", {}).items()},
    )


def _function(
    document: Any,
    shared: Mapping[str, Any],
    sources: Mapping[str, str],
    given: Mapping[str, Any],
) -> FunctionQuestion:
    driver = document.get("driver")
    names = [str(name) for name in document["globals"]]
    cases = tuple(
        Case(
            label=str(case["label"]),
            inputs={str(name): from_json(value) for name, value in case["inputs"].items()},
            random={},
            # What is set in the module stands under names that no case has for itself.
            at={_global(name): from_json(case["globals"][name]) for name in names},
            public="result" in case,
        )
        for case in document["cases"]
    )
    asked = document.get("differences")
    differences = asked and FiniteDifferences(
        of=str(asked["of"]),
        parameters=tuple(map(str, asked["arguments"])),
        with_respect_to=tuple(map(str, asked["with_respect_to"])),
        step=asked["step"],
    )
    return FunctionQuestion(
        **shared,
        step="",
        parameters=tuple(map(str, document["arguments"])),
        driver=Driver(file=driver, source=sources[driver]) if driver else None,
        cases=cases,
        at={_global(name): from_json(value) for name, value in given.items()},
        globals={name: _global(name) for name in names},
        tolerance=DEFAULT_TOLERANCE,
        tolerances={},
        inputs_unchanged=bool(document["inputs_unchanged"]),
        earlier_outputs_unchanged=bool(document["earlier_outputs_unchanged"]),
        deterministic=bool(document["deterministic"]),
        dtype=str(document["dtype"]),
        differences=differences or None,
    )


def _global(name: str) -> str:
    return f"global {name}"


def release_text(document: Mapping[str, Any]) -> str:
    """A release as it is written to a file."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
