"""A release says what is asked, and nothing of the key.

All of its files are searched in tests/acceptance/test_release_searched.py.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.checks.prepare import Prepared, prepare
from grader.checks.release import release_document
from grader.checks.release_values import (
    form_of,
    from_json,
    to_json,
    tolerance_from_json,
    tolerance_to_json,
)
from grader.checks.released import Released, ReleaseFault, read_release, release_text
from grader.checks.self_check import SelfChecked, self_check
from grader.collect.collect import collect
from grader.course.new import LIKES, new_assignment
from grader.judge.expect.key import Key
from grader.model.assignment import AnswerQuestion, FunctionQuestion
from grader.model.response import Response
from grader.model.tolerance import Tolerance
from grader.model.verdict import Reason, Verdict
from grader.plan import make_plan
from grader.submissions.submission import Submission
from tests.homeworks import SLUGS
from tests.homeworks import prepared as homework
from tests.shared_sandbox import SANDBOX

ROOT = Path(__file__).resolve().parents[3]
EDITION = "0123456789abcdef"


#: The homeworks that take longest to prepare.
LARGE = {"bs6207-assignment-2", "dl2020-assignment-2", "dl2022-exercise-3"}
EACH = [pytest.param(slug, marks=pytest.mark.lengthy if slug in LARGE else ()) for slug in SLUGS]


@pytest.fixture(scope="module", params=[*EACH, *LIKES])
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Every assignment of this repository, and one like each template."""
    if request.param in SLUGS:
        return homework(request.param)
    course = tmp_path_factory.mktemp("course")
    new_assignment("week-1", like=request.param, course=course)
    return prepare(course / "assignments" / "week-1")


def text_of(prepared: Prepared) -> str:
    return release_text(release_document(prepared.assignment, prepared.key, EDITION))


def test_nothing_of_the_reference_and_of_mistakes_is_in_it(prepared: Prepared) -> None:
    assignment, text = prepared.assignment, text_of(prepared)
    assert assignment.reference is not None
    lines = assignment.reference.read_text(encoding="utf-8").splitlines()
    code = {line.strip() for line in lines if "return" in line or "=" in line}
    assert not [line for line in code if len(line) > 20 and line in text]
    for mistake in assignment.mistakes:
        assert mistake.id not in text
        assert mistake.feedback not in text
    assert str(assignment.seed) not in text or assignment.seed == 0
    for word in ('"seed"', "rtol", "atol", '"expected"', '"step"', "recurrence", "hidden"):
        # The step of finite differences is how far they go, and no step of the reference.
        assert word not in text.replace('"step": null', ""), word


def test_no_stated_formula_and_no_input_of_a_hidden_case_is_in_it(prepared: Prepared) -> None:
    text = text_of(prepared)
    compact = "".join(text.split())
    for question in prepared.assignment.questions:
        if isinstance(question, AnswerQuestion) and question.nature.formula:
            for part in question.parts:
                stated = str(part.expected or "")
                assert len(stated) < 6 or stated not in text  # `f` is in every text
        if isinstance(question, FunctionQuestion):
            for case in prepared.key.cases[question.id]:
                shown = json.dumps({name: to_json(value) for name, value in case.inputs.items()})
                assert case.hidden != ("".join(shown.split()) in compact), case.label


@pytest.mark.parametrize(
    "tolerance",
    [
        Tolerance(decimals=2),
        Tolerance(sigfigs=3),
        Tolerance(decimals=0),
        Tolerance(ulp=4, dtype="float32"),
        Tolerance(rtol=Fraction(1, 1000)),
        Tolerance(atol=Fraction("0.1")),
        Tolerance(rtol=Fraction(0), atol=Fraction(1, 3), scale="max"),
        Tolerance(rtol=Fraction(1, 7), norm="inf"),
    ],
    ids=str,
)
def test_a_tolerance_comes_back_as_it_was(tolerance: Tolerance) -> None:
    assert tolerance_from_json(json.loads(json.dumps(tolerance_to_json(tolerance)))) == tolerance


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, 3, 2.5, "a", b"\x00\xff", [1, (2, {"a": None, 3: [4.5]})], float("inf")),
        *(np.float32(1.5), np.arange(6).reshape(2, 3), np.zeros(0), np.array([True, False])),
    ],
)
def test_a_value_comes_back_as_it_was_and_its_form_with_its_types(value: Any) -> None:
    back = from_json(json.loads(json.dumps(to_json(value))))
    assert np.array_equal(back, value) if isinstance(value, np.ndarray) else back == value
    assert type(back) is type(value)
    form = from_json(json.loads(json.dumps(form_of(value))))
    assert type(form) is type(value)
    if isinstance(value, np.ndarray):
        assert form.shape == value.shape
    assert getattr(form, "dtype", None) == getattr(value, "dtype", None)


