"""Promises with a share of their own, and what is told of those that are broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.judge.expect.key import Key
from grader.judge.mark.functions import judge_function
from grader.judge.scoring import outcome_of
from grader.judge.words.tell import worded
from grader.model.assignment import Case, Driver, FiniteDifferences, FunctionQuestion, Limits
from grader.model.outcome import Outcome
from grader.model.response import Changed, Response
from grader.model.tolerance import Tolerance
from grader.model.verdict import Audience, Reason, Verdict
from grader.plan import PlannedCase
from grader.report.words import feedback_lines
from tests.build import function_of

X, Y = np.array([1.0, 2.0]), np.array([3.0])
RIGHT, WRONG = 5.0, 6.0


def question(**options: Any) -> FunctionQuestion:
    fields: dict[str, Any] = {
        "points": Fraction(10),
        "tolerance": Tolerance.from_spec({"rtol": 1e-6}),
        "inputs_unchanged": True,
    }
    return function_of("f", "x", "y", **(fields | options))


def mark(*given: Response, expected: Any = RIGHT, hidden: int = 0, **options: Any) -> Outcome:
    """One case for each response, of which the last ones are hidden."""
    cases = tuple(
        PlannedCase(
            id=f"f/{number}",
            label=f"case {number}",
            inputs={"x": X, "y": Y},
            givens={},
            hidden=number >= len(given) - hidden,
        )
        for number in range(len(given))
    )
    key = Key(cases={"f": cases}, returned={case.id: expected for case in cases})
    responses = {case.id: one for case, one in zip(cases, given, strict=True)}
    judged = judge_function(question(**options), key, responses, Limits())
    return worded(outcome_of(judged))


def kept(value: Any = RIGHT) -> Response:
    return Response(value=value, inputs_after=(X, Y))


def broken(value: Any = RIGHT) -> Response:
    return Response(value=value, inputs_after=(2 * X, Y))


RAISED = Response.failed(Verdict.RAISED, Reason.EXCEPTION)


def read(outcome: Outcome) -> str:
    return "\n".join(feedback_lines(outcome, Audience.STUDENT))


@pytest.mark.parametrize(
    ("responses", "score"),
    [
        pytest.param([kept(), kept()], 10, id="all right"),
        pytest.param([broken(), broken()], 8, id="only the promise is broken"),
        pytest.param([kept(), broken()], 8, id="in one of the cases"),
        pytest.param([kept(WRONG), kept(WRONG)], 2, id="only the promise is kept"),
        pytest.param([kept(WRONG), kept()], 6, id="one value is right"),
        pytest.param([broken(WRONG), broken(WRONG)], 0, id="nothing is right"),
        pytest.param([RAISED, RAISED], 0, id="it never came to an end"),
        pytest.param([RAISED, kept()], 5, id="it came to an end once"),
        pytest.param([Response(value=None, inputs_after=(X, Y))] * 2, 0, id="it returns nothing"),
    ],
)
def test_promises_earn_their_share_by_themselves(responses: list[Response], score: int) -> None:
    share = Fraction(1, 5)
    assert mark(*responses, promise_share=share).score == score
    assert mark(*responses, promise_share=share, hidden=1).score == score


def test_without_a_share_a_case_needs_its_promises() -> None:
    assert mark(kept(), broken()).score == 5
    assert mark(kept(WRONG), kept(WRONG)).score == 0


def test_the_share_is_of_all_points_also_beside_finite_differences() -> None:
    asked = FiniteDifferences(
        of="g", parameters=("x",), with_respect_to=("x",), step=None, share=Fraction(2)
    )
    parts = mark(kept(), kept(), promise_share=Fraction(1, 5), differences=asked).parts
    total = sum(part.share for part in parts)
    assert parts[-1].label == "promises"
    assert parts[-1].share / total == Fraction(1, 5)


@pytest.mark.parametrize(("response", "score"), [(kept(WRONG), 10), (broken(), 0), (RAISED, 0)])
def test_a_share_of_one_asks_for_nothing_but_the_promises(response: Response, score: int) -> None:
    assert mark(response, promise_share=Fraction(1)).score == score


def test_what_returns_nothing_keeps_promises_where_the_reference_returns_nothing() -> None:
    silent = Response(value=None, inputs_after=(X, Y))
    assert mark(silent, expected=None, promise_share=Fraction(1, 2)).score == 10
    spoiled = replace(silent, inputs_after=(X, 2 * Y))
    outcome = mark(spoiled, expected=None, promise_share=Fraction(1, 2))
    assert outcome.score == 5
    assert "f changes its argument y" in read(outcome)


def test_a_function_that_returns_nothing_is_told_so() -> None:
    outcome = mark(Response(value=None, inputs_after=(X, Y)), promise_share=Fraction(1, 2))
    assert "promises: f returns nothing: is `return` missing?" in read(outcome)


def test_each_promise_that_is_broken_is_told() -> None:
    """In one case it changes an argument, in the other it returns nothing."""
    nothing = Response(value=None, inputs_after=(X, Y))
    told = read(mark(broken(), nothing, promise_share=Fraction(1, 5)))
    assert "f changes its argument x" in told
    assert "f returns nothing" in told


# -- what is told ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ((2 * X, Y), "f changes its argument x"),
        ((X, 2 * Y), "f changes its argument y"),
        ((2 * X, 2 * Y), "f changes its arguments x, y"),
        (None, "f changes the arguments that it is given"),
    ],
)
def test_the_argument_that_is_changed_is_named(after: Any, words: str) -> None:
    changed = Response(value=RIGHT, inputs_after=after)
    assert words in read(mark(kept(), changed))
    assert words in read(mark(kept(), changed, promise_share=Fraction(1, 5)))


def test_of_a_driver_the_input_of_the_case_is_named() -> None:
    after = ({"x": X, "y": 2 * Y},)
    driver = Driver(file="drive.py", source="")
    outcome = mark(Response(value=RIGHT, inputs_after=after), driver=driver, parameters=())
    assert "f changes its argument y" in read(outcome)


@pytest.mark.parametrize("share", [None, Fraction(1, 5)])
def test_a_promise_that_hidden_cases_alone_show_to_be_broken_is_told(
    share: Fraction | None,
) -> None:
    outcome = mark(kept(), kept(), broken(), hidden=1, promise_share=share)
    text = read(outcome)
    assert "f changes its argument x" in text
    assert "2." not in text
    assert not share or "cases are right" not in text
    assert share or "its values are right" in text


def test_it_is_told_once_where_other_cases_show_it_too() -> None:
    assert read(mark(kept(), broken(), broken(), hidden=1)).count("f changes") == 1


def test_a_hidden_case_with_a_wrong_value_is_not_told_to_break_a_promise() -> None:
    assert "changes" not in read(mark(kept(), broken(WRONG), hidden=1))


def test_every_promise_that_is_broken_is_told() -> None:
    options: Mapping[str, Any] = {"deterministic": True, "promise_share": Fraction(1, 5)}
    response = replace(broken(), again=Response(value=WRONG))
    text = read(mark(response, **options))
    assert "f changes its argument x" in text
    assert "the same call is made twice" in text


def test_the_input_of_a_hidden_case_of_a_driver_is_named_if_others_show_it() -> None:
    spoiled = Response(value=RIGHT, inputs_after=({"x": 2 * X, "y": Y},))
    options: Mapping[str, Any] = {"driver": Driver(file="d.py", source=""), "parameters": ()}
    assert "the arguments that it is given" in read(mark(spoiled, hidden=1, **options))
    shown = Case(inputs={"x": X, "y": Y}, random={}, at={})
    assert "its argument x" in read(mark(spoiled, hidden=1, **options, cases=(shown,)))


# -- what a driver hands in and gets back ----------------------------------------------------------

GRADIENT = Changed(kind="input", called="Op.backward", name="upstream", before=X, after=2 * X)
OUTPUT = Changed(kind="output", called="Op.backward", before=X, after=2 * X)


@pytest.mark.parametrize(
    ("changed", "score", "words"),
    [
        ((GRADIENT,), 0, "Op.backward changes its argument upstream"),
        ((OUTPUT,), 0, "Op.backward changes a result that it returned earlier"),
        ((replace(GRADIENT, after=X.copy()),), 10, ""),
        ((replace(GRADIENT, before=np.array([np.nan]), after=np.array([np.nan])),), 10, ""),
        ((), 10, ""),
    ],
)
def test_what_a_call_of_a_driver_changes_breaks_a_promise(
    changed: tuple[Changed, ...], score: int, words: str
) -> None:
    response = Response(value=RIGHT, inputs_after=({"x": X, "y": Y},), changed=changed)
    options: Mapping[str, Any] = {
        "driver": Driver(file="drive.py", source=""),
        "parameters": (),
        "earlier_outputs_unchanged": True,
        "promise_share": Fraction(1),
    }
    outcome = mark(response, **options)
    assert outcome.score == score
    assert words in read(outcome)
    unasked = mark(response, **{**options, "inputs_unchanged": False})
    assert (unasked.score == 10) is (OUTPUT not in changed)


def test_a_driver_that_gets_nothing_in_one_place_shows_no_promise() -> None:
    response = Response(value={"a": 1.0, "b": None}, inputs_after=(X, Y))
    share = Fraction(1)
    assert mark(response, expected={"a": 1.0, "b": 2.0}, promise_share=share).score == 0
    assert mark(response, expected={"a": 1.0, "b": None}, promise_share=share).score == 10
