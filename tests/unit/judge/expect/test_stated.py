"""Nan and infinities that a spec states stand where the reference has them, or nowhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.judge.expect.stated import with_stated_infinities
from grader.model.value import NumberText

ONE, NAN, UP, DOWN = (NumberText(text) for text in ("1", ".nan", ".inf", "-.inf"))


@pytest.mark.parametrize(
    ("value", "stated", "found"),
    [
        pytest.param([1.5, np.inf], (ONE, UP), [1.5, UP], id="an infinity"),
        pytest.param(np.array([np.nan, 1.5]), (NAN, ONE), [NAN, 1.5], id="nan of an array"),
        pytest.param(np.inf, UP, UP, id="a single one"),
        pytest.param([[np.nan], [2.5]], ((NAN,), (ONE,)), [[NAN], [2.5]], id="nested"),
    ],
)
def test_they_stand_as_stated_beside_the_numbers_of_the_reference(
    value: Any, stated: Any, found: Any
) -> None:
    assert with_stated_infinities(value, stated) == found


@pytest.mark.parametrize(
    ("value", "stated"),
    [
        pytest.param([1.5, 2.5], (ONE, ONE), id="none is stated"),
        pytest.param([1.5, np.inf], (ONE, ONE), id="the reference alone has one"),
        pytest.param([1.5, 2.5], (ONE, UP), id="the spec alone has one"),
        pytest.param([np.inf, 1.5], (ONE, UP), id="in another place"),
        pytest.param([1.5, -np.inf], (ONE, UP), id="of the other sign"),
        pytest.param([1.5, -np.inf], (ONE, NAN), id="not nan"),
        pytest.param([1.5, np.nan], (ONE, DOWN), id="nan"),
        pytest.param([1.5, np.inf, 2.5], (ONE, UP), id="of another shape"),
        pytest.param(["a", "b"], (ONE, UP), id="texts"),
    ],
)
def test_where_they_differ_the_value_is_as_the_reference_gives_it(value: Any, stated: Any) -> None:
    assert with_stated_infinities(value, stated) is value
