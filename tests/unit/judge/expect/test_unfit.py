"""An author reads which value of which type cannot be a key."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.judge.expect.unfit import unfit_answer, unfit_result
from grader.model.kinds import KINDS


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"m": [1.0, {2}]}, "at .m[1] there is an object of type set"),
        (object(), "it is an object of type object"),
        (np.array(["a"]), "it is an array of <U1, a list of 1 number"),
        ([np.array([[1.0, 2.0], [3.0, np.inf]])], "at [0][1, 1] there is inf, of type"),
        (float("nan"), "it is nan, of type float"),
    ],
)
def test_what_a_function_returns_is_told_with_its_place(value: Any, words: str) -> None:
    assert words in unfit_result(value)


@pytest.mark.parametrize("value", [None, 1, 2.5, "a", [1, (2, {"a": np.zeros(3)})], np.bool_(1)])
def test_plain_data_is_a_result(value: Any) -> None:
    assert unfit_result(value) == ""


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("number", None, "it is None (is there a `return`?)"),
        ("number", np.ones(2), "it is an array of float64, a list of 2 numbers"),
        ("array", np.float64(1.5), "is a single number, 1.5, where a list is asked for"),
        ("array", ["1", 2], "at [0] there is “1”, of type str"),
        ("array", np.array([1, np.nan]), "at [1] there is nan"),
        ("choice", 0.5, "it is 0.5, of type float"),
    ],
)
def test_an_answer_of_another_kind_is_told_with_its_type(kind: str, value: Any, words: str) -> None:
    assert words in unfit_answer(KINDS[kind], value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("number", 1), ("array", [1, 2]), ("array", np.ones((2, 2))), ("choice", "a")],
)
def test_a_value_that_fits_is_an_answer(kind: str, value: Any) -> None:
    assert unfit_answer(KINDS[kind], value) == ""
