"""The sentences for what a driver met, each as a student reads it."""
# ruff: noqa: E501 - sentences as they are read

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.judge.words.tell import told
from grader.model.fact import Facts
from grader.model.fact_marking import Failed
from grader.model.outcome import Feedback
from grader.model.response import Failure, Met
from grader.model.value import Opaque
from grader.model.verdict import Reason, Verdict

W = np.array([1.0, 2.0])


def _told(
    problem: str, value: Any = None, *, hidden: bool = False, reason: str = "", **fields: Any
) -> Feedback:
    failure = Failure(
        verdict=Verdict.RAISED,
        reason=Reason(reason or "result_unusable"),
        exception="TypeError",
        message="not this",
        met=Met(problem=problem, called="adam", value=value, driver="drive.py", line=7, **fields),
    )
    fact = Failed(failure=failure, entry="adam", hidden=hidden, called_as="adam(w, dw)")
    return told(Facts.of(fact))


SAID = {
    "array-for-several": (
        _told("count", W, wanted=2),
        "your `adam` returned `[1., 2.]`; the next step takes 2 values from it, and it is one array",
    ),
    "generator": (
        _told("count", Opaque(type_name="generator", why="a generator: return a list"), wanted=2),
        "your `adam` returned a generator: return a list; the next step takes 2 values from it",
    ),
    "nothing": (
        _told("none"),
        (
            "your `adam` returned nothing (None), and the next step needs its result: is `return` "
            "missing, or is the function not finished?"
        ),
    ),
    "nothing-first": (
        _told("none", (None, {"t": 1}), at=0),
        (
            "your `adam` returned `(None, {'t': …})`; the first of these is None, where the next step "
            "needs a value: is it not finished?"
        ),
    ),
    "too-few": (
        _told("count", 0.5, wanted=2),
        "your `adam` returned `0.5`; the next step takes 2 values from it",
    ),
    "too-many": (
        _told("count", (1, 2, 3), wanted=2),
        "your `adam` returned `(1, 2, 3)`; the next step takes 2 values from it, and there are 3",
    ),
    "one-in-a-tuple": (
        _told("count", (W,), wanted=2),
        "your `adam` returned `([1., 2.],)`; the next step takes 2 values from it, and there is 1",
    ),
    "key": (
        _told("key", (W, {"m": 1}), at=1, text="t"),
        (
            "your `adam` returned `([1., 2.], {'m': …})`; the next step looks up the key 't' in the "
            "second of these, and it is not there"
        ),
    ),
    "key-in-what-has-none": (
        _told("key", ({"t": 1}, W), at=1, text="t"),
        (
            "your `adam` returned `({'t': …}, [1., 2.])`; the next step looks up the key 't' in the "
            "second of these; are they in the right order?"
        ),
    ),
    "exchanged": (
        _told("number", ({"t": 1}, W), at=0),
        (
            "your `adam` returned `({'t': …}, [1., 2.])`; the next step needs an array or a number, "
            "and the first of these is a dictionary; are they in the right order?"
        ),
    ),
    "text": (
        _told("number", ("w", {}), at=0),
        (
            "your `adam` returned `(“w”, {})`; the next step needs an array or a number, and the first "
            "of these is a text"
        ),
    ),
    "attribute": (
        _told("attribute", W, text="t"),
        "your `adam` returned `[1., 2.]`; the next step needs `.t` of it, and it is not there",
    ),
    "object": (
        _told("made", None, text="t"),
        "an object of your `adam` has no `t`, which is needed next",
    ),
    "other": (
        _told("other", W),
        "your `adam` returned `[1., 2.]`; the next step cannot use it (TypeError: not this)",
    ),
    "arguments": (
        _told("call", reason="wrong_arguments", least=0, most=0),
        "`adam` takes 0 arguments; it is called as `adam(w, dw)`",
    ),
    "one-argument": (
        _told("call", reason="wrong_arguments", least=1, most=1, text="adam(w, dw, config)"),
        "`adam` takes 1 argument; it is called as `adam(w, dw, config)`",
    ),
    "some-arguments": (
        _told("call", reason="wrong_arguments", least=1, most=2),
        "`adam` takes 1 to 2 arguments; it is called as `adam(w, dw)`",
    ),
    "many-arguments": (
        _told("call", reason="wrong_arguments", least=3, most=-1),
        "`adam` takes at least 3 arguments; it is called as `adam(w, dw)`",
    ),
    "by-name-only": (
        _told("call", reason="wrong_arguments", least=1, most=1, parameter="dw"),
        "`adam` takes 1 argument, and `dw` by its name only; it is called as `adam(w, dw)`",
    ),
    "nobody-knows": (
        _told("call", reason="wrong_arguments"),
        "`adam` cannot be called like this (TypeError: not this); it is called as `adam(w, dw)`",
    ),
}


@pytest.mark.parametrize(("feedback", "words"), SAID.values(), ids=SAID)
def test_a_student_reads_what_their_function_returned(feedback: Feedback, words: str) -> None:
    assert feedback.student == (words,)


def test_what_their_own_code_failed_on_is_named_beside_the_exception() -> None:
    said = _told("given", ({"t": 1}, W), reason="exception", at=0, parameter="w", text="numbers")
    assert said.student == (
        "TypeError was raised: not this",
        (
            "there `w` is `{“t”: 1}`: the first of the values that your `adam` returned, where the "
            "first call was given an array or a number"
        ),
    )


@pytest.mark.parametrize("problem", ["none", "count", "key", "number", "attribute", "other"])
def test_the_line_of_the_driver_is_for_staff(problem: str) -> None:
    said = _told(problem, (W, {}), at=0, wanted=2, text="t")
    assert "drive.py" not in " ".join(said.student)
    assert said.staff[-1] == "met in line 7 of the driver drive.py (TypeError: not this)"


SECRETS = [
    _told("none", (None, 3.25), at=0, hidden=True),
    _told("count", 3.25, wanted=325, hidden=True),
    _told("key", {"t": 3.25}, text="3.25", hidden=True),
    _told("number", "3.25", hidden=True),
    _told("made", text="3.25", hidden=True),
    _told("other", 3.25, hidden=True),
    _told("call", text="f(3.25)", reason="wrong_arguments", least=325, most=325, hidden=True),
    _told("given", 3.25, text="3.25", parameter="3.25", reason="exception", hidden=True),
]


@pytest.mark.parametrize("feedback", SECRETS)
def test_of_a_hidden_case_nothing_is_told_that_code_could_have_made_up(feedback: Feedback) -> None:
    said = " ".join(feedback.student)
    assert "325" not in said
    assert "3.25" not in said


def test_that_nothing_was_returned_is_told_of_a_hidden_case_too() -> None:
    assert _told("none", hidden=True).student == _told("none").student
