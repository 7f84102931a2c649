"""Relations that an author publishes: read, held against the key, and tried on a student's work."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.audit.tries import tries
from grader.checks.own_relations import OwnRelations, RelationChecked
from grader.checks.prepare import Prepared, prepare
from grader.checks.relation import Position, RelationFault, read_relation
from grader.checks.relation_rows import allowed_of
from grader.checks.release import release_document
from grader.checks.released import Released, ReleaseFault, read_release, release_text
from grader.collect.collect import collect
from grader.model.response import Response
from grader.model.tolerance import Tolerance
from grader.model.verdict import Reason, Verdict
from grader.plan import make_plan
from grader.submissions.submission import Submission
from tests.shared_sandbox import SANDBOX
from tests.some import some

SPEC = """\
schema: 1
slug: steps
title: Steps
reference: steps
submission: {files: [answers.yaml, code.py]}
givens: {rate: 0.05, start: [4, 1]}
questions:
  - {id: p, kind: iterates, tolerance: {decimals: 2}}
  - {id: exact, kind: iterates, step: p, tolerance: {rtol: 1e-3}}
  - {id: loss, kind: array}
  - {id: ends, kind: number, parts: {low: {}, high: {}}}
  - {id: grad, kind: function, call: "grad(x, y)", cases: [{x: 1, y: 2}]}
  - {id: half, kind: function, call: half(x), globals: {eta: rate}, cases: [{x: 1}]}
  - id: word
    kind: choice
    options: {up: Up, down: Down, left: Left}
    expected: up
"""
REFERENCE = """\
import numpy as np

def grad(x, y, /):
    return np.array([2 * x + y, x + 12 * y])

def half(x, /, rate):
    return rate * x

def p(start, rate, grad):
    rows = [start]
    for _ in range(3):
        rows.append(rows[-1] - rate * grad(*rows[-1]))
    return np.array(rows[1:])

def loss(p):
    return (p ** 2).sum(axis=1)

def low(p):
    return p.min()

def high(p):
    return p.max()
