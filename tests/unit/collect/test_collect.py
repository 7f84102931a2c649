from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.collect.collect import Collected, collect
from grader.judge.expect.key import Key
from grader.judge.mark.reading import read_answer
from grader.model.assignment import (
    AnswerQuestion,
    Assignment,
    Case,
    FiniteDifferences,
    Formulas,
    FunctionQuestion,
    Limits,
    ManualQuestion,
    Question,
)
from grader.model.outcome import Note
from grader.model.tolerance import Tolerance
from grader.model.value import NumberText
from grader.model.verdict import Audience, Reason, Verdict
from grader.plan import make_plan, planned_cases
from grader.submissions.submission import NotRead, Submission
from tests.shared_sandbox import SANDBOX

pytestmark = pytest.mark.processes

DIFFERENCES = FiniteDifferences(
    of="other",
    parameters=("x",),
    with_respect_to=("x",),
    step=None,
    tolerance=Tolerance(atol=Fraction(1)),
)


def question(name: str, kind: str) -> Question:
    plain: dict[str, Any] = {
        "id": name,
        "kind": kind,
        "points": Fraction(1),
        "prompt": "",
        "entry": name,
    }
    if kind in ("function", "slope"):
        cases = [
            Case(label="", inputs={"x": x}, random={}, count=1, hidden=x > 1, at={})
            for x in (1.0, 2.0)
        ]
        return FunctionQuestion(
            **plain,
            step=name,
            parameters=("x",),
            driver=None,
            cases=tuple(cases),
            at={},
            globals={},
            tolerance=Tolerance(exact=True),
            tolerances={},
            differences=None if kind == "function" else DIFFERENCES,
        )
    if kind in ("text", "figure"):
        return ManualQuestion(**plain, rubric=())
    return AnswerQuestion(**plain, parts=())


def collected(
    kinds: Mapping[str, str],
    *,
    sheets: Mapping[str, str] | None = None,
    modules: Mapping[str, str] | None = None,
    others: Mapping[str, bytes] | None = None,
    unread: tuple[NotRead, ...] = (),
) -> Collected:
    """What is collected, and by question what answers it.

    `f/1` stands for the first case of `f`, `f/1/x+` for a difference of it.
    """
    assignment = Assignment(
        slug="homework",
        title="",
        folder=Path("homework"),
        files=("answers.yaml", "code.py"),
        seed=0,
        givens={},
        formulas=Formulas(),
        limits=Limits(wall_seconds=2, submission_seconds=10),
        questions=tuple(question(name, kind) for name, kind in kinds.items()),
    )
    submission = Submission(
        id="ann",
        sheets={name: text.encode() for name, text in (sheets or {}).items()},
        modules={name: text.encode() for name, text in (modules or {}).items()},
        others=others or {},
        unread=unread,
        notes=(Note(audience=Audience.STUDENT, text="a note about the files"),),
    )
    plan = make_plan(assignment)
    found = collect(plan, submission, SANDBOX, {})
    key = Key(asks={ask.question: ask.call.id for ask in plan.asks if ask.call is not None})
    told = dict(found.responses)
    for item in assignment.questions:
        if not isinstance(item, FunctionQuestion):
            told[item.id] = read_answer(item, key, found.responses)
            continue
        for number, case in enumerate(planned_cases(assignment, item), start=1):
            told[f"{item.id}/{number}"] = told.pop(case.id)
            for probe in case.probes:
                name = f"{item.id}/{number}/{probe.parameter}"
                told[f"{name}-"] = told.pop(probe.below.id)
                told[f"{name}+"] = told.pop(probe.above.id)
    return replace(found, responses=told)


def outcome(found: Collected, name: str) -> Any:
    """The value, or the verdict and reason of the failure."""
    response = found.responses[name]
    failure = response.failure
    return response.value if failure is None else (failure.verdict, failure.reason)


MISSING = (Verdict.MISSING, Reason.NOT_ANSWERED)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("number", "0.410", NumberText("0.410")),
        ("number", "'0.410'", NumberText("0.410")),
        ("number", "3/4", NumberText("3/4")),
        ("number", "about 3", "about 3"),
        ("array", "[1, '2.0']", (NumberText("1"), NumberText("2.0"))),
        ("iterates", "[['1', 2]]", ((NumberText("1"), NumberText("2")),)),
        ("expression", "'2'", "2"),
        ("choice", "'1'", "1"),
        ("text", "yes", "yes"),
    ],
)
def test_an_answer_is_taken_from_the_sheet(kind: str, typed: str, value: Any) -> None:
    assert outcome(collected({"q": kind}, sheets={"answers.yaml": f"q: {typed}"}), "q") == value


