"""Points: the same every time, inside the domains, with both signs where there are two."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.expect.points import LEAST_OF_A_SIGN, POINTS, draw_points
from grader.model.assignment import Domain


def drawn(domain: Domain, seed: int = 0) -> Any:
    points = draw_points({"x": domain}, random.Random(seed))
    return np.array([point["x"] for point in points])


@st.composite
def domains(draw: st.DrawFn) -> Domain:
    integers = draw(st.booleans())
    number = st.integers(-4, 4) if integers else st.floats(-3, 3, allow_subnormal=False)
    low, high = sorted((float(draw(number)), float(draw(number))))
    if low == high and not integers:
        high = low + 1
    return Domain(
        low=low,
        high=high,
        integers=integers,
        signed=draw(st.booleans()),
        shape=draw(st.sampled_from([(), (2,), (2, 2)])),
        also=tuple(draw(st.lists(st.sampled_from([0.0, 7.0, -7.0]), max_size=12))),
    )


@given(domains(), st.integers(0, 1000))
def test_numbers_lie_in_their_domain_and_have_both_its_signs(domain: Domain, seed: int) -> None:
    numbers = drawn(domain, seed)
    assert numbers.shape == (POINTS, *domain.shape)
    fixed, free = numbers[: len(domain.also)], numbers[len(domain.also) :]
    for number, value in zip(domain.also, fixed, strict=True):
        assert np.all(value == number)
    inside = (free >= domain.low) & (free <= domain.high)
    if domain.signed:
        inside |= (-free >= domain.low) & (-free <= domain.high)
    assert inside.all()
    if domain.integers:
        assert np.all(free == np.round(free))
    ends = (domain.low, domain.high, *((-domain.low, -domain.high) if domain.signed else ()))
    if min(ends) < 0 < max(ends):
        for sign in (-1, 1):
            assert np.all((np.sign(numbers) == sign).sum(axis=0) >= LEAST_OF_A_SIGN)


@pytest.mark.parametrize("seed", range(5))
def test_the_narrow_end_of_a_domain_is_not_left_to_chance(seed: int) -> None:
    assert (drawn(Domain(low=-1e-6, high=1), seed) < 0).sum() >= LEAST_OF_A_SIGN
    assert (drawn(Domain(low=-1, high=1e-6), seed) > 0).sum() >= LEAST_OF_A_SIGN


def test_points_are_the_same_every_time() -> None:
    domain = Domain(low=-0.1, high=2, shape=(2,))
    assert drawn(domain).tolist() == drawn(domain).tolist()
    assert drawn(domain).tolist() != drawn(domain, seed=1).tolist()


def test_whole_numbers_stay_whole_numbers() -> None:
    points = draw_points({"x": Domain(low=-1, high=9, integers=True)}, random.Random(0))
    assert all(type(point["x"]) is int for point in points)


def test_a_sign_does_not_come_in_for_the_last_ones_of_the_other() -> None:
    class Scarce(random.Random):
        numbers = [0] * 21 + [1, 1, 1]

        def randint(self, a: int, b: int) -> int:
            return self.numbers.pop(0) if self.numbers else super().randint(a, b)

    points = draw_points({"x": Domain(low=-5, high=5, integers=True)}, Scarce(0))
    signs = [int(np.sign(point["x"])) for point in points]
    assert (signs.count(-1), signs.count(1)) == (LEAST_OF_A_SIGN, LEAST_OF_A_SIGN)