# -- checking with it ----------------------------------------------------------------------------

SPEC = """\
schema: 1
slug: forms
title: Forms
reference: forms
submission: {files: [answers.yaml, code.py]}
givens: {a: 2.5}
formulas: {domains: {u: [1, 2]}}
questions:
  - {id: number, kind: number, tolerance: {decimals: 3}}
  - {id: exactly, kind: number, step: number, tolerance: {decimals: 3, strict: true}}
  - {id: pair, kind: array}
  - {id: rows, kind: iterates}
  - {id: walk, kind: iterates, step: rows, length: hidden}
  - {id: parts, kind: number, parts: {number: {}, other: {step: number}}}
  - {id: word, kind: choice, options: {up: Up, down: Down}, expected: up}
  - {id: formula, kind: expression, symbols: [], expected: 2 u}
  - id: table
    kind: series
    columns: [epoch, loss]
    criteria: [{column: loss, final: [null, 0.1]}]
  - {id: why, kind: text, rubric: [{text: Because}]}
  - {id: plot, kind: figure, rubric: [{text: Has axes}]}
  - id: double
    kind: function
    call: double(x)
    requires: [inputs_unchanged]
    cases: [{inputs: {x: [1, 2]}, public: true}, {x: [3, 4]}, {inputs: {x: [7, 8]}, hidden: true}]
"""
REFERENCE = """\
import numpy as np

def number(a):
    return a / 3

def pair(a):
    return np.array([a, 2 * a])

def rows(a):
    return np.array([[a, 1.0], [2.0, a]])

def double(x, /):
    return 2 * x
"""


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Released:
    folder = tmp_path_factory.mktemp("course")
    for path, text in {"forms/assignment.yaml": SPEC, "reference/forms.py": REFERENCE}.items():
        (folder / path).parent.mkdir()
        (folder / path).write_text(text, encoding="utf-8")
    made = prepare(folder / "forms")
    document = json.loads(release_text(release_document(made.assignment, made.key, EDITION)))
    return read_release(document, folder, {})


def checked(released: Released, sheet: str, **calls: Any) -> Mapping[str, SelfChecked]:
    """What is found of a sheet, and of the calls of `double`: what each gave, or a failure."""
    submission = Submission(id="x", sheets={"answers.yaml": sheet.encode()})
    responses = dict(collect(make_plan(released.assignment), submission, SANDBOX, {}).responses)
    for case, given in zip(released.key.cases["double"], calls.get("double", ()), strict=False):
        responses[case.id] = (
            given
            if isinstance(given, Response)
            else Response(value=given, inputs_after=tuple(case.inputs.values()))
        )
    return {one.question: one for one in self_check(released, responses)}


@pytest.mark.parametrize(
    ("sheet", "question"),
    [
        ("number: 7.125", "number"),
        ("number: 1.4", "number"),
        ("exactly: 1.400", "exactly"),
        ("pair: [8, 9]", "pair"),
        ("rows: [[1, 2], [3, 4]]", "rows"),
        ("walk: [[1, 2], [3, 4], [5, 6], [7, 8]]", "walk"),
        ("parts: {number: 1, other: 2}", "parts"),
        ("word: down", "word"),
        ("formula: u^2 + 1", "formula"),
        ("table: {epoch: [1, 2], loss: [5, 6]}", "table"),
    ],
)
def test_wrong_answers_in_the_right_form_fit(forms: Released, sheet: str, question: str) -> None:
    one = checked(forms, sheet)[question]
    assert (one.state, one.bad) == ("fits", ())
    assert "right" not in " ".join(one.good)


@pytest.mark.parametrize(
    ("sheet", "question", "words"),
    [
        ("number: seven", "number", "expected a number, got “seven”"),
        ("number: [1]", "number", "the shape is wrong: expected a single number"),
        ("number: .nan", "number", "not a number (nan)"),
        ("exactly: 1.4", "exactly", "1.4 has 1 decimal, and 3 are asked for"),
        ("pair: [8, 9, 10]", "pair", "expected a list of 2 numbers, got a list of 3"),
        ("rows: [[1, 2], [3, 4], [5, 6]]", "rows", "expected 2 × 2 numbers"),
        ("walk: [1, 2]", "walk", "expected a table of numbers"),
        ("walk: [[1, 2, 3], [4, 5, 6]]", "walk", "the shape is wrong"),
        ("parts: {number: 1}", "parts", "not answered: other"),
        ("parts: {number: 1, othr: 2}", "parts", "there is no part 'othr'"),
        ("parts: 3", "parts", "expected an answer for each part: number, other"),
        ("word: sideways", "word", "expected one of up, down"),
        ("formula: 2 v", "formula", "cannot be read as a formula"),
        ("table: {epoch: [1, 2]}", "table", "loss"),
        ("plot: none.png", "plot", "the file none.png was not handed in"),
    ],
)
def test_what_has_another_form_is_told(
    forms: Released, sheet: str, question: str, words: str
) -> None:
    one = checked(forms, sheet)[question]
    assert one.state == "misfits"
    assert any(words in sentence for sentence in one.bad), one.bad
    assert "0.8333" not in " ".join(one.bad)