"""
STEP = "p[k+1] == p[k] - rate * grad(p[k])"
RELATIONS = (
    STEP,
    "exact[k] == exact[k-1] - rate * grad(exact[k-1][0], exact[k-1][1])",
    "p[0] == start - rate * grad(start)",
    "loss[i+1] <= loss[i]",
    "ends[low] < ends[high]",
    "half(half(rate)) == rate ^ 3",
)
Make = Callable[..., Prepared]


def prepared_in(folder: Path, *relations: str, policy: str = "full") -> Prepared:
    listed = "".join(f"  - {json.dumps(text)}\n" for text in relations)
    spec = f"{SPEC}policy: {{self_check: {policy}}}\n"
    for path, text in {
        "steps/assignment.yaml": f"{spec}public_checks:\n{listed}" if relations else spec,
        "reference/steps.py": REFERENCE,
    }.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return prepare(folder / "steps")


@pytest.fixture
def make(tmp_path: Path) -> Make:
    return functools.partial(prepared_in, tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Released:
    return released(prepared_in(tmp_path_factory.mktemp("course"), STEP))


def document_of(prepared: Prepared) -> Any:
    made = release_document(prepared.assignment, prepared.key, "0123456789abcdef")
    return json.loads(release_text(made))


def released(prepared: Prepared) -> Released:
    return read_release(document_of(prepared), Path(), {})


def grad(x: Any, y: Any) -> Any:
    return np.array([2 * x + y, x + 12 * y])


def checked(
    release: Released, sheet: str, functions: Mapping[str, Callable[..., Any]]
) -> Mapping[str, RelationChecked]:
    """What is found of a sheet, with functions that are called here."""
    submission = Submission(id="x", sheets={"answers.yaml": sheet.encode()})
    responses = collect(make_plan(release.assignment), submission, SANDBOX, {}).responses
    own = OwnRelations(release, responses)
    for _ in range(8):
        calls = own.calls()
        made = {}
        for call in calls:
            try:
                made[call.id] = Response(value=functions[call.entry](*call.arguments))
            except ValueError as error:
                made[call.id] = Response.failed(Verdict.RAISED, Reason.EXCEPTION, str(error))
        own.give(made)
        if not calls:
            break
    return {one.text: one for one in own.checked()}


RIGHT = """\
p: [[3.55, 0.2], [3.19, -0.1], [2.87, -0.2]]
exact: [[3.55, 0.2], [3.185, -0.0975], [2.871375, -0.19825]]
loss: [12.6425, 10.15373125, 8.2840973]
ends: {low: -0.198, high: 3.55}
"""
FUNCTIONS: Mapping[str, Callable[..., Any]] = {"grad": grad, "half": lambda x: 0.05 * x}


@pytest.mark.parametrize(
    ("text", "said", "at"),
    [
        ("p[k+1] == $p[k]$", "'$' does not belong in a relation: write it without LaTeX", 10),
        (r"p[k] == \frac{1}{2}", r"'\\' does not belong in a relation: write it without LaTeX", 8),
        ("rate(p[k]) == 1", "as rate · p[k] or as rate as a function of p[k]", 0),
        ("rate(p[k-1]) == 1", "as rate · p[k-1] or", 0),
        ("rate(exact[i+2][1]) == 1", "as rate · exact[i+2][1] or", 0),
        ("rate(ends[low]) == 1", "as rate · ends[low] or", 0),
        (f"{' + '.join(f'p[{row}]' for row in range(10))} == rate(loss[0])", "· loss[0] or", 0),
    ],
)
def test_a_relation_that_cannot_be_read_is_quoted_as_it_was_written(
    make: Make, text: str, said: str, at: int
) -> None:
    with pytest.raises(RelationFault) as refused:
        read_relation(text, make().assignment)
    assert said in str(refused.value)
    assert "relation_answer" not in str(refused.value)
    assert refused.value.at == at


def test_right_work_stands_in_every_relation(make: Make) -> None:
    found = checked(released(make(*RELATIONS)), RIGHT, FUNCTIONS)
    assert {text: one.state for text, one in found.items()} == dict.fromkeys(RELATIONS, "holds")
    assert found[STEP].words == "consistent with your own work"
    assert found[STEP].questions == ("p", "grad")


def test_wrong_work_that_is_consistent_is_called_no_more_than_that(make: Make) -> None:
    functions = {"grad": lambda x, y: np.array([2 * x, 12 * y])}  # without the mixed term
    sheet = "p: [[3.6, 0.4], [3.24, 0.16], [2.916, 0.064]]"
    found = checked(released(make(STEP)), sheet, functions)
    assert found[STEP].words == "consistent with your own work"


def test_the_row_that_does_not_follow_is_named_without_its_numbers(make: Make) -> None:
    sheet = RIGHT.replace("[2.87, -0.2]", "[2.81, -0.2]", 1)
    found = checked(released(make(*RELATIONS)), sheet, FUNCTIONS)
    assert found[STEP].words == "not consistent with your own work where k = 1"
    assert {text for text, one in found.items() if one.state == "fails"} == {STEP}


@settings(max_examples=some(20))
@given(st.lists(st.integers(-49, 49), min_size=6, max_size=6))
def test_whatever_is_right_by_the_rule_of_the_question_is_consistent(
    shared: Released, off: list[int]
) -> None:
    right = np.array([[3.55, 0.2], [3.185, -0.0975], [2.871375, -0.19825]])
    moved = right + 1e-4 * np.array(off).reshape(3, 2)
    assert checked(shared, f"p: {moved.tolist()}", FUNCTIONS)[STEP].state == "holds"


@pytest.mark.parametrize(
    ("sheet", "functions", "words"),
    [
        ("loss: [1, 2]", FUNCTIONS, "not looked at: p is not answered"),
        ("p: [[1, 2]]", FUNCTIONS, "not looked at: there are not enough rows to look at it"),
        ("p: seven", FUNCTIONS, "not looked at: p is not made of numbers"),
        (RIGHT, {"grad": lambda *_: "up"}, "something other than numbers"),
        (RIGHT, {"grad": lambda *_: np.zeros(3)}, "do not fit together"),
    ],
)
def test_what_cannot_be_looked_at_says_why(
    sheet: str, functions: Mapping[str, Callable[..., Any]], words: str, make: Make
) -> None:
    one = checked(released(make(STEP)), sheet, functions)[STEP]
    assert one.state == "open"
    assert words in one.words


@pytest.mark.parametrize(
    ("losses", "points", "words"),
    [
        pytest.param(125, 4, "consistent with your own work", marks=pytest.mark.lengthy),
        (167, 3, "not looked at: it is about more than 500 rows"),
    ],
)
def test_so_many_rows_are_looked_at_and_no_more(
    losses: int, points: int, words: str, make: Make
) -> None:
    relation = "loss[i] > 0 * p[k][0]"
    sheet = f"loss: {[1] * losses}\np: {[[1, 1]] * points}"
    assert checked(released(make(relation)), sheet, FUNCTIONS)[relation].words == words


def test_a_function_that_fails_is_told_as_any_failure(make: Make) -> None:
    def failing(x: Any, y: Any) -> Any:
        raise ValueError("no")

    one = checked(released(make(STEP)), RIGHT, {"grad": failing})[STEP]
    assert (one.state, "no" in one.words) == ("open", True)


def test_globals_of_a_function_are_set_in_a_release_too(make: Make) -> None:
    release = released(make("half(2) == 2 * rate"))
    own = OwnRelations(release, {})
    (call, *_) = own.calls()
    assert (call.entry, call.arguments, dict(call.globals)) == ("half", (2.0,), {"eta": 0.05})


def test_a_release_holds_the_relations_their_givens_and_no_others(make: Make) -> None:
    document = document_of(make("loss[i+1] <= loss[i] + rate"))
    assert document["public_checks"]["givens"] == {"rate": 0.05}
    assert "start" not in json.dumps(document)
    assert "public_checks" not in document_of(make())
    document["public_checks"]["relations"] = ["nothing == here"]
    with pytest.raises(ReleaseFault, match="cannot be read"):
        read_release(document, Path(), {})


def test_indices_are_numbers_names_and_names_with_a_number(make: Make) -> None:
    assignment = make().assignment
    relation = read_relation("p[k + 1, 0] + p[-1][1] == ends[low] + p[1+k][0]", assignment)
    assert {(one.label, one.positions) for one in relation.answers.values()} == {
        ("", (Position(name="k", number=1), Position())),
        ("", (Position(number=-1), Position(number=1))),
        ("low", ()),
    }


@pytest.mark.parametrize(
    ("tolerance", "values", "allowed"),
    [
        (Tolerance.from_spec({"decimals": 2}), [3.0, -0.01], [0.005, 0.005]),
        (Tolerance.from_spec({"sigfigs": 2}), [31.0, 0.031], [0.5, 0.0005]),
        (Tolerance.from_spec({"rtol": 0.1, "atol": 0.5}), [1.0, 20.0], [0.5, 2.0]),
        (Tolerance.from_spec({"exact": True}), [1.0, 2.0], [0.0, 0.0]),
        (Tolerance.from_spec({"rtol": 0.1, "scale": "max"}), [1.0, 20.0], [2.0, 2.0]),
    ],
)
def test_as_much_is_allowed_as_the_rule_says(
    tolerance: Tolerance, values: list[float], allowed: list[float]
) -> None:
    assert allowed_of(tolerance, np.array(values)) == pytest.approx(allowed)


def test_the_audit_says_what_checks_reveal(make: Make) -> None:
    said = [one.words for one in tries(make(*RELATIONS, policy="public").assignment)]
    assert said[0].startswith("self_check: public (as it is set) tells at which rows 6 relations")
    assert "word in at most 2 tries" in said[1]
    assert "digit by digit, in at most 9 tries a digit: p" in said[1]
    assert "right or not at each try: exact, loss, ends, grad and 1 more" in said[1]
    assert said[2] == "self_check: format tells nothing of the answers"


def test_the_audit_says_where_a_relation_is_the_answer(make: Make) -> None:
    giving, asking = "ends[high] == start[0]", "ends[high] >= 0"
    with pytest.raises(Exception, match="has no index"):
        make(giving)
    said = [one.words for one in tries(make("ends[high] == 71 rate").assignment)]
    assert "how to compute ends from the givens" in said[1]
    said = [one.words for one in tries(make(asking).assignment)]
    assert "how to compute" not in said[1]
