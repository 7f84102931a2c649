from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model.tolerance import DEFAULT_TOLERANCE, Tolerance, ToleranceError

NAN, INFINITY = float("nan"), float("inf")
anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.lists(st.floats())
)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({}, "gives nothing"),
        ({"exact": False}, "gives nothing"),
        ({"rtol": None}, "gives nothing"),
        ({"strict": True}, "gives nothing"),
        ({"rtoll": 1}, "unknown key 'rtoll'"),
        ({"rtol": 0.1, "decimals": 0}, "gives rtol, decimals"),
        ({"exact": True, "published": True}, "gives published, exact"),
        ({"rtol": -0.1}, "rtol must not be negative"),
        ({"atol": -1}, "atol must not be negative"),
        ({"rtol": 1.5}, "rtol above 1"),
        ({"rtol": NAN}, "rtol must be finite"),
        ({"atol": INFINITY}, "atol must be finite"),
        ({"atol": True}, "atol must be a number"),
        ({"atol": "1"}, "atol must be a number"),
        ({"decimals": -1}, "from 0 to 30"),
        ({"decimals": 31}, "from 0 to 30"),
        ({"decimals": 2.0}, "whole number"),
        ({"published": 0}, "must be true or false"),
        ({"exact": "yes"}, "must be true or false"),
        ({"sigfigs": 0}, "from 1 to 30"),
        ({"sigfigs": True}, "whole number"),
        ({"interval": [1]}, "must be [low, high]"),
        ({"interval": [2, 1]}, "above its high end"),
        ({"interval": [1, NAN]}, "must be finite"),
        ({"rtol": 0.1, "strict": True}, "strict goes with"),
        ({"published": True, "strict": True}, "strict goes with"),
        ({"decimals": 2, "imprecise_credit": 1.5}, "between 0 and 1"),
        ({"decimals": 2, "imprecise_credit": NAN}, "must be finite"),
        ({"rtol": 0.1, "imprecise_credit": 0.5}, "imprecise_credit goes with"),
    ],
)
def test_a_senseless_tolerance_is_refused_in_words(spec: dict[str, Any], said: str) -> None:
    with pytest.raises(ToleranceError) as caught:
        Tolerance.from_spec(spec)
    assert said in str(caught.value)


def test_no_decimals_at_all_is_a_tolerance() -> None:
    assert Tolerance.from_spec({"decimals": 0}).decimals == 0


@pytest.mark.parametrize("number", [0.05, np.float64(0.05)], ids=["float", "numpy"])
def test_a_bound_is_the_decimal_that_was_typed(number: float) -> None:
    assert Tolerance.from_spec({"atol": number}).atol == Fraction(1, 20)


def test_a_bound_may_be_a_whole_number_of_any_size() -> None:
    assert Tolerance.from_spec({"atol": 10**400}).atol == 10**400


@pytest.mark.parametrize(
    ("spec", "judges"),
    [
        ({"decimals": 0}, True),
        ({"sigfigs": 3}, True),
        ({"published": True}, True),
        ({"rtol": 0.1}, False),
        ({"exact": True}, False),
        ({"interval": [0, 1]}, False),
    ],
)
def test_only_digit_modes_judge_digits(spec: dict[str, Any], judges: bool) -> None:
    assert Tolerance.from_spec(spec).judges_digits is judges


def test_the_default_is_relative_with_a_floor() -> None:
    assert Tolerance.from_spec({"rtol": 1e-6, "atol": 1e-9}) == DEFAULT_TOLERANCE


@given(
    st.dictionaries(
        st.sampled_from(
            ["rtol", "atol", "decimals", "sigfigs", "published", "exact", "interval", "strict"]
        ),
        anything,
        max_size=3,
    )
)
def test_any_spec_gives_one_mode_or_a_tolerance_error(spec: dict[str, Any]) -> None:
    try:
        tolerance = Tolerance.from_spec(spec)
    except ToleranceError:
        return
    bounded = tolerance.rtol is not None or tolerance.atol is not None
    digits = (tolerance.decimals is not None, tolerance.sigfigs is not None, tolerance.published)
    assert sum((bounded, *digits, tolerance.interval is not None, tolerance.exact)) == 1