def test_how_many_numbers_are_wrong_is_not_told_of_values_that_are_held_against_none(
    forms: Released,
) -> None:
    found = checked(forms, "pair: [1.5, .nan]", double=[np.array([7.5, np.nan])])
    assert found["pair"].bad == ("at [1]: the value is not a number (nan)",)
    assert found["double"].bad[0] == "at [1]: the value is not a number (nan)"


def test_a_hidden_length_is_neither_told_nor_held(forms: Released) -> None:
    assert forms.answer("walk", "").shape == (None, 2)


def test_digits_that_may_be_dropped_zeros_are_only_spoken_of(forms: Released) -> None:
    one = checked(forms, "number: 1.4")["number"]
    assert one.good == (
        "1.4 has 1 decimal, and 3 are asked for; that does no harm where zeros were dropped",
    )


def test_a_function_is_held_against_public_cases_alone(forms: Released) -> None:
    right, wrong = np.array([2.0, 4.0]), np.array([9.0, 9.0])
    one = checked(forms, "", double=[right, wrong])["double"]
    assert (one.state, one.bad) == ("fits", ())
    assert one.good == (
        "2 calls answered in the form asked for",
        "its inputs are as they were",
        "1 of 1 public case right",
    )
    one = checked(forms, "", double=[wrong, right])["double"]
    assert one.state == "misfits"
    assert one.bad[0].startswith("public case double([1.0, 2.0]): at [0]: 9 is not right")
    assert "expected" not in one.bad[0]


def test_shape_promises_and_failures_of_a_function_are_told(forms: Released) -> None:
    value = np.array([2.0, 4.0])
    one = checked(forms, "", double=[value, np.float64(3)])["double"]
    assert "the shape is wrong" in one.bad[0]
    changed = Response(value=value, inputs_after=(np.array([0.0, 0.0]),))
    assert "changes" in checked(forms, "", double=[changed, value])["double"].bad[0]
    nothing = checked(forms, "", double=[Response(value=None), value])["double"]
    assert nothing.bad[0].endswith(": is `return` missing, or is the function not finished?")
    failed = Response.failed(Verdict.RAISED, Reason.EXCEPTION, "no")
    assert checked(forms, "", double=[failed, value])["double"].state == "misfits"


def test_what_is_not_there_is_missing_and_texts_are_for_a_person(forms: Released) -> None:
    found = checked(forms, "why: because it is")
    assert found["why"].state == "person"
    assert {one.state for name, one in found.items() if name != "why"} == {"missing"}


def test_with_form_only_neither_promises_nor_cases_count(forms: Released) -> None:
    broken = Response(value=np.array([9.0, 9.0]), inputs_after=(np.array([0.0, 0.0]),))
    responses = {case.id: broken for case in forms.key.cases["double"]}
    said = {one.id: Response.failed(Verdict.MISSING, Reason.NOT_ANSWERED) for one in _asked(forms)}
    found = self_check(forms, {**said, **responses}, form_only=True)
    (double,) = (one for one in found if one.question == "double")
    assert (double.state, double.good) == ("fits", ("2 calls answered in the form asked for",))


def _asked(released: Released) -> list[Any]:
    return [one for one in released.assignment.questions if not isinstance(one, FunctionQuestion)]


@pytest.mark.parametrize(
    "document",
    [None, [], {}, {"release": 2}, {"release": 1}, {"release": 1, "questions": [{"id": "a"}]}],
)
def test_what_is_no_release_is_refused(document: Any, tmp_path: Path) -> None:
    with pytest.raises(ReleaseFault, match=r"cannot be read|another version"):
        read_release(document, tmp_path, {})


def test_the_key_of_a_release_is_made_of_forms(forms: Released) -> None:
    assert isinstance(forms.key, Key)
    assert not forms.key.parts
    assert not forms.key.formulas
    assert set(forms.results) == {forms.key.cases["double"][0].id}