def test_what_the_sheet_does_not_answer_is_looked_up_in_the_module() -> None:
    found = collected(
        {"a": "number", "b": "number", "c": "number"},
        sheets={"answers.yaml": "a: 1"},
        modules={"code.py": "a = 10\nb = 2 * 10\n"},
    )
    assert [outcome(found, name) for name in "abc"] == [NumberText("1"), 20, MISSING]


def test_a_declared_module_answers_before_others() -> None:
    found = collected({"a": "number"}, modules={"another.py": "a = 1\n", "code.py": "a = 2\n"})
    assert outcome(found, "a") == NumberText("2")


@pytest.mark.parametrize(
    ("kind", "code", "value"),
    [
        ("number", "q = 0.410", NumberText("0.410")),
        ("array", "q = [0.50, 1]", [NumberText("0.50"), NumberText("1")]),
        ("iterates", "q = ((0.50, 1),)", ((NumberText("0.50"), NumberText("1")),)),
        ("number", "q = 2 * 0.205", 0.41),
        ("series", "q = [0.50]", [0.5]),
        ("choice", "q = 1.0", 1.0),
        ("expression", "q = 2", 2),
    ],
)
def test_numbers_typed_in_a_module_keep_their_digits(kind: str, code: str, value: Any) -> None:
    assert outcome(collected({"q": kind}, modules={"code.py": code + "\n"}), "q") == value


@pytest.mark.parametrize("kind", ["text", "figure"])
def test_what_a_person_marks_is_never_looked_up_in_a_module(kind: str) -> None:
    assert outcome(collected({"q": kind}, modules={"code.py": "q = 'words'\n"}), "q") == MISSING


@pytest.mark.parametrize(
    ("modules", "expected"),
    [
        ({"code.py": "1 / 0"}, (Verdict.RAISED, Reason.EXCEPTION)),
        ({"code.py": "import os; os._exit(0)"}, (Verdict.CRASHED, Reason.NO_ANSWER)),
        ({"code.py": "x = 1"}, MISSING),
        ({}, MISSING),
    ],
)
def test_without_a_sheet_a_modules_failure_is_the_answer(
    modules: dict[str, str], expected: Any
) -> None:
    assert outcome(collected({"q": "number"}, modules=modules), "q") == expected


def test_beside_a_sheet_a_modules_failure_leaves_answers_missing() -> None:
    found = collected(
        {"q": "number", "f": "function"},
        sheets={"answers.yaml": ""},
        modules={"code.py": "1 / 0"},
    )
    assert outcome(found, "q") == MISSING
    assert outcome(found, "f/1") == (Verdict.RAISED, Reason.EXCEPTION)


def test_what_no_file_defines_may_be_in_what_cannot_be_read() -> None:
    given: dict[str, Any] = {
        "modules": {"code.py": "1 / 0\nr = 1\ndef f(x): return x\n"},
        "unread": (NotRead(why="answers.docx is a text document", code=False),),
    }
    found = collected({"q": "number", "r": "number", "f": "function"}, **given)
    stopped = (Verdict.RAISED, Reason.EXCEPTION)
    assert [outcome(found, name) for name in ("q", "r", "f/1")] == [UNREADABLE, stopped, stopped]
    found = collected({"q": "number"}, modules=given["modules"])  # nothing that we cannot read
    assert outcome(found, "q") == stopped


UNREADABLE = (Verdict.PENDING, Reason.UNREADABLE)


def test_an_unreadable_sheet_is_said_and_costs_no_code() -> None:
    found = collected(
        {"q": "number", "r": "text", "f": "function"},
        sheets={"answers.yaml": "these are my answers\n"},
        modules={"code.py": "def f(x): return x\n"},
    )
    assert [outcome(found, name) for name in ("q", "r", "f/1")] == [UNREADABLE, UNREADABLE, 1.0]
    assert any("the answer sheet cannot be read: answers.yaml" in n.text for n in found.notes)


def test_an_answer_that_cannot_be_read_costs_no_other_and_no_code() -> None:
    found = collected(
        {"p": "number", "q": "number", "r": "text", "f": "function"},
        sheets={"answers.yaml": "q: [1\nr: x\n"},
        modules={"code.py": "def f(x): return x\n"},
    )
    got = [outcome(found, name) for name in ("p", "q", "r", "f/1")]
    assert got == [MISSING, UNREADABLE, "x", 1.0]


def test_a_module_answers_what_cannot_be_read_in_a_sheet() -> None:
    found = collected(
        {"q": "number"}, sheets={"answers.yaml": "q: [1\n"}, modules={"code.py": "q = 2.0\n"}
    )
    assert outcome(found, "q") == NumberText("2.0")


