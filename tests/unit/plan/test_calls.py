from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.model.assignment import (
    Assignment,
    Case,
    Domain,
    Driver,
    Formulas,
    FunctionQuestion,
    Limits,
    Question,
)
from grader.model.value import Value
from grader.plan import answer_call, case_call, derived_seed, planned_cases
from tests.build import function_of


def case(
    inputs: Mapping[str, Value] | None = None,
    *,
    random: Mapping[str, Domain] | None = None,
    count: int = 1,
    hidden: bool = False,
    label: str = "",
    at: Mapping[str, Value] | None = None,
) -> Case:
    return Case(
        label=label,
        inputs=inputs or {},
        random=random or {},
        count=count,
        hidden=hidden,
        at=at or {},
    )


def asked(*cases: Case, name: str = "f", driver: Driver | None = None) -> FunctionQuestion:
    return function_of(
        name,
        "x",
        "y",
        entry="step",
        step="f",
        driver=driver,
        cases=cases,
        at={"rate": 2.0},
        globals={"eta": "rate"},
    )


def assignment(*questions: FunctionQuestion, seed: int = 1) -> Assignment:
    return Assignment(
        slug="x",
        title="X",
        folder=Path(),
        files=("x.py",),
        seed=seed,
        givens={"rate": 1.0, "start": 5},
        formulas=Formulas(),
        limits=Limits(),
        questions=questions,
    )


RANDOM = case({"x": 1}, random={"y": Domain(low=0, high=1)}, count=3)


def drawn(question: FunctionQuestion, seed: int = 1) -> list[Value]:
    return [item.inputs["y"] for item in planned_cases(assignment(question, seed=seed), question)]


def test_a_random_case_becomes_as_many_cases_as_it_counts() -> None:
    question = asked(case({"x": 0, "y": 0}), RANDOM)
    planned = planned_cases(assignment(question), question)
    assert len({item.id for item in planned}) == 4
    assert [item.inputs["x"] for item in planned] == [0, 1, 1, 1]


def test_random_inputs_are_the_same_every_time_and_others_for_another_seed() -> None:
    assert drawn(asked(RANDOM)) == drawn(asked(RANDOM))
    assert drawn(asked(RANDOM), seed=1) != drawn(asked(RANDOM), seed=2)


def test_random_inputs_do_not_depend_on_the_other_questions() -> None:
    one, two = asked(RANDOM), asked(RANDOM, name="g")
    alone = planned_cases(assignment(one), one)
    beside = planned_cases(assignment(two, one), one)
    assert [item.inputs for item in alone] == [item.inputs for item in beside]


def test_a_hidden_case_shows_no_input_in_its_label() -> None:
    hidden = case({"x": 123, "y": 4}, hidden=True, label="telling")
    question = asked(hidden)
    assert planned_cases(assignment(question), question)[0].label == "hidden case 1"


def test_a_listed_case_is_labelled_by_its_call() -> None:
    question = asked(case({"y": np.array([1.0, 2.0]), "x": 3}))
    assert planned_cases(assignment(question), question)[0].label == "step(3, [1.0, 2.0])"


def test_a_long_call_is_labelled_by_its_number() -> None:
    question = asked(case({"x": "a" * 60, "y": 1}))
    assert planned_cases(assignment(question), question)[0].label == "case 1"


@pytest.mark.parametrize(
    ("one", "named"),
    [
        pytest.param(case({"x": 1, "y": 2}), True, id="by its call"),
        pytest.param(case({"x": 1, "y": 2}, label="at one"), True, id="by its label"),
        pytest.param(case({"x": "a" * 60, "y": 2}), False, id="by its number"),
        pytest.param(
            case({"y": 2}, random={"x": Domain(low=0, high=1)}),
            True,
            id="by the call with what was drawn",
        ),
        pytest.param(
            case({"y": 2}, random={"x": Domain(low=0, high=1)}, label="any"),
            False,
            id="drawn, unseen",
        ),
    ],
)
def test_a_name_that_says_the_inputs_is_told_from_one_that_does_not(one: Case, named: bool) -> None:
    question = asked(one)
    assert planned_cases(assignment(question), question)[0].named is named


def test_the_instance_of_a_case_is_its_own_before_the_questions_before_the_assignments() -> None:
    question = asked(case({"x": 1, "y": 1}), case({"x": 1, "y": 1}, at={"rate": 3.0}))
    planned = planned_cases(assignment(question), question)
    assert [item.givens for item in planned] == [
        {"rate": 2.0, "start": 5},
        {"rate": 3.0, "start": 5},
    ]


def test_a_call_gives_the_arguments_in_the_order_of_the_call_and_sets_the_globals() -> None:
    question = asked(case({"y": 2, "x": 1}))
    call = case_call(question, planned_cases(assignment(question), question)[0])
    assert (call.mode, call.entry, call.arguments) == ("call", "step", (1, 2))
    assert call.globals == {"eta": 2.0}


def test_a_driver_is_handed_all_inputs_by_name() -> None:
    driver = Driver(file="drive.py", source="def drive(module, case): return 1\n")
    question = asked(case({"y": 2, "x": 1}), driver=driver)
    call = case_call(question, planned_cases(assignment(question), question)[0])
    assert (call.mode, call.arguments, call.driver) == ("drive", ({"y": 2, "x": 1},), driver)


def seeds(*questions: FunctionQuestion, seed: int = 0) -> dict[str, int]:
    """The seed of every call that the cases of these questions make."""
    whole = replace(assignment(*questions), seed=seed)
    calls = [
        case_call(question, planned)
        for question in questions
        for planned in planned_cases(whole, question)
    ]
    return {call.id: call.seed for call in calls}


def test_every_case_has_a_seed_of_its_own() -> None:
    inputs = {"x": 1, "y": 2}
    found = seeds(*(asked(case(inputs, count=20), case(inputs), name=f"q{n}") for n in range(50)))
    assert len(found) == len(set(found.values())) == 50 * 21


def test_the_seed_of_a_case_depends_on_no_other_question() -> None:
    cases = (RANDOM, case({"x": 1, "y": 2}))
    alone = seeds(asked(*cases, name="b"))
    among = seeds(asked(*cases, *cases, name="a"), asked(*cases, name="b"), asked(*cases, name="c"))
    assert alone.items() <= among.items()


def test_the_seed_of_a_case_comes_from_that_of_the_assignment() -> None:
    first, second = (seeds(asked(RANDOM, name="f"), seed=seed) for seed in (1, 2))
    assert not set(first.values()) & set(second.values())
    whole = assignment(asked(name="f"))
    assert derived_seed(whole, "q") != derived_seed(replace(whole, seed=9), "q")


@pytest.mark.parametrize(
    ("demand", "option"),
    [
        ("inputs_unchanged", "look_again"),
        ("earlier_outputs_unchanged", "look_back"),
        ("deterministic", "repeat"),
    ],
)
def test_a_call_asks_for_what_the_question_requires(demand: str, option: str) -> None:
    flags: dict[str, Any] = {demand: True}
    question = replace(asked(case({"y": 2, "x": 1})), **flags)
    call = case_call(question, planned_cases(assignment(question), question)[0])
    options = ("look_again", "look_back", "repeat")
    assert [name for name in options if getattr(call, name)] == [option]


@pytest.mark.parametrize("kind", ["number", "array", "iterates", "choice", "series", "expression"])
def test_digits_are_asked_for_where_numbers_are_typed(kind: str) -> None:
    question = Question(id="q", kind=kind, points=Fraction(1), prompt="", entry="q")
    assert answer_call(assignment(), question).digits == (kind in ("number", "array", "iterates"))
