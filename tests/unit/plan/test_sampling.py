from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model.assignment import Domain
from grader.plan import draw
from grader.plan.sampling import generator

ends = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)).map(sorted)


@given(ends, st.booleans(), st.lists(st.integers(1, 4), max_size=3), st.integers())
def test_drawn_numbers_lie_in_their_domain(
    limits: list[float], signed: bool, shape: list[int], seed: int
) -> None:
    low, high = limits
    drawn = draw(Domain(low=low, high=high, signed=signed, shape=tuple(shape)), generator(seed))
    values = np.abs(drawn) if signed and low >= 0 else np.asarray(drawn)
    if signed and low < 0:
        low, high = min(low, -high), max(high, -low)
    assert np.shape(drawn) == tuple(shape)
    assert np.all((low <= values) & (values <= high))


@given(st.integers(-9, 9), st.integers(0, 9), st.integers())
def test_whole_numbers_are_drawn_as_such_ends_included(low: int, more: int, seed: int) -> None:
    domain = Domain(low=low, high=low + more, integers=True)
    source = generator(seed)
    drawn = [draw(domain, source) for _ in range(200)]
    assert all(type(number) is int for number in drawn)
    assert {low, low + more} <= set(drawn) <= set(range(low, low + more + 1))


def test_signed_numbers_come_with_either_sign_and_keep_their_distance_from_zero() -> None:
    source = generator("signs")
    drawn = [draw(Domain(low=0.5, high=1, signed=True), source) for _ in range(100)]
    assert {number > 0 for number in drawn} == {True, False}
    assert min(abs(number) for number in drawn) >= 0.5


@pytest.mark.parametrize(
    ("domain", "values"),
    [
        (Domain(low=0, high=1), [0.35415601083166015, 0.09378430937310511]),
        (Domain(low=0, high=9, integers=True), [5, 2]),
    ],
    ids=["numbers", "whole numbers"],
)
def test_the_same_names_draw_the_same_numbers_for_ever(domain: Domain, values: list[float]) -> None:
    source = generator("slug", 7, "question", 0)
    assert [draw(domain, source), draw(domain, source)] == values


def test_other_names_draw_other_numbers() -> None:
    domain = Domain(low=0, high=1)
    drawn = [draw(domain, generator(*names)) for names in (("a", 1), ("a", 2), ("b", 1))]
    assert len(set(drawn)) == 3
