"""An answer is held against many values of the reference: what it costs is bounded by these."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.mark.evidence import plain_numbers
from grader.model.value import shape_of
from tests.work import work

MANY = [()] * 200_000

NESTED = st.recursive(
    st.sampled_from([1.0, 2, np.zeros(2), np.zeros((0, 2))]),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner),
    max_leaves=6,
)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(MANY, id="too-long"),
        pytest.param([[1.0, 2.0], MANY], id="too-long-inside"),
        pytest.param([1.0, MANY], id="too-deep"),
    ],
)
@pytest.mark.parametrize("like", [np.zeros((2, 2)), np.zeros(2), 1.0], ids=["2x2", "2", "one"])
def test_a_huge_answer_of_another_shape_is_soon_seen(answer: Any, like: Any) -> None:
    """As soon as a short one: whoever looks at all of it does thousands of times the work."""

    def refused(answer: Any) -> None:
        for _ in range(50):
            assert plain_numbers(answer, like) is None

    few = [[1.0, 2.0], [1.0, 2.0], [()] * 20]
    assert work(lambda: refused(answer)) < 50 * work(lambda: refused(few))


@given(value=NESTED, like=st.sampled_from([(0,), (2,), (1, 2), (2, 2), (0, 2), (2, 0, 2)]))
def test_only_what_has_the_shape_is_numbers(value: Any, like: tuple[int, ...]) -> None:
    numbers = plain_numbers(value, np.zeros(like))
    assert (numbers is not None) == (shape_of(value) == like)