def test_what_one_sheet_answers_is_kept_when_another_cannot_be_read() -> None:
    sheets = {"answers.yaml": "q: 1", "more.yaml": "r: [\n"}
    found = collected({"q": "number", "r": "number"}, sheets=sheets)
    assert outcome(found, "q") == NumberText("1")
    assert outcome(found, "r") == UNREADABLE


def test_a_figure_is_a_file_that_was_handed_in() -> None:
    found = collected(
        {"a": "figure", "b": "figure", "c": "figure"},
        sheets={"answers.yaml": "a: plot.png\nb: ./plot.png\nc: other.png"},
        others={"plot.png": b"\x89PNG"},
    )
    assert [outcome(found, name) for name in "abc"] == [
        "plot.png",
        "./plot.png",
        (Verdict.MISSING, Reason.FILE_NOT_FOUND),
    ]


def test_the_name_of_a_missing_figure_is_cleaned() -> None:
    found = collected({"a": "figure"}, sheets={"answers.yaml": 'a: "\\e[2J\\u202ex"'})
    failure = found.responses["a"].failure
    assert failure is not None
    assert failure.message == "�[2J�x"


def test_a_function_without_a_module_is_missing() -> None:
    found = collected({"f": "function"}, sheets={"answers.yaml": "f: x + 1"})
    missing = (Verdict.MISSING, Reason.NOT_ANSWERED)
    assert [outcome(found, name) for name in ("f/1", "f/2")] == [missing, missing]
    assert any("'f' is answered by code in a module" in note.text for note in found.notes)


def test_of_many_unknown_names_the_first_are_told_and_the_rest_counted() -> None:
    sheet = "".join(f"q{number}: 1\n" for number in range(20_000))
    other = "".join(f"q{number}: 2\n" for number in range(20_000))
    found = collected({"gradient": "number"}, sheets={"answers.yaml": sheet, "b.yaml": other})
    texts = [note.text for note in found.notes]
    assert len(texts) < 30
    assert "there is no question 'q9'" in texts
    assert "there are no questions of 19990 more names in the sheet either" in texts
    assert "19990 more are answered again in b.yaml; the first answers count" in texts


def test_a_misspelt_question_is_answered_with_the_near_one() -> None:
    found = collected({"gradient": "number"}, sheets={"answers.yaml": "gradeint: 1\nzzz: 2"})
    texts = [note.text for note in found.notes]
    assert texts == [
        "a note about the files",
        "there is no question 'gradeint'; did you mean 'gradient'?",
        "there is no question 'zzz'",
    ]


def test_what_hidden_cases_print_is_not_shown_nor_kept_for_later() -> None:
    source = (
        "print('loading')\n"
        "seen = []\n"
        "def f(x):\n    print('f', seen, x)\n    seen.append(x)\n    return x\n"
        "def g(x):\n    print('g', seen, x)\n    seen.append(x)\n    return x\n"
    )
    found = collected({"f": "function", "g": "function"}, modules={"code.py": source})
    assert found.printed == "loading\nf [] 1.0\ng [1.0] 1.0\n"
    assert [outcome(found, name) for name in ("f/2", "g/2")] == [2.0, 2.0]


def test_every_question_and_case_has_a_response() -> None:
    kinds = {
        "a": "number",
        "b": "array",
        "c": "text",
        "d": "figure",
        "f": "function",
        "g": "function",
    }
    found = collected(kinds)
    calls = [name for name in found.responses if ":" in name]
    assert len(calls) == 2  # asked of a module that was not handed in
    others = [*"abcd", "f/1", "f/2", "g/1", "g/2"]
    assert sorted(set(found.responses) - set(calls)) == others
    assert {outcome(found, name) for name in (*calls, *others)} == {MISSING}


def test_code_may_answer_with_arrays() -> None:
    module = "import numpy as np\nq = np.eye(2)\n"
    value = outcome(collected({"q": "array"}, modules={"code.py": module}), "q")
    assert np.array_equal(value, np.eye(2))


def test_what_a_function_is_held_against_is_called_and_its_printing_is_not_shown() -> None:
    source = "def f(x): return 2 * x\ndef other(x):\n    print('other', x)\n    return x**2\n"
    found = collected({"f": "slope"}, modules={"code.py": source})
    beside = {name: r.value for name, r in found.responses.items() if name.count("/") == 2}
    assert sorted(beside) == ["f/1/x+", "f/1/x-", "f/2/x+", "f/2/x-"]
    assert beside["f/1/x+"] > 1 > beside["f/1/x-"]
    assert found.printed == ""


def test_differences_without_a_module_are_missing() -> None:
    found = collected({"f": "slope"}, sheets={"answers.yaml": ""})
    assert outcome(found, "f/1/x+") == MISSING
