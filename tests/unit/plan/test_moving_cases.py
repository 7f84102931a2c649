"""A case that comes, goes or moves changes nothing of what others ask."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.model.assignment import Assignment, Case, Domain, Formulas, Limits
from grader.plan import planned_cases
from grader.plan.canonical import canonical
from tests.build import function_of
from tests.some import some


def case(inputs: dict[str, object] | None = None, **changes: Any) -> Case:
    plain = Case(label="", inputs=inputs or {}, random={}, count=1, hidden=False, at={})
    return replace(plain, **changes)


UNIT = Domain(low=0, high=1)
LISTED = case({"x": 1, "y": 2})
FLOATS = case({"x": 1.0, "y": 2.0})
DRAWN = case({"x": 1}, random={"y": UNIT}, count=3)
HIDDEN = replace(DRAWN, hidden=True)
OF_SHAPE = case(random={"x": replace(UNIT, shape=(2,)), "y": replace(UNIT, shape=(2,))})


def asked(*cases: Case) -> list[str]:
    """The fingerprint of every call of these cases, in their order."""
    question = function_of(
        "f", "x", "y", entry="step", cases=cases, at={"rate": 2.0}, globals={"eta": "rate"}
    )
    whole = Assignment(
        slug="x",
        title="X",
        folder=Path(),
        files=("x.py",),
        seed=1,
        givens={"rate": 1.0},
        formulas=Formulas(),
        limits=Limits(),
        questions=(question,),
    )
    return [case.id for case in planned_cases(whole, question)]


ALL = (LISTED, FLOATS, DRAWN, HIDDEN, OF_SHAPE)
OTHERS = [
    case({"x": 3, "y": 4}),
    replace(DRAWN, hidden=True, count=5, at={"rate": 3.0}),
    case({"x": 1}, random={"y": replace(UNIT, high=2)}),
    case({"x": np.array([1.0, 2.0]), "y": 0}),
]


@pytest.mark.parametrize("new", OTHERS, ids=["listed", "drawn", "another domain", "an array"])
@pytest.mark.parametrize("place", [0, 2, 5])
def test_a_case_that_is_inserted_changes_no_other(place: int, new: Case) -> None:
    before, after = asked(*ALL), asked(*ALL[:place], new, *ALL[place:])
    first = len(asked(*ALL[:place]))
    assert after[:first] + after[first + new.count :] == before
    assert not set(after[first : first + new.count]) & set(before)


@pytest.mark.parametrize("place", range(len(ALL)))
def test_a_case_that_goes_changes_no_other(place: int) -> None:
    gone = asked(ALL[place])
    left = [one for one in asked(*ALL) if one not in gone]
    assert asked(*ALL[:place], *ALL[place + 1 :]) == left


def test_a_case_that_moves_asks_the_same() -> None:
    assert sorted(asked(*reversed(ALL))) == sorted(asked(*ALL))


def test_a_larger_count_keeps_what_was_drawn() -> None:
    before, after = asked(*ALL), asked(LISTED, FLOATS, replace(DRAWN, count=9), HIDDEN, OF_SHAPE)
    assert after[:5] == before[:5]
    assert after[11:] == before[5:]


def test_two_equal_cases_ask_twice_and_each_for_itself() -> None:
    first, *others = asked(LISTED, LISTED, LISTED)
    assert len({first, *others}) == 3
    assert first == asked(LISTED)[0]
    assert asked(DRAWN, replace(DRAWN, count=2))[:3] == asked(DRAWN)
    longer = asked(replace(DRAWN, count=7), replace(DRAWN, count=2))
    assert longer[7:] == asked(DRAWN, replace(DRAWN, count=2))[3:]


def test_a_label_and_the_order_of_inputs_are_no_part_of_a_case() -> None:
    turned = case({"y": 2, "x": 1}, label="another")
    assert asked(LISTED, turned) == asked(LISTED, LISTED)
    domains = {"x": UNIT, "y": replace(UNIT, integers=True)}
    backwards = dict(reversed(domains.items()))
    assert asked(case(random=domains, count=4)) == asked(case(random=backwards, count=4))


def test_the_type_of_an_input_and_the_sign_of_a_zero_are() -> None:
    zeros = [0, 0.0, -0.0, False, np.float64(0.0), np.float32(0.0), np.zeros(()), np.zeros((1,))]
    assert len({*asked(*(case({"x": zero, "y": 1}) for zero in zeros))}) == len(zeros)


NUMBERS = st.sampled_from([0, 1, 1.0, -0.0, 2.5])
DOMAINS = st.builds(Domain, low=st.just(0.0), high=st.sampled_from([1.0, 2.0]))
CASES = st.builds(
    Case,
    label=st.sampled_from(["", "a"]),
    inputs=st.fixed_dictionaries({"x": NUMBERS}),
    random=st.fixed_dictionaries({"y": DOMAINS}),
    count=st.integers(1, 3),
    hidden=st.booleans(),
    at=st.dictionaries(st.just("rate"), NUMBERS),
)


def content(one: Case) -> bytes:
    """What makes two cases equal."""
    drawn = one.random["y"]
    assert isinstance(drawn, Domain)
    return canonical([dict(one.inputs), drawn.high, dict(one.at), one.hidden])


@settings(max_examples=some(60), deadline=None)
@given(st.lists(CASES, max_size=6), CASES, st.randoms(use_true_random=False))
def test_whatever_comes_goes_or_moves(
    cases: Sequence[Case], new: Case, chance: random.Random
) -> None:
    before = Counter(asked(*cases))
    assert set(before.values()) <= {1}
    place = chance.randint(0, len(cases))
    with_new = asked(*cases[:place], new, *cases[place:])
    counts = {one.count for one in cases if content(one) == content(new)} | {new.count}
    if len(counts) == 1:  # else it is another of the equal cases that has the larger count
        assert before <= Counter(with_new)
    moved = list(cases)
    chance.shuffle(moved)
    if all(one.count == other.count for one in cases for other in cases):
        assert Counter(asked(*moved)) == before
    if cases:
        longer = [replace(cases[0], count=cases[0].count + 2), *cases[1:]]
        assert before <= Counter(asked(*longer))
