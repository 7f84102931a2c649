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
        ({"ulp": 0}, "ulp must be a whole number from 1"),
        ({"ulp": 10**7}, "ulp must be a whole number from 1"),
        ({"ulp": 2.5}, "ulp must be a whole number"),
        ({"ulp": True}, "ulp must be a whole number"),
        ({"ulp": 4, "rtol": 0.1}, "gives rtol, ulp"),
        ({"ulp": 4, "dtype": "float16"}, "dtype must be float32 or float64"),
        ({"rtol": 0.1, "dtype": "float32"}, "dtype goes with ulp"),
        ({"norm": 2}, "gives nothing"),
        ({"rtol": 0.1, "norm": 3}, "norm must be 1, 2 or inf"),
        ({"rtol": 0.1, "norm": True}, "norm must be 1, 2 or inf"),
        ({"rtol": 0.1, "norm": [2]}, "norm must be 1, 2 or inf"),
        ({"decimals": 2, "norm": 2}, "norm goes with rtol or atol"),
        ({"rtol": 0.1, "norm": 2, "scale": "max"}, "norm does not go with scale"),
        ({"rtol": 0.1, "norm": 2, "unordered": True}, "norm does not go with unordered"),
        ({"rtol": 0.1, "scale": "mean"}, "scale must be entry, rms or max"),
        ({"rtol": 0.1, "scale": 1}, "scale must be entry, rms or max"),
        ({"atol": 0.1, "scale": "rms"}, "scale goes with rtol"),
        ({"unordered": True}, "gives nothing"),
        ({"atol": 0.1, "unordered": 1}, "unordered must be true or false"),
        ({"interval": [0, 1], "unordered": True}, "unordered goes with rtol, atol"),
        ({"interval": [0, 1], "up_to_sign": True}, "up_to_sign goes with rtol, atol"),
        ({"atol": 0.1, "unordered": True, "up_to_sign": True}, "does not go with up_to_sign"),
        ({"atol": 0.1, "unordered": True, "proportional": True}, "does not go with proportional"),
        ({"atol": 0.1, "up_to_sign": True, "proportional": True}, "does not go with proportional"),
        ({"decimals": 2, "proportional": True}, "proportional goes with rtol or atol"),
        ({"exact": True, "proportional": True}, "proportional goes with rtol or atol"),
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


@pytest.mark.parametrize("norm", [1, 2, "1", "2", "inf"])
def test_a_norm_is_a_number_or_a_word(norm: Any) -> None:
    assert Tolerance.from_spec({"rtol": 0.1, "norm": norm}).norm == str(norm)


@pytest.mark.parametrize("key", ["unordered", "up_to_sign", "proportional", "strict"])
def test_a_key_that_is_off_is_as_good_as_none(key: str) -> None:
    assert Tolerance.from_spec({"rtol": 0.1, key: False}) == Tolerance.from_spec({"rtol": 0.1})


@pytest.mark.parametrize(
    ("spec", "whole"),
    [
        ({"rtol": 0.1}, False),
        ({"rtol": 0.1, "scale": "max"}, False),
        ({"ulp": 1}, False),
        ({"rtol": 0.1, "norm": 2}, True),
        ({"exact": True, "unordered": True}, True),
        ({"decimals": 2, "up_to_sign": True}, True),
        ({"rtol": 0.1, "proportional": True}, True),
    ],
)
def test_which_tolerances_judge_an_array_as_a_whole(spec: dict[str, Any], whole: bool) -> None:
    assert Tolerance.from_spec(spec).judges_whole is whole


def test_the_default_is_relative_with_a_floor() -> None:
    assert Tolerance.from_spec({"rtol": 1e-6, "atol": 1e-9}) == DEFAULT_TOLERANCE


KEYS = {
    **dict.fromkeys(["rtol", "atol"], st.floats(0, 1)),
    **dict.fromkeys(["decimals", "sigfigs", "ulp"], st.integers(1, 9)),
    **dict.fromkeys(
        ["published", "exact", "strict", "unordered", "up_to_sign", "proportional"], st.just(True)
    ),
    "interval": st.just([0, 1]),
    "norm": st.sampled_from([1, 2, "inf"]),
    "scale": st.sampled_from(["entry", "rms", "max"]),
    "dtype": st.just("float32"),
}


@given(
    st.dictionaries(st.sampled_from([*KEYS]), anything, max_size=3)
    | st.fixed_dictionaries({}, optional=KEYS)
)
def test_any_spec_gives_one_mode_or_a_tolerance_error(spec: dict[str, Any]) -> None:
    try:
        tolerance = Tolerance.from_spec(spec)
    except ToleranceError:
        return
    bounded = tolerance.rtol is not None or tolerance.atol is not None
    others = (tolerance.decimals, tolerance.sigfigs, tolerance.interval, tolerance.ulp)
    modes = [bounded, tolerance.published, tolerance.exact, *(one is not None for one in others)]
    assert sum(modes) == 1
    whole = (tolerance.unordered, tolerance.up_to_sign, tolerance.proportional)
    assert sum(whole) <= 1
    assert bounded or not (tolerance.norm or tolerance.proportional or tolerance.scale)
    assert tolerance.rtol is not None or tolerance.scale is None
