"""What is kept of an outcome is all of it, and nothing else is ever made of it."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.gradebook.outcome_json import OutcomeReader, from_json, to_json
from grader.model.fact import Facts
from grader.model.fact_marking import Compared
from grader.model.outcome import Outcome, PartOutcome
from grader.model.typed import Typed
from grader.model.value import NumberText, Opaque
from grader.model.verdict import Reason, Verdict
from tests.homeworks import SLUGS
from tests.some import some
from tests.unit.judge.examples import examples_judged

VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.complex_numbers(),
        st.text(),
        st.binary(max_size=9),
        st.just(NumberText("0.410")),
        st.just(Typed("no", quoted=True, line=3)),
        st.just(Opaque(type_name="Tensor", why="no plain data")),
        st.just(np.array([[1.5, np.nan]], dtype=np.float32)),
        st.just(np.int8(3)),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.one_of(st.text(max_size=3), st.integers()), inner, max_size=3),
    ),
    max_leaves=8,
)


def outcome(value: Any) -> Outcome:
    fact = Compared(reason=Reason.WRONG_VALUE, actual=value, expected=value, difference=-0.0)
    part = PartOutcome(
        label="a", verdict=Verdict.PARTIAL, credit=Fraction(2, 3), facts=Facts.of(fact)
    )
    return Outcome(
        question="q", verdict=Verdict.PARTIAL, score=None, max_score=Fraction(1, 3), parts=(part,)
    )


@settings(max_examples=some(40))
@given(VALUES)
def test_every_value_comes_back_with_its_type_and_bits(value: Any) -> None:
    written = outcome(value)
    read = from_json(to_json(written))
    assert repr(read) == repr(written)
    assert read.parts[0].facts == written.parts[0].facts
    assert to_json(read) == to_json(written)


def test_what_is_kept_is_strict_json() -> None:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    json.loads(to_json(outcome([np.inf, float("nan"), 1e400])), parse_constant=refuse)


@pytest.mark.parametrize(
    "text", ['{"@":"Popen","args":"id"}', '{"@":"Outcome"}', '{"@":"Verdict","is":"nice"}', "{"]
)
def test_what_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of any kind
        from_json(text)


@pytest.mark.processes
@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_outcomes_of_examples_come_back(slug: str) -> None:
    for judged in examples_judged(slug).values():
        for found in judged.outcomes:
            back = from_json(to_json(found))
            assert to_json(back) == to_json(found)
            assert (back.feedback, back.facts) == (found.feedback, found.facts)


def test_the_same_text_is_read_once_and_no_more_is_remembered_than_there_is_room_for() -> None:
    read = OutcomeReader()
    first = to_json(outcome(1.5))
    known = read(first)
    assert read(first) is known
    assert repr(known) == repr(from_json(first))
    for number in range(40):
        large = to_json(outcome(f"{number}" + "x" * (1 << 14)))
        assert repr(read(large)) == repr(from_json(large))
    assert read(first) is not known
    assert len(read(to_json(outcome("y" * (1 << 20)))).parts) == 1  # more than there is room for
